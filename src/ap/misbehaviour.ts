/** The keys for tests of stations (config/keys/misbehaviour.ts), as the parts that heed them want them. */

import type { BssSettings, RadioSettings } from "../config/registry.ts";
import { happens, type Misbehaviour } from "../rsn/misbehaviour.ts";
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
    randomReserved: settings.eapol_key_reserved_random,
    spoiltGroupMics: radio.corrupt_gtk_rekey_mic_probability,
    lastAttemptOnly: radio.delay_eapol_tx,
  };
  return Object.values(how).some((value) => value !== undefined && value !== false && value !== 0) ? how : undefined;
}

type Ignorable = "probe" | "auth" | "assoc" | "reassoc";

/** Is this request one of those that nobody is to answer? */
export function isIgnored({ radio, entropy, log }: Bss, what: Ignorable): boolean {
  if (!happens(radio.settings[`ignore_${what}_probability`], entropy)) return false;
  log.info(`TESTING: ignoring ${what} frame`);
  return true;
}
