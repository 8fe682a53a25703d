/** Another configuration for a radio that may be up: planned whole, then put in force step by step, or not at all. */

import { BeaconError, ConfigurationError, KernelRefusal } from "../base/errors.ts";
import { sameValue } from "../base/same-value.ts";
import { PskEntries } from "../config/psk-entries.ts";
import type { BssSettings, Configuration } from "../config/registry.ts";
import { changePsks, changeSaePasswords, sendAwayDenied, sendAwayUnaccepted } from "./expulsion.ts";
import { colorAfter } from "./mode-elements.ts";
import type { Radio } from "./radio.ts";
import {
  type OnAir,
  type PskFiles,
  planReload,
  type ReloadPlan,
  type Situation,
  type Step,
  type Wanted,
} from "./reload-plan.ts";
import { bridgeOptions, type Running } from "./running.ts";
import { applyThresholds } from "./thresholds.ts";

/** The kernel refused a step; the configuration that was in force before is in force again, as far as the kernel lets it. */
export class ReloadFailure extends BeaconError {
  override readonly name = "ReloadFailure";

  constructor(
    readonly step: Step,
    cause: BeaconError,
    /** What could not be put back. */
    readonly lost: readonly string[],
  ) {
    const back =
      lost.length === 0 ? "what ran before runs again" : `back to what ran before, but for ${lost.join("; ")}`;
    super(cause.code, `the reload failed at '${step.type}': ${cause.message}; ${back}`, { cause });
  }
}

/**
 * What {@link reload} would do now.
 * @throws ConfigurationError where a file that is named can't be read or has errors, or the channel can't be
 */
export const planOf = (radio: Radio, configuration: Configuration): ReloadPlan =>
  planReload(situationOf(radio), wantedOf(radio, configuration));

/**
 * Puts another configuration in force. Nothing waits but for another country's rules, and for a channel or a colour that
 * is announced: all else has happened, or been taken back, when this returns its promise.
 * @returns what was done, where it differs from what was planned: what another country's rules asked for is known then
 * @throws ConfigurationError where it can't be done; nothing has changed then
 * @throws ReloadFailure where the kernel refused half-way
 */
export async function reload(radio: Radio, configuration: Configuration): Promise<ReloadPlan> {
  const wanted = wantedOf(radio, configuration);
  let plan = planReload(situationOf(radio), wanted);
  const { running } = radio;
  if (!running || radio.state !== "ENABLED") {
    radio.configureAnew(configuration);
    return plan;
  }
  const { changes } = plan;
  const work = new Work(radio, running, wanted);
  const done: Step[] = [];
  const [first] = plan.steps;
  if (first?.type === "set-country") {
    plan = await work.enterCountry(first);
    done.push(first);
  }
  const [next, ...rest] = plan.steps;
  if (next?.type === "switch-channel") {
    plan = (await work.switchChannel(next)) ? { changes, steps: rest } : work.planWithoutAnnouncement();
    if (plan.steps === rest) done.push(next);
  }
  await work.take(plan.steps);
  return { changes, steps: [...done, ...plan.steps] };
}

/** @throws ConfigurationError */
function wantedOf(radio: Radio, configuration: Configuration): Wanted {
  const pskFiles: PskFiles = new Map(
    configuration.bsses.map((settings) => [settings.interface, radio.readPsks(settings)]),
  );
  return { configuration, pskFiles };
}

function situationOf({ configuration, running, state }: Radio): Situation {
  const pskFiles: PskFiles = new Map(running?.bsses.map((bss) => [bss.name, bss.pskEntries]) ?? []);
  if (!running || state !== "ENABLED") return { configuration, pskFiles, onAir: undefined };
  const capabilities = running.port.capabilities();
  return {
    configuration,
    pskFiles,
    onAir: {
      capabilities,
      plan: running.plan,
      announcesSwitches: capabilities.channelSwitch,
      maxBsses: mostBsses(capabilities),
      hasEnteredCountry: false,
    },
  };
}

/** As many access points as the most generous mix of interfaces has. */
const mostBsses = ({ combinations }: Running["capabilities"]): number =>
  Math.max(
    1,
    ...combinations.map(({ maxInterfaces, limits }) =>
      Math.min(maxInterfaces, Math.max(0, ...limits.filter(({ types }) => types.includes("ap")).map(({ max }) => max))),
    ),
  );

/** So many beacons tell of another channel: enough for stations that doze. */
const announcements = 10;

/** A reload in progress: each step leaves behind how it is taken back. */
class Work {
  readonly #before: Configuration;
  readonly #pskFilesBefore: PskFiles;
  #isEntered = false;
  readonly #undo: { readonly step: Step; back(): void | Promise<void> }[] = [];

  constructor(
    readonly radio: Radio,
    readonly running: Running,
    readonly wanted: Wanted,
  ) {
    this.#before = radio.configuration;
    this.#pskFilesBefore = situationOf(radio).pskFiles;
  }

  /** All steps, or none. @throws ReloadFailure */
  async take(steps: readonly Step[]): Promise<void> {
    const { radio, wanted } = this;
    let current: Step | undefined;
    try {
      radio.configure(wanted.configuration);
      for (const step of steps) {
        current = step;
        const pending = this.#take(step);
        if (pending) await this.#unlessOvertaken(pending);
      }
      // Certificates are no settings: nobody knows whether they are others until they are read.
      for (const bss of this.running.bsses) bss.backend?.refresh?.();
    } catch (thrown) {
      if (!(thrown instanceof BeaconError) || !current || thrown instanceof Overtaken) throw thrown;
      throw new ReloadFailure(current, thrown, await this.#takeBack());
    }
  }

  /**
   * The rules of another country, asked for while the network is up: the kernel lets it be for a while where they forbid
   * the channel, long enough to go back.
   * @returns the plan for what is left @throws ConfigurationError where the rules forbid the channel; they are the old ones again
   */
  async enterCountry(step: Step & { readonly type: "set-country" }): Promise<ReloadPlan> {
    const { radio, running, wanted } = this;
    const present = running.port.regulatoryDomain().alpha2;
    const back = (): Promise<void> => radio.ruleBy(present);
    this.#undo.push({ step, back });
    await this.#unlessOvertaken(radio.ruleBy(wanted.configuration.radio.country_code ?? present));
    this.#isEntered = true;
    try {
      return this.#plan({});
    } catch (thrown) {
      await back();
      throw thrown;
    }
  }

  /** @returns false where the stations can't be taken along after all; nothing has changed then */
  async switchChannel(step: Step & { readonly type: "switch-channel" }): Promise<boolean> {
    const { radio, running, wanted } = this;
    const { plan } = running;
    const { settings } = radio;
    try {
      radio.switchChannel({ settings: wanted.configuration.radio, count: announcements });
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      radio.log.warning(`the driver does not announce another channel: ${thrown.message}`);
      return false;
    }
    await this.#unlessOvertaken(radio.switched());
    if (!sameValue(running.plan.definition, step.to.definition)) return false;
    const back = (): Promise<void> => {
      radio.switchChannel({ settings, definition: plan.definition, count: announcements });
      return radio.switched();
    };
    this.#undo.push({ step, back });
    return true;
  }

  planWithoutAnnouncement(): ReloadPlan {
    return this.#plan({ announcesSwitches: false });
  }

  #plan(facts: Partial<OnAir>): ReloadPlan {
    const { onAir, ...situation } = situationOf(this.radio);
    return planReload(
      { ...situation, onAir: onAir && { ...onAir, hasEnteredCountry: this.#isEntered, ...facts } },
      this.wanted,
    );
  }

  #take(step: Step): void | Promise<void> {
    const { radio, running, wanted } = this;
    const { configuration } = wanted;
    switch (step.type) {
      case "set-country":
      case "switch-channel":
      case "reopen-socket":
        // Done before all others, and by whoever has the sockets.
        return;
      case "restart-radio":
        this.#undo.push({ step, back: () => restart(radio) });
        return restart(radio);
      case "set-thresholds":
        this.#undo.push({ step, back: () => applyThresholds(running.port, this.#before.radio, configuration.radio) });
        return applyThresholds(running.port, configuration.radio, this.#before.radio);
      case "change-bridge": {
        if (radio.outages.leavesForLater(step.bss)) return;
        const bss = running.find(step.bss);
        const enter = (settings: BssSettings): void => bss?.port?.setBridge(bridgeOptions(settings));
        this.#undo.push({ step, back: () => enter(settingsOf(this.#before, step.bss)) });
        return enter(settingsOf(configuration, step.bss));
      }
      case "change-color":
        return radio.coloring.become(step.color);
      case "begin-all": {
        const before = { plan: running.plan, bssColor: running.bssColor };
        const bssColor = colorAfter(this.#before.radio, configuration.radio, running.bssColor);
        this.#undo.push({ step, back: () => beginAllPossible(radio, running, this.#before, before) });
        return beginAll(radio, running, configuration, { plan: step.on, bssColor });
      }
      case "add-bss":
        this.#undo.push({ step, back: () => radio.endBss(step.bss) });
        return radio.startBss(settingsOf(configuration, step.bss));
      case "remove-bss":
        this.#undo.push({ step, back: () => radio.startBss(settingsOf(this.#before, step.bss)) });
        return radio.endBss(step.bss);
      case "reopen-bss":
        this.#undo.push({ step, back: () => reopen(radio, settingsOf(this.#before, step.bss)) });
        return reopen(radio, settingsOf(configuration, step.bss));
      case "begin-bss":
        if (radio.outages.leavesForLater(step.bss)) return;
        this.#undo.push({ step, back: () => begin(running, settingsOf(this.#before, step.bss)) });
        return begin(running, settingsOf(configuration, step.bss));
      case "show-settings": {
        const bss = running.find(step.bss);
        this.#undo.push({ step, back: () => bss?.applySettings() });
        return bss?.applySettings();
      }
      case "change-keys":
        this.#undo.push({ step, back: () => this.#changeKeys(step.bss, this.#pskFilesBefore) });
        return this.#changeKeys(step.bss, wanted.pskFiles);
      case "check-admission": {
        const bss = running.find(step.bss);
        if (!bss) return;
        sendAwayDenied(bss);
        return sendAwayUnaccepted(bss);
      }
    }
  }

  #changeKeys(interfaceName: string, pskFiles: PskFiles): void {
    const bss = this.running.find(interfaceName);
    if (!bss) return;
    changePsks(bss, pskFiles.get(interfaceName) ?? PskEntries.none);
    changeSaePasswords(bss);
  }

  /** @returns what could not be put back */
  async #takeBack(): Promise<readonly string[]> {
    const lost: string[] = [];
    this.radio.configure(this.#before);
    for (const { step, back } of this.#undo.reverse()) {
      try {
        await back();
      } catch (thrown) {
        if (!(thrown instanceof BeaconError)) throw thrown;
        lost.push(`${"bss" in step ? step.bss : step.type}: ${thrown.message}`);
        if ("bss" in step) this.radio.outages.onFailed(step.bss, thrown);
        else if (this.radio.state !== "ENABLED") this.radio.outages.persevere();
      }
    }
    return lost;
  }

  /** @throws Overtaken where somebody has disabled the radio meanwhile, or started it anew */
  async #unlessOvertaken(pending: Promise<void>): Promise<void> {
    const { radio } = this;
    const { attempt } = radio;
    await pending;
    if (radio.attempt !== attempt) throw new Overtaken(radio.name);
  }
}

class Overtaken extends ConfigurationError {
  constructor(name: string) {
    super(`${name} was disabled while it was reloaded`);
  }
}

/** @throws ConfigurationError, which can't be: a step is about a BSS of one of the configurations */
function settingsOf({ bsses }: Configuration, interfaceName: string): BssSettings {
  const settings = bsses.find((bss) => bss.interface === interfaceName);
  if (!settings) throw new ConfigurationError(`there is no BSS ${interfaceName}`);
  return settings;
}

async function restart(radio: Radio): Promise<void> {
  radio.disable();
  await radio.enable();
}

function begin(running: Running, settings: BssSettings): void {
  running.silence([settings.interface]);
  running.begin(settings);
}

/** Where a radio begins, and in which colour. */
type Place = Pick<Running, "plan" | "bssColor">;

/** None may still be on the air with the old channel or beacon interval when the first one begins. @returns those to begin */
function silenceAll(radio: Radio, running: Running, configuration: Configuration, { plan, bssColor }: Place) {
  const present = configuration.bsses.filter(
    ({ interface: name }) => running.find(name) && !radio.outages.leavesForLater(name),
  );
  running.silence(present.map((settings) => settings.interface));
  running.plan = plan;
  running.bssColor = bssColor;
  return present;
}

function beginAll(radio: Radio, running: Running, configuration: Configuration, place: Place): void {
  for (const settings of silenceAll(radio, running, configuration, place)) running.begin(settings);
}

/** One that can't begin keeps no other from it. */
function beginAllPossible(radio: Radio, running: Running, configuration: Configuration, place: Place): void {
  let refusal: BeaconError | undefined;
  for (const settings of silenceAll(radio, running, configuration, place)) {
    try {
      running.begin(settings);
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      radio.outages.onFailed(settings.interface, thrown);
      refusal ??= thrown;
    }
  }
  if (refusal) throw refusal;
}

function reopen(radio: Radio, settings: BssSettings): void {
  radio.endBss(settings.interface);
  radio.startBss(settings);
}
