/** Association identifiers 1 to 2007, the lowest free one first. IEEE Std 802.11-2020, 9.4.1.8. */
export class AidPool {
  readonly #taken = new Uint32Array(63);

  /** @param kept taken where it is free, for a station that had it @returns undefined when all are taken */
  take(kept?: number): number | undefined {
    if (kept !== undefined && this.#isFree(kept)) {
      const word = (kept - 1) >>> 5;
      this.#taken[word] = (this.#taken[word] ?? 0) | (1 << ((kept - 1) & 31));
      return kept;
    }
    const word = this.#taken.findIndex((bits) => bits !== 0xffff_ffff);
    if (word < 0) return undefined;
    const bits = this.#taken[word] ?? 0;
    const bit = 31 - Math.clz32(~bits & -~bits);
    const aid = word * 32 + bit + 1;
    if (aid > 2007) return undefined;
    this.#taken[word] = bits | (1 << bit);
    return aid;
  }

  #isFree(aid: number): boolean {
    return ((this.#taken[(aid - 1) >>> 5] ?? 0) & (1 << ((aid - 1) & 31))) === 0;
  }

  /** How many are taken. */
  get size(): number {
    return this.#taken.reduce((sum, bits) => sum + bitCount(bits), 0);
  }

  release(aid: number): void {
    const word = (aid - 1) >>> 5;
    this.#taken[word] = (this.#taken[word] ?? 0) & ~(1 << ((aid - 1) & 31));
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
