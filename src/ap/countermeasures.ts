/** TKIP countermeasures of a BSS: who reports failures, and what becomes of its stations. IEEE Std 802.11-2020, 12.5.2.4. */

import { NamedTimers } from "../base/clock.ts";
import type { MacAddress } from "../base/mac-address.ts";
import * as countermeasures from "../rsn/tkip-countermeasures.ts";
import type { Bss } from "./bss.ts";
import { sendAway } from "./leaving.ts";

/** Who has found a frame's MIC wrong: we a frame from the station, or the station one from us. */
export type FailureFoundBy = "access-point" | "station";

export class Countermeasures {
  readonly #timers: NamedTimers<"TKIP countermeasures">;
  #state: countermeasures.State = countermeasures.initial;
  #invoked = 0;

  constructor(readonly bss: Bss) {
    this.#timers = new NamedTimers(bss.clock);
  }

  /** Nobody may join. */
  get inForce(): boolean {
    return this.#state.kind === "in-force";
  }

  /** dot11RSNATKIPCounterMeasuresInvoked. */
  get invoked(): number {
    return this.#invoked;
  }

  onFailure(station: MacAddress, by: FailureFoundBy): void {
    const { bss } = this;
    const authenticator = bss.authenticator?.get(station);
    // Without a TKIP key there is no Michael MIC.
    if (!authenticator || (authenticator.agreed.pairwise !== "TKIP" && authenticator.agreed.group !== "TKIP")) {
      return bss.tally.count("Michael MIC failure of a station without TKIP", station);
    }
    const local = by === "access-point" ? " (local)" : "";
    bss.log.station(station, "IEEE 802.11", "info", `Michael MIC failure detected in received frame${local}`);
    authenticator.countMichaelFailure(by === "access-point" ? "local" : "remote");
    this.#step({ type: "failure", at: bss.clock.now() });
  }

  /** The network is down: there is nothing left to guess. */
  reset(): void {
    this.#timers.disarmAll();
    this.#state = countermeasures.initial;
  }

  #step(input: countermeasures.Input): void {
    const { bss } = this;
    const { state, effects } = countermeasures.step(this.#state, input);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.type) {
        case "begin":
          this.#invoked += 1;
          bss.log.module("IEEE 802.11", "info", "TKIP countermeasures initiated");
          this.#sendAllAway();
          break;
        case "arm":
          this.#timers.arm(effect.timer, effect.after, () => this.#step({ type: "over" }));
          break;
        case "end":
          bss.log.module("IEEE 802.11", "info", "TKIP countermeasures ended");
          break;
      }
    }
  }

  #sendAllAway(): void {
    const { bss } = this;
    for (const { address } of [...bss.stations.values()]) sendAway(bss, address, "mic-failure", "deauthentication");
    // With nobody left to be told, the key that was guessed at goes at once.
    bss.authenticator?.rekeyGroup();
  }
}
