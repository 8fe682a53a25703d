import { randomBytes, randomFillSync } from "node:crypto";
import type { Entropy } from "../base/entropy.ts";

/** Drawn at once: each question to the generator costs several times what its answer does. */
const pool = new Uint8Array(4096);
let used = pool.length;

/** Longer ones are asked for by themselves. */
const mostFromPool = 256;

/** OpenSSL's generator, which the kernel's getrandom() seeds; it waits until the kernel's pool is ready. */
export const systemEntropy: Entropy = {
  bytes: (length) => {
    if (length > mostFromPool) return Uint8Array.from(randomBytes(length));
    if (used + length > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.slice(used, used + length);
    // Nobody finds out later what was drawn before.
    pool.fill(0, used, used + length);
    used += length;
    return bytes;
  },
};
