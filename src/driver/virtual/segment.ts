import { KernelRefusal } from "../../base/errors.ts";
import { cipherSuite } from "../../wire/ieee80211/suites.ts";
import type { DefaultKeyUse, KeyInstallation } from "../port.ts";
import { CipherKey } from "./cipher-key.ts";
import { bipCipher, IntegrityKey } from "./integrity-key.ts";

/** @throws KernelRefusal EINVAL for what this radio doesn't have */
export function cipherKeyOf({ cipher, key, index, sequence }: Omit<KeyInstallation, "station">): CipherKey {
  if (cipher !== cipherSuite.CCMP || key.length !== 16) {
    throw new KernelRefusal("NEW_KEY", "EINVAL", "the virtual radio has CCMP only");
  }
  return new CipherKey(key, index, sequence);
}

/** Stations that hear each other's broadcast frames: those of a BSS, or of one of its VLANs. */
export class Segment {
  /** Those of BIP have indexes of their own. */
  readonly #keys = new Map<number, CipherKey | IntegrityKey>();
  readonly #defaults = new Map<DefaultKeyUse, number>();

  constructor(
    /** Its interface on the wired side. */
    readonly interfaceName: string,
    /** It is one station's, which bridges. */
    readonly fourAddresses = false,
  ) {}

  /** What group frames are encrypted with. */
  get key(): CipherKey | undefined {
    const key = this.#defaultKey("multicast");
    return key instanceof CipherKey ? key : undefined;
  }

  /** What management frames to all, or beacons, are protected with. */
  integrityKey(use: "management" | "beacon"): IntegrityKey | undefined {
    const key = this.#defaultKey(use);
    return key instanceof IntegrityKey ? key : undefined;
  }

  installKey(installation: Omit<KeyInstallation, "station">): void {
    const { cipher, key, index, sequence } = installation;
    const integrity = bipCipher(cipher);
    const installed = integrity ? new IntegrityKey(integrity, key, index, sequence) : cipherKeyOf(installation);
    this.#keys.get(index)?.wipe();
    this.#keys.set(index, installed);
  }

  removeKey(index: number): void {
    this.#keys.get(index)?.wipe();
    this.#keys.delete(index);
  }

  setDefaultKey(index: number, use: DefaultKeyUse): void {
    if (use === "unicast") throw new KernelRefusal("SET_KEY", "EOPNOTSUPP", `no ${use} keys on the virtual radio`);
    if (!this.#keys.has(index)) throw new KernelRefusal("SET_KEY", "ENOENT");
    this.#defaults.set(use, index);
  }

  keySequence(index: number): Uint8Array {
    return this.#keys.get(index)?.sequence ?? new Uint8Array(6);
  }

  forget(): void {
    for (const key of this.#keys.values()) key.wipe();
    this.#keys.clear();
    this.#defaults.clear();
  }

  #defaultKey(use: DefaultKeyUse): CipherKey | IntegrityKey | undefined {
    const index = this.#defaults.get(use);
    return index === undefined ? undefined : this.#keys.get(index);
  }
}
