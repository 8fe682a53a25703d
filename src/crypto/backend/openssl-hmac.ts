/**
 * HMAC (RFC 2104) of short messages by the compression functions of the OpenSSL that runs inside Node. An HMAC object of Node's costs
 * ten times what the arithmetic does, which is what counts where a key derivation takes a hundred of them.
 */

import koffi from "koffi";

export type HmacDigest = "sha1" | "sha256" | "sha384" | "sha512";

/** SHA1_Transform() and its like: one block into the words of a state, which come first in OpenSSL's contexts. */
type Transform = (context: Uint8Array, block: Uint8Array) => void;

interface Hash {
  readonly transform: string;
  readonly blockLength: 64 | 128;
  readonly wordLength: 4 | 8;
  readonly digestLength: number;
  /** FIPS 180-4, 5.3, as hexadecimal words. */
  readonly initial: string;
}

const hashes: Readonly<Record<HmacDigest, Hash>> = {
  sha1: {
    transform: "SHA1_Transform",
    blockLength: 64,
    wordLength: 4,
    digestLength: 20,
    initial: "67452301 efcdab89 98badcfe 10325476 c3d2e1f0",
  },
  sha256: {
    transform: "SHA256_Transform",
    blockLength: 64,
    wordLength: 4,
    digestLength: 32,
    initial: "6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19",
  },
  sha384: {
    transform: "SHA512_Transform",
    blockLength: 128,
    wordLength: 8,
    digestLength: 48,
    initial:
      "cbbb9d5dc1059ed8 629a292a367cd507 9159015a3070dd17 152fecd8f70e5939 " +
      "67332667ffc00b31 8eb44a8768581511 db0c2e0d64f98fa7 47b5481dbefa4fa4",
  },
  sha512: {
    transform: "SHA512_Transform",
    blockLength: 128,
    wordLength: 8,
    digestLength: 64,
    initial:
      "6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b a54ff53a5f1d36f1 " +
      "510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b 5be0cd19137e2179",
  },
};

/** As large as the largest of OpenSSL's contexts, SHA512_CTX, and more. */
const contextLength = 256;

/** Longer messages are Node's: what an object costs doesn't show there. */
const longestMessage = 1024;

export type ShortHmac = (key: Uint8Array, data: readonly Uint8Array[]) => Uint8Array | undefined;

/** Words of a context lie in memory as the machine has them, and are read here as x86-64 and ARM do. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** @returns undefined where the process has no OpenSSL whose functions can be called by name, or the machine is big-endian */
export function opensslHmac(digest: HmacDigest): ShortHmac | undefined {
  if (!isLittleEndian) return undefined;
  const { transform: name, blockLength, wordLength, digestLength, initial } = hashes[digest];
  let transform: Transform;
  try {
    transform = koffi.load(null).func(`void ${name}(void *, const void *)`) as Transform;
  } catch {
    // koffi's error names the missing symbol, which helps nobody: there is another way.
    return undefined;
  }
  // One computation at a time, and none of it spans a call from outside.
  const context = new Uint8Array(contextLength);
  const block = new Uint8Array(blockLength);
  const inner = new Uint8Array(digestLength);
  const start = Uint8Array.from(
    initial.split(" ").flatMap((word) => [...(word.match(/../g) ?? [])].reverse()),
    (octet) => Number.parseInt(octet, 16),
  );
  /** Places of the digest's octets within the words. */
  const places = Uint8Array.from({ length: digestLength }, (_, i) => i + wordLength - 1 - 2 * (i % wordLength));
  const lengthLength = 2 * wordLength;
  let filled = 0;

  const begin = (key: Uint8Array, pad: number): void => {
    block.fill(pad);
    for (let i = 0; i < key.length; i++) block[i] = pad ^ (key[i] ?? 0);
    context.set(start);
    transform(context, block);
    filled = 0;
  };
  const update = (octets: Uint8Array): void => {
    for (let i = 0; i < octets.length; i++) {
      block[filled] = octets[i] ?? 0;
      filled += 1;
      if (filled === blockLength) {
        transform(context, block);
        filled = 0;
      }
    }
  };
  const finish = (messageLength: number, digestOctets: Uint8Array): void => {
    block[filled] = 0x80;
    block.fill(0, filled + 1);
    if (filled + 1 + lengthLength > blockLength) {
      transform(context, block);
      block.fill(0);
    }
    const bits = (blockLength + messageLength) * 8;
    block[blockLength - 1] = bits;
    block[blockLength - 2] = bits >>> 8;
    transform(context, block);
    for (let i = 0; i < digestLength; i++) digestOctets[i] = context[places[i] ?? 0] ?? 0;
  };

  return (key, data) => {
    let messageLength = 0;
    for (const part of data) messageLength += part.length;
    if (key.length > blockLength || messageLength > longestMessage) return undefined;
    begin(key, 0x36);
    for (const part of data) update(part);
    finish(messageLength, inner);
    begin(key, 0x5c);
    update(inner);
    const result = new Uint8Array(digestLength);
    finish(digestLength, result);
    context.fill(0);
    block.fill(0);
    inner.fill(0);
    return result;
  };
}
