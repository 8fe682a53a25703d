/** EAP conversations that have begun and not ended, found by the State that each challenge carries. */

import { Reader, sameBytes, Writer } from "../../base/bytes.ts";
import type { Clock, Timer } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import type { EapConversation } from "../../eap/contract.ts";

/** How long a peer may be silent: hostapd's time for a whole conversation. */
const silence = seconds(60);
const sweepInterval = seconds(20);
export const mostSessions = 10_000;
const stateLength = 8;

export interface Session {
  readonly number: number;
  /** 8 octets: the server's thread, 3 of this start of it, and the number. */
  readonly state: Uint8Array;
  /** Place of the client in its file: nobody else can go on with the conversation. */
  readonly client: number;
  /** Address of the client. */
  readonly nas: string;
  /** User-Name of the first request, as people read it. */
  readonly user: string;
  readonly conversation: EapConversation;
  lastHeard: Duration;
}

export interface SessionsOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** First octet of each State: which thread has the conversation. */
  readonly thread: number;
  readonly most?: number;
}

/** Half-open conversations, the one that was silent longest first: it goes when there is no room, or after a while. */
export class Sessions {
  /** By their number. */
  readonly #waiting = new Map<number, Session>();
  /** What each State begins with: the thread, and which start of it, so that a State of before the start is nobody's. */
  readonly #prefix: Uint8Array;
  #number = 0;
  #crowdedOut = 0;
  #sweep: Timer | undefined;

  constructor(readonly options: SessionsOptions) {
    this.#prefix = new Writer().u8(options.thread).put(options.entropy.bytes(3)).finish();
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Those that went for newer ones. */
  get crowdedOut(): number {
    return this.#crowdedOut;
  }

  /** One that can be found once {@link await} was called for it. */
  open({ client, nas, user, conversation }: Pick<Session, "client" | "nas" | "user" | "conversation">): Session {
    const { clock } = this.options;
    this.#number = (this.#number + 1) >>> 0;
    const state = new Writer(stateLength).put(this.#prefix).u32be(this.#number).finish();
    return { number: this.#number, state, client, nas, user, conversation, lastHeard: clock.now() };
  }

  find(state: Uint8Array): Session | undefined {
    const { length } = this.#prefix;
    if (state.length !== stateLength || !sameBytes(state.subarray(0, length), this.#prefix)) return undefined;
    return this.#waiting.get(new Reader(state.subarray(length), ["State"]).u32be());
  }

  /** It waits for the peer's next response. */
  await(session: Session): void {
    this.#waiting.delete(session.number);
    session.lastHeard = this.options.clock.now();
    this.#waiting.set(session.number, session);
    if (this.#waiting.size > (this.options.most ?? mostSessions)) {
      for (const oldest of this.#waiting.values()) {
        this.end(oldest);
        this.#crowdedOut += 1;
        break;
      }
    }
    this.#sweep ??= this.options.clock.after("silent EAP conversations", sweepInterval, () => this.#endSilent());
  }

  end(session: Session): void {
    this.#waiting.delete(session.number);
    session.conversation.abandon();
  }

  endAll(): void {
    this.#sweep?.cancel();
    this.#sweep = undefined;
    for (const session of [...this.#waiting.values()]) this.end(session);
  }

  #endSilent(): void {
    const { clock } = this.options;
    this.#sweep = undefined;
    for (const session of this.#waiting.values()) {
      if (since(clock, session.lastHeard) < silence) break;
      this.end(session);
    }
    if (this.#waiting.size > 0) {
      this.#sweep = clock.after("silent EAP conversations", sweepInterval, () => this.#endSilent());
    }
  }
}
