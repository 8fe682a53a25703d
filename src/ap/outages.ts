/** What is taken from a radio from under it, BSS by BSS, and how that comes back. */

import type { Clock } from "../base/clock.ts";
import { BeaconError, messageOf } from "../base/errors.ts";
import type { Bss } from "./bss.ts";
import { ComingBack } from "./coming-back.ts";
import type { Radio } from "./radio.ts";

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
    readonly radio: Radio,
  ) {
    this.#comingBack = new ComingBack(clock);
  }

  isAway(interfaceName: string): boolean {
    return this.#away.has(interfaceName);
  }

  get #isUp(): boolean {
    return this.radio.state === "ENABLED";
  }

  /** @returns whether the BSS is not on the air for now: it begins with its present settings when it is there again */
  leavesForLater(interfaceName: string): boolean {
    const isAway = this.isAway(interfaceName);
    if (isAway) this.outdate(interfaceName);
    return isAway;
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

  /** The radio as a whole did not start: it is tried again when the cause may have gone, and now and then. */
  persevere(): void {
    this.#comeBack();
    this.#watch ??= this.#watchRadio();
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
        this.radio.reportOf(bss.name, { type: "interface-removed" });
        return this.#lose(bss, "removed");
      case "added":
        log.info(`interface ${bss.name} is there again`);
        this.radio.reportOf(bss.name, { type: "interface-added" });
        this.#away.set(bss.name, "failed");
        // The radio behind it may be another one by now.
        if (bss.name === name && !this.#isUp) this.#away.clear();
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
    if (wasAway || !this.#isUp) return;
    this.radio.forget(bss);
    bss.suspend();
    this.radio.reportOf(bss.name, { type: "interface-disabled" });
    if (this.radio.running?.bsses.every(({ name }) => this.#away.has(name))) this.radio.setState("DISABLED");
  }

  /** On the same interface, which is up again. */
  #resume(bss: Bss): void {
    if (this.#outdated.has(bss.name)) {
      this.#away.set(bss.name, "failed");
      return this.#hope();
    }
    this.radio.forget(bss);
    try {
      bss.restart();
      this.#away.delete(bss.name);
      this.radio.setState("ENABLED");
      this.radio.reportOf(bss.name, { type: "interface-enabled" });
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
    if (!this.#isUp) return this.#attemptAll();
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
        radio.reportOf(radio.name, { type: "interface-enabled" });
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
    const settings = this.radio.configuration.bsses.find((bss) => bss.interface === interfaceName);
    try {
      running?.endOf(interfaceName);
      if (settings) running?.start(settings);
      this.#away.delete(interfaceName);
      this.#outdated.delete(interfaceName);
      if (settings) this.radio.reportOf(interfaceName, { type: "interface-enabled" });
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

  /** Calls when the radio's interface is there, or a radio is switched on. */
  #watchRadio(): { stop(): void } {
    const { driver } = this.radio.options;
    return driver.watch(this.radio.name, () => this.#hope());
  }

  #stopWatching(): void {
    this.#watch?.stop();
    this.#watch = undefined;
  }
}
