/**
 * EAP-FAST, version 1: a tunnel by a credential that the client has from the server (a PAC), and TLVs with EAP inside. RFC 4851. How a client
 * gets its first PAC: RFC 5422. With TLS up to 1.2: there is no EAP-FAST for TLS 1.3.
 */

import { concat, Reader, sameBytes } from "../../../base/bytes.ts";
import type { Clock } from "../../../base/clock.ts";
import {
  deriveFastEmsk,
  deriveFastMsk,
  fastChainLength,
  keysBeyondBlock,
  linkFast,
  pacMasterSecret,
} from "../../../crypto/eap-fast.ts";
import { wipe, wipeReplaced } from "../../../crypto/secret.ts";
import { decodeStatus, decodeTlvs, type EapTlv, encodeStatus, encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapAnswer, EapConversation, EapKeys } from "../../contract.ts";
import { shownIdentity } from "../../identity.ts";
import type { EapMethod, MethodCall, MethodStep } from "../../method.ts";
import { TlsChannel } from "../../tls/channel.ts";
import { encodeTlsStart } from "../../tls/framing.ts";
import { buildIdentityRequest, identityIn } from "../../tls/inner-identity.ts";
import type { TlsService } from "../../tls/service.ts";
import { stepFrame } from "../../tls/steps.ts";
import type { PresetChallenges } from "../../tunnel.ts";
import { openMessage, stepHandshake } from "../tunnel-steps.ts";
import { buildFastBinding, verifyFastBinding } from "./crypto-binding.ts";
import { buildPac, isAcknowledgement, isTunnelPacRequest, openPac, pacKeyLength, pacTypes } from "./pac.ts";

export interface FastOptions {
  readonly authorityId: Uint8Array;
  /** For people. */
  readonly authorityInfo: Uint8Array;
  /** What PACs are sealed with: 16 octets. */
  readonly encryptionKey: Uint8Array;
  /** How a client may get its first PAC: in a tunnel with anybody, or in one with this server's certificate. */
  readonly provisioning: "no" | "anonymous" | "authenticated" | "both";
  /** Seconds that a PAC is good for, and how long before its end the client gets another. */
  readonly lifetime: number;
  readonly refresh: number;
  readonly clock: Clock;
}

/** What a PAC has told when it came; the handshake fills it in. */
interface Shown {
  identity: Uint8Array | undefined;
  /** `renew`: it is good for this time; `expired`: it opens the tunnel for another PAC, and nothing more. */
  freshness: "good" | "renew" | "expired" | undefined;
}

type Phase =
  | { readonly kind: "handshake" }
  /** The identity is asked for. */
  | { readonly kind: "identifying"; readonly identifier: number }
  | { readonly kind: "inside"; readonly conversation: EapConversation }
  | { readonly kind: "binding"; readonly cmk: Uint8Array; readonly nonce: Uint8Array; readonly isFinal: boolean }
  /** A PAC is out, and to be acknowledged. */
  | { readonly kind: "provisioning" };

interface State {
  readonly channel: TlsChannel;
  readonly received: number;
  readonly shown: Shown;
  readonly phase: Phase;
  /** S-IMCK; undefined before the tunnel is there. */
  readonly chain: Uint8Array | undefined;
  /** Set in a tunnel with nobody knows whom: MSCHAPV2 is bound to it by them. */
  readonly challenges: PresetChallenges | undefined;
  readonly identity: Uint8Array;
}

type Step = MethodStep<State>;

const fastType = eapTypes.FAST.type;
const version = 1;

/** RFC 4851, section 3.2, and RFC 5422, section 3.2.1; the others are for certificates with other keys. */
const anonymousCiphers = ["ADH-AES128-SHA"];
const ciphers = [
  ...["ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-SHA", "AES128-SHA"],
  ...["ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES256-SHA", "AES256-SHA"],
];

export function fastMethod(service: TlsService, options: FastOptions): EapMethod<State> {
  const allowsAnonymous = options.provisioning === "anonymous" || options.provisioning === "both";
  const list = [...(allowsAnonymous ? anonymousCiphers : []), ...ciphers].join(":");
  return {
    name: "FAST",
    type: fastType,
    begin(call) {
      const shown: Shown = { identity: undefined, freshness: undefined };
      const session = service.session({
        clientCertificate: "unwanted",
        purpose: "FAST",
        ciphers: list,
        tickets: { masterSecret: (ticket, client, server) => secretOf(options, shown, ticket, client, server) },
      });
      const channel = new TlsChannel(service, call, session, version);
      const state: State = {
        channel,
        received: version,
        shown,
        phase: { kind: "handshake" },
        chain: undefined,
        challenges: undefined,
        identity: call.identity,
      };
      const authority = encodeTlv(pacTypes.authorityId, options.authorityId, false);
      return { kind: "request", data: encodeTlsStart(version, authority), state };
    },
    async respond(call, before, data) {
      const { channel } = before;
      const frame = channel.decode(data);
      if (frame.version < version) return { kind: "failure", reason: `it speaks version ${frame.version}` };
      const state: State = { ...before, received: frame.version };
      const fast = new Fast(options, call);
      const step = await stepFrame(channel, frame, state, (message) => fast.onMessage(state, message));
      if (step.kind === "request") wipeReplaced(secretsOf(before), secretsOf(step.state));
      return step;
    },
    forget(state) {
      if (state.phase.kind === "inside") state.phase.conversation.abandon();
      wipe(...secretsOf(state));
      state.channel.close();
    },
  };
}

const secretsOf = ({ phase, chain, challenges }: State): readonly (Uint8Array | undefined)[] => [
  phase.kind === "binding" ? phase.cmk : undefined,
  chain,
  challenges?.authenticator,
  challenges?.peer,
];

/** The master secret that goes with a PAC. @returns undefined where it is none of ours: the certificate's turn */
function secretOf(
  { encryptionKey, clock, refresh }: FastOptions,
  shown: Shown,
  ticket: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Uint8Array | undefined {
  const pac = openPac(encryptionKey, ticket);
  if (pac === undefined) return undefined;
  const left = pac.expires - clock.unixTime();
  shown.identity = pac.identity;
  shown.freshness = left <= 0 ? "expired" : left < refresh ? "renew" : "good";
  const secret = pacMasterSecret(pac.key, clientRandom, serverRandom);
  wipe(pac.key);
  return secret;
}

/** One step, and what it may ask. */
class Fast {
  constructor(
    readonly options: FastOptions,
    readonly call: MethodCall,
  ) {}

  async onMessage(state: State, message: Uint8Array): Promise<Step> {
    const { channel, phase } = state;
    switch (phase.kind) {
      case "handshake":
        return stepHandshake(channel, message, state, (output) => this.#begin(state, output));
      case "binding":
      case "identifying":
      case "inside":
      case "provisioning": {
        const opened = openMessage(channel, message, "TLVs are awaited");
        if (opened.kind !== "opened") return opened;
        const tlvs = decodeTlvs(new Reader(opened.plain, ["EAP-FAST", "TLVs"]));
        wipe(opened.plain);
        // There may be a password in them.
        return this.#onTlvs(state, phase, tlvs).finally(() => wipe(...tlvs.map(({ value }) => value)));
      }
    }
  }

  /** The tunnel is there: what goes on inside begins in the message that ends the handshake. */
  async #begin(before: State, output: Uint8Array): Promise<Step> {
    const state = withKeys(before);
    if (state === undefined) return { kind: "failure", reason: "the tunnel has no keys" };
    const { identity } = state.shown;
    if (identity === undefined) {
      const identifier = this.call.nextIdentifier;
      const payload = encodeTlv(tlvTypes.eapPayload, buildIdentityRequest(identifier), true);
      const data = state.channel.seal(payload, output);
      return { kind: "request", data, state: { ...state, phase: { kind: "identifying", identifier } } };
    }
    const step = await this.#converse(state, identity, output);
    // Nobody else knows of the keys then.
    if (step.kind !== "request") wipe(...secretsOf(state));
    return step;
  }

  async #converse(state: State, identity: Uint8Array, output: Uint8Array = new Uint8Array()): Promise<Step> {
    const user = await this.call.inner.findUser(identity);
    if (user === undefined) return { kind: "failure", reason: `there is no user '${shownIdentity(identity)}'` };
    const { challenges } = state;
    // With nobody knows whom, only a method that is bound to the tunnel. RFC 5422, section 3.2.3.
    const bound = challenges === undefined ? {} : { challenges, user: { ...user, methods: [eapTypes.MSCHAPV2] } };
    const conversation = this.call.inner.converse({ identity, ...bound });
    const answer = await conversation.begin(this.call.nextIdentifier);
    return this.#onAnswer({ ...state, identity }, answer, conversation, output);
  }

  async #onTlvs(state: State, phase: Phase, tlvs: readonly EapTlv[]): Promise<Step> {
    const unknown = tlvs.find(({ type, mandatory }) => mandatory && !knownTlvs.has(type));
    if (unknown !== undefined) return { kind: "failure", reason: `it wants a TLV of type ${unknown.type} understood` };
    const of = (type: number): EapTlv | undefined => tlvs.find((tlv) => tlv.type === type);
    const result = of(tlvTypes.result)?.value;
    if (result !== undefined && decodeStatus(result) !== "success") {
      return { kind: "failure", reason: "the peer says that it failed" };
    }
    const payload = of(tlvTypes.eapPayload)?.value;
    switch (phase.kind) {
      case "identifying": {
        const identity = payload === undefined ? undefined : identityIn(payload, phase.identifier);
        if (identity === undefined) return { kind: "ignored", reason: "no identity, where it was asked for" };
        return this.#converse(state, identity);
      }
      case "inside":
        if (payload === undefined) return { kind: "failure", reason: "no EAP where it is spoken" };
        return this.#onAnswer(state, await phase.conversation.respond(payload), phase.conversation);
      case "binding":
        return this.#onBinding(state, phase, of);
      case "provisioning": {
        const pac = of(tlvTypes.pac)?.value;
        if (pac === undefined || !isAcknowledgement(pac)) {
          return { kind: "failure", reason: "it does not acknowledge its PAC" };
        }
        if (state.challenges !== undefined)
          return { kind: "failure", reason: "it has its PAC now, and is to come back with it" };
        if (state.shown.freshness === "expired")
          return { kind: "failure", reason: "its PAC had expired; it has another now" };
        return this.#succeed(state);
      }
      case "handshake":
        return { kind: "ignored", reason: "TLVs, where none are awaited" };
    }
  }

  #onAnswer(
    state: State,
    answer: EapAnswer,
    conversation: EapConversation,
    output: Uint8Array = new Uint8Array(),
  ): Step {
    switch (answer.kind) {
      case "request": {
        const data = state.channel.seal(encodeTlv(tlvTypes.eapPayload, answer.packet, true), output);
        return { kind: "request", data, state: { ...state, phase: { kind: "inside", conversation } } };
      }
      case "success": {
        const { identity: promised } = state.shown;
        if (promised !== undefined && !sameBytes(promised, answer.identity)) {
          wipe(answer.keys?.msk, answer.keys?.emsk);
          const [its, inside] = [shownIdentity(promised), shownIdentity(answer.identity)];
          return { kind: "failure", reason: `its PAC is of '${its}', and inside it is '${inside}'` };
        }
        const step = this.#sendBinding({ ...state, identity: answer.identity }, answer.keys);
        wipe(answer.keys?.msk, answer.keys?.emsk);
        return step;
      }
      case "failure":
        return { kind: "failure", reason: answer.reason };
      case "ignored":
        return { kind: "ignored", reason: answer.reason };
    }
  }

  #sendBinding(before: State, keys: EapKeys | undefined): Step {
    if (before.chain === undefined) return { kind: "failure", reason: "the tunnel has no keys" };
    const { chain, cmk } = linkFast(before.chain, keys?.msk);
    const state: State = { ...before, chain };
    const { tlv, nonce } = buildFastBinding(cmk, state.received, this.call.entropy.bytes(32));
    const isFinal = state.challenges === undefined && !this.#renews(state);
    const status = isFinal ? tlvTypes.result : tlvTypes.intermediateResult;
    const data = state.channel.seal(concat(encodeTlv(status, encodeStatus("success"), true), tlv));
    return { kind: "request", data, state: { ...state, phase: { kind: "binding", cmk, nonce, isFinal } } };
  }

  #renews({ shown: { freshness } }: State): boolean {
    return freshness === "renew" || freshness === "expired";
  }

  #onBinding(state: State, phase: Phase & { kind: "binding" }, of: (type: number) => EapTlv | undefined): Step {
    const { cmk, nonce, isFinal } = phase;
    const binding = of(tlvTypes.cryptoBinding);
    const status = of(isFinal ? tlvTypes.result : tlvTypes.intermediateResult)?.value;
    if (status === undefined || decodeStatus(status) !== "success") {
      return { kind: "failure", reason: "it does not confirm the success inside" };
    }
    if (binding === undefined || !verifyFastBinding(cmk, nonce, binding.mandatory, binding.value)) {
      return { kind: "failure", reason: "its cryptographic binding is wrong: somebody may be in the middle" };
    }
    const pac = of(tlvTypes.pac)?.value;
    const wants = of(tlvTypes.fastRequestAction) !== undefined && pac !== undefined && isTunnelPacRequest(pac);
    const { provisioning } = this.options;
    if (state.challenges === undefined && wants && provisioning !== "authenticated" && provisioning !== "both") {
      return { kind: "failure", reason: "it asks for a PAC, and gets none (eap_fast_prov)" };
    }
    if (state.challenges !== undefined || wants || this.#renews(state)) return this.#sendPac(state);
    return this.#succeed(state);
  }

  #sendPac(state: State): Step {
    const { authorityId, authorityInfo, encryptionKey, lifetime, clock } = this.options;
    const tlvs = buildPac({
      authorityId,
      authorityInfo,
      encryptionKey,
      key: this.call.entropy.bytes(pacKeyLength),
      expires: Math.floor(clock.unixTime()) + lifetime,
      identity: state.identity,
    });
    return { kind: "request", data: state.channel.seal(tlvs), state: { ...state, phase: { kind: "provisioning" } } };
  }

  #succeed({ channel, chain, identity }: State): Step {
    if (chain === undefined) return { kind: "failure", reason: "the tunnel has no keys" };
    const keys: EapKeys = {
      msk: deriveFastMsk(chain),
      emsk: deriveFastEmsk(chain),
      sessionId: channel.sessionId(fastType),
    };
    return { kind: "success", keys, identity };
  }
}

const knownTlvs: ReadonlySet<number> = new Set([
  tlvTypes.result,
  tlvTypes.nak,
  tlvTypes.error,
  tlvTypes.eapPayload,
  tlvTypes.intermediateResult,
  tlvTypes.pac,
  tlvTypes.cryptoBinding,
  tlvTypes.fastRequestAction,
]);

const challengeLength = 16;

/** Keys that are not TLS's own. RFC 4851, section 5.1; RFC 5422, section 3.3. */
function withKeys(state: State): State | undefined {
  const { session } = state.channel;
  const secret = session.masterSecret();
  if (secret === undefined) return undefined;
  const isAnonymous = !session.resumed && (session.cipher ?? "").startsWith("ADH");
  const keys = keysBeyondBlock(session.prf, secret, fastChainLength + (isAnonymous ? 2 * challengeLength : 0));
  wipe(secret.masterSecret);
  const chain = keys.slice(0, fastChainLength);
  const challenges = isAnonymous
    ? {
        authenticator: keys.slice(fastChainLength, fastChainLength + challengeLength),
        peer: keys.slice(fastChainLength + challengeLength),
      }
    : undefined;
  wipe(keys);
  return { ...state, chain, challenges };
}
