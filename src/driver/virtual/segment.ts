import { KernelRefusal } from "../../base/errors.ts";
import { cipherSuite } from "../../wire/ieee80211/suites.ts";
import type { DefaultKeyUse, KeyInstallation } from "../port.ts";
import { CipherKey } from "./cipher-key.ts";

/** @throws KernelRefusal EINVAL for what this radio doesn't have */
export function cipherKeyOf({ cipher, key, index, sequence }: Omit<KeyInstallation, "station">): CipherKey {
  if (cipher !== cipherSuite.CCMP || key.length !== 16) {
    throw new KernelRefusal("NEW_KEY", "EINVAL", "the virtual radio has CCMP only");
  }
  return new CipherKey(key, index, sequence);
}

/** Stations that hear each other's broadcast frames: those of a BSS, or of one of its VLANs. */
export class Segment {
  readonly #keys = new Map<number, CipherKey>();
  #defaultKey: number | undefined;

  constructor(
    /** Its interface on the wired side. */
    readonly interfaceName: string,
    /** It is one station's, which bridges. */
    readonly fourAddresses = false,
  ) {}

  /** What group frames are encrypted with. */
  get key(): CipherKey | undefined {
    return this.#defaultKey === undefined ? undefined : this.#keys.get(this.#defaultKey);
  }

  installKey(installation: Omit<KeyInstallation, "station">): void {
    const installed = cipherKeyOf(installation);
    this.#keys.get(installation.index)?.wipe();
    this.#keys.set(installation.index, installed);
  }

  removeKey(index: number): void {
    this.#keys.get(index)?.wipe();
    this.#keys.delete(index);
    if (this.#defaultKey === index) this.#defaultKey = undefined;
  }

  setDefaultKey(index: number, use: DefaultKeyUse): void {
    if (use !== "multicast") throw new KernelRefusal("SET_KEY", "EOPNOTSUPP", `no ${use} keys on the virtual radio`);
    if (!this.#keys.has(index)) throw new KernelRefusal("SET_KEY", "ENOENT");
    this.#defaultKey = index;
  }

  keySequence(index: number): Uint8Array {
    return this.#keys.get(index)?.sequence ?? new Uint8Array(6);
  }

  forget(): void {
    for (const key of this.#keys.values()) key.wipe();
    this.#keys.clear();
    this.#defaultKey = undefined;
  }
}
