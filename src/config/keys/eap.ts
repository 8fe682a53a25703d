/** The EAP server: its users, its name, its patience. */

import { utf8 } from "../../base/bytes.ts";
import { eapMessageKind } from "../eap-message.ts";
import { eapUserFileKind } from "../eap-users.ts";
import { ofBss } from "../entry.ts";
import { boolean, integer, octets } from "../kinds.ts";

export const eapKeys = {
  eap_message: ofBss({
    kind: eapMessageKind,
    initial: undefined,
    cost: "live",
    doc: "Text of EAP Identity requests; \\0 begins options, such as networkid=.",
  }),
  eap_user_file: ofBss({
    kind: eapUserFileKind,
    initial: undefined,
    cost: "live",
    doc: "Users of the EAP server; sqlite:FILE for a database.",
  }),
  max_auth_rounds: ofBss({
    kind: integer(0),
    initial: 100,
    cost: "live",
    doc: "Most round trips of one EAP conversation.",
  }),
  max_auth_rounds_short: ofBss({
    kind: integer(0),
    initial: 50,
    cost: "live",
    doc: "Most round trips on end with messages below 20 octets.",
  }),
  server_id: ofBss({
    kind: octets(),
    initial: utf8("hostapd"),
    cost: "live",
    doc: "Name by which MSCHAPV2, PSK, GPSK, SAKE, PAX, pwd, EKE and IKEv2 call the EAP server.",
  }),
  eap_server_erp: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Let stations come in again with one message after a full authentication (ERP, RFC 6696); needs erp_domain.",
  }),
} as const;
