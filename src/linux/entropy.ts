import { randomBytes } from "node:crypto";
import type { Entropy } from "../base/entropy.ts";

/** OpenSSL's generator, which the kernel's getrandom() seeds; it waits until the kernel's pool is ready. */
export const systemEntropy: Entropy = { bytes: (length) => Uint8Array.from(randomBytes(length)) };
