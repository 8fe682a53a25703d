/**
 * What makes an access point misbehave on purpose, so that stations can be tested against it. hostapd has these keys when
 * it is built for tests. In a network that people use, none of them belongs: the checks warn of each.
 */

import { hexOf, MalformedError, Reader } from "../../base/bytes.ts";
import { decodeElements, type Element, encodeElements } from "../../wire/ieee80211/element.ts";
import { ofBss, ofRadio } from "../entry.ts";
import { boolean, hex, integer, type Kind, probability } from "../kinds.ts";

const elements: Kind<readonly Element[]> = {
  shape: "elements in hexadecimal",
  parse(text, { files }) {
    const octets = hex().parse(text, { files, previous: undefined });
    if ("error" in octets) return octets;
    try {
      return { value: decodeElements(new Reader(octets.value, ["elements"])) };
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      return { error: "the lengths in these elements don't add up" };
    }
  },
  format: (value) => hexOf(encodeElements(value)),
};

const never = { kind: probability, initial: 0, cost: "live" } as const;
const exact = { kind: elements, initial: undefined, cost: "stations" } as const;
const added = { kind: hex(), initial: undefined, cost: "stations" } as const;
const counter = { kind: hex(1, 8), initial: undefined, cost: "stations" } as const;
const claimed = { kind: integer(0), initial: 0, cost: "live" } as const;
const off = { kind: boolean, initial: false, cost: "stations" } as const;

export const misbehaviourKeys = {
  ignore_probe_probability: ofRadio({ ...never, doc: "For tests: share of probe requests to ignore." }),
  ignore_auth_probability: ofRadio({ ...never, doc: "For tests: share of authentications to ignore." }),
  ignore_assoc_probability: ofRadio({ ...never, doc: "For tests: share of association requests to ignore." }),
  ignore_reassoc_probability: ofRadio({ ...never, doc: "For tests: share of reassociation requests to ignore." }),
  corrupt_gtk_rekey_mic_probability: ofRadio({ ...never, doc: "For tests: share of group messages to spoil." }),
  delay_eapol_tx: ofRadio({ ...off, doc: "For tests: send EAPOL-Key messages only in their last attempt." }),
  own_ie_override: ofBss({ ...exact, doc: "For tests: what stands in place of RSNE, RSNXE and WPA element." }),
  rsne_override: ofBss({ ...exact, doc: "For tests: what stands in place of the RSNE alone." }),
  rsnxe_override: ofBss({ ...exact, doc: "For tests: what stands in place of the RSNXE." }),
  rsnoe_override: ofBss({ ...exact, doc: "For tests: what stands in place of the RSNE Override element." }),
  rsno2e_override: ofBss({ ...exact, doc: "For tests: what stands in place of the RSNE Override 2 element." }),
  rsnxoe_override: ofBss({ ...exact, doc: "For tests: what stands in place of the RSNXE Override element." }),
  rsne_override_eapol: ofBss({ ...exact, doc: "For tests: RSNE in message 3, empty for none." }),
  rsnxe_override_eapol: ofBss({ ...exact, doc: "For tests: RSNXE in message 3, empty for none." }),
  gtk_rsc_override: ofBss({ ...counter, doc: "For tests: receive counter of the group key that stations are told." }),
  igtk_rsc_override: ofBss({ ...counter, doc: "For tests: the same of the group key for management frames." }),
  oci_freq_override_eapol_m3: ofBss({ ...claimed, doc: "For tests: channel claimed in message 3, in MHz." }),
  oci_freq_override_eapol_g1: ofBss({ ...claimed, doc: "For tests: channel claimed in group message 1, in MHz." }),
  oci_freq_override_saquery_req: ofBss({ ...claimed, doc: "For tests: channel claimed in SA Query requests, in MHz." }),
  oci_freq_override_saquery_resp: ofBss({
    ...claimed,
    doc: "For tests: channel claimed in SA Query responses, in MHz.",
  }),
  test_assoc_comeback_type: ofBss({
    kind: integer(0, 255),
    initial: undefined,
    cost: "live",
    doc: "For tests: type of the Timeout Interval element in refusals for now.",
  }),
  sae_reflection_attack: ofBss({ ...off, doc: "For tests: send a station its own SAE Commit back." }),
  sae_commit_override: ofBss({ ...added, doc: "For tests: what an SAE Commit is answered with, after the status." }),
  sae_commit_status: ofBss({
    kind: integer(0, 65535),
    initial: undefined,
    cost: "live",
    doc: "For tests: status of our SAE Commit.",
  }),
  sae_pk_omit: ofBss({ ...off, doc: "For tests: leave the elements of SAE-PK out of our Confirm." }),
  sae_pk_password_check_skip: ofBss({ ...off, doc: "For tests: take any password for SAE-PK." }),
  eapol_m1_elements: ofBss({ ...added, doc: "For tests: octets to add to the Key Data of message 1." }),
  eapol_m3_elements: ofBss({ ...added, doc: "For tests: octets to add to the Key Data of message 3." }),
  eapol_m3_no_encrypt: ofBss({ ...off, doc: "For tests: leave the Key Data of message 3 unencrypted." }),
  eapol_key_reserved_random: ofBss({ ...off, doc: "For tests: random octets in EAPOL-Key's reserved field." }),
  skip_prune_assoc: ofBss({
    ...off,
    cost: "live",
    doc: "For tests: keep the entry of a station that has moved to another of our BSSs.",
  }),
  presp_elements: ofBss({
    kind: hex(),
    initial: new Uint8Array(),
    cost: "live",
    doc: "For tests: elements to add to probe responses.",
  }),
} as const;
