/** The keys for tests of stations (config/keys/misbehaviour.ts), as the parts that heed them want them. */

import type { AuthenticationReply } from "../auth/algorithm.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";
import type { ClaimingFrame } from "../rsn/channel-validation.ts";
import { happens, type Misbehaviour } from "../rsn/misbehaviour.ts";
import { overrideTypeOf } from "../rsn/override.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import type { Bss } from "./bss.ts";

/** @returns undefined where the authenticator is to behave, which is nearly always */
export function misbehaviourOf(settings: BssSettings, radio: RadioSettings): Misbehaviour | undefined {
  const how: Misbehaviour = {
    message1KeyData: settings.eapol_m1_elements,
    message3KeyData: settings.eapol_m3_elements,
    message3Rsne: settings.rsne_override_eapol,
    message3Rsnxe: settings.rsnxe_override_eapol,
    message3Unencrypted: settings.eapol_m3_no_encrypt,
    groupCounter: settings.gtk_rsc_override,
    managementCounter: settings.igtk_rsc_override && padded(settings.igtk_rsc_override),
    claimedFrequencies: claimedFrequencies(settings),
    randomReserved: settings.eapol_key_reserved_random,
    spoiltGroupMics: radio.corrupt_gtk_rekey_mic_probability,
    lastAttemptOnly: radio.delay_eapol_tx,
  };
  return Object.values(how).some((value) => value !== undefined && value !== false && value !== 0) ? how : undefined;
}

/** Packet numbers have 6 octets. */
function padded(counter: Uint8Array): Uint8Array {
  const out = new Uint8Array(6);
  out.set(counter.subarray(0, out.length));
  return out;
}

function claimedFrequencies(settings: BssSettings): Misbehaviour["claimedFrequencies"] {
  const claims: readonly (readonly [ClaimingFrame, number])[] = [
    ["message3", settings.oci_freq_override_eapol_m3],
    ["group-message1", settings.oci_freq_override_eapol_g1],
    ["sa-query-request", settings.oci_freq_override_saquery_req],
    ["sa-query-response", settings.oci_freq_override_saquery_resp],
  ];
  const made = claims.filter(([, frequency]) => frequency !== 0);
  return made.length === 0 ? undefined : Object.fromEntries(made);
}

/** What beacons and the handshake say of the protection where a test wants something else said. @param elements ours, RSNE first */
export function securityElementsInstead(settings: BssSettings, elements: readonly Element[]): readonly Element[] {
  const { rsne_override, rsnxe_override, rsnoe_override, rsno2e_override, rsnxoe_override } = settings;
  const ofOverride = { rsne: rsnoe_override, rsne2: rsno2e_override, rsnxe: rsnxoe_override };
  const hasExtension = elements.some(({ id }) => id === elementId.rsnExtension);
  return elements.flatMap((element) => {
    const type = overrideTypeOf(element);
    if (type !== undefined) return ofOverride[type] ?? element;
    if (element.id === elementId.rsnExtension) return rsnxe_override ?? element;
    if (element.id !== elementId.rsn) return element;
    return [...(rsne_override ?? [element]), ...(hasExtension ? [] : (rsnxe_override ?? []))];
  });
}

type Ignorable = "probe" | "auth" | "assoc" | "reassoc";

/** Is this request one of those that nobody is to answer? */
export function isIgnored({ radio, entropy, log }: Bss, what: Ignorable): boolean {
  if (!happens(radio.settings[`ignore_${what}_probability`], entropy)) return false;
  log.info(`TESTING: ignoring ${what} frame`);
  return true;
}

/** What answers an SAE Commit where a test wants another answer than ours. */
export function saeCommitInstead(
  { sae_reflection_attack, sae_commit_override }: BssSettings,
  status: number,
  fields: Uint8Array,
): Pick<AuthenticationReply, "status" | "statusInstead" | "fields"> | undefined {
  if (sae_reflection_attack) return { status: "success", statusInstead: status, fields };
  return sae_commit_override && { status: "success", fields: sae_commit_override };
}
