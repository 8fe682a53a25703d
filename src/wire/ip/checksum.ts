/** RFC 791, 768, 4443: one's complement of the one's complement sum. Of what is received as it is, 0 where it is right. */
export function checksum(bytes: Uint8Array, initial = 0): number {
  let sum = initial;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export const twoOctets = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);
