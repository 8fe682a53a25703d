/** EAP-SAKE: a challenge and a confirmation over a root secret of two halves. RFC 4763. */

import { concat, type Reader, utf8, Writer } from "../../base/bytes.ts";
import { hmac } from "../../crypto/backend/node.ts";
import { joinSecrets, sameSecret, wipe } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../method.ts";
import { requestOctets, responseOctets } from "./packet-octets.ts";

const { type } = eapTypes.SAKE;
const version = 2;
const randLength = 16;
const micLength = 16;
const rootSecretLength = 16;

/** RFC 4763, section 3.2.1. */
const subtype = { challenge: 1, confirm: 2, reject: 3 } as const;

/** RFC 4763, section 3.3. From 128 on, they can be passed over by who doesn't know them. */
const attribute = { randS: 1, randP: 2, micS: 3, micP: 4, serverId: 5, peerId: 6, iv: 129, encrypted: 128 } as const;
const firstSkippable = 128;
const known: ReadonlySet<number> = new Set(Array.from({ length: 10 }, (_, i) => i + 1));
const lengths: ReadonlyMap<number, number> = new Map([
  [attribute.randS, randLength],
  [attribute.randP, randLength],
  [attribute.micS, micLength],
  [attribute.micP, micLength],
]);

type SakeState =
  | { readonly kind: "challenged"; readonly session: number; readonly randS: Uint8Array }
  | {
      readonly kind: "confirmed";
      readonly session: number;
      readonly exchange: Exchange;
      readonly identity: Uint8Array | undefined;
      readonly keys: SakeKeys;
    };

/** What both MICs are about. */
interface Exchange {
  readonly randS: Uint8Array;
  readonly randP: Uint8Array;
  readonly serverId: Uint8Array;
  /** Empty where the peer gave none. */
  readonly peerId: Uint8Array;
}

export const sakeMethod: EapMethod<SakeState> = { name: "SAKE", type, begin, respond, forget };

function begin(call: MethodCall): MethodStep<SakeState> {
  const session = call.entropy.bytes(1)[0] ?? 0;
  const randS = Uint8Array.from(call.entropy.bytes(randLength));
  const w = header(session, subtype.challenge);
  putAttribute(w, attribute.randS, randS);
  putAttribute(w, attribute.serverId, call.serverId);
  return { kind: "request", data: w.finish(), state: { kind: "challenged", session, randS } };
}

const header = (session: number, kind: number): Writer => new Writer().u8(version).u8(session).u8(kind);

const putAttribute = (w: Writer, id: number, value: Uint8Array): Writer =>
  w
    .u8(id)
    .u8(2 + value.length)
    .put(value);

interface Message {
  readonly subtype: number;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
  /** Octets from the start of Type-Data to the value of AT_MIC_P. */
  readonly micOffset: number | undefined;
}

/** RFC 4763, section 3.2. @throws MalformedError */
function decodeMessage(r: Reader, session: number): Message {
  if (r.u8() !== version) r.fail("another version");
  if (r.u8() !== session) r.fail("the session of another exchange");
  const kind = r.u8();
  const attributes = new Map<number, Uint8Array>();
  let micOffset: number | undefined;
  while (r.remaining > 0) {
    const id = r.u8();
    const length = r.u8() - 2;
    if (length < 0) r.fail(`attribute ${id} shorter than its header`);
    if (id < firstSkippable && !known.has(id)) r.fail(`attribute ${id}, unknown, must not be passed over`);
    if (attributes.has(id)) r.fail(`attribute ${id} twice`);
    if (length !== (lengths.get(id) ?? length)) r.fail(`attribute ${id} of ${length} octets`);
    if (id === attribute.micP) micOffset = r.offset;
    attributes.set(id, r.take(length).slice());
  }
  if (attributes.has(attribute.iv) && !attributes.has(attribute.encrypted)) r.fail("AT_IV without AT_ENCR_DATA");
  return { subtype: kind, attributes, micOffset };
}

async function respond(call: MethodCall, state: SakeState, data: Reader): Promise<MethodStep<SakeState>> {
  const message = decodeMessage(data, state.session);
  if (message.subtype === subtype.reject) return { kind: "failure", reason: "the peer rejects the server" };
  switch (state.kind) {
    case "challenged":
      return confirm(call, state, message, data.bytes);
    case "confirmed":
      return end(call, state, message, data.bytes);
  }
}

async function confirm(
  call: MethodCall,
  { session, randS }: Extract<SakeState, { kind: "challenged" }>,
  message: Message,
  data: Uint8Array,
): Promise<MethodStep<SakeState>> {
  if (message.subtype !== subtype.challenge) return { kind: "ignored", reason: "no answer to a challenge" };
  const randP = message.attributes.get(attribute.randP);
  const identity = message.attributes.get(attribute.peerId);
  if (randP === undefined || message.micOffset === undefined) {
    return { kind: "ignored", reason: "an answer to a challenge without AT_RAND_P or AT_MIC_P" };
  }
  const credential = await call.credentialOf(identity ?? call.identity);
  if (credential?.kind !== "password" || credential.password.length !== 2 * rootSecretLength) {
    return { kind: "failure", reason: `the peer has no key of ${2 * rootSecretLength} octets for EAP-SAKE` };
  }
  const keys = deriveKeys(credential.password, randS, randP);
  const exchange: Exchange = { randS, randP, serverId: call.serverId, peerId: identity ?? new Uint8Array(0) };
  if (!isAuthentic(call, keys, exchange, data, message.micOffset)) {
    wipeKeys(keys);
    return { kind: "failure", reason: "the peer has another key" };
  }
  const empty = putAttribute(header(session, subtype.confirm), attribute.micS, new Uint8Array(micLength)).finish();
  const mic = serverMic(keys, exchange, requestOctets(call, type, empty));
  return {
    kind: "request",
    data: concat(empty.subarray(0, -micLength), mic),
    state: { kind: "confirmed", session, exchange, identity, keys },
  };
}

function end(
  call: MethodCall,
  { exchange, identity, keys }: Extract<SakeState, { kind: "confirmed" }>,
  message: Message,
  data: Uint8Array,
): MethodStep<SakeState> {
  if (message.subtype !== subtype.confirm) return { kind: "ignored", reason: "no answer to a confirmation" };
  if (message.micOffset === undefined) return { kind: "ignored", reason: "a confirmation without AT_MIC_P" };
  if (!isAuthentic(call, keys, exchange, data, message.micOffset)) {
    return { kind: "failure", reason: "the MIC of the confirmation is wrong" };
  }
  const { randS } = exchange;
  return {
    kind: "success",
    identity: identity ?? call.identity,
    keys: {
      msk: keys.msk.slice(),
      emsk: keys.emsk.slice(),
      // RFC 5247, appendix A, has RAND_S || RAND_P. wpa_supplicant, the peer there is, has RAND_S twice, and ERP needs the same at both ends.
      sessionId: concat(Uint8Array.of(type), randS, randS),
    },
  };
}

interface SakeKeys {
  readonly tekAuth: Uint8Array;
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array;
}

/** RFC 4763, section 3.2.6. @param rootSecret both halves */
function deriveKeys(rootSecret: Uint8Array, randS: Uint8Array, randP: Uint8Array): SakeKeys {
  const [towards, back] = [concat(randP, randS), concat(randS, randP)];
  const smsA = kdf(rootSecret.subarray(0, rootSecretLength), "SAKE Master Secret A", towards, 16);
  const smsB = kdf(rootSecret.subarray(rootSecretLength), "SAKE Master Secret B", towards, 16);
  const tek = kdf(smsA, "Transient EAP Key", back, 32);
  const keys = kdf(smsB, "Master Session Key", back, 128);
  const derived = { tekAuth: tek.slice(0, 16), msk: keys.slice(0, 64), emsk: keys.slice(64) };
  wipe(smsA, smsB, tek, keys);
  return derived;
}

/** RFC 4763, section 3.2.6.2. @param packet with zeros for the MIC */
const serverMic = (keys: SakeKeys, { randS, randP, serverId, peerId }: Exchange, packet: Uint8Array): Uint8Array =>
  kdf(keys.tekAuth, "Server MIC", concat(randP, randS, terminated(serverId), terminated(peerId), packet), micLength);

const peerMic = (keys: SakeKeys, { randS, randP, serverId, peerId }: Exchange, packet: Uint8Array): Uint8Array =>
  kdf(keys.tekAuth, "Peer MIC", concat(randS, randP, terminated(peerId), terminated(serverId), packet), micLength);

const terminated = (name: Uint8Array): Uint8Array => concat(name, Uint8Array.of(0));

function isAuthentic(
  call: MethodCall,
  keys: SakeKeys,
  exchange: Exchange,
  data: Uint8Array,
  micOffset: number,
): boolean {
  const mic = data.subarray(micOffset, micOffset + micLength);
  const blank = data.slice().fill(0, micOffset, micOffset + micLength);
  return sameSecret(peerMic(keys, exchange, responseOctets(call, type, blank)), mic);
}

/** KDF of RFC 4763, section 3.2.6.1, on HMAC-SHA-1. */
function kdf(key: Uint8Array, label: string, data: Uint8Array, length: number): Uint8Array {
  const parts = Array.from({ length: Math.ceil(length / 20) }, (_, i) =>
    hmac("sha1", key, terminated(utf8(label)), data, Uint8Array.of(i)),
  );
  return joinSecrets(parts, length);
}

const wipeKeys = (keys: SakeKeys): void => wipe(keys.tekAuth, keys.msk, keys.emsk);

function forget(state: SakeState): void {
  if (state.kind === "confirmed") wipeKeys(state.keys);
}
