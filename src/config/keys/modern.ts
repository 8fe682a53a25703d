/** Later: WPA3 and beyond - SAE, OWE, PASN, protected management frames, fast transition, FILS, DPP. */

import { dppController, keyHolderR0, keyHolderR1 } from "../checked-kinds.ts";
import { bssLater } from "../entry.ts";
import { boolean, hex, integer, integers, ipAddress, path, text } from "../kinds.ts";

const secret = { secret: true } as const;
const groups = integers();

export const modernKeys = {
  spp_amsdu: bssLater(boolean, false, "Signalling and payload protected A-MSDUs."),

  assoc_frame_encryption: bssLater(boolean, false, "Encrypted (re)association frames (802.11bi)."),
  pmksa_caching_privacy: bssLater(boolean, false, "New PMKID after each use (802.11bi)."),
  eap_using_authentication_frames: bssLater(boolean, false, "EAP in Authentication frames (802.11bi)."),
  eppke_unauth: bssLater(boolean, false, "Unauthenticated EPPKE."),

  pasn_groups: bssLater(groups, undefined, "Groups for PASN."),
  pasn_comeback_after: bssLater(integer(0), 10, "Comeback time of PASN, in time units."),
  pasn_noauth: bssLater(boolean, true, "Allow PASN without mutual authentication.", { idle: false }),
  urnm_mfpr: bssLater(boolean, undefined, "Protected ranging only."),
  urnm_mfpr_x20: bssLater(boolean, undefined, "Protected ranging only, above 20 MHz."),

  mobility_domain: bssLater(hex(2, 2), undefined, "Mobility domain (802.11r)."),
  r0_key_lifetime: bssLater(integer(0), 20160, "Minutes that a PMK-R0 lives; old form of ft_r0_key_lifetime."),
  ft_r0_key_lifetime: bssLater(integer(0), 1209600, "Seconds that a PMK-R0 lives."),
  r1_key_holder: bssLater(hex(6, 6), undefined, "Identity as holder of PMK-R1."),
  r1_max_key_lifetime: bssLater(integer(0), 0, "Seconds that a PMK-R1 lives, 0 for no limit."),
  reassociation_deadline: bssLater(integer(0), 1000, "Time to reassociate after fast transition, in time units."),
  rkh_pos_timeout: bssLater(integer(0), 86400, "Seconds that an answer about a key holder is kept."),
  rkh_neg_timeout: bssLater(integer(0), 60, "Seconds that a failed question isn't repeated."),
  rkh_pull_timeout: bssLater(integer(0), 1000, "Milliseconds to wait for an answer."),
  rkh_pull_retries: bssLater(integer(0), 4, "How often a question is repeated."),
  r0kh: bssLater(keyHolderR0, undefined, "Holder of PMK-R0.", secret),
  r1kh: bssLater(keyHolderR1, undefined, "Holder of PMK-R1.", secret),
  rxkh_file: bssLater(path, undefined, "File of key holders."),
  pmk_r1_push: bssLater(boolean, false, "Send PMK-R1 to all holders unasked."),
  ft_over_ds: bssLater(boolean, true, "Allow fast transition through the old access point.", { idle: false }),
  ft_psk_generate_local: bssLater(boolean, false, "Make PMK-R1 from the passphrase itself."),

  fils_cache_id: bssLater(hex(2, 2), undefined, "FILS cache identifier."),
  fils_realm: bssLater(text(), undefined, "Realm for FILS."),
  fils_dh_group: bssLater(integer(0), 0, "Group for FILS with perfect forward secrecy."),
  fils_hlp_wait_time: bssLater(integer(0), 30, "Time to wait for DHCP in FILS, in time units."),
  dhcp_server: bssLater(ipAddress, undefined, "DHCP server for FILS."),
  dhcp_rapid_commit_proxy: bssLater(boolean, false, "Use DHCP rapid commit for FILS."),
  dhcp_server_port: bssLater(integer(1, 65535), 67, "Port of that server."),
  dhcp_relay_port: bssLater(integer(1, 65535), 67, "Own port towards that server."),

  dpp_name: bssLater(text(), undefined, "Name of the device in DPP."),
  dpp_mud_url: bssLater(text(), undefined, "Manufacturer usage description."),
  dpp_extra_conf_req_name: bssLater(text(), undefined, "Name of an addition to the configuration request."),
  dpp_extra_conf_req_value: bssLater(text(), undefined, "Value of that addition."),
  dpp_connector: bssLater(text(), undefined, "Signed connector."),
  dpp_netaccesskey: bssLater(hex(), undefined, "Network access key.", secret),
  dpp_netaccesskey_expiry: bssLater(integer(0), 0, "When that key ends, in seconds since 1970."),
  dpp_csign: bssLater(hex(), undefined, "Configurator's signing key."),
  dpp_controller: bssLater(dppController, undefined, "Controller to relay DPP to."),
  dpp_relay_port: bssLater(integer(0, 65535), 0, "Port where controllers may connect."),
  dpp_configurator_connectivity: bssLater(boolean, false, "Announce that a configurator can be reached."),
  dpp_pfs: bssLater(integer(0, 2), 0, "Perfect forward secrecy with DPP: allowed, demanded, none."),
} as const;
