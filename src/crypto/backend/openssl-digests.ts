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

/** Larger than MD5_CTX, SHA_CTX and DES_key_schedule. One computation at a time, and none of it spans a call from outside. */
const context = new Uint8Array(256);
const pad = new Uint8Array(64);

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslHash(digest: "md5" | "sha1"): QuickHash | undefined {
  const algorithm = algorithmOf(digest);
  if (algorithm === undefined) return undefined;
  return (data) => {
    begin(algorithm, data);
    return finish(algorithm);
  };
}

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslHmacMd5(): QuickHmac | undefined {
  const algorithm = algorithmOf("md5");
  if (algorithm === undefined) return undefined;
  return (given, data) => {
    let key = given;
    if (key.length > pad.length) {
      begin(algorithm, [given]);
      key = finish(algorithm);
    }
    fillPad(key, 0x36);
    begin(algorithm, [pad]);
    for (const part of data) algorithm.update(context, part, part.length);
    const inner = finish(algorithm);
    fillPad(key, 0x5c);
    begin(algorithm, [pad, inner]);
    const outer = finish(algorithm);
    pad.fill(0);
    inner.fill(0);
    return outer;
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
    const out = new Uint8Array(8);
    setKey(key, context);
    encrypt(block, out, context, 1);
    context.fill(0);
    return out;
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

function begin({ init, update }: Algorithm, data: readonly Uint8Array[]): void {
  init(context);
  for (const part of data) update(context, part, part.length);
}

function finish({ final, length }: Algorithm): Uint8Array {
  const digest = new Uint8Array(length);
  final(digest, context);
  context.fill(0);
  return digest;
}

function fillPad(key: Uint8Array, octet: number): void {
  pad.fill(octet);
  for (let i = 0; i < key.length; i++) pad[i] = octet ^ (key[i] ?? 0);
}
