/**
 * Requests that were heard a while ago, and what was answered: who asks again, because the answer was lost, gets the same octets.
 * RFC 5080, section 2.2.2.
 */

import { sameBytes } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds } from "../../base/duration.ts";
import type { RadiusSource } from "./source.ts";

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

/** Requests by their source and identifier, without text to be put together for each. */
class Requests {
  /** By address, then by port and identifier. */
  readonly #heard = new Map<string, Map<number, Heard>>();
  size = 0;

  get({ address, port }: RadiusSource, identifier: number): Heard | undefined {
    return this.#heard.get(address)?.get(keyOf(port, identifier));
  }

  set({ address, port }: RadiusSource, identifier: number, heard: Heard): void {
    const of = this.#heard.get(address) ?? new Map<number, Heard>();
    this.#heard.set(address, of);
    const before = of.size;
    of.set(keyOf(port, identifier), heard);
    this.size += of.size - before;
  }

  delete({ address, port }: RadiusSource, identifier: number): void {
    if (this.#heard.get(address)?.delete(keyOf(port, identifier)) === true) this.size -= 1;
  }
}

const keyOf = (port: number, identifier: number): number => port * 256 + identifier;

/** Kept in two halves, by when they were heard: the older one goes as a whole, so that hearing one more takes no search for what is old. */
export class Duplicates {
  #newer = new Requests();
  #older = new Requests();
  #newerSince: Duration;

  constructor(readonly clock: Pick<Clock, "now">) {
    this.#newerSince = clock.now();
  }

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** @param authenticator the request's; it is copied */
  hear(source: RadiusSource, identifier: number, authenticator: Uint8Array): Verdict {
    const before = this.#newer.get(source, identifier) ?? this.#older.get(source, identifier);
    const now = this.clock.now();
    if (before && sameBytes(before.authenticator, authenticator) && now - before.at < remembered) {
      return { kind: "duplicate", answer: before.answer };
    }
    if (this.#newer.size >= mostRemembered / 2 || now - this.#newerSince >= remembered) {
      this.#older = this.#newer;
      this.#newer = new Requests();
      this.#newerSince = now;
    }
    const heard: Heard = { authenticator: authenticator.slice(), at: now, answer: undefined };
    this.#newer.set(source, identifier, heard);
    return {
      kind: "new",
      settle: (answer) => {
        heard.answer = answer;
        if (answer !== undefined) return;
        for (const half of [this.#newer, this.#older]) {
          if (half.get(source, identifier) === heard) half.delete(source, identifier);
        }
      },
    };
  }
}
