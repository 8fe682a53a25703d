/** Packets of those who are no clients, or whose secret is another: said once a minute for each address, however many there are. */

import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";
import type { Log } from "../../base/log.ts";
import type { MessageAuthenticatorVerdict } from "../sealing.ts";

const interval = seconds(60);
/** Addresses can be made up: beyond so many in a minute, only their number is said. */
const mostNamed = 64;

/** How somebody is a stranger: unknown, or without the right secret. */
export type StrangerKind = "unknown" | Exclude<MessageAuthenticatorVerdict, "right"> | "accounting";

/** Who is told of them. */
export interface StrangerLog {
  hear(kind: StrangerKind, address: string): void;
}

const words: Readonly<Record<StrangerKind, (address: string) => string>> = {
  unknown: (address) => `packet from ${address}, which is no RADIUS client here, ignored`,
  absent: (address) => `packet without Message-Authenticator from ${address} ignored: its client has to send one`,
  wrong: (address) =>
    `packet from ${address} ignored: its Message-Authenticator is wrong, as it is where the shared secret is another`,
  accounting: (address) =>
    `accounting packet from ${address} ignored: its authenticator is wrong, as it is where the shared secret is another`,
};

export class Strangers implements StrangerLog {
  /** When it was said last, the oldest first. */
  readonly #said = new Map<string, Duration>();
  #unnamed = 0;

  constructor(
    readonly clock: Pick<Clock, "now">,
    readonly log: Log,
    readonly port: string,
  ) {}

  hear(kind: StrangerKind, address: string): void {
    this.#say(`${kind} ${address}`, words[kind](address));
  }

  /** Over TLS. @param reason why it came no further */
  onRefusedConnection(address: string, reason: string): void {
    this.#say(`connection ${address} ${reason}`, `connection from ${address} ended: ${reason}`);
  }

  #say(key: string, text: string): void {
    for (const [old, at] of this.#said) {
      if (since(this.clock, at) < interval) break;
      this.#said.delete(old);
    }
    if (this.#said.has(key)) return;
    if (this.#said.size >= mostNamed) {
      this.#unnamed += 1;
      // Powers of two, so that this is no flood either.
      if ((this.#unnamed & (this.#unnamed - 1)) === 0) {
        this.log.warning(`RADIUS SRV: ${this.port}: packets of too many strangers to name them (${this.#unnamed})`);
      }
      return;
    }
    this.#said.set(key, this.clock.now());
    this.log.warning(`RADIUS SRV: ${this.port}: ${text}`);
  }
}
