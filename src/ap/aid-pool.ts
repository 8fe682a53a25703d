/** Association identifiers 1 to 2007, the lowest free one first. IEEE Std 802.11-2020, 9.4.1.8. */
export class AidPool {
  readonly #taken = new Uint32Array(63);

  /** @returns undefined when all are taken */
  take(): number | undefined {
    const word = this.#taken.findIndex((bits) => bits !== 0xffff_ffff);
    if (word < 0) return undefined;
    const bits = this.#taken[word] ?? 0;
    const bit = 31 - Math.clz32(~bits & -~bits);
    const aid = word * 32 + bit + 1;
    if (aid > 2007) return undefined;
    this.#taken[word] = bits | (1 << bit);
    return aid;
  }

  release(aid: number): void {
    const word = (aid - 1) >>> 5;
    this.#taken[word] = (this.#taken[word] ?? 0) & ~(1 << ((aid - 1) & 31));
  }
}
