/** TEAP, version 1: TLS, and inside TLVs with EAP methods, one or several, or a password. RFC 9930 (RFC 7170); with TLS 1.3, RFC 9427. */

import { concat, utf8 } from "../../../base/bytes.ts";
import { wipe, wipeReplaced } from "../../../crypto/secret.ts";
import { decodeStatus, encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapAnswer, EapConversation, EapKeys } from "../../contract.ts";
import { shownIdentity } from "../../identity.ts";
import type { EapMethod, MethodCall, MethodStep } from "../../method.ts";
import { TlsChannel } from "../../tls/channel.ts";
import { encodeTlsStart, encodeTlsStartWithOuter, type TlsFrame } from "../../tls/framing.ts";
import { buildIdentityRequest, identityIn } from "../../tls/inner-identity.ts";
import type { TlsService } from "../../tls/service.ts";
import { stepFrame } from "../../tls/steps.ts";
import { openMessage, stepHandshake } from "../tunnel-steps.ts";
import { type BindingKeys, buildTeapBinding } from "./crypto-binding.ts";
import {
  encodeIdentityType,
  firstAsked,
  type IdentityType,
  isIdentityTaken,
  type WantedIdentities,
} from "./identities.ts";
import { scheduleOf, sessionIdOf } from "./keys.ts";
import { judgePasswordResponse } from "./password.ts";
import { judgeConfirmation, type PendingBinding } from "./pending-binding.ts";
import { rememberShown, resumedShown } from "./resumption.ts";
import { errorIn, failureTlvs, intermediateSuccess, ReceivedTlvs, resultTlv, type TeapError } from "./tlvs.ts";

export interface TeapOptions {
  /** Told in the first request. */
  readonly authorityId: Uint8Array | undefined;
  /** `certificate`: nothing inside where the client has shown a good one. */
  readonly authentication: "eap" | "password" | "certificate";
  /** Whose identity is asked for, and whose is taken. */
  readonly identities: WantedIdentities;
  /** The result in a message of its own. */
  readonly separateResult: boolean;
  /** Whether the next method begins together with the end of the one before. */
  readonly sequence: "merged" | "one-by-one";
}

type Phase =
  | { readonly kind: "handshake" }
  /** The identity is asked for. */
  | { readonly kind: "identifying"; readonly identifier: number }
  | { readonly kind: "inside"; readonly conversation: EapConversation }
  /** A password is asked for. */
  | { readonly kind: "password" }
  /** Nothing is out but the binding. */
  | { readonly kind: "binding" }
  | { readonly kind: "result" }
  /** The failure is out. */
  | { readonly kind: "refusing"; readonly reason: string };

interface State {
  readonly channel: TlsChannel;
  readonly received: number;
  /** Outer TLVs: the server's, and the peer's. */
  readonly outer: readonly [Uint8Array, Uint8Array];
  /** The peer's first message isn't all there yet. */
  readonly isFirst: boolean;
  readonly phase: Phase;
  /** S-IMCK; undefined before the tunnel is there. */
  readonly chain: Uint8Array | undefined;
  /** It has to be confirmed in the peer's next message. */
  readonly pending: PendingBinding | undefined;
  readonly identity: Uint8Array;
  /** Those who have proved themselves so far. */
  readonly shown: readonly Uint8Array[];
  /** Whose identity was asked for last. */
  readonly asked: IdentityType | undefined;
}

type Step = MethodStep<State>;

const teapType = eapTypes.TEAP.type;
const version = 1;

export function teapMethod(service: TlsService, options: TeapOptions): EapMethod<State> {
  return {
    name: "TEAP",
    type: teapType,
    begin(call) {
      const clientCertificate = options.authentication === "certificate" ? "requested" : "unwanted";
      const session = service.session({ clientCertificate, purpose: "TEAP" });
      const channel = new TlsChannel(service, call, session, version, true);
      const { authorityId } = options;
      const outer = authorityId === undefined ? new Uint8Array() : encodeTlv(tlvTypes.authorityId, authorityId, false);
      const state: State = {
        channel,
        received: version,
        outer: [outer, new Uint8Array()],
        isFirst: true,
        phase: { kind: "handshake" },
        chain: undefined,
        pending: undefined,
        identity: call.identity,
        shown: [],
        asked: undefined,
      };
      const data = outer.length === 0 ? encodeTlsStart(version) : encodeTlsStartWithOuter(version, outer);
      return { kind: "request", data, state };
    },
    async respond(call, before, data) {
      const { channel } = before;
      const frame = channel.decode(data);
      if (frame.version < version) return { kind: "failure", reason: `it speaks version ${frame.version}` };
      const state: State = { ...before, received: frame.version, outer: withOuter(before, frame) };
      const teap = new Teap(service, options, call);
      const step = await stepFrame(channel, frame, state, (message) =>
        teap.onMessage({ ...state, isFirst: false }, message),
      );
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

function secretsOf({ chain, pending }: State): readonly (Uint8Array | undefined)[] {
  const { msk, emsk } = pending?.keys ?? {};
  return [chain, msk?.chain, msk?.cmk, emsk?.chain, emsk?.cmk];
}

/** The peer's come with its first message, in whichever of its fragments; later ones are ignored. RFC 9930, section 4.3.1. */
const withOuter = ({ outer: [ours, its], isFirst }: State, { outer }: TlsFrame): State["outer"] => [
  ours,
  isFirst && outer !== undefined ? concat(its, outer) : its,
];

/** One step, and what it may ask. */
class Teap {
  constructor(
    readonly service: TlsService,
    readonly options: TeapOptions,
    readonly call: MethodCall,
  ) {}

  async onMessage(state: State, message: Uint8Array): Promise<Step> {
    const { channel, phase } = state;
    switch (phase.kind) {
      case "handshake":
        return stepHandshake(channel, message, state, (output) => this.#begin(state, output));
      case "refusing":
        return { kind: "failure", reason: phase.reason };
      case "identifying":
      case "inside":
      case "password":
      case "binding":
      case "result": {
        const opened = openMessage(channel, message, "TLVs are awaited");
        if (opened.kind !== "opened") return opened;
        const tlvs = new ReceivedTlvs(opened.plain);
        wipe(opened.plain);
        return this.#onTlvs(state, phase, tlvs).finally(() => tlvs.wipe());
      }
    }
  }

  /** The tunnel is there: what goes on inside begins in the message that ends the handshake. */
  async #begin(before: State, output: Uint8Array): Promise<Step> {
    const { session } = before.channel;
    const state = { ...before, chain: scheduleOf(before.channel).seed() };
    const { authentication, identities } = this.options;
    if (session.resumed) return this.#onResumed(state, output);
    if (authentication === "certificate") {
      const subject = session.peerCertificate()?.subject;
      if (subject !== undefined) {
        const identity = utf8(subject.map((attribute) => `/${attribute}`).join(""));
        const user = await this.call.inner.findUser(identity);
        if (user !== undefined) return this.#sendBinding(withShown(state, identity), undefined, false, output);
        return this.#refuse(state, "innerMethod", `there is no user '${shownIdentity(identity)}'`, output);
      }
    }
    return this.#ask(state, firstAsked(identities), [], output);
  }

  /** A session that goes on needs no method inside, but the binding and the result. RFC 9930, section 3.5. */
  async #onResumed(state: State, output: Uint8Array): Promise<Step> {
    const resumed = await resumedShown(this.call, state.channel, this.options.identities);
    if (resumed.kind === "refused") return this.#refuse(state, "innerMethod", resumed.reason, output);
    return this.#sendBinding({ ...state, identity: resumed.identity }, undefined, false, output);
  }

  /** Asks for the next identity. @param before TLVs in front of the question */
  #ask(
    state: State,
    asked: IdentityType | undefined,
    before: readonly Uint8Array[],
    output: Uint8Array = new Uint8Array(),
  ): Step {
    const { question, phase } = this.#question(asked);
    const data = state.channel.seal(concat(...before, question), output);
    return { kind: "request", data, state: { ...state, phase, asked } };
  }

  #question(asked: IdentityType | undefined): { question: Uint8Array; phase: Phase } {
    const type = asked === undefined ? [] : [encodeIdentityType(asked)];
    if (this.options.authentication === "password") {
      const request = encodeTlv(tlvTypes.basicPasswordRequest, new Uint8Array(), false);
      return { question: concat(request, ...type), phase: { kind: "password" } };
    }
    const identifier = this.call.nextIdentifier;
    const payload = encodeTlv(tlvTypes.eapPayload, buildIdentityRequest(identifier), true);
    return { question: concat(payload, ...type), phase: { kind: "identifying", identifier } };
  }

  async #onTlvs(before: State, phase: Phase, tlvs: ReceivedTlvs): Promise<Step> {
    const { unknownType } = tlvs;
    if (unknownType !== undefined) {
      return this.#refuse(before, "unexpectedTlvs", `it wants a TLV of type ${unknownType} understood`);
    }
    const result = tlvs.value("result");
    if (result !== undefined && decodeStatus(result) !== "success") {
      return { kind: "failure", reason: `the peer says that it failed${errorIn(tlvs.value("error"))}` };
    }
    if (tlvs.value("nak") !== undefined) {
      return this.#refuse(before, undefined, "the peer does not know one of the TLVs that it needs");
    }
    let state = before;
    if (state.pending !== undefined) {
      const { pending, received } = state;
      const verdict = judgeConfirmation(pending, received, tlvs);
      if (verdict.kind === "wrong") return { kind: "failure", reason: verdict.reason };
      state = { ...state, chain: verdict.chain, pending: undefined };
      if (pending.isFinal) return this.#succeed(state, verdict.chain);
    }
    switch (phase.kind) {
      case "binding":
        return this.#afterBinding(state);
      case "result":
        if (result === undefined) return { kind: "ignored", reason: "no result, where it is to be confirmed" };
        return state.chain === undefined ? noChain : this.#succeed(state, state.chain);
      case "password":
        return this.#onPassword(state, tlvs);
      case "identifying":
        return this.#onIdentity(state, phase.identifier, tlvs);
      case "inside": {
        const packet = tlvs.value("eapPayload");
        if (packet === undefined) return this.#refuse(state, "innerMethod", "no EAP where it is spoken");
        return this.#onAnswer(state, await phase.conversation.respond(packet), phase.conversation);
      }
      case "handshake":
      case "refusing":
        return { kind: "ignored", reason: "TLVs, where none are awaited" };
    }
  }

  /** Nothing but the binding was out: the result, or the next one. */
  #afterBinding(state: State): Step {
    if (this.#isMoreWanted(state)) return this.#ask(state, "machine", []);
    const data = state.channel.seal(resultTlv("success"));
    return { kind: "request", data, state: { ...state, phase: { kind: "result" } } };
  }

  #isMoreWanted({ asked }: State): boolean {
    return this.options.identities === "user-and-machine" && asked === "user";
  }

  async #onIdentity(state: State, identifier: number, tlvs: ReceivedTlvs): Promise<Step> {
    const packet = tlvs.value("eapPayload");
    const identity = packet === undefined ? undefined : identityIn(packet, identifier);
    if (identity === undefined) return { kind: "ignored", reason: "no identity, where it was asked for" };
    if (!this.#isTaken(state, tlvs)) return this.#refuse(state, "innerMethod", wrongKind);
    const conversation = this.call.inner.converse({ identity });
    const next = { ...state, identity };
    return this.#onAnswer(next, await conversation.begin(this.call.nextIdentifier), conversation);
  }

  async #onPassword(state: State, tlvs: ReceivedTlvs): Promise<Step> {
    const value = tlvs.value("basicPasswordResponse");
    if (value === undefined) return this.#refuse(state, undefined, "no password, where it was asked for");
    if (!this.#isTaken(state, tlvs)) return this.#refuse(state, undefined, wrongKind);
    const verdict = await judgePasswordResponse(this.call.inner, value);
    if (verdict.kind === "wrong") return this.#refuse(state, undefined, verdict.reason);
    return this.#sendBinding(withShown(state, verdict.identity), undefined, true);
  }

  #isTaken({ asked }: State, tlvs: ReceivedTlvs): boolean {
    return isIdentityTaken(this.options.identities, asked, tlvs.value("identityType"));
  }

  #onAnswer(state: State, answer: EapAnswer, conversation: EapConversation): Step {
    switch (answer.kind) {
      case "request": {
        const data = state.channel.seal(encodeTlv(tlvTypes.eapPayload, answer.packet, true));
        return { kind: "request", data, state: { ...state, phase: { kind: "inside", conversation } } };
      }
      case "success": {
        const step = this.#sendBinding(withShown(state, answer.identity), answer.keys, true);
        wipe(answer.keys?.msk, answer.keys?.emsk);
        return step;
      }
      case "failure":
        return this.#refuse(state, "innerMethod", answer.reason);
      case "ignored":
        return { kind: "ignored", reason: answer.reason };
    }
  }

  /** @param keys of the method inside @param hasIntermediate whether there was one, or a password */
  #sendBinding(
    state: State,
    keys: EapKeys | undefined,
    hasIntermediate: boolean,
    output: Uint8Array = new Uint8Array(),
  ): Step {
    const { chain, channel } = state;
    if (chain === undefined) return noChain;
    const schedule = scheduleOf(channel);
    const bindingKeys: BindingKeys = {
      schedule,
      msk: schedule.linkMsk(chain, keys?.msk),
      emsk: keys?.emsk === undefined ? undefined : schedule.linkEmsk(chain, keys.emsk),
      outer: state.outer,
    };
    const { tlv, nonce } = buildTeapBinding(bindingKeys, state.received, this.call.entropy.bytes(32));
    const isMoreWanted = this.#isMoreWanted(state);
    const isFinal = !isMoreWanted && !this.options.separateResult;
    const tlvs = [
      ...(hasIntermediate || !isFinal ? [intermediateSuccess()] : []),
      ...(isFinal ? [resultTlv("success")] : []),
      tlv,
    ];
    const confirmed = hasIntermediate && this.options.authentication !== "password";
    const next: State = { ...state, pending: { keys: bindingKeys, nonce, isFinal, hasIntermediate: confirmed } };
    if (isMoreWanted && this.options.sequence === "merged" && this.options.authentication !== "password") {
      return this.#ask(next, "machine", tlvs, output);
    }
    const data = channel.seal(concat(...tlvs), output);
    return { kind: "request", data, state: { ...next, phase: { kind: "binding" } } };
  }

  #refuse(state: State, error: TeapError | undefined, reason: string, output: Uint8Array = new Uint8Array()): Step {
    const data = state.channel.seal(failureTlvs(error), output);
    return { kind: "request", data, state: { ...state, phase: { kind: "refusing", reason } } };
  }

  #succeed({ channel, identity, shown }: State, chain: Uint8Array): Step {
    const { session } = channel;
    if (this.service.resumes && !session.resumed) rememberShown(channel, shown);
    const schedule = scheduleOf(channel);
    const keys: EapKeys = { msk: schedule.msk(chain), emsk: schedule.emsk(chain), sessionId: sessionIdOf(channel) };
    return { kind: "success", keys, identity };
  }
}

const withShown = (state: State, identity: Uint8Array): State => ({
  ...state,
  identity,
  shown: [...state.shown, identity],
});

const noChain: Step = { kind: "failure", reason: "the tunnel has no keys" };

const wrongKind = "it is not of the kind that was asked for, user or machine";
