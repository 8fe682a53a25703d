/**
 * The EAP server's state machine for one conversation: who is there, which method, how it ends. RFC 3748 and RFC 4137, section 5, but for
 * retransmission, which is the lower layer's. Pure: what takes time (a user's entry, a method's step) is an effect, and its result an input.
 */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { Duration } from "../base/duration.ts";
import { messageOf } from "../base/errors.ts";
import { decodeExpandedNak, decodeLegacyNak, type Nak } from "../wire/eap/nak.ts";
import { type EapExchange, type EapPacket, encodeEap, encodeEapRequest } from "../wire/eap/packet.ts";
import { eapIdentity, eapNak, eapTypeName, sameEapType } from "../wire/eap/types.ts";
import type { ReauthenticationResult } from "./erp.ts";
import { shownIdentity } from "./identity.ts";
import type {
  CallPlace,
  MachineEffect,
  MachineInput,
  MachineRules,
  MachineState,
  Progress,
  RunningMethod,
} from "./machine-state.ts";
import type { MethodStep } from "./method.ts";
import type { EapUser } from "./users.ts";

interface Step {
  readonly state: MachineState;
  readonly effects: readonly MachineEffect[];
}

/** Responses shorter than this carry nothing but acknowledgements. */
const shortLength = 20;
const begun = (identifier: number): Progress => ({
  identifier,
  rounds: 0,
  shortRounds: 0,
  identity: undefined,
  user: undefined,
  left: [],
  why: undefined,
});

/** One by one: with spreads each way to a state makes objects of another shape, and V8 is slow with what has many. */
const changed = (before: Progress, change: Partial<Progress>): Progress => ({
  identifier: change.identifier ?? before.identifier,
  rounds: change.rounds ?? before.rounds,
  shortRounds: change.shortRounds ?? before.shortRounds,
  identity: change.identity ?? before.identity,
  user: change.user ?? before.user,
  left: change.left ?? before.left,
  why: change.why ?? before.why,
});

export function stepEap(state: MachineState, input: MachineInput, rules: MachineRules): Step {
  switch (input.type) {
    case "begin":
      return state.kind === "new" ? onBegin(state, input.identifier, rules) : ignore(state, "it has begun already");
    case "packet":
      return onPacket(state, input.packet, input.length, rules);
    case "found":
      return state.kind === "finding" ? onFound(state, input.user, rules) : { state, effects: [] };
    case "reauthenticated":
      return onReauthenticated(state, input.result);
    case "stepped":
      if (state.kind === "beginning") return onBegun(state, input.step, rules);
      return state.kind === "answering" ? onStepped(state, input.step) : { state, effects: [] };
  }
}

function onBegin(state: MachineState & { kind: "new" }, identifier: number, rules: MachineRules): Step {
  const progress = begun((identifier - 1) & 0xff);
  const started: MachineEffect = { type: "tell", event: { type: "started" } };
  const { identity, user } = state;
  if (identity === undefined) return after(started, askIdentity(progress, false, rules));
  if (user === undefined) return after(started, find(progress, identity, false));
  return after(started, propose(changed(progress, { identity, user, left: user.methods }), rules));
}

function onPacket(state: MachineState, packet: EapPacket, length: number, rules: MachineRules): Step {
  switch (state.kind) {
    case "new":
      return onFirstPacket(state, packet, rules);
    case "identifying":
    case "asking":
      break;
    case "finding":
    case "beginning":
    case "answering":
      return ignore(state, "an answer is being made");
    case "ended":
      return ignore(state, "the conversation is over");
  }
  const isShort = length < shortLength;
  const rounds = state.progress.rounds + 1;
  const shortRounds = isShort ? state.progress.shortRounds + 1 : 0;
  const progress = changed(state.progress, { rounds, shortRounds });
  const counted: typeof state =
    state.kind === "asking"
      ? { kind: "asking", progress, method: state.method }
      : { kind: "identifying", progress, askedAgain: state.askedAgain };
  if (rounds > rules.mostRounds) return fail(counted, `more than ${rules.mostRounds} round trips`);
  if (shortRounds > rules.mostShortRounds) return fail(counted, `more than ${rules.mostShortRounds} short round trips`);

  if (packet.code !== "response") return onOtherPacket(counted, packet, rules);
  const { identifier } = counted.progress;
  if (packet.identifier !== identifier) {
    return ignore(counted, `identifier ${packet.identifier}, where ${identifier} is awaited`);
  }
  return counted.kind === "identifying" ? onIdentity(counted, packet) : onResponse(counted, packet, rules);
}

function onFirstPacket(state: MachineState & { kind: "new" }, packet: EapPacket, rules: MachineRules): Step {
  if (packet.code !== "response") return onOtherPacket(state, packet, rules);
  const progress = begun(packet.identifier);
  const started: MachineEffect = { type: "tell", event: { type: "started" } };
  const isIdentity = sameEapType(packet.type, eapIdentity);
  const method = isIdentity ? eapIdentity : undefined;
  const pickedUp: MachineEffect = { type: "tell", event: { type: "picked-up", method } };
  const next = isIdentity ? identified(progress, packet.data, false) : askIdentity(progress, false, rules);
  return after(started, after(pickedUp, next));
}

/** RFC 6696, section 5.1: a peer that has keys from before may begin with them, whatever it was asked for. */
function onOtherPacket(
  state: MachineState,
  packet: Exclude<EapPacket, { readonly code: "response" }>,
  rules: MachineRules,
): Step {
  if (packet.code === "initiate" && rules.reauthenticates) {
    return { state, effects: [{ type: "reauthenticate", packet }] };
  }
  return ignore(state, `a ${packet.code}, where a response is awaited`);
}

function onReauthenticated(state: MachineState, result: ReauthenticationResult): Step {
  if (result.kind === "ignored") return ignore(state, result.reason);
  const before: MachineEffect[] = "method" in state ? [{ type: "forget", method: state.method }] : [];
  if (state.kind === "new") before.push({ type: "tell", event: { type: "started" } });
  if (result.kind === "failure") {
    const { packet, reason } = result;
    const told: MachineEffect = { type: "tell", event: { type: "failed", reason } };
    return { state: { kind: "ended" }, effects: [...before, told, { type: "fail", packet, reason }] };
  }
  const { packet, msk, user } = result;
  const keys = { msk, emsk: undefined, sessionId: undefined };
  return {
    state: { kind: "ended" },
    effects: [...before, { type: "tell", event: { type: "succeeded" } }, { type: "succeed", packet, keys, ...user }],
  };
}

function onIdentity(state: MachineState & { kind: "identifying" }, packet: EapExchange): Step {
  if (!sameEapType(packet.type, eapIdentity)) {
    return ignore(state, `${eapTypeName(packet.type)}, where the identity is awaited`);
  }
  return identified(state.progress, packet.data, state.askedAgain);
}

function identified(progress: Progress, identity: Uint8Array, askedAgain: boolean): Step {
  const told: MachineEffect = { type: "tell", event: { type: "identified", identity } };
  return after(told, find(progress, identity, askedAgain));
}

function onResponse(state: MachineState & { kind: "asking" }, packet: EapExchange, rules: MachineRules): Step {
  const { progress, method } = state;
  if (sameEapType(packet.type, eapNak)) return onNak(state, packet, rules);
  if (!sameEapType(packet.type, method.type)) {
    return ignore(state, `${eapTypeName(packet.type)}, where ${eapTypeName(method.type)} is spoken`);
  }
  const call = placeOf(progress, packet.identifier);
  if (call === undefined) return fail(state, "a method ran without a user");
  return {
    state: { kind: "answering", progress, method },
    effects: [{ type: "respond-method", method, call, data: packet.data }],
  };
}

/** RFC 3748, section 5.3: the peer says what it wants instead. Only what it wants is left of what was left. */
function onNak(state: MachineState & { kind: "asking" }, packet: EapExchange, rules: MachineRules): Step {
  const { progress, method } = state;
  const name = eapTypeName(method.type);
  if (!method.proposed) return ignore(state, `a Nak to ${name}, which it had taken`);
  let nak: Nak;
  try {
    const reader = new Reader(packet.data, ["EAP-Response/Nak"]);
    nak = packet.expanded ? decodeExpandedNak(reader) : decodeLegacyNak(reader);
  } catch (thrown) {
    if (thrown instanceof MalformedError) return ignore(state, messageOf(thrown));
    throw thrown;
  }
  const { wanted, wantsExpanded } = nak;
  const left = progress.left.filter(
    (type) =>
      wanted.some((other) => sameEapType(type, other)) || (type.vendor !== 0 && wantsExpanded && !packet.expanded),
  );
  const others = wanted.length === 0 ? "no other" : wanted.map(eapTypeName).join(", ");
  const told: MachineEffect = { type: "tell", event: { type: "refused-by-peer", method: method.type, wanted } };
  const why = `it does not speak ${name}, and wants ${others}`;
  return after({ type: "forget", method }, after(told, propose(changed(progress, { left, why }), rules)));
}

function onFound(state: MachineState & { kind: "finding" }, user: EapUser | undefined, rules: MachineRules): Step {
  const { progress, askedAgain } = state;
  const shown = shownIdentity(progress.identity ?? new Uint8Array());
  if (user === undefined) return fail(state, `there is no user '${shown}'`);
  // An entry may have the identity asked for once more, after a hint to it; not for ever.
  if (askedAgain && isAboutIdentity(user)) return fail(state, `user '${shown}' asks for the identity again and again`);
  return propose(changed(progress, { user, left: user.methods }), rules);
}

const isAboutIdentity = ({ methods: [first] }: EapUser): boolean =>
  first !== undefined && sameEapType(first, eapIdentity);

/** The next method that is left, or the end. */
function propose(progress: Progress, rules: MachineRules): Step {
  const [type, ...left] = progress.left;
  if (type === undefined) return fail({ kind: "ended" }, progress.why ?? "there is no method for this user", progress);
  if (sameEapType(type, eapIdentity)) return askIdentity(changed(progress, { left }), true, rules);
  const next = changed(progress, { left });
  const call = placeOf(next, progress.identifier);
  if (call === undefined) return fail({ kind: "ended" }, "a method was proposed without a user", progress);
  return {
    state: { kind: "beginning", progress: next, type },
    effects: [{ type: "begin-method", method: type, call }],
  };
}

function onBegun(state: MachineState & { kind: "beginning" }, step: MethodStep<unknown>, rules: MachineRules): Step {
  const { progress, type } = state;
  switch (step.kind) {
    case "request": {
      const told: MachineEffect = { type: "tell", event: { type: "proposed", method: type } };
      return after(told, request(progress, { type, state: step.state, proposed: true }, step.data, step.timeout));
    }
    case "success":
      return succeed(progress, { type, state: undefined, proposed: false }, step);
    case "failure":
    case "ignored":
      return propose(changed(progress, { why: `${eapTypeName(type)}: ${step.reason}` }), rules);
  }
}

function onStepped(state: MachineState & { kind: "answering" }, step: MethodStep<unknown>): Step {
  const { progress, method } = state;
  switch (step.kind) {
    case "request":
      return request(progress, { type: method.type, state: step.state, proposed: false }, step.data, step.timeout);
    case "ignored":
      return ignore({ kind: "asking", progress, method }, step.reason);
    case "success":
      return after({ type: "forget", method }, succeed(progress, method, step));
    case "failure":
      return fail(state, `${eapTypeName(method.type)}: ${step.reason}`);
  }
}

function find(progress: Progress, identity: Uint8Array, askedAgain: boolean): Step {
  return {
    state: { kind: "finding", progress: changed(progress, { identity }), askedAgain },
    effects: [{ type: "find", identity }],
  };
}

function askIdentity(progress: Progress, askedAgain: boolean, rules: MachineRules): Step {
  const identifier = nextOf(progress.identifier);
  const packet = encodeEapRequest(identifier, eapIdentity, rules.identityText);
  return {
    state: { kind: "identifying", progress: sent(progress, identifier, packet), askedAgain },
    effects: [
      { type: "tell", event: { type: "proposed", method: eapIdentity } },
      { type: "request", packet, timeout: undefined },
    ],
  };
}

function request(progress: Progress, method: RunningMethod, data: Uint8Array, timeout: Duration | undefined): Step {
  const identifier = nextOf(progress.identifier);
  const packet = encodeEapRequest(identifier, method.type, data);
  return {
    state: { kind: "asking", progress: sent(progress, identifier, packet), method },
    effects: [{ type: "request", packet, timeout }],
  };
}

const sent = (progress: Progress, identifier: number, packet: Uint8Array): Progress =>
  changed(progress, packet.length >= shortLength ? { identifier, shortRounds: 0 } : { identifier });

function succeed(progress: Progress, method: RunningMethod, step: MethodStep<unknown> & { kind: "success" }): Step {
  const packet = encodeEap({ code: "success", identifier: progress.identifier });
  const identity = step.identity ?? progress.identity ?? new Uint8Array();
  return {
    state: { kind: "ended" },
    effects: [
      { type: "tell", event: { type: "succeeded" } },
      { type: "succeed", packet, keys: step.keys, identity, method: method.type, attributes: undefined },
    ],
  };
}

function fail(state: MachineState, reason: string, progress?: Progress): Step {
  const { identifier } = progress ?? ("progress" in state ? state.progress : { identifier: 0 });
  const forget: MachineEffect[] = "method" in state ? [{ type: "forget", method: state.method }] : [];
  return {
    state: { kind: "ended" },
    effects: [
      ...forget,
      { type: "tell", event: { type: "failed", reason } },
      { type: "fail", packet: encodeEap({ code: "failure", identifier }), reason },
    ],
  };
}

const ignore = (state: MachineState, reason: string): Step => ({
  state,
  effects: [
    { type: "tell", event: { type: "ignored", reason } },
    { type: "ignore", reason },
  ],
});

const nextOf = (identifier: number): number => (identifier + 1) & 0xff;

function placeOf({ identity, user, identifier }: Progress, ofResponse: number): CallPlace | undefined {
  if (identity === undefined || user === undefined) return undefined;
  return { identity, user, identifier: ofResponse, nextIdentifier: nextOf(identifier) };
}

const after = (effect: MachineEffect, { state, effects }: Step): Step => ({ state, effects: [effect, ...effects] });
