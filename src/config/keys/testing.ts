/** Later: what hostapd's own tests use to misbehave on purpose. */

import { bssLater, ofBss, ofRadio } from "../entry.ts";
import { boolean, count, hex, integer, integers, path } from "../kinds.ts";

const frequency = integer(0);

/** Those that are done: they have a place in the settings. */
export const testingSettings = {
  ecsa_ie_only: ofRadio({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "For tests: announce channel switches by the extended element only.",
  }),
  csa_ie_only: ofRadio({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "For tests: announce channel switches by the plain element only.",
  }),
  dump_msk_file: ofBss({
    kind: path,
    initial: undefined,
    cost: "live",
    doc: "For tests: file that the RADIUS server adds the master session key (MSK) of each session to, in hexadecimal; whoever reads it can decrypt what these stations send.",
  }),
  presp_elements: ofBss({
    kind: hex(),
    initial: new Uint8Array(),
    cost: "live",
    doc: "For tests: elements to add to probe responses.",
  }),
} as const;

export const testingKeys = {
  rsne_override_ft: bssLater(hex(), undefined, "RSNE in fast transition."),
  rsnxe_override_ft: bssLater(hex(), undefined, "RSNXE in fast transition."),
  no_beacon_rsnxe: bssLater(boolean, false, "No RSNXE in beacons."),
  ft_rsnxe_used: bssLater(integer(0, 2), 0, "RSNXE Used bit in fast transition."),
  oci_freq_override_ft_assoc: bssLater(frequency, 0, "Frequency claimed in fast transition."),
  oci_freq_override_fils_assoc: bssLater(frequency, 0, "Frequency claimed in FILS association."),
  oci_freq_override_wnm_sleep: bssLater(frequency, 0, "Frequency claimed at the end of extended sleep."),
  force_kdk_derivation: bssLater(boolean, false, "Derive the KDK always."),
  pasn_corrupt_mic: bssLater(boolean, false, "Spoil the MIC of PASN."),
  pasn_test_groups: bssLater(integers(), undefined, "Groups that PASN claims."),
  eht_oper_puncturing_override: bssLater(count(0, 0xffff), 0, "Punctured channels that beacons claim."),
  mld_indicate_disabled: bssLater(boolean, false, "Claim that links are disabled."),
  rsn_testing: bssLater(boolean, false, "Unknown bits in the RSNE."),
} as const;
