/** What is taken from a radio from under it, BSS by BSS, and how that comes back. */

import type { Clock } from "../base/clock.ts";
import { BeaconError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { BssSettings } from "../config/registry.ts";
import type { Bss } from "./bss.ts";
import { ComingBack } from "./coming-back.ts";
import type { BssEventBody } from "./events.ts";
import type { Running } from "./running.ts";

/** The radio as its outages see it. */
export interface Afflicted {
  readonly name: string;
  readonly log: Log;
  /** At least one of its BSSs is there. */
  readonly isUp: boolean;
  /** Another number after each time that somebody has started or ended it. */
  readonly attempt: number;
  readonly running: Running | undefined;
  settingsOf(interfaceName: string): BssSettings | undefined;
  changeStanding(isUp: boolean): void;
  report(bss: string, event: BssEventBody): void;
  /** A BSS leaves the air, or has left it. */
  onSilence(bss: Bss): void;
  /** Everything from the beginning. @throws BeaconError */
  startAnew(): Promise<void>;
  /** Calls when the radio's interface is there, or a radio is switched on. */
  watch(onHope: () => void): { stop(): void };
}

/**
 * Why a BSS is not on the air:
 * - `down`: its interface is, and whoever took it down takes it up
 * - `removed`: its interface is gone
 * - `refused`: the kernel stopped it, which other rules of the country may change
 * - `failed`: it did not start; it is tried again
 */
type Away = "down" | "removed" | "refused" | "failed";

export class Outages {
  readonly #away = new Map<string, Away>();
  /** Those that have other settings than when they went: they start from the beginning. */
  readonly #outdated = new Set<string>();
  readonly #comingBack: ComingBack;
  #watch: { stop(): void } | undefined;
  /** What was complained of last: the same again is no news. */
  #complaint = "";

  constructor(
    clock: Clock,
    readonly radio: Afflicted,
  ) {
    this.#comingBack = new ComingBack(clock);
  }

  isAway(interfaceName: string): boolean {
    return this.#away.has(interfaceName);
  }

  /** A BSS that is away has other settings from now on. */
  outdate(interfaceName: string): void {
    this.#outdated.add(interfaceName);
  }

  /** A BSS did not start, while others did. */
  onFailed(interfaceName: string, error: BeaconError): void {
    this.#away.set(interfaceName, "failed");
    this.radio.log.error(`${interfaceName} did not start and is tried again: ${error.message}`);
    this.#comingBack.stop();
    this.#comeBack();
  }

  /** The radio as a whole did not start. */
  persevere(): void {
    this.#comeBack();
    this.#watch ??= this.radio.watch(() => this.#hope());
  }

  /** Other settings may be what it takes. */
  onConfigured(): void {
    if (this.#comingBack.isArmed) this.#hope();
  }

  onLink(bss: Bss, state: "up" | "down" | "removed" | "added"): void {
    const { name, log } = this.radio;
    switch (state) {
      case "down":
        return this.#lose(bss, "down");
      case "up":
        if (this.#away.has(bss.name)) this.#resume(bss);
        return;
      case "removed":
        log.warning(`interface ${bss.name} has been removed`);
        this.radio.report(bss.name, { type: "interface-removed" });
        return this.#lose(bss, "removed");
      case "added":
        log.info(`interface ${bss.name} is there again`);
        this.radio.report(bss.name, { type: "interface-added" });
        this.#away.set(bss.name, "failed");
        // The radio behind it may be another one by now.
        if (bss.name === name && !this.radio.isUp) this.#away.clear();
        return this.#hope();
    }
  }

  onStopped(bss: Bss): void {
    this.radio.log.warning("the kernel has stopped the access point");
    this.#resume(bss);
  }

  onRfkill(blocked: boolean): void {
    this.radio.log.info(`rfkill: ${blocked ? "blocked" : "unblocked"}`);
    if (!blocked) return this.#hope();
    for (const bss of this.radio.running?.bsses ?? []) this.#lose(bss, "down");
  }

  onRegulatoryChange(): void {
    if ([...this.#away.values()].includes("refused")) this.#hope();
  }

  /** The BSS is no more. */
  forget(interfaceName: string): void {
    this.#away.delete(interfaceName);
    this.#outdated.delete(interfaceName);
  }

  /** Somebody has started or ended the radio as a whole. */
  clear(): void {
    this.#away.clear();
    this.#outdated.clear();
  }

  stop(): void {
    this.clear();
    this.#comingBack.stop();
    this.#stopWatching();
    this.#complaint = "";
  }

  /** Its interface is down or gone; who was associated isn't any more. */
  #lose(bss: Bss, why: Away): void {
    const wasAway = this.#away.has(bss.name);
    this.#away.set(bss.name, why);
    if (wasAway || !this.radio.isUp) return;
    this.radio.onSilence(bss);
    bss.suspend();
    this.radio.report(bss.name, { type: "interface-disabled" });
    if (this.radio.running?.bsses.every(({ name }) => this.#away.has(name))) this.radio.changeStanding(false);
  }

  /** On the same interface, which is up again. */
  #resume(bss: Bss): void {
    if (this.#outdated.has(bss.name)) {
      this.#away.set(bss.name, "failed");
      return this.#hope();
    }
    this.radio.onSilence(bss);
    try {
      bss.restart();
      this.#away.delete(bss.name);
      this.radio.changeStanding(true);
      this.radio.report(bss.name, { type: "interface-enabled" });
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      // Where the interface goes down, the kernel tells first that the access point has stopped.
      this.radio.log.info(`could not go on: ${thrown.message}`);
      this.#lose(bss, "refused");
      this.#away.set(bss.name, "refused");
    }
  }

  get #hasFailed(): boolean {
    return [...this.#away.values()].includes("failed");
  }

  #hope(): void {
    this.#comingBack.hope(() => this.#attempt());
  }

  #comeBack(): void {
    this.#comingBack.arm(() => this.#attempt());
  }

  #attempt(): void {
    this.#stopWatching();
    if (!this.radio.isUp) return this.#attemptAll();
    for (const [interfaceName, why] of [...this.#away]) if (why === "failed") this.#attemptOne(interfaceName);
    if (this.#hasFailed) this.#comeBack();
    else this.#comingBack.stop();
  }

  #attemptAll(): void {
    const { radio } = this;
    const started = radio.startAnew();
    const { attempt } = radio;
    started.then(
      () => {
        if (!this.#hasFailed) this.#comingBack.stop();
        this.#complaint = "";
        radio.report(radio.name, { type: "interface-enabled" });
      },
      (thrown: unknown) => {
        // Somebody may have disabled it meanwhile, or enabled it anew.
        if (attempt !== radio.attempt) return;
        this.#complain(messageOf(thrown));
        this.persevere();
      },
    );
  }

  #attemptOne(interfaceName: string): void {
    const { running } = this.radio;
    const settings = this.radio.settingsOf(interfaceName);
    try {
      running?.endOf(interfaceName);
      if (settings) running?.start(settings);
      this.#away.delete(interfaceName);
      this.#outdated.delete(interfaceName);
      if (settings) this.radio.report(interfaceName, { type: "interface-enabled" });
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      running?.endOf(interfaceName);
      this.#complain(`${interfaceName}: ${thrown.message}`);
    }
  }

  #complain(text: string): void {
    this.radio.log.write(text === this.#complaint ? "debug" : "warning", `not yet: ${text}`);
    this.#complaint = text;
  }

  #stopWatching(): void {
    this.#watch?.stop();
    this.#watch = undefined;
  }
}
