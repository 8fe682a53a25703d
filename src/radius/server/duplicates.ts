/**
 * Requests that were heard a while ago, and what was answered: who asks again, because the answer was lost, gets the same octets.
 * RFC 5080, section 2.2.2.
 */

import { sameBytes } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";

/** Clients have given up by then, or ask under another identifier. */
const remembered = seconds(30);
/** A busy server keeps fewer seconds of them. */
const mostRemembered = 16_384;

interface Heard {
  /** The request's, 16 octets. */
  readonly authenticator: Uint8Array;
  readonly at: Duration;
  /** undefined while it is being made. */
  answer: Uint8Array | undefined;
}

export type Verdict =
  /** @property settle to be called with the answer's octets, or with undefined where there is none: asking again helps then */
  | { readonly kind: "new"; readonly settle: (answer: Uint8Array | undefined) => void }
  | { readonly kind: "duplicate"; readonly answer: Uint8Array | undefined };

/** Kept in two halves, by when they were heard: the older one goes as a whole, so that hearing one more takes no search for what is old. */
export class Duplicates {
  /** By source and identifier. */
  #newer = new Map<string, Heard>();
  #older = new Map<string, Heard>();
  #newerSince: Duration;

  constructor(readonly clock: Pick<Clock, "now">) {
    this.#newerSince = clock.now();
  }

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** @param source address and port @param authenticator the request's; it is copied */
  hear(source: string, identifier: number, authenticator: Uint8Array): Verdict {
    const key = `${identifier} ${source}`;
    const before = this.#newer.get(key) ?? this.#older.get(key);
    if (before && sameBytes(before.authenticator, authenticator) && since(this.clock, before.at) < remembered) {
      return { kind: "duplicate", answer: before.answer };
    }
    this.#forgetOld();
    const heard: Heard = { authenticator: authenticator.slice(), at: this.clock.now(), answer: undefined };
    this.#newer.set(key, heard);
    return {
      kind: "new",
      settle: (answer) => {
        heard.answer = answer;
        if (answer !== undefined) return;
        for (const half of [this.#newer, this.#older]) if (half.get(key) === heard) half.delete(key);
      },
    };
  }

  #forgetOld(): void {
    if (this.#newer.size < mostRemembered / 2 && since(this.clock, this.#newerSince) < remembered) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#newerSince = this.clock.now();
  }
}
