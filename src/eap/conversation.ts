/** One conversation: performs what the state machine asks for, one packet at a time. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { Entropy } from "../base/entropy.ts";
import { messageOf } from "../base/errors.ts";
import { wipe } from "../crypto/secret.ts";
import { decodeEap, type EapPacket, type EapReauthentication, encodeEap } from "../wire/eap/packet.ts";
import { type EapType, eapTypeName, sameEapType } from "../wire/eap/types.ts";
import type { EapAnswer, EapConversation, EapKeys, EapPeer, UserAttribute } from "./contract.ts";
import type { ReauthenticatedUser, ReauthenticationKeys, ReauthenticationResult } from "./erp.ts";
import { stepEap } from "./machine.ts";
import {
  type CallPlace,
  type EapProgress,
  type MachineEffect,
  type MachineInput,
  type MachineRules,
  type MachineState,
  newConversation,
  type RunningMethod,
} from "./machine-state.ts";
import { type EapMethod, type MethodCall, type MethodStep, type StepSoon, typeOfMethod } from "./method.ts";
import type { InnerOptions, InnerServer } from "./tunnel.ts";
import type { EapUser, EapUsers } from "./users.ts";

/** What the conversations of one server share. */
export interface ConversationServices {
  readonly rules: MachineRules;
  readonly entropy: Entropy;
  readonly serverId: Uint8Array;
  readonly users: EapUsers;
  /** ERP, where it is done. */
  readonly reauthentication: { readonly keys: ReauthenticationKeys; readonly domain: string } | undefined;
  method(type: EapType): EapMethod<unknown> | undefined;
}

/** What is told of a conversation; `log` and `mistake` may be told at any time. */
export type ConversationEvent =
  | EapProgress
  /** In the words of a method. */
  | { readonly type: "log"; readonly text: string }
  /** Something was thrown that nobody has foreseen. */
  | { readonly type: "mistake"; readonly error: unknown }
  /** In the tunnel that the method makes. */
  | { readonly type: "inside"; readonly event: EapProgress };

const insideOf = (event: ConversationEvent): ConversationEvent =>
  event.type === "log" || event.type === "mistake" || event.type === "inside" ? event : { type: "inside", event };

/** Where a conversation stands. */
export interface Surroundings {
  readonly peer: EapPeer;
  readonly tell: (event: ConversationEvent) => void;
  /** Set inside a tunnel. */
  readonly tunnel: string | undefined;
  readonly options: InnerOptions;
  /** Of the user that was found last, inside or outside. */
  readonly found: { attributes: readonly UserAttribute[] };
}

/** Without a promise where there is nothing to wait for, as with most packets of most methods. */
const whenThere = <T, U>(value: T | Promise<T>, use: (value: T) => U): U | Promise<U> =>
  value instanceof Promise ? value.then(use) : use(value);

const found = (user: EapUser | undefined): MachineInput => ({ type: "found", user });
const stepped = (step: MethodStep<unknown>): MachineInput => ({ type: "stepped", step });

/** @throws what it was given, where that is something else */
function ignoredIfMalformed(thrown: unknown): MethodStep<unknown> {
  if (thrown instanceof MalformedError) return { kind: "ignored", reason: messageOf(thrown) };
  throw thrown;
}

const over: EapAnswer = { kind: "ignored", reason: "the conversation is over" };

export class Conversation implements EapConversation {
  readonly #services: ConversationServices;
  readonly #around: Surroundings;
  readonly #onEnd: () => void;
  readonly #inside = new Set<Conversation>();
  #state: MachineState;
  #busy = false;
  #abandoned = false;
  #ended = false;

  /** @param onEnd is called once, when nothing more comes of it */
  constructor(services: ConversationServices, around: Surroundings, onEnd: () => void = () => undefined) {
    this.#services = services;
    this.#around = around;
    this.#onEnd = onEnd;
    this.#state = newConversation(around.options);
  }

  begin(identifier: number): Promise<EapAnswer> {
    return this.#take({ type: "begin", identifier });
  }

  respond(octets: Uint8Array): Promise<EapAnswer> {
    let packet: EapPacket;
    try {
      packet = decodeEap(new Reader(octets, ["EAP packet"]));
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      return Promise.resolve(this.#abandoned ? over : this.#ignored(messageOf(thrown)));
    }
    return this.#take({ type: "packet", packet, length: octets.length });
  }

  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    // While a method works with its state, the state is the method's; it is forgotten when the method is done.
    if (!this.#busy) this.#end();
  }

  async #take(input: MachineInput): Promise<EapAnswer> {
    if (this.#abandoned) return over;
    if (this.#busy) return this.#ignored("an answer is being made");
    this.#busy = true;
    try {
      return await this.#run(input);
    } catch (error) {
      // What reaches this is our own mistake: the peer hears that it failed, and nothing more.
      this.#around.tell({ type: "mistake", error });
      return this.#failed();
    } finally {
      this.#busy = false;
      if (this.#abandoned || this.#state.kind === "ended") this.#end();
    }
  }

  async #run(first: MachineInput): Promise<EapAnswer> {
    let input: MachineInput | undefined = first;
    let answer: EapAnswer | undefined;
    while (input !== undefined && !this.#abandoned) {
      const step = stepEap(this.#state, input, this.#services.rules);
      this.#state = step.state;
      input = undefined;
      for (const effect of step.effects) {
        const performed = this.#perform(effect);
        const result = performed instanceof Promise ? await performed : performed;
        if (result === undefined) continue;
        if ("kind" in result) answer = result;
        else input = result;
      }
    }
    if (!this.#abandoned) return answer ?? this.#ignored("there is nothing to say");
    if (input?.type === "stepped") this.#discard(input.step);
    return over;
  }

  /** What a step has brought when nobody waited for it any more. */
  #discard(step: MethodStep<unknown>): void {
    if (step.kind === "success") wipe(step.keys?.msk, step.keys?.emsk);
    if (step.kind !== "request") return;
    const type = this.#state.kind === "answering" ? this.#state.method.type : undefined;
    const begun = this.#state.kind === "beginning" ? this.#state.type : type;
    if (begun !== undefined) this.#forget({ type: begun, state: step.state, proposed: false });
  }

  /** @returns what the state machine is to hear, or what the peer is to have */
  #perform(effect: MachineEffect): MachineInput | EapAnswer | undefined | Promise<MachineInput> {
    switch (effect.type) {
      case "find":
        return whenThere(this.#find(effect.identity), found);
      case "begin-method":
        return whenThere(this.#beginMethod(effect.method, effect.call), stepped);
      case "respond-method":
        return whenThere(this.#respondMethod(effect.method, effect.call, effect.data), stepped);
      case "forget":
        this.#forget(effect.method);
        return undefined;
      case "tell":
        this.#around.tell(effect.event);
        return undefined;
      case "reauthenticate":
        return { type: "reauthenticated", result: this.#reauthenticate(effect.packet) };
      case "request":
        return { kind: "request", packet: effect.packet, timeout: effect.timeout };
      case "ignore":
        return { kind: "ignored", reason: effect.reason };
      case "fail":
        return { kind: "failure", packet: effect.packet, reason: effect.reason };
      case "succeed": {
        const { packet, keys, identity } = effect;
        const attributes = effect.attributes ?? this.#around.found.attributes;
        const method = typeof effect.method === "string" ? effect.method : eapTypeName(effect.method);
        if (keys !== undefined && effect.attributes === undefined)
          this.#remember(keys, { identity, method, attributes });
        return { kind: "success", packet, keys, identity, method, attributes };
      }
    }
  }

  #find(identity: Uint8Array): EapUser | undefined | Promise<EapUser | undefined> {
    const { options, tunnel, found } = this.#around;
    return whenThere(options.user ?? this.#services.users.find(identity, tunnel === undefined ? 1 : 2), (user) => {
      if (user !== undefined) found.attributes = user.attributes;
      return user;
    });
  }

  #reauthenticate(packet: EapReauthentication): ReauthenticationResult {
    const { reauthentication } = this.#services;
    return reauthentication?.keys.answer(packet) ?? { kind: "ignored", reason: "there is no re-authentication here" };
  }

  #remember(keys: EapKeys, user: ReauthenticatedUser): void {
    const { reauthentication } = this.#services;
    if (this.#around.tunnel === undefined) reauthentication?.keys.add(keys, reauthentication.domain, user);
  }

  #beginMethod(type: EapType, place: CallPlace): StepSoon<unknown> {
    const method = this.#services.method(type);
    if (method === undefined) return { kind: "failure", reason: "this server does not offer it" };
    return method.begin(this.#call(method, place));
  }

  #respondMethod(running: RunningMethod, place: CallPlace, data: Uint8Array): StepSoon<unknown> {
    const method = this.#services.method(running.type);
    if (method === undefined) return { kind: "failure", reason: "this server does not offer it any more" };
    try {
      const reader = new Reader(data, [`EAP-${method.name}`]);
      const step = method.respond(this.#call(method, place), running.state, reader);
      return step instanceof Promise ? step.catch(ignoredIfMalformed) : step;
    } catch (thrown) {
      return ignoredIfMalformed(thrown);
    }
  }

  #call(method: EapMethod<unknown>, place: CallPlace): MethodCall {
    const { peer, tunnel, options, tell } = this.#around;
    // One by one: V8 gives each object that begins with a spread and holds closures a hidden class of its own.
    return {
      identity: place.identity,
      user: place.user,
      identifier: place.identifier,
      nextIdentifier: place.nextIdentifier,
      credential: place.user.credential,
      credentialOf: async (identity) => {
        const user = await this.#services.users.find(identity, tunnel === undefined ? 1 : 2);
        return user?.methods.some((type) => sameEapType(type, typeOfMethod(method))) ? user.credential : undefined;
      },
      phase: tunnel === undefined ? 1 : 2,
      tunnel,
      address: peer.address,
      entropy: this.#services.entropy,
      serverId: this.#services.serverId,
      challenges: options.challenges,
      inner: this.#inner(method.name),
      tell: (text) => tell({ type: "log", text }),
    };
  }

  #inner(tunnel: string): InnerServer {
    return {
      findUser: async (identity, phase = 2) => {
        const user = await this.#services.users.find(identity, phase);
        if (user !== undefined) this.#around.found.attributes = user.attributes;
        return user;
      },
      converse: (options = {}) => {
        const { tell } = this.#around;
        const around = { ...this.#around, tunnel, options, tell: (event: ConversationEvent) => tell(insideOf(event)) };
        const inner: Conversation = new Conversation(this.#services, around, () => this.#inside.delete(inner));
        this.#inside.add(inner);
        return inner;
      },
    };
  }

  #forget(running: RunningMethod): void {
    if (running.state !== undefined) this.#services.method(running.type)?.forget(running.state);
  }

  #ignored(reason: string): EapAnswer {
    this.#around.tell({ type: "ignored", reason });
    return { kind: "ignored", reason };
  }

  #failed(): EapAnswer {
    const identifier = "progress" in this.#state ? this.#state.progress.identifier : 0;
    this.#wipe();
    const reason = "the server made a mistake";
    this.#around.tell({ type: "failed", reason });
    return { kind: "failure", packet: encodeEap({ code: "failure", identifier }), reason };
  }

  /** However it ended. */
  #end(): void {
    this.#wipe();
    for (const inner of [...this.#inside]) inner.abandon();
    if (!this.#ended) {
      this.#ended = true;
      this.#onEnd();
    }
  }

  #wipe(): void {
    if ("method" in this.#state) this.#forget(this.#state.method);
    this.#state = { kind: "ended" };
  }
}
