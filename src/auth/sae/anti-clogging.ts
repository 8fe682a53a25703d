/**
 * Anti-clogging tokens: whoever asks for costly arithmetic has to show first that it receives what is sent to its address.
 * IEEE Std 802.11-2020, 12.4.6. A token is bound to its address, good for one Commit and for two minutes at most; what is remembered of it is one bit.
 */

import { concat, Writer } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { hmac } from "../../crypto/backend/node.ts";
import { sameSecret } from "../../crypto/secret.ts";

/** In octets. */
export const saeTokenLength = 32;
const headLength = 3;

const lifetime = seconds(60);
const serials = 0x10000;

/** Tokens under one key. */
interface Generation {
  readonly number: number;
  readonly key: Uint8Array;
  readonly since: Duration;
  /** A bit for each serial number: given out, and not used yet. */
  readonly open: Uint8Array;
  next: number;
}

export class AntiCloggingTokens {
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  #current: Generation;
  #previous: Generation | undefined;

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
    this.#current = this.#generation(0);
  }

  issue(station: MacAddress): Uint8Array {
    this.#renew();
    const generation = this.#current;
    const serial = generation.next;
    generation.next = (serial + 1) % serials;
    generation.open[serial >> 3] = (generation.open[serial >> 3] ?? 0) | (1 << (serial & 7));
    return tokenOf(generation, serial, station);
  }

  /** Whether it is one of ours, for this station, and not used before; it is used now. */
  redeem(station: MacAddress, token: Uint8Array): boolean {
    this.#renew();
    const [number = 0, low = 0, high = 0] = token;
    const serial = low | (high << 8);
    const generation = [this.#current, this.#previous].find((one) => one?.number === number);
    if (generation === undefined || !sameSecret(tokenOf(generation, serial, station), token)) return false;
    const [at, bit] = [serial >> 3, 1 << (serial & 7)];
    const isOpen = ((generation.open[at] ?? 0) & bit) !== 0;
    generation.open[at] = (generation.open[at] ?? 0) & ~bit;
    return isOpen;
  }

  #renew(): void {
    const age = this.#clock.now() - this.#current.since;
    if (age < lifetime) return;
    this.#previous = age < 2 * lifetime ? this.#current : undefined;
    this.#current = this.#generation((this.#current.number + 1) & 0xff);
  }

  #generation(number: number): Generation {
    return {
      number,
      key: this.#entropy.bytes(32),
      since: this.#clock.now(),
      open: new Uint8Array(serials / 8),
      next: 0,
    };
  }
}

function tokenOf({ number, key }: Generation, serial: number, station: MacAddress): Uint8Array {
  const head = new Writer().u8(number).u16le(serial).finish();
  return concat(head, hmac("sha256", key, head, encodeMacAddress(station)).subarray(0, saeTokenLength - headLength));
}
