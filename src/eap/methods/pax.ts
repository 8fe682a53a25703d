/** EAP-PAX, its standard subprotocol (PAX_STD) over HMAC-SHA-1-128. RFC 4746. */

import { concat, type Reader, utf8, Writer } from "../../base/bytes.ts";
import { hmac } from "../../crypto/backend/node.ts";
import { joinSecrets, sameSecret, wipe } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../method.ts";
import { requestOctets, responseOctets } from "./packet-octets.ts";

const { type } = eapTypes.PAX;
const randLength = 32;
const keyLength = 16;
const macLength = 16;

/** RFC 4746, section 3.1. */
const opCode = { std1: 0x01, std2: 0x02, std3: 0x03, ack: 0x21 } as const;
const flag = { moreFragments: 0x01, certificate: 0x02 } as const;
const hmacSha1 = 1;

type PaxState =
  | { readonly kind: "first-sent"; readonly a: Uint8Array }
  | {
      readonly kind: "third-sent";
      readonly identity: Uint8Array;
      readonly entropy: Uint8Array;
      readonly keys: PaxKeys;
    };

export const paxMethod: EapMethod<PaxState> = { name: "PAX", type, begin, respond, forget };

function begin(call: MethodCall): MethodStep<PaxState> {
  const a = Uint8Array.from(call.entropy.bytes(randLength));
  // There is no key yet: the integrity check is made with an empty one.
  const data = sealed(call, opCode.std1, a, new Uint8Array(0));
  return { kind: "request", data, state: { kind: "first-sent", a } };
}

/** Header, one field with its length, and the check over the whole packet. RFC 4746, section 3.1. */
function sealed(call: MethodCall, code: number, field: Uint8Array, ick: Uint8Array): Uint8Array {
  const head = new Writer().u8(code).u8(0).u8(hmacSha1).u8(0).u8(0).u16be(field.length).put(field).finish();
  const packet = requestOctets(call, type, concat(head, new Uint8Array(macLength)));
  return concat(head, mac(ick, packet.subarray(0, -macLength)));
}

async function respond(call: MethodCall, state: PaxState, data: Reader): Promise<MethodStep<PaxState>> {
  const code = readHeader(data);
  switch (state.kind) {
    case "first-sent":
      return third(call, state.a, data, code);
    case "third-sent":
      return end(call, state, data, code);
  }
}

/** @returns the op-code @throws MalformedError for what PAX_STD has no use of */
function readHeader(r: Reader): number {
  const code = r.u8();
  const flags = r.u8();
  if (flags & flag.moreFragments) r.fail("a fragment, where everything fits into one packet");
  if (flags & flag.certificate) r.fail("a certificate was not asked for");
  if (r.u8() !== hmacSha1) r.fail("another MAC than the one in use");
  if (r.u8() !== 0) r.fail("a Diffie-Hellman group");
  if (r.u8() !== 0) r.fail("a public key");
  return code;
}

interface SecondMessage {
  readonly b: Uint8Array;
  readonly cid: Uint8Array;
  readonly mac: Uint8Array;
  readonly icv: Uint8Array;
}

/** RFC 4746, section 3.3. @throws MalformedError */
function decodeSecond(r: Reader): SecondMessage {
  return { b: takeField(r, randLength), cid: takeField(r), mac: takeField(r, macLength), icv: takeCheck(r) };
}

function takeField(r: Reader, wanted?: number): Uint8Array {
  const length = r.u16be();
  if (wanted !== undefined && length !== wanted) r.fail(`a field of ${length} octets instead of ${wanted}`);
  return r.take(length).slice();
}

/** The check stands last; what is before it, as data for the authenticator, is passed over. */
function takeCheck(r: Reader): Uint8Array {
  if (r.remaining < macLength) r.fail("no integrity check");
  r.skip(r.remaining - macLength);
  return r.rest();
}

async function third(call: MethodCall, a: Uint8Array, data: Reader, code: number): Promise<MethodStep<PaxState>> {
  if (code !== opCode.std2) return { kind: "ignored", reason: `op-code ${code} instead of PAX_STD-2` };
  const { b, cid, mac: macCk, icv } = decodeSecond(data);
  const credential = await call.credentialOf(cid);
  if (credential?.kind !== "password" || credential.password.length !== keyLength) {
    return { kind: "failure", reason: `the name given inside has no key of ${keyLength} octets for EAP-PAX` };
  }
  const entropy = concat(a, b);
  const keys = deriveKeys(credential.password, entropy);
  if (!sameSecret(mac(keys.ck, a, b, cid), macCk)) {
    wipeKeys(keys);
    return { kind: "failure", reason: "the peer has another key" };
  }
  if (!isIntact(call, data, keys.ick, icv)) {
    wipeKeys(keys);
    return { kind: "ignored", reason: "the integrity check of PAX_STD-2 is wrong" };
  }
  return {
    kind: "request",
    data: sealed(call, opCode.std3, mac(keys.ck, b, cid), keys.ick),
    state: { kind: "third-sent", identity: cid, entropy, keys },
  };
}

const isIntact = (call: MethodCall, data: Reader, ick: Uint8Array, icv: Uint8Array): boolean =>
  sameSecret(mac(ick, responseOctets(call, type, data.bytes).subarray(0, -macLength)), icv);

function end(
  call: MethodCall,
  state: Extract<PaxState, { kind: "third-sent" }>,
  data: Reader,
  code: number,
): MethodStep<PaxState> {
  if (code !== opCode.ack) return { kind: "ignored", reason: `op-code ${code} instead of PAX_ACK` };
  const { identity, entropy, keys } = state;
  if (!isIntact(call, data, keys.ick, takeCheck(data))) {
    return { kind: "ignored", reason: "the integrity check of PAX_ACK is wrong" };
  }
  return {
    kind: "success",
    identity,
    keys: {
      msk: kdf(keys.mk, "Master Session Key", entropy, 64),
      emsk: kdf(keys.mk, "Extended Master Session Key", entropy, 64),
      sessionId: concat(Uint8Array.of(type), keys.mid),
    },
  };
}

interface PaxKeys {
  readonly mk: Uint8Array;
  readonly ck: Uint8Array;
  readonly ick: Uint8Array;
  readonly mid: Uint8Array;
}

/** RFC 4746, section 2.5. @param entropy A || B */
function deriveKeys(ak: Uint8Array, entropy: Uint8Array): PaxKeys {
  const mk = kdf(ak, "Master Key", entropy, keyLength);
  return {
    mk,
    ck: kdf(mk, "Confirmation Key", entropy, keyLength),
    ick: kdf(mk, "Integrity Check Key", entropy, keyLength),
    mid: kdf(mk, "Method ID", entropy, 16),
  };
}

/** PAX-KDF. RFC 4746, section 2.5. */
function kdf(key: Uint8Array, label: string, entropy: Uint8Array, length: number): Uint8Array {
  const parts = Array.from({ length: Math.ceil(length / macLength) }, (_, i) =>
    mac(key, utf8(label), entropy, Uint8Array.of(i + 1)),
  );
  return joinSecrets(parts, length);
}

/** HMAC-SHA-1-128. */
const mac = (key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array =>
  joinSecrets([hmac("sha1", key, ...data)], macLength);

const wipeKeys = (keys: PaxKeys): void => wipe(keys.mk, keys.ck, keys.ick);

function forget(state: PaxState): void {
  if (state.kind === "third-sent") wipeKeys(state.keys);
}
