/** A radio and its BSSs: brought up, watched over, brought down. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import { type Duration, seconds } from "../base/duration.ts";
import type { Entropy } from "../base/entropy.ts";
import { BeaconError, ConfigurationError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { sameValue } from "../base/same-value.ts";
import type { BssSettings, Configuration, RadioSettings } from "../config/registry.ts";
import type { BssEvent, BssPort, Driver, RadioCapabilities, RadioEvent, RadioPort } from "../driver/port.ts";
import { Bss, type RadioView } from "./bss.ts";
import { type ChannelPlan, isRefusal, planChannel } from "./channel-plan.ts";
import { effortOf } from "./effort.ts";
import type { ApListener, BssEventBody, RadioEventBody } from "./events.ts";
import { changePsks, sendAwayDenied, sendAwayUnaccepted } from "./expulsion.ts";
import { ProtectionCounts } from "./protection.ts";
import type { PskEntry } from "./psk-store.ts";
import type { RadioState } from "./radio-state.ts";
import { limitedLog } from "./rate-limit.ts";

export interface RadioOptions {
  readonly configuration: Configuration;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly listener: ApListener;
  /** Entries of a wpa_psk_file. @throws ConfigurationError where it can't be read or has errors */
  readonly readPskFile: (path: string) => readonly PskEntry[];
}

/** How long the kernel may take to put a country's rules in force. */
const regulatoryTime = seconds(5);
/** An interface that has come back is not ready at once. */
const returnDelays: readonly Duration[] = [0, 1, 2, 5, 10, 30].map(seconds);

interface Running {
  readonly port: RadioPort;
  readonly plan: ChannelPlan;
  readonly capabilities: RadioCapabilities;
}

export class Radio {
  readonly protection = new ProtectionCounts();
  readonly log: Log;
  readonly #timers: NamedTimers<"return" | "regulatory domain">;
  #configuration: Configuration;
  #state: RadioState = "UNINITIALIZED";
  #bsses: readonly Bss[] = [];
  readonly #bssPorts = new Map<Bss, BssPort>();
  #port: RadioPort | undefined;
  #running: Running | undefined;
  #country: string | undefined;
  #regulatoryWaiter: (() => void) | undefined;
  /** What the last beacons said that depends on the stations. */
  #shown = "";
  /** Counts the attempts to come up: an attempt that has been overtaken gives up. */
  #attempt = 0;
  #returns = 0;
  /** The kernel stopped it with the interface up: by the country's rules, which may change again. */
  #isRefused = false;

  constructor(readonly options: RadioOptions) {
    this.#configuration = options.configuration;
    this.log = options.log.for(this.name);
    this.#timers = new NamedTimers(options.clock);
  }

  /** Name of its first interface. */
  get name(): string {
    return this.#configuration.bsses[0]?.interface ?? "";
  }

  get state(): RadioState {
    return this.#state;
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  get settings(): RadioSettings {
    return this.#configuration.radio;
  }

  /** Empty while the radio is not up. */
  get bsses(): readonly Bss[] {
    return this.#bsses;
  }

  /** undefined while the radio is not up. */
  get plan(): ChannelPlan | undefined {
    return this.#running?.plan;
  }

  get capabilities(): RadioCapabilities | undefined {
    return this.#running?.capabilities;
  }

  get country(): string | undefined {
    return this.#country;
  }

  get phy(): string | undefined {
    return this.#port?.phy;
  }

  /**
   * Brings the radio and all its BSSs up.
   * @throws KernelRefusal, ConfigurationError; everything is as before then
   */
  async enable(): Promise<void> {
    if (this.#state === "ENABLED") return;
    this.#attempt += 1;
    const attempt = this.#attempt;
    // What an interface that went down has left.
    if (this.#port) this.#tearDown("DISABLED");
    try {
      await this.#bringUp(attempt);
    } catch (thrown) {
      if (attempt === this.#attempt) this.#tearDown("DISABLED");
      throw thrown;
    }
  }

  /** Everybody is told, and the interfaces are as they were found. */
  disable(): void {
    this.#attempt += 1;
    this.#timers.disarmAll();
    this.#returns = 0;
    this.#tearDown("DISABLED");
  }

  /** One more BSS, at once where the radio is up. @throws KernelRefusal, ConfigurationError; there is none then */
  addBss(settings: BssSettings): void {
    const before = this.#configuration;
    if (before.bsses.some((bss) => bss.interface === settings.interface)) {
      throw new ConfigurationError(`interface ${settings.interface} is configured twice`);
    }
    this.#configuration = { ...before, bsses: [...before.bsses, settings] };
    if (!this.#running || this.#state !== "ENABLED") return;
    try {
      this.#startBss(settings, this.#running);
    } catch (thrown) {
      this.removeBss(settings.interface);
      throw thrown;
    }
  }

  /** Any but the first, which is the radio's own. @returns false where there is no such BSS */
  removeBss(interfaceName: string): boolean {
    const { bsses } = this.#configuration;
    const index = bsses.findIndex((bss) => bss.interface === interfaceName);
    if (index < 1) return false;
    this.#configuration = { ...this.#configuration, bsses: bsses.toSpliced(index, 1) };
    const bss = this.#bsses.find((candidate) => candidate.name === interfaceName);
    if (bss) this.#endBss(bss);
    return true;
  }

  /** Settings to be in force from the next {@link enable} on, or, for BSSs that are up, from now on where they can be. */
  configure(configuration: Configuration): void {
    this.#configuration = configuration;
    for (const settings of configuration.bsses) {
      this.#bsses.find((bss) => bss.name === settings.interface)?.change(settings);
    }
  }

  /**
   * Puts another configuration in force; what is on the air starts anew only where it has to.
   * @throws ConfigurationError where a file that it names can't be read or has errors, or its channel can't be;
   * nothing has changed then
   */
  reload(configuration: Configuration): void {
    this.#expectPossible(configuration.radio);
    const pskEntries = new Map(configuration.bsses.map((settings) => [settings.interface, this.#readPsks(settings)]));
    const isUp = this.#state === "ENABLED";
    const before = this.settings;
    const effort = effortOf(this.#configuration, configuration);
    this.configure(configuration);
    if (!isUp) return;
    if (effort === "live" || effort === "beacon") {
      this.#applyThresholds(before);
      for (const bss of this.#bsses) {
        bss.applySettings();
        sendAwayDenied(bss);
        sendAwayUnaccepted(bss);
        const entries = pskEntries.get(bss.name) ?? [];
        if (sameValue(entries, bss.pskEntries)) continue;
        changePsks(bss, entries).catch((thrown: unknown) => this.log.error(`new keys: ${messageOf(thrown)}`));
      }
      return;
    }
    this.disable();
    this.enable().catch((thrown: unknown) => this.log.error(`could not come up again: ${messageOf(thrown)}`));
  }

  /** All BSSs show what has changed. */
  refreshBeacons(): void {
    const shows = this.#variable();
    if (shows === this.#shown) return;
    this.#shown = shows;
    for (const bss of this.#bsses) bss.refreshBeacon();
  }

  /** What beacons say that depends on the stations. */
  #variable(): string {
    const { erp, ht, allowsShortSlot, allowsShortPreamble } = this.protection;
    const counts = this.#bsses.map((bss) => (bss.settings.bss_load_update_period > 0 ? bss.associatedCount : 0));
    return JSON.stringify([erp, ht, allowsShortSlot, allowsShortPreamble, counts]);
  }

  async #bringUp(attempt: number): Promise<void> {
    const { driver } = this.options;
    const port = driver.openRadio(this.name, (event) => this.#onRadioEvent(event), {
      withoutControlPort: /(^|\s)control_port=0(\s|$)/.test(this.settings.driver_params ?? ""),
    });
    this.#port = port;
    if (port.isRfkillBlocked()) {
      throw new ConfigurationError(
        `the radio of ${this.name} is switched off (rfkill): 'rfkill unblock wifi' switches it on, or its hardware switch`,
      );
    }
    await this.#applyCountry(port);
    if (attempt !== this.#attempt) throw new ConfigurationError(`${this.name} was disabled while it came up`);

    const capabilities = port.capabilities();
    const plan = this.#plan(capabilities);
    const running: Running = { port, plan, capabilities };
    this.#running = running;
    this.#applyThresholds();
    for (const settings of this.#configuration.bsses) this.#startBss(settings, running);
    this.#shown = this.#variable();
    this.#report({ type: "channel", channel: plan.definition });
    this.#setState("ENABLED");
    this.#returns = 0;
    for (const bss of this.#bsses) this.#reportOf(bss.name, { type: "ap-enabled" });
  }

  /** @throws KernelRefusal, ConfigurationError */
  #startBss(settings: BssSettings, running: Running): Bss {
    const bss = this.#createBss(settings, running);
    this.#bsses = [...this.#bsses, bss];
    const port = running.port.openBss(openOptions(settings), (event) => this.#onBssEvent(bss, event));
    this.#bssPorts.set(bss, port);
    this.options.log.info(
      `Using interface ${bss.name} with hwaddr ${port.address} and ssid "${printable(settings.ssid)}"`,
    );
    bss.start(port);
    return bss;
  }

  #endBss(bss: Bss): void {
    bss.dispose();
    this.#bssPorts.get(bss)?.close();
    this.#bssPorts.delete(bss);
    this.#bsses = this.#bsses.filter((other) => other !== bss);
  }

  /** Those that are not set, and were not, are left to the driver. */
  #applyThresholds(before: Partial<RadioSettings> = {}): void {
    const port = this.#running?.port;
    const { rts_threshold: rts, fragm_threshold: fragmentation } = this.settings;
    const octets = (threshold: number | "off" | undefined) => (threshold === "off" ? undefined : threshold);
    if (rts !== before.rts_threshold) port?.setRtsThreshold(octets(rts));
    if (fragmentation !== before.fragm_threshold) port?.setFragmentationThreshold(octets(fragmentation));
  }

  /** Waits until the kernel has the country's rules, or goes on with those it has. */
  async #applyCountry(port: RadioPort): Promise<void> {
    const wanted = this.settings.country_code;
    const present = port.regulatoryDomain().alpha2;
    this.#country = wanted ?? (present === "00" ? undefined : present);
    if (wanted === undefined || present === wanted || port.capabilities().selfManagedRegulatory) return;
    this.#setState("COUNTRY_UPDATE");
    const { promise, resolve } = settleable();
    this.#timers.arm("regulatory domain", regulatoryTime, () => {
      this.log.warning(`the kernel has not put the rules of ${wanted} in force; going on with those of ${present}`);
      resolve();
    });
    this.#regulatoryWaiter = resolve;
    port.setCountry(wanted);
    await promise;
  }

  /** The country's rules are there, or nobody waits for them any more. */
  #endRegulatoryWait(): void {
    this.#timers.disarm("regulatory domain");
    this.#regulatoryWaiter?.();
    this.#regulatoryWaiter = undefined;
  }

  #plan(capabilities: RadioCapabilities): ChannelPlan {
    if (!capabilities.interfaceTypes.has("ap")) {
      throw new ConfigurationError(`the driver of ${this.name} (${capabilities.phy}) has no access point mode`);
    }
    const plan = permittedPlan(this.settings, capabilities);
    for (const concession of plan.concessions) this.log.warning(concession);
    return plan;
  }

  /** What would keep the radio down is refused while it is up. Another country's rules are known only once they are in force. */
  #expectPossible(settings: RadioSettings): void {
    if (!this.#running || this.#state !== "ENABLED" || settings.country_code !== this.settings.country_code) return;
    permittedPlan(settings, this.#running.port.capabilities());
  }

  #readPsks({ wpa_psk_file }: BssSettings): readonly PskEntry[] {
    return wpa_psk_file === undefined ? [] : this.options.readPskFile(wpa_psk_file);
  }

  #createBss(settings: BssSettings, running: Running): Bss {
    const { clock, entropy, log } = this.options;
    const radio = this;
    const view: RadioView = {
      get settings() {
        return radio.settings;
      },
      plan: running.plan,
      capabilities: running.capabilities,
      protection: this.protection,
      get country() {
        return radio.country;
      },
      refreshBeacons: () => this.refreshBeacons(),
    };
    return new Bss({
      settings,
      radio: view,
      clock,
      entropy,
      log: limitedLog(log.for(settings.interface), clock),
      report: (event) => this.#reportOf(settings.interface, event),
      pskEntries: this.#readPsks(settings),
    });
  }

  #onRadioEvent(event: RadioEvent): void {
    switch (event.type) {
      case "regulatory-changed": {
        const { alpha2, initiator } = event.domain;
        this.#report({ type: "regulatory-changed", alpha2, initiator });
        this.#endRegulatoryWait();
        if (this.#isRefused) this.#comeBackAnew();
        return;
      }
      case "rfkill":
        this.log.info(`rfkill: ${event.blocked ? "blocked" : "unblocked"}`);
        this.#isRefused = false;
        return event.blocked ? this.#suspend() : this.#comeBackAnew();
      case "radar-detected":
        return;
    }
  }

  #onBssEvent(bss: Bss, event: BssEvent): void {
    switch (event.type) {
      case "link":
        return this.#onLink(bss, event.state);
      case "stopped":
        this.log.warning("the kernel has stopped the access point");
        return this.#restart(bss);
      default:
        return bss.onEvent(event);
    }
  }

  #onLink(bss: Bss, state: "up" | "down" | "removed" | "added"): void {
    this.#isRefused = false;
    switch (state) {
      case "down":
        return this.#suspend();
      case "up":
        if (this.#state === "DISABLED" && this.#bsses.includes(bss)) this.#restart(bss);
        return;
      case "removed":
        this.log.warning(`interface ${bss.name} has been removed`);
        this.#reportOf(bss.name, { type: "interface-removed" });
        return this.#suspend();
      case "added":
        this.log.info(`interface ${bss.name} is there again`);
        this.#reportOf(bss.name, { type: "interface-added" });
        return this.#comeBackAnew();
    }
  }

  /** The interfaces are down or gone; who was associated isn't any more. */
  #suspend(): void {
    if (this.#state !== "ENABLED") return;
    for (const bss of this.#bsses) {
      bss.suspend();
      this.#reportOf(bss.name, { type: "interface-disabled" });
    }
    this.#setState("DISABLED");
  }

  /** The same interfaces are up again. */
  #restart(bss: Bss): void {
    try {
      for (const each of this.#bsses) each.restart();
      this.#setState("ENABLED");
      this.#reportOf(bss.name, { type: "interface-enabled" });
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      // Where the interface goes down, the kernel tells first that the access point has stopped.
      this.log.info(`could not go on: ${thrown.message}`);
      this.#isRefused = true;
      this.#suspend();
    }
  }

  #comeBackAnew(): void {
    this.#returns = 0;
    this.#comeBack();
  }

  /** What was taken from under us is there again: from the beginning, more than once if need be. */
  #comeBack(): void {
    if (this.#state === "ENABLED") return;
    const delay = returnDelays[this.#returns];
    if (delay === undefined)
      return this.log.error("the interface is there, but doesn't become an access point; giving up");
    this.#returns += 1;
    this.#timers.arm("return", delay, () => {
      if (this.#state === "ENABLED") return;
      this.#tearDown("DISABLED");
      const enabled = this.enable();
      const attempt = this.#attempt;
      enabled.then(
        () => this.#reportOf(this.name, { type: "interface-enabled" }),
        (thrown: unknown) => {
          // Somebody may have disabled it meanwhile, or enabled it anew.
          if (attempt !== this.#attempt) return;
          this.log.warning(`not yet: ${messageOf(thrown)}`);
          this.#comeBack();
        },
      );
    });
  }

  #tearDown(state: RadioState): void {
    const wasUp = this.#state === "ENABLED";
    this.#endRegulatoryWait();
    for (const bss of this.#bsses) {
      this.#endBss(bss);
      if (wasUp) this.#reportOf(bss.name, { type: "ap-disabled" });
    }
    this.#running = undefined;
    this.#isRefused = false;
    this.#port?.close();
    this.#port = undefined;
    this.#setState(state);
  }

  #setState(to: RadioState): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.log.info(`interface state ${from}->${to}`);
    this.#report({ type: "state-changed", from, to });
  }

  #report(event: RadioEventBody): void {
    this.options.listener({ ...event, radio: this.name });
  }

  #reportOf(bss: string, event: BssEventBody): void {
    this.options.listener({ ...event, bss, radio: this.name });
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

/** @throws ConfigurationError, which names the channels that would do */
function permittedPlan(settings: RadioSettings, capabilities: RadioCapabilities): ChannelPlan {
  const plan = planChannel(settings, capabilities);
  if (!isRefusal(plan)) return plan;
  const others = plan.allowed.length > 0 ? `; allowed are ${plan.allowed.join(", ")}` : "";
  throw new ConfigurationError(`${plan.message}${others}`);
}

const openOptions = (settings: BssSettings) => ({
  interfaceName: settings.interface,
  ...(settings.bssid === undefined ? {} : { address: settings.bssid }),
  ...(settings.bridge === undefined ? {} : { bridge: settings.bridge }),
});

/** An SSID as hostapd's log shows it: octets that are no printable ASCII escaped. */
export const printable = (ssid: Uint8Array): string =>
  Array.from(ssid, (octet) => {
    if (octet === 0x22) return '\\"';
    if (octet === 0x5c) return "\\\\";
    if (octet === 0x1b) return "\\e";
    if (octet === 0x0a) return "\\n";
    if (octet === 0x0d) return "\\r";
    if (octet === 0x09) return "\\t";
    return octet >= 32 && octet <= 126 ? String.fromCharCode(octet) : `\\x${octet.toString(16).padStart(2, "0")}`;
  }).join("");
