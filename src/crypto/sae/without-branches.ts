/**
 * Choices about secrets without a branch that depends on them. A choice is a mask: 0xff for yes, 0 for no. JavaScript's compilers
 * promise nothing about time; what is left to see is said in docs/security.md.
 */

/** 0xff where a < b. Both are numbers of the same length, big-endian. */
export function isBelow(a: Uint8Array, b: Uint8Array): number {
  let borrow = 0;
  for (let i = a.length - 1; i >= 0; i--) borrow = (((a[i] ?? 0) - (b[i] ?? 0) - borrow) >> 8) & 1;
  return maskOf(borrow);
}

/** 0xff where all octets are 0. */
export function isZero(a: Uint8Array): number {
  let any = 0;
  for (const octet of a) any |= octet;
  return maskOf(((any - 1) >> 8) & 1);
}

/** 0xff for 1, 0 for 0. */
export const maskOf = (bit: number): number => -bit & 0xff;

/** Of the first where the mask is 0xff, of the second where it is 0; both are of the same length. */
export const select = (mask: number, a: Uint8Array, b: Uint8Array): Uint8Array =>
  a.map((octet, i) => (octet & mask) | ((b[i] ?? 0) & ~mask));

/** 0xff where the lowest bit is set. */
export const isOdd = (a: Uint8Array): number => maskOf((a[a.length - 1] ?? 0) & 1);

/** Copies where the mask is 0xff, and goes through the same steps where it is 0. Both are of the same length. */
export function copyIf(mask: number, source: Uint8Array, target: Uint8Array): void {
  for (let i = 0; i < target.length; i++) {
    const old = target[i] ?? 0;
    target[i] = old ^ ((old ^ (source[i] ?? 0)) & mask);
  }
}
