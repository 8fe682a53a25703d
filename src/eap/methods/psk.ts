/** EAP-PSK: four messages over AES-128, and a protected channel of one octet for the result. RFC 4764. */

import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { aesEaxOpen, aesEaxSeal } from "../../crypto/aes-eax.ts";
import { aesEncryptBlocks } from "../../crypto/backend/node.ts";
import { aesCmac } from "../../crypto/cmac.ts";
import { sameSecret, wipe } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../method.ts";
import { requestOctets, responseOctets } from "./packet-octets.ts";

const { type } = eapTypes.PSK;
const keyLength = 16;
const randLength = 16;
const macLength = 16;
const tagLength = 16;

/** T, the number of the message less 1, stands in the two highest bits. RFC 4764, section 5. */
const flagsOf = (message: 1 | 2 | 3 | 4): number => (message - 1) << 6;

/** R of the protected channel. RFC 4764, section 5.3. */
const doneSuccess = 2;

/** The part of messages 3 and 4 that the channel's header is made of: EAP's header, the flags and RAND_S. */
const channelHeaderLength = 22;

type PskState =
  | { readonly kind: "first-sent"; readonly randS: Uint8Array }
  | {
      readonly kind: "third-sent";
      readonly randS: Uint8Array;
      readonly randP: Uint8Array;
      readonly identity: Uint8Array;
      readonly keys: SessionKeys;
    };

export const pskMethod: EapMethod<PskState> = { name: "PSK", type, begin, respond, forget };

function begin(call: MethodCall): MethodStep<PskState> {
  const randS = Uint8Array.from(call.entropy.bytes(randLength));
  return {
    kind: "request",
    data: concat(Uint8Array.of(flagsOf(1)), randS, call.serverId),
    state: { kind: "first-sent", randS },
  };
}

async function respond(call: MethodCall, state: PskState, data: Reader): Promise<MethodStep<PskState>> {
  switch (state.kind) {
    case "first-sent":
      return third(call, state.randS, data);
    case "third-sent":
      return end(call, state, data);
  }
}

interface SecondMessage {
  readonly randP: Uint8Array;
  readonly macP: Uint8Array;
  readonly identity: Uint8Array;
}

/** RFC 4764, section 5.2. @throws MalformedError */
function decodeSecond(r: Reader, randS: Uint8Array): SecondMessage {
  readStart(r, 2, randS);
  return { randP: r.take(randLength).slice(), macP: r.take(macLength), identity: r.rest().slice() };
}

/** Flags, and RAND_S as it was sent. @throws MalformedError */
function readStart(r: Reader, message: 2 | 4, randS: Uint8Array): void {
  if (r.u8() !== flagsOf(message)) r.fail(`not message ${message}`);
  if (!sameSecret(r.take(randLength), randS)) r.fail("the RAND_S of another exchange");
}

async function third(call: MethodCall, randS: Uint8Array, data: Reader): Promise<MethodStep<PskState>> {
  const { randP, macP, identity } = decodeSecond(data, randS);
  const credential = await call.credentialOf(identity);
  if (credential?.kind !== "password" || credential.password.length !== keyLength) {
    return { kind: "failure", reason: `the name given inside has no key of ${keyLength} octets for EAP-PSK` };
  }
  const { ak, kdk } = derivePskKeys(credential.password);
  const isRight = sameSecret(aesCmac(ak, concat(identity, call.serverId, randS, randP)), macP);
  const macS = aesCmac(ak, concat(call.serverId, randP));
  const keys = deriveSessionKeys(kdk, randP);
  wipe(ak, kdk);
  if (!isRight) {
    wipeKeys(keys);
    return { kind: "failure", reason: "the peer has another key" };
  }

  const head = concat(Uint8Array.of(flagsOf(3)), randS, macS);
  const nonce = new Uint8Array(16);
  const header = requestOctets(call, type, new Uint8Array(head.length + 4 + tagLength + 1).fill(0));
  header.set(head, 5);
  const { data: result, tag } = aesEaxSeal(
    keys.tek,
    nonce,
    header.subarray(0, channelHeaderLength),
    Uint8Array.of(doneSuccess << 6),
  );
  return {
    kind: "request",
    data: concat(head, nonce.subarray(12), tag, result),
    state: { kind: "third-sent", randS, randP, identity, keys },
  };
}

interface FourthMessage {
  readonly nonce: number;
  readonly tag: Uint8Array;
  readonly sealed: Uint8Array;
}

/** RFC 4764, section 5.4. @throws MalformedError */
function decodeFourth(r: Reader, randS: Uint8Array): FourthMessage {
  readStart(r, 4, randS);
  const message = { nonce: r.u32be(), tag: r.take(tagLength), sealed: r.rest() };
  if (message.sealed.length === 0) r.fail("nothing in the protected channel");
  return message;
}

function end(call: MethodCall, state: Extract<PskState, { kind: "third-sent" }>, data: Reader): MethodStep<PskState> {
  const { nonce, tag, sealed } = decodeFourth(data, state.randS);
  if (nonce === 0) return { kind: "ignored", reason: "the protected channel's nonce has not gone up" };
  const packet = responseOctets(call, type, data.bytes);
  const clear = aesEaxOpen(
    state.keys.tek,
    new Writer().zeros(12).u32be(nonce).finish(),
    packet.subarray(0, channelHeaderLength),
    { data: sealed, tag },
  );
  if (clear === undefined) return { kind: "failure", reason: "the protected channel's tag is wrong" };
  if ((clear[0] ?? 0) >> 6 !== doneSuccess) return { kind: "failure", reason: "the peer reports failure" };
  return {
    kind: "success",
    identity: state.identity,
    keys: {
      msk: state.keys.msk.slice(),
      emsk: state.keys.emsk.slice(),
      sessionId: concat(Uint8Array.of(type), state.randP, state.randS),
    },
  };
}

/** Authentication key and key-derivation key. RFC 4764, section 2.1. */
function derivePskKeys(psk: Uint8Array): { readonly ak: Uint8Array; readonly kdk: Uint8Array } {
  const [ak = new Uint8Array(0), kdk = new Uint8Array(0)] = counterMode(psk, new Uint8Array(16), 2);
  return { ak, kdk };
}

interface SessionKeys {
  readonly tek: Uint8Array;
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array;
}

/** RFC 4764, section 2.1. */
function deriveSessionKeys(kdk: Uint8Array, randP: Uint8Array): SessionKeys {
  const [tek = new Uint8Array(0), ...rest] = counterMode(kdk, randP, 9);
  const keys = { tek, msk: concat(...rest.slice(0, 4)), emsk: concat(...rest.slice(4)) };
  wipe(...rest);
  return keys;
}

/** The modified counter mode: the block, encrypted, and again with each of the counters 1, 2, ... in it. */
function counterMode(key: Uint8Array, block: Uint8Array, count: number): Uint8Array[] {
  const start = aesEncryptBlocks(key, block);
  const results = Array.from({ length: count }, (_, i) => {
    const input = start.slice();
    input[15] = (input[15] ?? 0) ^ (i + 1);
    const output = aesEncryptBlocks(key, input);
    wipe(input);
    return output;
  });
  wipe(start);
  return results;
}

const wipeKeys = (keys: SessionKeys): void => wipe(keys.tek, keys.msk, keys.emsk);

function forget(state: PskState): void {
  if (state.kind === "third-sent") wipeKeys(state.keys);
}
