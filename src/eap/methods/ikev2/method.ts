/** EAP-IKEv2: IKEv2's first two exchanges with a shared secret, of which the server is the initiator. RFC 5106. */

import { concat, Reader, sameBytes, Writer } from "../../../base/bytes.ts";
import type { ModpName } from "../../../crypto/backend/node.ts";
import type { EapArithmetic } from "../../../crypto/eap-arithmetic.ts";
import type { ModpKeyPair } from "../../../crypto/modp.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../../method.ts";
import {
  authenticate,
  deriveExportedKeys,
  deriveIkeKeys,
  type IkeKeys,
  openResponse,
  sealRequest,
  wipeIkeKeys,
} from "./keys.ts";
import {
  decodeResponse,
  encodePayloads,
  encodeProposal,
  encodeRequest,
  exchangeType,
  groupNumber,
  type IkeMessage,
  isProposalTaken,
  payloadOf,
  payloadType,
  spiLength,
} from "./message.ts";
import { type PacketKeys, receivePiece, sendPiece, type Transport, type TransportOptions } from "./transport.ts";

const { type } = eapTypes.IKEV2;

/** Where the configuration has none. */
const defaultFragmentSize = 1400;
/** The group of {@link groupNumber}. */
const groupName: ModpName = "modp14";
const nonceLength = 32;
const [shortestNonce, longestNonce] = [16, 256];

/** ID_KEY_ID. RFC 7296, section 3.5. */
const keyId = 11;
/** Shared Key Message Integrity Code. RFC 7296, section 3.8. */
const sharedKey = 2;

export interface Ikev2Options {
  readonly arithmetic: EapArithmetic;
  /** `fragment_size`: most octets of Type-Data, 0 for the default. */
  readonly fragmentSize: number;
}

interface Initiated {
  readonly kind: "initiated";
  readonly spi: Uint8Array;
  readonly nonce: Uint8Array;
  readonly keyPair: ModpKeyPair;
  /** IKE_SA_INIT's request. */
  readonly request: Uint8Array;
}

interface Authenticating {
  readonly kind: "authenticating";
  readonly spis: Uint8Array;
  readonly keys: IkeKeys;
  /** Ni and Nr. */
  readonly nonces: readonly [Uint8Array, Uint8Array];
  /** IKE_SA_INIT's response. */
  readonly response: Uint8Array;
  readonly secret: Uint8Array;
  /** The secret is made up: whoever asks is not to learn who there is. RFC 5106, section 7. */
  readonly isStranger: boolean;
  /** The responder's identity payload, where it came already. */
  readonly identity: Uint8Array | undefined;
}

interface Ikev2State {
  readonly phase: Initiated | Authenticating;
  readonly transport: Transport;
}

type Step = MethodStep<Ikev2State>;

export function ikev2Method({ arithmetic, fragmentSize }: Ikev2Options): EapMethod<Ikev2State> {
  const options: TransportOptions = {
    type,
    size: fragmentSize > 0 ? Math.max(fragmentSize, 20) : defaultFragmentSize,
  };
  const send = (call: MethodCall, phase: Ikev2State["phase"], message: Uint8Array): Step => {
    const { data, transport } = sendPiece(call, options, message, true, packetKeysOf(phase));
    return { kind: "request", data, state: { phase, transport } };
  };
  return {
    name: "IKEV2",
    type,

    async begin(call) {
      const phase = await initiate(call, arithmetic);
      return send(call, phase, phase.request);
    },

    async respond(call, { phase, transport }, data) {
      const received = receivePiece(call, options, transport, data, packetKeysOf(phase));
      if (received.kind === "ignored") return received;
      if (received.kind === "continue") {
        return { kind: "request", data: received.data, state: { phase, transport: received.transport } };
      }
      const octets = received.message.slice();
      const message = decodeResponse(new Reader(octets, [...data.path, "IKEv2"]));
      if (phase.kind === "authenticating") return end(call, phase, message, octets);
      const next = await agree(call, arithmetic, phase, message, octets);
      return next.kind === "failure" ? next : send(call, next, authenticationRequest(call, next, phase.request));
    },

    forget: ({ phase }) => forget(phase),
  };
}

const packetKeysOf = (phase: Ikev2State["phase"]): PacketKeys | undefined =>
  phase.kind === "initiated" ? undefined : { own: phase.keys.skAi, peer: phase.keys.skAr };

/** IKE_SA_INIT. RFC 7296, section 1.2. */
async function initiate(call: MethodCall, arithmetic: EapArithmetic): Promise<Initiated> {
  const spi = Uint8Array.from(call.entropy.bytes(spiLength));
  // Zero is none.
  spi[0] = (spi[0] ?? 0) | 0x80;
  const nonce = Uint8Array.from(call.entropy.bytes(nonceLength));
  const keyPair = await arithmetic.run("modp-draw", { name: groupName, generator: 2 }, call.entropy);
  const header = {
    initiatorSpi: spi,
    responderSpi: new Uint8Array(spiLength),
    exchange: exchangeType.init,
    messageId: 0,
  };
  const payloads = encodePayloads([
    { type: payloadType.sa, data: encodeProposal() },
    {
      type: payloadType.keyExchange,
      data: new Writer().u16be(groupNumber).u16be(0).put(keyPair.publicKey).finish(),
    },
    { type: payloadType.nonce, data: nonce },
  ]);
  return { kind: "initiated", spi, nonce, keyPair, request: encodeRequest(header, payloadType.sa, payloads) };
}

type Failure = Extract<Step, { kind: "failure" }>;
const failure = (reason: string): Failure => ({ kind: "failure", reason });

/** @throws MalformedError */
async function agree(
  call: MethodCall,
  arithmetic: EapArithmetic,
  phase: Initiated,
  message: IkeMessage,
  octets: Uint8Array,
): Promise<Authenticating | Failure> {
  const told = payloadOf(message, payloadType.notify);
  if (message.exchange !== exchangeType.init || message.messageId !== 0) return failure("no answer to IKE_SA_INIT");
  if (!sameBytes(message.initiatorSpi, phase.spi)) return failure("an answer to another exchange");
  const [sa, exchange, nonce] = [payloadType.sa, payloadType.keyExchange, payloadType.nonce].map((wanted) =>
    payloadOf(message, wanted),
  );
  if (sa === undefined || exchange === undefined || nonce === undefined) {
    return failure(told === undefined ? "IKE_SA_INIT without what it needs" : `the peer refuses: ${notifyText(told)}`);
  }
  if (!isProposalTaken(new Reader(sa, ["SA"]))) return failure("the peer takes another proposal");
  const r = new Reader(exchange, ["KE"]);
  if (r.u16be() !== groupNumber) return failure("the peer takes another group");
  r.skip(2);
  if (nonce.length < shortestNonce || nonce.length > longestNonce) return failure(`a nonce of ${nonce.length} octets`);
  const { privateKey } = phase.keyPair;
  const agreement = { name: groupName, privateKey, peerKey: r.rest().slice() };
  const agreed = await arithmetic.run("modp-agree", agreement, call.entropy);
  if (agreed === undefined) return failure("the peer's public key is none");
  const nonces = [phase.nonce, nonce.slice()] as const;
  const spis = concat(phase.spi, message.responderSpi);
  const keys = deriveIkeKeys(agreed, concat(...nonces), spis);
  wipe(agreed);
  let identity: Uint8Array | undefined | "wrong" = "wrong";
  try {
    identity = identityIn(keys, message, octets);
  } finally {
    if (identity === "wrong") wipeIkeKeys(keys);
  }
  if (identity === "wrong") return failure("the encrypted identity's checksum is wrong");
  wipe(privateKey);
  const credential = await call.credentialOf(identity === undefined ? call.identity : nameOf(identity));
  const isStranger = credential?.kind !== "password" || credential.password.length === 0;
  const secret = isStranger ? Uint8Array.from(call.entropy.bytes(16)) : credential.password.slice();
  return { kind: "authenticating", spis, keys, nonces, response: octets, secret, isStranger, identity };
}

/** Of IKE_SA_INIT's response, which may have one under the new keys already. */
function identityIn(keys: IkeKeys, message: IkeMessage, octets: Uint8Array): Uint8Array | undefined | "wrong" {
  if (payloadOf(message, payloadType.encrypted) === undefined) return undefined;
  const inside = openResponse(keys, message, octets);
  if (inside === undefined) return "wrong";
  const identity = payloadOf(inside, payloadType.idResponder);
  return identity && checkedIdentity(identity);
}

/** Type, three reserved octets, and the name. @throws MalformedError */
function checkedIdentity(payload: Uint8Array): Uint8Array {
  new Reader(payload, ["IDr"]).skip(4);
  return payload.slice();
}

const nameOf = (identity: Uint8Array): Uint8Array => identity.slice(4);

const identityPayload = (name: Uint8Array): Uint8Array => concat(Uint8Array.of(keyId, 0, 0, 0), name);

/** IKE_AUTH. */
function authenticationRequest(call: MethodCall, phase: Authenticating, initRequest: Uint8Array): Uint8Array {
  const { keys, nonces, secret, spis } = phase;
  const identity = identityPayload(call.serverId);
  const auth = authenticate(secret, initRequest, nonces[1], keys.skPi, identity);
  const header = {
    initiatorSpi: spis.subarray(0, spiLength),
    responderSpi: spis.subarray(spiLength),
    exchange: exchangeType.auth,
    messageId: 1,
  };
  const payloads = [
    { type: payloadType.idInitiator, data: identity },
    { type: payloadType.authentication, data: concat(Uint8Array.of(sharedKey, 0, 0, 0), auth) },
  ];
  return sealRequest(keys, header, payloads, call.entropy);
}

/** @throws MalformedError */
function end(call: MethodCall, phase: Authenticating, message: IkeMessage, octets: Uint8Array): Step {
  const { spis, keys, nonces, response, secret, isStranger } = phase;
  if (message.exchange !== exchangeType.auth || message.messageId !== 1) return failure("no answer to IKE_AUTH");
  if (!sameBytes(concat(message.initiatorSpi, message.responderSpi), spis)) {
    return failure("an answer to another exchange");
  }
  const inside = openResponse(keys, message, octets);
  if (inside === undefined) return failure("the checksum of IKE_AUTH is wrong");
  const told = payloadOf(inside, payloadType.notify);
  if (told !== undefined) return failure(`the peer refuses: ${notifyText(told)}`);
  const identity = payloadOf(inside, payloadType.idResponder);
  const auth = payloadOf(inside, payloadType.authentication);
  if (identity === undefined || auth === undefined) return failure("IKE_AUTH without what it needs");
  checkedIdentity(identity);
  if (phase.identity !== undefined && !sameBytes(identity, phase.identity)) {
    return failure("the peer calls itself another than before");
  }
  // Where none came before, it was the EAP identity's secret that was taken.
  if (phase.identity === undefined && !sameBytes(nameOf(identity), call.identity)) {
    return failure("the peer calls itself another than by EAP");
  }
  const expected = authenticate(secret, response, nonces[0], keys.skPr, identity);
  const isRight = auth[0] === sharedKey && sameSecret(expected, auth.subarray(4));
  if (isStranger) return failure("the name given inside has no password for EAP-IKEv2");
  if (!isRight) return failure("the peer has another secret");
  const exported = deriveExportedKeys(keys, concat(...nonces));
  const [msk, emsk] = [exported.slice(0, 64), exported.slice(64)];
  wipe(exported);
  return {
    kind: "success",
    identity: nameOf(identity),
    keys: { msk, emsk, sessionId: concat(Uint8Array.of(type), ...nonces) },
  };
}

/** RFC 7296, section 3.10.1. */
function notifyText(notify: Uint8Array): string {
  const code = ((notify[2] ?? 0) << 8) | (notify[3] ?? 0);
  switch (code) {
    case 14:
      return "it has none of the algorithms";
    case 17:
      return "it wants another group";
    case 24:
      return "authentication has failed";
    default:
      return `notification ${code}`;
  }
}

function forget(phase: Ikev2State["phase"]): void {
  switch (phase.kind) {
    case "initiated":
      return wipe(phase.keyPair.privateKey);
    case "authenticating":
      wipe(phase.secret);
      return wipeIkeKeys(phase.keys);
  }
}
