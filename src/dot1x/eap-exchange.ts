/**
 * The authenticator's own part of EAP: it asks for the identity, numbers and repeats requests, and lets through to whoever authenticates
 * what answers the last one. RFC 3748, sections 4.1 and 4.3; RFC 4137, sections 6 and 7.
 */

import { concat, MalformedError, Reader, utf8 } from "../base/bytes.ts";
import { type Duration, seconds } from "../base/duration.ts";
import { decodeEap, type EapPacket, encodeEap, encodeEapRequest } from "../wire/eap/packet.ts";
import { eapIdentifierOf, eapLengthOf } from "../wire/eap/peek.ts";
import { eapIdentity, sameEapType } from "../wire/eap/types.ts";
import type { BackendAnswer } from "./port.ts";

/** Who made the request: we, or whoever authenticates. */
type Asked = "re-auth-start" | "identity" | "method";

interface Question {
  readonly asked: Asked;
  /** Octets of the packet. */
  readonly request: Uint8Array;
  readonly identifier: number;
  /** How often it has been repeated. */
  readonly repeated: number;
  /** Where whoever asks knows how long an answer takes. */
  readonly timeout: Duration | undefined;
}

export type EapState = Phase & {
  /** ERP was offered. Once is enough: whoever has no key for it answers by beginning anew, as wpa_supplicant does. */
  readonly hasOffered: boolean;
};

type Phase =
  /** Nothing is under way. @property lastIdentifier of the last request */
  | { readonly kind: "none"; readonly lastIdentifier: number }
  /** The supplicant's turn. */
  | ({ readonly kind: "asked" } & Question)
  /** An answer of its is being looked at. */
  | ({ readonly kind: "answering" } & Question);

export type EapInput =
  | { readonly type: "restart" }
  | { readonly type: "stop" }
  | { readonly type: "response"; readonly packet: Uint8Array }
  | { readonly type: "answer"; readonly answer: BackendAnswer }
  /** retransWhile is over. */
  | { readonly type: "unanswered" };

export type EapEffect =
  /** eapReq. */
  | { readonly type: "request"; readonly packet: Uint8Array; readonly repeated: boolean; readonly asked: Asked }
  /** eapNoReq. */
  | { readonly type: "no-request"; readonly because: string }
  /** eapSuccess. */
  | { readonly type: "success"; readonly packet: Uint8Array; readonly answer: BackendAnswer & { kind: "accepted" } }
  /** eapFail. */
  | { readonly type: "failure"; readonly packet: Uint8Array; readonly answer: BackendAnswer & { kind: "refused" } }
  /** eapTimeout: the supplicant doesn't answer. */
  | { readonly type: "timeout"; readonly asked: Asked }
  /** Nobody who could authenticate it answers. */
  | { readonly type: "unreachable"; readonly because: string }
  | { readonly type: "identity"; readonly identity: Uint8Array }
  | { readonly type: "hand-over"; readonly packet: Uint8Array }
  | { readonly type: "await-supplicant"; readonly time: Duration }
  | { readonly type: "await-nothing" };

export interface EapStep {
  readonly state: EapState;
  readonly effects: readonly EapEffect[];
}

interface PhaseStep {
  readonly state: Phase;
  readonly effects: readonly EapEffect[];
}

export interface EapRules {
  /** What stands in requests for the identity (eap_message). */
  readonly identityPrompt: Uint8Array;
  /** Offers to authenticate again by ERP first, with the domain's name where there is one. RFC 6696, section 5.3.1. */
  readonly reauthStart: { readonly domain: string | undefined } | undefined;
}

/** RFC 3748, section 4.3: 3 to 5 are suggested. */
const mostRepetitions = 5;
const firstTime = 3;
const longestTime = 20;
const reauthStartTime = seconds(1);

export function stepEap(rules: EapRules, state: EapState, input: EapInput): EapStep {
  const { state: phase, effects } = stepPhase(rules, state, input);
  const offers = phase.kind === "asked" && phase.asked === "re-auth-start";
  return { state: { ...phase, hasOffered: state.hasOffered || offers }, effects };
}

function stepPhase(rules: EapRules, state: EapState, input: EapInput): PhaseStep {
  switch (input.type) {
    case "stop":
      return {
        state: { kind: "none", lastIdentifier: identifierOf(state) },
        effects: state.kind === "asked" ? [waitNoMore] : [],
      };
    case "restart": {
      const identifier = nextIdentifier(state);
      return rules.reauthStart === undefined || state.hasOffered
        ? ask("identity", identityRequest(rules, identifier), identifier, undefined)
        : ask("re-auth-start", reauthStart(rules.reauthStart.domain, identifier), identifier, reauthStartTime);
    }
    case "response":
      return onResponse(state, input.packet);
    case "answer":
      return onAnswer(state, input.answer);
    case "unanswered":
      return onUnanswered(rules, state);
  }
}

function onResponse(state: Phase, octets: Uint8Array): PhaseStep {
  if (state.kind !== "asked") return { state, effects: [ignored("nothing was asked")] };
  const packet = decoded(octets);
  if (typeof packet === "string") return { state, effects: [ignored(packet)] };
  const because = notAnAnswer(state, packet);
  if (because !== undefined) return { state, effects: [ignored(because)] };
  const identity =
    packet.code === "response" && state.asked === "identity"
      ? [{ type: "identity", identity: packet.data } as const]
      : [];
  return {
    state: { ...state, kind: "answering" },
    effects: [waitNoMore, ...identity, { type: "hand-over", packet: octets.slice(0, eapLengthOf(octets)) }],
  };
}

/** Why it doesn't answer what was asked; undefined where it does. RFC 3748, section 4.1. */
function notAnAnswer(state: Question, packet: EapPacket): string | undefined {
  switch (packet.code) {
    case "response":
      if (packet.identifier !== state.identifier)
        return `identifier ${packet.identifier} instead of ${state.identifier}`;
      if (state.asked !== "method" && !sameEapType(packet.type, eapIdentity)) return "it is not an identity";
      return undefined;
    case "initiate":
      // A peer that has a key from before may begin with it whatever it is asked. RFC 6696, section 5.3.2.
      return state.asked === "method" ? "another method is under way" : undefined;
    case "request":
    case "success":
    case "failure":
    case "finish":
      return `a ${packet.code} comes from no supplicant`;
  }
}

function onAnswer(state: Phase, answer: BackendAnswer): PhaseStep {
  if (state.kind !== "answering") return { state, effects: [] };
  const none = (identifier: number): Phase => ({ kind: "none", lastIdentifier: identifier });
  switch (answer.kind) {
    case "request":
      return ask("method", answer.packet, eapIdentifierOf(answer.packet), answer.timeout);
    case "ignored":
      return {
        state: { ...state, kind: "asked" },
        effects: [ignored(answer.reason), { type: "await-supplicant", time: timeFor(state) }],
      };
    case "accepted": {
      const packet = answer.packet ?? encodeEap({ code: "success", identifier: state.identifier });
      return { state: none(eapIdentifierOf(packet)), effects: [{ type: "success", packet, answer }] };
    }
    case "refused": {
      const packet = answer.packet ?? encodeEap({ code: "failure", identifier: state.identifier });
      return { state: none(eapIdentifierOf(packet)), effects: [{ type: "failure", packet, answer }] };
    }
    case "unreachable":
      return { state, effects: [{ type: "unreachable", because: answer.reason }] };
  }
}

function onUnanswered(rules: EapRules, state: Phase): PhaseStep {
  if (state.kind !== "asked") return { state, effects: [] };
  if (state.asked === "re-auth-start") {
    const identifier = nextIdentifier(state);
    return ask("identity", identityRequest(rules, identifier), identifier, undefined);
  }
  if (state.repeated >= mostRepetitions) {
    return {
      state: { kind: "none", lastIdentifier: state.identifier },
      effects: [{ type: "timeout", asked: state.asked }],
    };
  }
  const again = { ...state, repeated: state.repeated + 1 };
  return {
    state: again,
    effects: [
      { type: "request", packet: state.request, repeated: true, asked: state.asked },
      { type: "await-supplicant", time: timeFor(again) },
    ],
  };
}

function ask(asked: Asked, request: Uint8Array, identifier: number, timeout: Duration | undefined): PhaseStep {
  const question: Question = { asked, request, identifier, repeated: 0, timeout };
  return {
    state: { kind: "asked", ...question },
    effects: [
      { type: "request", packet: request, repeated: false, asked },
      { type: "await-supplicant", time: timeFor(question) },
    ],
  };
}

/** Doubles each time; RFC 3748, section 4.3, after RFC 2988, sections 2.1 and 5.5. */
const timeFor = ({ timeout, repeated }: Question): Duration =>
  timeout ?? seconds(Math.min(firstTime * 2 ** repeated, longestTime));

const identityRequest = (rules: EapRules, identifier: number): Uint8Array =>
  encodeEapRequest(identifier, eapIdentity, rules.identityPrompt);

const domainNameTlv = 4;

/** EAP-Initiate/Re-auth-Start. RFC 6696, section 5.3.1. */
function reauthStart(domain: string | undefined, identifier: number): Uint8Array {
  const name = utf8(domain ?? "").subarray(0, 255);
  const tlv = domain === undefined ? new Uint8Array(0) : concat(Uint8Array.of(domainNameTlv, name.length), name);
  return encodeEap({ code: "initiate", identifier, type: 1, data: concat(Uint8Array.of(0), tlv) });
}

function decoded(octets: Uint8Array): EapPacket | string {
  try {
    return decodeEap(new Reader(octets, ["EAP"]));
  } catch (thrown) {
    if (thrown instanceof MalformedError) return thrown.message;
    throw thrown;
  }
}

const identifierOf = (state: Phase): number => (state.kind === "none" ? state.lastIdentifier : state.identifier);
const nextIdentifier = (state: Phase): number => (identifierOf(state) + 1) & 0xff;

const ignored = (because: string): EapEffect => ({ type: "no-request", because });
const waitNoMore: EapEffect = { type: "await-nothing" };
