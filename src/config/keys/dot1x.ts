/** IEEE 802.1X: who has to prove itself that way, and who decides. */

import { ofBss } from "../entry.ts";
import { boolean, integer, text } from "../kinds.ts";

export const dot1xKeys = {
  ieee8021x: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Require IEEE 802.1X: with wpa for the keys of WPA-EAP, without it for the port alone.",
  }),
  eap_server: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Authenticate with the built-in EAP server.",
  }),
  eap_authenticator: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Old name of eap_server.",
    aliasOf: "eap_server",
  }),
  eap_reauth_period: ofBss({
    kind: integer(0),
    initial: 3600,
    cost: "live",
    doc: "Seconds until a station has to prove itself anew, 0 for never; it counts for stations that come from then on.",
  }),
  rsn_preauth_interfaces: ofBss({
    kind: text(),
    initial: undefined,
    cost: "stations",
    doc: "Interfaces, with blanks between, on which stations authenticate ahead of roaming here (rsn_preauth): bridge, uplink.",
  }),
  use_pae_group_addr: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "On a wire, send EAPOL to the PAE group address instead of the station's own.",
  }),
  erp_send_reauth_start: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Begin with EAP-Initiate/Re-auth-Start (RFC 6696).",
  }),
  erp_domain: ofBss({
    kind: text(255),
    initial: undefined,
    cost: "live",
    doc: "Domain for ERP.",
  }),
} as const;
