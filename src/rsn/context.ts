/** What the authenticators of a BSS's stations work with. */

import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import type { Log } from "../base/log.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { KeyDataItem } from "../wire/eapol/kde.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { GroupKey } from "./group-key.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import type { PmksaCache } from "./pmksa-cache.ts";
import type { AuthenticatorPort } from "./port.ts";

/** What the authenticator of a BSS is given. */
export interface AuthenticatorSurroundings {
  readonly port: AuthenticatorPort;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly policy: AuthenticatorPolicy;
  readonly pmksa: PmksaCache;
  /** Address of the BSS. */
  readonly aa: MacAddress;
  /** Our own RSNE, RSNXE and WPA element, as beaconed. */
  readonly elements: readonly Element[];
}

/** What a station's authenticator has around it: what all of the BSS have in common, and the group that it is in. */
export interface AuthenticatorContext extends AuthenticatorSurroundings {
  /** The group key that a station gets now. */
  groupKey(): GroupKey;
  /** The receive sequence counter that goes with it, 6 octets. */
  groupKeySequence(): Uint8Array;
  /** What goes with it for a station whose management frames are protected. */
  managementKeys(): readonly ManagementKeyItem[];
  /** A station that was counted for the change of the group key has it, or is given up. */
  groupHandshakeFinished(): void;
  /** A station asks for a fresh group key. */
  groupRekeyRequested(): void;
}

/** IGTK or BIGTK, as it is told to stations. */
export type ManagementKeyItem = KeyDataItem & { readonly kind: "igtk" | "bigtk" };

export interface AuthenticatorPolicy {
  readonly eapolVersion: number;
  /** wpa_pairwise_update_count, wpa_group_update_count. */
  readonly pairwiseAttempts: number;
  readonly groupAttempts: number;
  /** wpa_disable_eapol_key_retries. */
  readonly noRetries: boolean;
  /** no_disconnect_on_group_keyerror: WPA2 stations stay also without the group key. */
  readonly keepsWithoutGroupKey: boolean;
  /** wpa_deny_ptk0_rekey in force: a station asking for a new PTK is sent away instead. */
  readonly denyPtk0Rekey: boolean;
  /** Where a station has two key IDs, the first that it gets. */
  readonly firstKeyId: 0 | 1;
  /** wpa_ptk_rekey in seconds, 0 for never. */
  readonly ptkRekeySeconds: number;
  /** ssid_protection: told to those who can check it. */
  readonly protectedSsid?: Uint8Array | undefined;
  /** Password identifiers of SAE that change. */
  readonly changingIdentifiers?: ChangingIdentifiers | undefined;
  /** owe_ptk_workaround: which hash the PTK of OWE stations may be derived with, beside or in place of the group's. */
  readonly owePtkSha256: "no" | "accept" | "only";
  /** The radio reports acknowledgements of EAPOL frames. */
  readonly transmitStatus: boolean;
  /** Bits of transition_disable; 0 tells stations nothing. */
  readonly transitionDisable: number;
  /** For tests of supplicants only. */
  readonly misbehaviour?: Misbehaviour | undefined;
}

export interface ChangingIdentifiers {
  /** sae_pw_id_key, 32 octets. */
  readonly key: Uint8Array;
  /** sae_pw_id_num: so many for each time that a station proves its password. */
  readonly count: number;
}

export interface ResendOptions {
  readonly encrypt: boolean;
  /** Called once the radio has told of the frame, or at once where it doesn't. */
  readonly transmitted?: (() => void) | undefined;
}

/** Told of what a supplicant did wrong, for counting. */
export type Drop = "malformed" | "replay" | "mic" | "unexpected";
