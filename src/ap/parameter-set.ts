import { sameValue } from "../base/same-value.ts";
import type { WmmAcs } from "../config/keys/queues.ts";

/** Tells stations that what they know of the access categories is out of date. IEEE Std 802.11-2020, 9.4.1.17. */
export class ParameterSetCount {
  #last: WmmAcs | undefined;
  #count = 0;

  /** 0 to 15, another one for each change of the parameters. */
  of(parameters: WmmAcs): number {
    if (!this.#last || !sameValue(this.#last, parameters)) this.#count = (this.#count + 1) & 0xf;
    this.#last = parameters;
    return this.#count;
  }
}
