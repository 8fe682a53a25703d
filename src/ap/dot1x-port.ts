/** Drives IEEE 802.1X's authenticator for one supplicant: its timers, its frames, and its conversation with whoever authenticates. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { wipe } from "../crypto/secret.ts";
import { stepAuthenticator } from "../dot1x/authenticator.ts";
import {
  type AuthenticatorEffect,
  type AuthenticatorInput,
  type AuthenticatorNote,
  type AuthenticatorPolicy,
  type AuthenticatorState,
  initialAuthenticator,
  type PortSettings,
  type PortTimer,
} from "../dot1x/authenticator-state.ts";
import type { BackendAnswer, BackendExchange, EapBackend, Supplicant } from "../dot1x/port.ts";

export type Accepted = BackendAnswer & { readonly kind: "accepted" };

/** Whose port it is: what it does when the machine says so. */
export interface PortOwner {
  readonly policy: AuthenticatorPolicy;
  sendEap(packet: Uint8Array): void;
  /** @returns why what was granted can't be had here: it is refused then */
  refusalOf(answer: Accepted): string | undefined;
  /** The supplicant has proved itself. The MSK is wiped afterwards. */
  onProved(answer: Accepted): void;
  onPort(authorized: boolean): void;
  /** Its time is over. @returns whether it may prove itself anew where it is */
  onReauthenticationDue(): boolean;
  onFinished(outcome: AuthenticatorEffect & { readonly type: "finished" }): void;
  tell(note: AuthenticatorNote): void;
  log(level: "debug" | "info" | "warning", text: string): void;
}

export interface Dot1xPortOptions {
  readonly supplicant: Supplicant;
  /** undefined where there is nobody: who asks gets no answer. */
  readonly backend: () => EapBackend | undefined;
  readonly settings: PortSettings;
  readonly clock: Clock;
  /** 0 to 255. */
  readonly lastIdentifier: number;
}

export class Dot1xPort {
  readonly #timers: NamedTimers<PortTimer>;
  /** When each of them ends. */
  readonly #deadlines = new Map<PortTimer, Duration>();
  readonly #inputs: AuthenticatorInput[] = [];
  #state: AuthenticatorState;
  #exchange: BackendExchange | undefined;
  #isRunning = false;
  #isOver = false;

  constructor(
    readonly owner: PortOwner,
    readonly options: Dot1xPortOptions,
  ) {
    this.#timers = new NamedTimers(options.clock);
    this.#state = initialAuthenticator(options.settings, owner.policy, options.lastIdentifier);
  }

  get address(): MacAddress {
    return this.options.supplicant.address;
  }

  get multiSessionId(): bigint {
    return this.options.supplicant.multiSessionId;
  }

  get state(): AuthenticatorState {
    return this.#state;
  }

  /** What is left of a timer: 0 where it doesn't run, and more while it does. In milliseconds. */
  remaining(timer: PortTimer): Duration {
    const deadline = this.#timers.isArmed(timer) ? this.#deadlines.get(timer) : undefined;
    return (deadline === undefined ? 0 : Math.max(1, deadline - this.options.clock.now())) as Duration;
  }

  /** What comes while something is being done waits until that is done. */
  take(input: AuthenticatorInput): void {
    if (this.#isOver) return;
    this.#inputs.push(input);
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) this.#step(next);
    } finally {
      this.#isRunning = false;
    }
  }

  /** For good: nothing of it is heard afterwards. */
  stop(): void {
    this.#isOver = true;
    this.#inputs.length = 0;
    this.#timers.disarmAll();
    this.#abandon();
  }

  #step(input: AuthenticatorInput): void {
    const step = stepAuthenticator(this.owner.policy, this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) {
      if (this.#isOver) return;
      this.#perform(effect);
    }
  }

  #perform(effect: AuthenticatorEffect): void {
    switch (effect.type) {
      case "send-eap":
        return this.owner.sendEap(effect.packet);
      case "hand-over":
        return this.#handOver(effect.packet);
      case "abandon":
        return this.#abandon();
      case "arm":
        this.#deadlines.set(effect.timer, (this.options.clock.now() + effect.after) as Duration);
        return this.#timers.arm(effect.timer, effect.after, () => this.#onTimer(effect.timer));
      case "disarm":
        return this.#timers.disarm(effect.timer);
      case "port":
        return this.owner.onPort(effect.authorized);
      case "proved":
        this.owner.onProved(effect.answer);
        return wipe(effect.answer.msk);
      case "finished":
        return this.owner.onFinished(effect);
      case "note":
        return this.owner.tell(effect.note);
      case "log":
        return this.owner.log(effect.level, effect.text);
    }
  }

  #onTimer(timer: PortTimer): void {
    if (timer === "reAuthWhen" && !this.owner.onReauthenticationDue()) return;
    this.take({ type: "timer", timer });
  }

  #handOver(packet: Uint8Array): void {
    this.#exchange ??= this.#begin();
    const exchange = this.#exchange;
    if (exchange) return exchange.respond(packet);
    this.take({ type: "answer", answer: { kind: "unreachable", reason: "nobody is named who authenticates" } });
  }

  #begin(): BackendExchange | undefined {
    const exchange = this.options.backend()?.begin(this.options.supplicant, (answer) => {
      if (this.#exchange === exchange) this.#onAnswer(answer);
    });
    return exchange;
  }

  #onAnswer(answer: BackendAnswer): void {
    if (answer.kind !== "accepted") {
      if (answer.kind === "refused" || answer.kind === "unreachable") this.#abandon();
      return this.take({ type: "answer", answer });
    }
    // Whoever has made the key wipes it when the exchange is over.
    const accepted = { ...answer, msk: answer.msk?.slice() };
    this.#abandon();
    const refusal = this.owner.refusalOf(accepted);
    if (refusal === undefined) return this.take({ type: "answer", answer: accepted });
    wipe(accepted.msk);
    this.take({ type: "answer", answer: { kind: "refused", packet: undefined, reason: refusal } });
  }

  #abandon(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.abandon();
  }
}
