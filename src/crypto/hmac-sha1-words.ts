/**
 * HMAC-SHA-1 over short messages that stay the same while the keys change, without garbage: RFC 2104, FIPS 180-4. A call
 * into OpenSSL costs as much as ten of its blocks here, which is what matters where thousands of keys are tried.
 */

const words = 5;
const blockWords = 16;
const initial = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
const innerPad = 0x36363636;
const outerPad = 0x5c5c5c5c;

// One computation at a time, none of it spans a call from outside.
const schedule = new Int32Array(80);
const padded = new Int32Array(blockWords);
const state = new Int32Array(words);

/** A message that follows the key's block: padded, as SHA-1's words. */
export interface PreparedMessage {
  readonly blocks: Int32Array;
}

export function prepareMessage(message: Uint8Array): PreparedMessage {
  const padding = 9;
  const count = Math.ceil((message.length + padding) / 64);
  const octets = new Uint8Array(count * 64);
  octets.set(message);
  octets[message.length] = 0x80;
  const view = new DataView(octets.buffer);
  // the key's block comes before it
  view.setUint32(octets.length - 4, (message.length + 64) * 8);
  return { blocks: Int32Array.from({ length: count * blockWords }, (_, i) => view.getInt32(4 * i)) };
}

/** The message of the outer hash: the digest of the inner one, to be filled in. */
const outer = prepareMessage(new Uint8Array(20)).blocks;

/**
 * @param key `keyWords` big-endian words, at most 16, from `at` on
 * @param digest gets the 5 words of the result
 */
export function hmacSha1Words(
  key: Int32Array,
  at: number,
  keyWords: number,
  { blocks }: PreparedMessage,
  digest: Int32Array,
): void {
  padded.fill(innerPad);
  for (let i = 0; i < keyWords; i++) padded[i] = (key[at + i] ?? 0) ^ innerPad;
  state.set(initial);
  compress(padded, 0);
  for (let block = 0; block < blocks.length; block += blockWords) compress(blocks, block);
  outer.set(state);

  padded.fill(outerPad);
  for (let i = 0; i < keyWords; i++) padded[i] = (key[at + i] ?? 0) ^ outerPad;
  state.set(initial);
  compress(padded, 0);
  compress(outer, 0);
  digest.set(state);
}

/** SHA-1's compression of one block by itself, without padding. FIPS 180-4, 6.1.2. @param block 16 words @returns 5 words */
export function sha1Compression(block: Int32Array): Int32Array {
  state.set(initial);
  compress(block, 0);
  const result = state.slice();
  state.fill(0);
  schedule.fill(0);
  return result;
}

/** FIPS 180-4, 6.1.2, on {@link state}. */
function compress(message: Int32Array, at: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = message[at + t] ?? 0;
  for (let t = 16; t < 80; t++) {
    const x = (w[t - 3] ?? 0) ^ (w[t - 8] ?? 0) ^ (w[t - 14] ?? 0) ^ (w[t - 16] ?? 0);
    w[t] = (x << 1) | (x >>> 31);
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let t = 0;
  for (; t < 20; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + 0x5a827999 + (w[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (; t < 40; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + (w[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (; t < 60; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (b & d) | (c & d)) + e + (0x8f1bbcdc | 0) + (w[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (; t < 80; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + (0xca62c1d6 | 0) + (w[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
}
