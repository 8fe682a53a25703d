/** When who is measured, and when requests come. */

/**
 * Seconds at which something comes that comes so often a second, each independent of the others (a Poisson process): access points don't
 * march in step.
 * @param seed the same one gives the same times
 */
export function arrivals(rate: number, seconds: number, seed: number): number[] {
  const random = uniform(seed);
  const times: number[] = [];
  for (let at = 0; ; ) {
    at -= Math.log(1 - random()) / rate;
    if (!(at < seconds)) return times;
    times.push(at);
  }
}

/** Numbers from 0 up to 1, without it: xorshift32, after a few steps that part seeds which are near each other. */
function uniform(seed: number): () => number {
  let x = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) | 0 || 1;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

/** A server that keeps each authentication for a while after its end, has room for so many, and refuses others meanwhile. */
export interface Keeping {
  readonly most: number;
  /** Seconds. */
  readonly kept: number;
}

/** What such a server still keeps. Times are in seconds. */
export class Kept {
  #past: { readonly at: number; readonly count: number }[] = [];

  constructor(readonly keeping: Keeping) {}

  /** So many ended, the last one now. */
  note(now: number, count: number): void {
    this.#past.push({ at: now, count });
  }

  /** For how many there is room now. */
  room(now: number): number {
    const { most, kept } = this.keeping;
    this.#past = this.#past.filter(({ at }) => now - at < kept);
    return most - this.#past.reduce((sum, { count }) => sum + count, 0);
  }

  /** How long to wait until there is room for so many, or for as many as there can be at all. */
  wait(now: number, wanted: number): number {
    const { most, kept } = this.keeping;
    let missing = Math.min(wanted, most) - this.room(now);
    for (const { at, count } of this.#past) {
      if (missing <= 0) return 0;
      missing -= count;
      if (missing <= 0) return at + kept - now;
    }
    return 0;
  }
}
