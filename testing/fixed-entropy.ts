import type { Entropy } from "../src/base/entropy.ts";

/** The same bytes in each run: 0, 1, 2, ... from `seed` on. */
export class FixedEntropy implements Entropy {
  #next: number;

  constructor(seed = 0) {
    this.#next = seed;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next++ & 0xff);
  }
}
