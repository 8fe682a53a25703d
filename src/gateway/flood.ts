/** How often each device may ask, so that one that floods is heard no more often than others: a bucket of tokens for each sender. */

import type { Clock } from "../base/clock.ts";
import { type Duration, inSeconds, since } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";

interface Bucket {
  readonly tokens: number;
  readonly at: Duration;
}

/** A device that joins asks four times; one that hears no answer asks again after some seconds. */
const burst = 20;
const perSecond = 4;

/** Devices that are remembered; a radio has 2007 stations at most. */
const mostBuckets = 4096;

export class FloodGate {
  readonly #buckets = new Map<MacAddress, Bucket>();
  constructor(readonly clock: Clock) {}

  /** @param sender of the frame, which the access point vouches for, whatever the message says */
  lets(sender: MacAddress): boolean {
    const now = this.clock.now();
    const bucket = this.#buckets.get(sender);
    const tokens = bucket
      ? Math.min(burst, bucket.tokens + inSeconds(since(this.clock, bucket.at)) * perSecond)
      : burst;
    this.#buckets.delete(sender);
    this.#buckets.set(sender, { tokens: Math.max(0, tokens - 1), at: now });
    if (this.#buckets.size > mostBuckets) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return tokens >= 1;
  }
}
