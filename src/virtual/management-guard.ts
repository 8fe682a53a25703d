/** Which management frames a station believes, once it and its access point protect them. IEEE Std 802.11-2020, 12.2.7. */

import { isGroupAddress } from "../base/mac-address.ts";
import type { BipCipher } from "../crypto/bip.ts";
import type { CipherKey } from "../driver/virtual/cipher-key.ts";
import { IntegrityKey } from "../driver/virtual/integrity-key.ts";
import { isRobustFrame, openManagement } from "../driver/virtual/protected-management.ts";
import { type ManagementHeader, managementHeaderLength } from "../wire/ieee80211/frame.ts";

/** Key IDs of an IGTK and of a BIGTK. */
const igtkIds = [4, 5] as const;
const bigtkIds = [6, 7] as const;

export class ManagementGuard {
  readonly #integrityKeys = new Map<number, IntegrityKey>();

  install(cipher: BipCipher, index: number, key: Uint8Array, packetNumber: Uint8Array): void {
    this.#integrityKeys.get(index)?.wipe();
    this.#integrityKeys.set(index, new IntegrityKey(cipher, key, index, packetNumber));
  }

  forget(): void {
    for (const key of this.#integrityKeys.values()) key.wipe();
    this.#integrityKeys.clear();
  }

  /** @returns the frame in the clear; undefined where it is not to be believed */
  open(frame: Uint8Array, header: ManagementHeader, pairwiseKey: CipherKey): Uint8Array | undefined {
    if (header.subtype === "beacon") return this.#verify(frame, bigtkIds);
    if (header.protected) return openManagement(frame, pairwiseKey);
    if (!isRobustFrame(header.subtype, frame.subarray(managementHeaderLength))) return frame;
    return isGroupAddress(header.receiver) ? this.#verify(frame, igtkIds) : undefined;
  }

  /** Without a key of that kind there is nothing to verify. */
  #verify(frame: Uint8Array, ids: typeof igtkIds | typeof bigtkIds): Uint8Array | undefined {
    const keys = ids.flatMap((id) => this.#integrityKeys.get(id) ?? []);
    if (keys.length === 0) return frame;
    for (const key of keys) {
      const plain = key.verify(frame);
      if (plain) return plain;
    }
    return undefined;
  }
}
