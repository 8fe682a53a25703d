/** Unpredictable bytes; the daemon brings the kernel's, tests fixed ones. */
export interface Entropy {
  bytes(length: number): Uint8Array;
}
