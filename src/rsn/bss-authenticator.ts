/** The authenticator of a BSS: its group key and the stations that share it. IEEE Std 802.11-2020, 12.7.9. */

import { NamedTimers } from "../base/clock.ts";
import { milliseconds, seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { wipe } from "../crypto/secret.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { CipherName } from "../wire/ieee80211/suites.ts";
import type { AuthenticatorContext, AuthenticatorSurroundings } from "./context.ts";
import * as groupKey from "./group-key.ts";
import { type Negotiated, temporalKeyLength } from "./negotiated.ts";
import { StationAuthenticator } from "./station-authenticator.ts";

export interface BssAuthenticatorOptions extends AuthenticatorSurroundings {
  readonly groupCipher: CipherName;
  /** wpa_group_rekey, 0 for never. */
  readonly groupRekeySeconds: number;
  /** wpa_strict_rekey: a new group key when somebody who knows it leaves. */
  readonly strictRekey: boolean;
}

const strictRekeyDelay = milliseconds(500);

export class BssAuthenticator {
  readonly #stations = new Map<MacAddress, StationAuthenticator>();
  readonly #timers: NamedTimers<"GTK rekey" | "strict GTK rekey">;
  readonly #context: AuthenticatorContext;
  #group: groupKey.State;
  /** The period that the timer was armed for. */
  #rekeySeconds = 0;

  constructor(readonly options: BssAuthenticatorOptions) {
    this.#timers = new NamedTimers(options.clock);
    this.#group = groupKey.initial(this.#freshGroupKey());
    this.#context = {
      ...options,
      get policy() {
        return options.policy;
      },
      groupKey: () => groupKey.keyForNewcomer(this.#group),
      groupKeySequence: () => this.#sequenceForNewcomer(),
      groupHandshakeFinished: () => this.#stepGroup({ type: "answered" }),
      groupRekeyRequested: () => this.rekeyGroup(),
    };
  }

  /** Gives the radio the first group key and starts its clock. */
  start(): void {
    this.options.port.installGroupKey(groupKey.keyForNewcomer(this.#group), this.options.groupCipher);
    this.#armRekey();
  }

  /**
   * A station has associated; with an earlier association of its own, that one ends.
   * @param replayBefore see {@link StationAuthenticator.lastReplay}
   */
  join(station: MacAddress, agreed: Negotiated, element: Element, replayBefore = 0n): StationAuthenticator {
    this.leave(station);
    const joined = new StationAuthenticator(station, agreed, element, this.#context, replayBefore);
    this.#stations.set(station, joined);
    return joined;
  }

  leave(station: MacAddress): void {
    const left = this.#stations.get(station);
    if (!left) return;
    this.#stations.delete(station);
    left.stop();
    // One that is armed stays: a change for several that leave one after the other is not put off again and again.
    if (!left.knowsGroupKey || !this.options.strictRekey || this.#timers.isArmed("strict GTK rekey")) return;
    this.#timers.arm("strict GTK rekey", strictRekeyDelay, () => this.rekeyGroup());
  }

  get(station: MacAddress): StationAuthenticator | undefined {
    return this.#stations.get(station);
  }

  /** The key that the radio encrypts group frames with. */
  get groupKey(): groupKey.GroupKey {
    return this.#group.current;
  }

  /** The stations are being told of the next group key. */
  get isRekeying(): boolean {
    return this.#group.kind === "changing";
  }

  rekeyGroup(): void {
    if (this.#group.kind === "changing") return;
    this.options.log.module("WPA", "debug", "rekeying GTK");
    // The stations are asked first, so that the count is known when the first answer comes.
    this.#stepGroup({ type: "rekey", key: this.#freshGroupKey() });
    this.#armRekey();
  }

  /** wpa_group_rekey may be another one now: its first period begins then. */
  onSettings(): void {
    if (this.options.groupRekeySeconds !== this.#rekeySeconds) this.#armRekey();
  }

  stop(): void {
    this.#timers.disarmAll();
    for (const station of [...this.#stations.keys()]) {
      this.#stations.get(station)?.stop();
      this.#stations.delete(station);
    }
    this.options.pmksa.clear();
    wipe(this.#group.current.key, this.#group.kind === "changing" ? this.#group.next.key : undefined);
  }

  #stepGroup(input: groupKey.Input): void {
    const step = groupKey.step(this.#group, input);
    this.#group = step.state;
    for (const effect of step.effects) {
      switch (effect.type) {
        case "startHandshakes": {
          let asked = 0;
          for (const station of this.#stations.values()) if (station.groupRekey()) asked += 1;
          this.#stepGroup({ type: "asked", stations: asked });
          break;
        }
        case "useNext":
          wipe(effect.previous.key);
          this.options.port.installGroupKey(effect.key, this.options.groupCipher);
          this.options.port.report({ type: "group-key-changed" });
          break;
      }
    }
  }

  /** Until the radio has the next key, a key of long ago is at its index: that one's counter would deafen the stations. */
  #sequenceForNewcomer(): Uint8Array {
    if (this.#group.kind === "changing") return new Uint8Array(6);
    return this.options.port.groupKeySequence(this.#group.current.index);
  }

  #armRekey(): void {
    this.#rekeySeconds = this.options.groupRekeySeconds;
    this.#timers.disarm("GTK rekey");
    if (this.#rekeySeconds > 0) this.#timers.arm("GTK rekey", seconds(this.#rekeySeconds), () => this.rekeyGroup());
  }

  #freshGroupKey(): Uint8Array {
    return this.options.entropy.bytes(temporalKeyLength(this.options.groupCipher));
  }
}
