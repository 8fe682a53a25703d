/** A country's rules: asked for, and waited for until the kernel has put them in force. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import type { RadioPort } from "../driver/port.ts";

/** How long the kernel may take to put a country's rules in force. */
const regulatoryTime = seconds(5);

/** What the kernel calls rules that it has made of two countries'. linux/nl80211.h, NL80211_REGDOM_TYPE_INTERSECTION */
const intersection = "98";

/** Whether the kernel is to be told of a country: it has other rules in force, and the radio has none of its own. */
export const isToBeAskedFor = (port: RadioPort, alpha2: string): boolean =>
  port.regulatoryDomain().alpha2 !== alpha2 && !port.capabilities().selfManagedRegulatory;

export class CountryRules {
  readonly #timers: NamedTimers<"regulatory domain">;
  #waiter: { readonly wanted: string; readonly settle: () => void } | undefined;
  #found: string | undefined;

  constructor(clock: Clock) {
    this.#timers = new NamedTimers(clock);
  }

  /** The country that the kernel was in when the radio came up; undefined for the world. */
  get found(): string | undefined {
    return this.#found;
  }

  find(port: RadioPort): void {
    const { alpha2 } = port.regulatoryDomain();
    this.#found = alpha2 === "00" ? undefined : alpha2;
  }

  /**
   * Asks for a country and settles when the kernel has answered, or after a while with the rules that there are.
   * @param wanted two letters @throws KernelRefusal where the kernel doesn't even take the question
   */
  async ask(port: RadioPort, wanted: string, log: Log): Promise<void> {
    const { promise, resolve } = settleable();
    this.#timers.arm("regulatory domain", regulatoryTime, () => {
      const present = port.regulatoryDomain().alpha2;
      log.warning(`the kernel has not put the rules of ${wanted} in force; going on with those of ${present}`);
      this.end();
    });
    this.#waiter = { wanted, settle: resolve };
    port.setCountry(wanted);
    await promise;
  }

  /** Other rules are in force. Somebody else may have asked for them just before us: those are not the ones that are waited for. */
  heard(alpha2: string): void {
    if (alpha2 === this.#waiter?.wanted || alpha2 === intersection) this.end();
  }

  /** The country's rules are there, or nobody waits for them any more. */
  end(): void {
    this.#timers.disarm("regulatory domain");
    this.#waiter?.settle();
    this.#waiter = undefined;
  }
}

/** A promise, and what fulfils it. */
function settleable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
