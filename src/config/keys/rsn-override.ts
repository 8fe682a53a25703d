/** WPA3-Personal Compatibility Mode: other terms for stations that know the override elements. */

import { bssLater, ofBss } from "../entry.ts";
import { boolean, numbered } from "../kinds.ts";
import { type AkmName, akmWords, type CipherName, cipherWords } from "./security.ts";

const mfp = numbered({ 0: "no", 1: "optional", 2: "required" });

export const rsnOverrideSettings = {
  rsn_override_key_mgmt: ofBss({
    kind: akmWords,
    initial: new Set<AkmName>(),
    cost: "stations",
    doc: "Ways to prove oneself for stations that know the RSNE Override element; wpa_key_mgmt is for the others.",
  }),
  rsn_override_key_mgmt_2: ofBss({
    kind: akmWords,
    initial: new Set<AkmName>(),
    cost: "stations",
    doc: "The same of the RSNE Override 2 element.",
  }),
  rsn_override_pairwise: ofBss({
    kind: cipherWords,
    initial: new Set<CipherName>(),
    cost: "stations",
    doc: "Ciphers of the RSNE Override element; those of rsn_pairwise where absent.",
  }),
  rsn_override_pairwise_2: ofBss({
    kind: cipherWords,
    initial: new Set<CipherName>(),
    cost: "stations",
    doc: "Ciphers of the RSNE Override 2 element; those of rsn_pairwise where absent.",
  }),
  rsn_override_mfp: ofBss({
    kind: mfp,
    initial: "no",
    cost: "stations",
    doc: "Protected management frames by the RSNE Override element: 1 for those who can, 2 for all.",
  }),
  rsn_override_mfp_2: ofBss({
    kind: mfp,
    initial: "no",
    cost: "stations",
    doc: "The same of the RSNE Override 2 element.",
  }),
  rsn_override_omit_rsnxe: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "No RSNXE beside the RSNXE Override element.",
  }),
} as const;

export const rsnOverrideKeys = {
  ...rsnOverrideSettings,
  rsn_override_mlo_compat: bssLater(boolean, false, "Let stations of several links use the overriding suites."),
} as const;
