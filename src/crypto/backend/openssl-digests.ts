/**
 * MD5 (RFC 1321), SHA-1 (RFC 3174), HMAC-MD5 (RFC 2104) and DES by the functions of the OpenSSL that runs inside Node. An object of Node's
 * costs several times what the arithmetic does, and a RADIUS server needs three of them for each packet.
 */

import koffi from "koffi";

type Init = (context: Uint8Array) => number;
type Update = (context: Uint8Array, octets: Uint8Array, length: number) => number;
type Final = (digest: Uint8Array, context: Uint8Array) => number;

interface Algorithm {
  readonly init: Init;
  readonly update: Update;
  readonly final: Final;
  readonly length: 16 | 20;
}

export type QuickHash = (data: readonly Uint8Array[]) => Uint8Array;
export type QuickHmac = (key: Uint8Array, data: readonly Uint8Array[]) => Uint8Array;
/** @param key 8 octets with parity @param block 8 octets @returns 8 octets */
export type QuickDes = (key: Uint8Array, block: Uint8Array) => Uint8Array;

/**
 * One computation at a time, and none of it spans a call from outside: what OpenSSL reads and writes lies in these. A small array of V8's is
 * moved to memory of its own when a native function gets it, which takes longer than the hash of a packet.
 */
const context = new Uint8Array(256);
const input = new Uint8Array(8192);
const output = new Uint8Array(64);
const blockLength = 64;

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslHash(digest: "md5" | "sha1"): QuickHash | undefined {
  const algorithm = algorithmOf(digest);
  if (algorithm === undefined) return undefined;
  return (data) => {
    begin(algorithm);
    update(algorithm, 0, data);
    return finish(algorithm);
  };
}

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslHmacMd5(): QuickHmac | undefined {
  const algorithm = algorithmOf("md5");
  if (algorithm === undefined) return undefined;
  return (given, data) => {
    let key = given;
    if (key.length > blockLength) {
      begin(algorithm);
      update(algorithm, 0, [given]);
      key = finish(algorithm);
    }
    begin(algorithm);
    update(algorithm, putPad(key, 0x36), data);
    const inner = finish(algorithm);
    begin(algorithm);
    update(algorithm, putPad(key, 0x5c), [inner]);
    inner.fill(0);
    return finish(algorithm);
  };
}

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslDes(): QuickDes | undefined {
  const setKey = functionOf<(key: Uint8Array, schedule: Uint8Array) => void>(
    "void DES_set_key_unchecked(const void *, void *)",
  );
  const encrypt = functionOf<(block: Uint8Array, out: Uint8Array, schedule: Uint8Array, way: number) => void>(
    "void DES_ecb_encrypt(const void *, void *, void *, int)",
  );
  if (setKey === undefined || encrypt === undefined) return undefined;
  return (key, block) => {
    input.set(key);
    setKey(input, context);
    input.set(block);
    encrypt(input, output, context, 1);
    const encrypted = output.slice(0, 8);
    input.fill(0, 0, 8);
    output.fill(0, 0, 8);
    context.fill(0);
    return encrypted;
  };
}

function algorithmOf(digest: "md5" | "sha1"): Algorithm | undefined {
  const prefix = digest === "md5" ? "MD5" : "SHA1";
  const init = functionOf<Init>(`int ${prefix}_Init(void *)`);
  const update = functionOf<Update>(`int ${prefix}_Update(void *, const void *, size_t)`);
  const final = functionOf<Final>(`int ${prefix}_Final(void *, void *)`);
  if (init === undefined || update === undefined || final === undefined) return undefined;
  return { init, update, final, length: digest === "md5" ? 16 : 20 };
}

function functionOf<F>(prototype: string): F | undefined {
  try {
    return koffi.load(null).func(prototype) as F;
  } catch {
    // koffi's error names the missing symbol, which helps nobody: there is another way.
    return undefined;
  }
}

const begin = ({ init }: Algorithm): void => void init(context);

/** @param before octets that are in `input` already */
function update(algorithm: Algorithm, before: number, data: readonly Uint8Array[]): void {
  let length = before;
  for (const part of data) {
    if (length + part.length > input.length) length = flush(algorithm, length);
    if (part.length > input.length) algorithm.update(context, part, part.length);
    else {
      input.set(part, length);
      length += part.length;
    }
  }
  flush(algorithm, length);
}

/** @returns 0: nothing is left in `input` */
function flush({ update }: Algorithm, length: number): 0 {
  if (length === 0) return 0;
  update(context, input, length);
  input.fill(0, 0, length);
  return 0;
}

function finish({ final, length }: Algorithm): Uint8Array {
  final(output, context);
  const digest = output.slice(0, length);
  output.fill(0, 0, length);
  context.fill(0);
  return digest;
}

/** Into `input`. @returns its length */
function putPad(key: Uint8Array, octet: number): number {
  input.fill(octet, 0, blockLength);
  for (let i = 0; i < key.length; i++) input[i] = octet ^ (key[i] ?? 0);
  return blockLength;
}
