/** A country's rules: asked for, and waited for until the kernel has put them in force. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import type { RadioPort } from "../driver/port.ts";

/** How long the kernel may take to put a country's rules in force. */
const regulatoryTime = seconds(5);

export class CountryWait {
  readonly #timers: NamedTimers<"regulatory domain">;
  #waiter: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#timers = new NamedTimers(clock);
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
    this.#waiter = resolve;
    port.setCountry(wanted);
    await promise;
  }

  /** The country's rules are there, or nobody waits for them any more. */
  end(): void {
    this.#timers.disarm("regulatory domain");
    this.#waiter?.();
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
