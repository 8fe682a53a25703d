/** EAP-GPSK: a pre-shared key of any length, and a choice between AES and SHA-256. RFC 5433. */

import { concat, type Reader, sameBytes, utf8, Writer } from "../../base/bytes.ts";
import { hmac } from "../../crypto/backend/node.ts";
import { aesCmac } from "../../crypto/cmac.ts";
import { joinSecrets, sameSecret, wipe } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../method.ts";

const { type } = eapTypes.GPSK;
const randLength = 32;
const opCode = { gpsk1: 1, gpsk2: 2, gpsk3: 3, gpsk4: 4, fail: 5, protectedFail: 6 } as const;

/** RFC 5433, section 6. */
interface CipherSuite {
  readonly specifier: number;
  /** Of the session key and of MICs, in octets. */
  readonly length: 16 | 32;
  /** Whether there is a key to encrypt protected data with. */
  readonly encrypts: boolean;
  mac(key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array;
}

/** In the order of preference. */
const cipherSuites: readonly CipherSuite[] = [
  { specifier: 1, length: 16, encrypts: true, mac: aesCmacOf },
  { specifier: 2, length: 32, encrypts: false, mac: (key, ...data) => hmac("sha256", key, ...data) },
];

/** Vendor (0 for the IETF) and specifier. RFC 5433, section 5.2. */
const encodeSuite = ({ specifier }: CipherSuite): Uint8Array => new Writer().u32be(0).u16be(specifier).finish();

/** What it is over may hold a key. */
function aesCmacOf(key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array {
  const whole = concat(...data);
  const mac = aesCmac(key, whole);
  wipe(whole);
  return mac;
}

const suiteList = concat(...cipherSuites.map(encodeSuite));

type GpskState =
  | { readonly kind: "first-sent"; readonly randServer: Uint8Array }
  | {
      readonly kind: "third-sent";
      readonly suite: CipherSuite;
      readonly identity: Uint8Array;
      readonly keys: GpskKeys;
    };

export const gpskMethod: EapMethod<GpskState> = { name: "GPSK", type, begin, respond, forget };

function begin(call: MethodCall): MethodStep<GpskState> {
  const randServer = Uint8Array.from(call.entropy.bytes(randLength));
  const w = new Writer().u8(opCode.gpsk1);
  putField(w, call.serverId);
  w.put(randServer);
  putField(w, suiteList);
  return { kind: "request", data: w.finish(), state: { kind: "first-sent", randServer } };
}

const putField = (w: Writer, field: Uint8Array): Writer => w.u16be(field.length).put(field);

const takeField = (r: Reader): Uint8Array => r.take(r.u16be());

async function respond(call: MethodCall, state: GpskState, data: Reader): Promise<MethodStep<GpskState>> {
  const code = data.u8();
  // Nobody has proved anything yet who says this without protection, but it costs a conversation only.
  if (code === opCode.fail) return { kind: "failure", reason: `the peer gives up: ${failureText(data.u32be())}` };
  switch (state.kind) {
    case "first-sent":
      return third(call, state.randServer, data, code);
    case "third-sent":
      return end(state, data, code);
  }
}

/** RFC 5433, section 5.4. */
function failureText(code: number): string {
  switch (code) {
    case 1:
      return "it has no such key";
    case 2:
      return "authentication has failed";
    case 3:
      return "it doesn't allow it";
    default:
      return `code ${code}`;
  }
}

interface SecondMessage {
  readonly idPeer: Uint8Array;
  readonly idServer: Uint8Array;
  readonly randPeer: Uint8Array;
  readonly randServer: Uint8Array;
  readonly suites: Uint8Array;
  readonly selected: Uint8Array;
  /** What the MIC is computed over. */
  readonly covered: Uint8Array;
  readonly mic: Uint8Array;
}

/** RFC 5433, section 5.2. @throws MalformedError */
function decodeSecond(r: Reader): SecondMessage {
  const idPeer = takeField(r).slice();
  const idServer = takeField(r);
  const randPeer = r.take(randLength).slice();
  const randServer = r.take(randLength);
  const suites = takeField(r);
  const selected = r.take(6);
  takeField(r);
  return { idPeer, idServer, randPeer, randServer, suites, selected, ...takeMic(r) };
}

/** All but the op-code is covered. */
const takeMic = (r: Reader): { readonly covered: Uint8Array; readonly mic: Uint8Array } => ({
  covered: r.bytes.subarray(1, r.offset),
  mic: r.rest(),
});

async function third(
  call: MethodCall,
  randServer: Uint8Array,
  data: Reader,
  code: number,
): Promise<MethodStep<GpskState>> {
  if (code !== opCode.gpsk2) return { kind: "ignored", reason: `op-code ${code} instead of GPSK-2` };
  const message = decodeSecond(data);
  if (!sameBytes(message.randServer, randServer)) return { kind: "failure", reason: "an answer to another GPSK-1" };
  if (!sameBytes(message.idServer, call.serverId))
    return { kind: "failure", reason: "the server was called otherwise" };
  if (!sameBytes(message.suites, suiteList)) return { kind: "failure", reason: "other cipher suites were offered" };
  const suite = cipherSuites.find((offered) => sameBytes(encodeSuite(offered), message.selected));
  if (suite === undefined) return { kind: "failure", reason: "a cipher suite that was not offered" };

  const credential = await call.credentialOf(message.idPeer);
  if (credential?.kind !== "password" || credential.password.length < suite.length) {
    return {
      kind: "failure",
      reason: `the name given inside has no key of ${suite.length} octets or more for EAP-GPSK`,
    };
  }
  const { idPeer, randPeer } = message;
  const input = concat(randPeer, idPeer, randServer, call.serverId);
  const keys = deriveKeys(suite, credential.password, input);
  if (!sameSecret(suite.mac(keys.sk, message.covered), message.mic)) {
    wipeKeys(keys);
    return { kind: "failure", reason: "the peer has another key" };
  }

  const w = new Writer().put(randPeer).put(randServer);
  putField(w, call.serverId).put(encodeSuite(suite));
  const covered = putField(w, new Uint8Array(0)).finish();
  return {
    kind: "request",
    data: concat(Uint8Array.of(opCode.gpsk3), covered, suite.mac(keys.sk, covered)),
    state: { kind: "third-sent", suite, identity: idPeer, keys },
  };
}

function end(state: Extract<GpskState, { kind: "third-sent" }>, data: Reader, code: number): MethodStep<GpskState> {
  const { suite, keys, identity } = state;
  if (code !== opCode.gpsk4 && code !== opCode.protectedFail) {
    return { kind: "ignored", reason: `op-code ${code} instead of GPSK-4` };
  }
  const failure = code === opCode.protectedFail ? data.u32be() : undefined;
  if (failure === undefined) takeField(data);
  const { covered, mic } = takeMic(data);
  if (!sameSecret(suite.mac(keys.sk, covered), mic)) return { kind: "failure", reason: "the MIC of GPSK-4 is wrong" };
  if (failure !== undefined) return { kind: "failure", reason: `the peer gives up: ${failureText(failure)}` };
  const { msk, emsk, sessionId } = keys;
  return { kind: "success", identity, keys: { msk: msk.slice(), emsk: emsk.slice(), sessionId } };
}

interface GpskKeys {
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array;
  readonly sk: Uint8Array;
  readonly sessionId: Uint8Array;
}

/** RFC 5433, section 4. @param input RAND_Peer || ID_Peer || RAND_Server || ID_Server */
function deriveKeys(suite: CipherSuite, psk: Uint8Array, input: Uint8Array): GpskKeys {
  const { length } = suite;
  const selected = encodeSuite(suite);
  const seed = concat(new Writer().u16be(psk.length).finish(), psk, selected, input);
  const start = psk.slice(0, length);
  const mk = gkdf(suite, start, seed, length);
  const keys = gkdf(suite, mk, input, 64 + 64 + (suite.encrypts ? 2 : 1) * length);
  // RFC 5433 takes a key of zeros here; hostap, as server and as peer, the pre-shared key.
  const methodId = gkdf(suite, start, concat(utf8("Method ID"), Uint8Array.of(type), selected, input), 16);
  const derived = {
    msk: keys.slice(0, 64),
    emsk: keys.slice(64, 128),
    sk: keys.slice(128, 128 + length),
    sessionId: concat(Uint8Array.of(type), methodId),
  };
  wipe(seed, start, mk, keys);
  return derived;
}

/** GKDF. RFC 5433, section 4. */
function gkdf(suite: CipherSuite, key: Uint8Array, data: Uint8Array, length: number): Uint8Array {
  const rounds = Math.ceil(length / suite.length);
  const parts = Array.from({ length: rounds }, (_, i) => suite.mac(key, new Writer().u16be(i + 1).finish(), data));
  return joinSecrets(parts, length);
}

const wipeKeys = (keys: GpskKeys): void => wipe(keys.msk, keys.emsk, keys.sk);

function forget(state: GpskState): void {
  if (state.kind === "third-sent") wipeKeys(state.keys);
}
