import type { Entropy } from "../src/base/entropy.ts";

/** The same bytes in each run: 0, 1, 2, ... from `seed` on, in another order each time they begin anew: no key comes twice. */
export class FixedEntropy implements Entropy {
  #next: number;

  constructor(seed = 0) {
    this.#next = seed;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => {
      const next = this.#next++;
      return (next ^ (next >>> 8)) & 0xff;
    });
  }
}
