/**
 * MD4, RFC 1320. OpenSSL 3 keeps it in a provider that is not loaded, so it is here. Nothing but Microsoft's password hashes is made with it,
 * and no step of it depends on the data, so that its time tells nothing.
 */

const shifts = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;

/** In which order a round takes the words of a block. */
const orders = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;

const constants = [0, 0x5a827999, 0x6ed9eba1] as const;
const blockLength = 64;

/** @returns 16 octets */
export function md4(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 9) / blockLength) * blockLength);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(data.length) * 8n, true);

  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < padded.length; block += blockLength) {
    const before = [a, b, c, d] as const;
    for (const round of [0, 1, 2] as const) {
      for (const [step, word] of orders[round].entries()) {
        const mixed = (a + mix(round, b, c, d) + view.getInt32(block + 4 * word, true) + constants[round]) | 0;
        const shift = shifts[round][step & 3] ?? 0;
        [a, d, c, b] = [d, c, b, (mixed << shift) | (mixed >>> (32 - shift))];
      }
    }
    [a, b, c, d] = [(a + before[0]) | 0, (b + before[1]) | 0, (c + before[2]) | 0, (d + before[3]) | 0];
  }
  padded.fill(0);
  const digest = new DataView(new ArrayBuffer(16));
  for (const [i, word] of [a, b, c, d].entries()) digest.setInt32(4 * i, word, true);
  return new Uint8Array(digest.buffer);
}

function mix(round: 0 | 1 | 2, x: number, y: number, z: number): number {
  switch (round) {
    case 0:
      return (x & y) | (~x & z);
    case 1:
      return (x & y) | (x & z) | (y & z);
    case 2:
      return x ^ y ^ z;
  }
}
