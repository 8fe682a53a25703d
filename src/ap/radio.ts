/** A radio and its BSSs: brought up, watched over, brought down. */

import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import { BeaconError, ConfigurationError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { PskEntries } from "../config/psk-entries.ts";
import type { BssSettings, Configuration, RadioSettings } from "../config/registry.ts";
import { derivePskInBackground } from "../crypto/psk.ts";
import type { BssEvent, Driver, RadioCapabilities, RadioEvent, RadioPort, ScanResult } from "../driver/port.ts";
import { AirtimePolicy } from "./airtime.ts";
import { Bss } from "./bss.ts";
import { addressBlockProblem } from "./bss-addresses.ts";
import { type ChannelSettings, sameChannelSettings } from "./channel-keys.ts";
import { type ChannelPlan, narrowed, permittedPlan } from "./channel-plan.ts";
import { changedOver } from "./channel-settings.ts";
import { ChannelSwitching, type ChannelSwitchRequest } from "./channel-switching.ts";
import { Coexistence } from "./coexistence.ts";
import { ColorChanging } from "./color-changing.ts";
import { CountryWait } from "./country.ts";
import type { ApListener, BssEventBody, RadioEventBody } from "./events.ts";
import { affectedChannels, type FortyVerdict, judge40MHz } from "./forty-megahertz.ts";
import { initialBssColor } from "./mode-elements.ts";
import { NeighbourScan } from "./neighbour-scan.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import { Neighbours } from "./neighbours.ts";
import { type Afflicted, Outages } from "./outages.ts";
import { ParameterSetCount } from "./parameter-set.ts";
import { ProtectionCounts } from "./protection.ts";
import { PskDeriver } from "./psk-deriver.ts";
import { PskTables } from "./psk-tables.ts";
import type { RadioState } from "./radio-state.ts";
import type { RadioView } from "./radio-view.ts";
import { limitedLog } from "./rate-limit.ts";
import { planOf, reload } from "./reload.ts";
import type { ReloadPlan } from "./reload-plan.ts";
import { Running } from "./running.ts";
import type { SaeTools } from "./sae.ts";
import { SeenStations } from "./seen-stations.ts";
import { applyThresholds } from "./thresholds.ts";

export interface RadioOptions {
  readonly configuration: Configuration;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly listener: ApListener;
  readonly saeTools: SaeTools;
  /** Entries of a wpa_psk_file. @throws ConfigurationError where it can't be read or has errors */
  readonly readPskFile: (path: string) => PskEntries;
  /** Of all radios of the program; the radio has its own where undefined. */
  readonly pskTables?: PskTables;
  /** The same. */
  readonly neighbourhood?: Neighbourhood;
}

export class Radio {
  readonly protection = new ProtectionCounts();
  readonly airtime: AirtimePolicy;
  readonly coloring: ColorChanging;
  readonly seen: SeenStations;
  readonly neighbourhood: Neighbourhood;
  readonly #parameterSet = new ParameterSetCount();
  readonly pskTables: PskTables;
  readonly #countryWait: CountryWait;
  readonly #scan: NeighbourScan;
  #onWait: () => void = () => undefined;
  readonly #coexistence: Coexistence;
  readonly #neighbours: Neighbours;
  readonly #outages: Outages;
  #configuration: Configuration;
  #state: RadioState = "UNINITIALIZED";
  #port: RadioPort | undefined;
  #running: Running | undefined;
  /** The country that the kernel was in when the radio came up. */
  #foundCountry: string | undefined;
  /** Where it has gone since, and stays as long as the configuration names the same place as it did. */
  #moved: ChannelSettings | undefined;
  /** {@link settings}, as they were put together last. */
  #present:
    | { readonly radio: RadioSettings; readonly place: ChannelSettings; readonly settings: RadioSettings }
    | undefined;
  readonly #switching: ChannelSwitching;
  /** What the last beacons said that depends on the stations. */
  #shown = "";
  /** Counts the attempts to come up: an attempt that has been overtaken gives up. */
  #attempt = 0;
  #reloading: Promise<unknown> | undefined;

  constructor(readonly options: RadioOptions) {
    this.#configuration = options.configuration;
    this.pskTables = options.pskTables ?? new PskTables(new PskDeriver(derivePskInBackground, 1));
    this.#countryWait = new CountryWait(options.clock);
    this.#scan = new NeighbourScan(options.clock);
    this.#coexistence = new Coexistence(this);
    this.#neighbours = new Neighbours(
      options.clock,
      () => this,
      (olbc) => {
        this.protection.olbc = olbc;
        this.refreshBeacons();
      },
    );
    this.#outages = new Outages(options.clock, this.#afflicted());
    this.#switching = new ChannelSwitching(this);
    this.airtime = new AirtimePolicy(this);
    this.coloring = new ColorChanging(this);
    this.seen = new SeenStations(options.clock, () => this.settings);
    this.neighbourhood = options.neighbourhood ?? new Neighbourhood();
  }

  /** Name of its first interface. */
  get name(): string {
    return this.#configuration.bsses[0]?.interface ?? "";
  }

  get log(): Log {
    return this.options.log.for(this.name);
  }

  get state(): RadioState {
    return this.#state;
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  /** Those in force: of the configuration, but for the channel that the radio is on. */
  get settings(): RadioSettings {
    const { radio } = this.#configuration;
    const place = this.#running?.plan.settings ?? this.#moved;
    if (!place) return radio;
    if (this.#present?.radio !== radio || this.#present.place !== place) {
      this.#present = { radio, place, settings: { ...radio, ...place } };
    }
    return this.#present.settings;
  }

  /** undefined while the radio has no interfaces. */
  get running(): Running | undefined {
    return this.#running;
  }

  /** Empty while the radio is not up. */
  get bsses(): readonly Bss[] {
    return this.#running?.bsses ?? [];
  }

  /** undefined while the radio is not up. */
  get plan(): ChannelPlan | undefined {
    return this.#running?.plan;
  }

  get capabilities(): RadioCapabilities | undefined {
    return this.#running?.capabilities;
  }

  /** Two letters, once they are known. */
  get country(): string | undefined {
    return this.#port && (this.settings.country_code ?? this.#foundCountry);
  }

  get phy(): string | undefined {
    return this.#port?.phy;
  }

  /** Another number after each {@link enable} and {@link disable}. */
  get attempt(): number {
    return this.#attempt;
  }

  /**
   * Brings the radio and all its BSSs up.
   * @param onWait called when it has to wait for something outside
   * @throws KernelRefusal, ConfigurationError; everything is as before then
   */
  async enable(onWait: () => void = () => undefined): Promise<void> {
    if (this.#state === "ENABLED") return;
    this.#onWait = onWait;
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
    this.#outages.stop();
    this.#tearDown("DISABLED");
  }

  /** One more BSS, at once where the radio is up. @throws KernelRefusal, ConfigurationError; there is none then */
  addBss(settings: BssSettings): void {
    const before = this.#configuration;
    if (before.bsses.some((bss) => bss.interface === settings.interface)) {
      throw new ConfigurationError(`interface ${settings.interface} is configured twice`);
    }
    this.#expectSettled();
    const configuration = { ...before, bsses: [...before.bsses, settings] };
    if (this.#state !== "ENABLED") return this.configureAnew(configuration);
    this.#configuration = configuration;
    try {
      this.startBss(settings);
    } catch (thrown) {
      this.#configuration = before;
      throw thrown;
    }
  }

  /** Any but the first, which is the radio's own. @returns false where there is no such BSS */
  removeBss(interfaceName: string): boolean {
    const { bsses } = this.#configuration;
    const index = bsses.findIndex((bss) => bss.interface === interfaceName);
    if (index < 1) return false;
    this.#expectSettled();
    this.#configuration = { ...this.#configuration, bsses: bsses.toSpliced(index, 1) };
    this.endBss(interfaceName);
    return true;
  }

  /** On a radio that is up. @throws KernelRefusal, ConfigurationError; there is none then */
  startBss(settings: BssSettings): void {
    const running = this.#running;
    if (!running) return;
    try {
      running.start(settings);
    } catch (thrown) {
      running.endOf(settings.interface);
      throw thrown;
    }
    this.#reportOf(settings.interface, { type: "ap-enabled" });
  }

  endBss(interfaceName: string): void {
    this.#outages.forget(interfaceName);
    if (this.#running?.endOf(interfaceName)) this.#reportOf(interfaceName, { type: "ap-disabled" });
  }

  /** Settings to be in force from the next {@link enable} on, or, for BSSs that are up, from now on where they can be. */
  configure(configuration: Configuration): void {
    this.#setConfiguration(configuration);
    for (const settings of configuration.bsses) this.#running?.find(settings.interface)?.change(settings);
  }

  /** @returns whether the BSS is not on the air for now: it begins with its present settings when it is there again */
  leavesForLater(interfaceName: string): boolean {
    const isAway = this.#outages.isAway(interfaceName);
    if (isAway) this.#outages.outdate(interfaceName);
    return isAway;
  }

  /** A BSS that could not be put back on the air: tried again now and then. */
  retry(interfaceName: string, error: BeaconError): void {
    this.#outages.onFailed(interfaceName, error);
  }

  /** After an {@link enable} that failed: tried again when its cause may have gone, and now and then. */
  persevere(): void {
    this.#outages.persevere();
  }

  /** Settings of a radio that is not up, for when it is again. */
  configureAnew(configuration: Configuration): void {
    this.#setConfiguration(configuration);
    for (const { name } of this.bsses) this.#outages.outdate(name);
  }

  #setConfiguration(configuration: Configuration): void {
    if (!sameChannelSettings(this.#configuration.radio, configuration.radio)) this.#moved = undefined;
    this.#configuration = configuration;
  }

  /** What {@link reload} would do. @throws ConfigurationError */
  planReload(configuration: Configuration): ReloadPlan {
    return planOf(this, configuration);
  }

  /** See {@link reload}; one after the other. @throws ConfigurationError, ReloadFailure */
  async reload(configuration: Configuration): Promise<ReloadPlan> {
    while (this.#reloading) await this.#reloading.catch(() => undefined);
    const reloading = reload(this, configuration);
    this.#reloading = reloading;
    try {
      return await reloading;
    } finally {
      this.#reloading = undefined;
      this.#outages.onConfigured();
    }
  }

  /** Waits until a country's rules are in force, where they aren't and the kernel decides. @throws KernelRefusal */
  async ruleBy(alpha2: string): Promise<void> {
    const port = this.#port;
    if (!port || port.regulatoryDomain().alpha2 === alpha2 || port.capabilities().selfManagedRegulatory) return;
    await this.#countryWait.ask(port, alpha2, this.log);
    this.#running?.renewCapabilities();
  }

  /**
   * Goes to another channel with all stations. What is configured stays; from the switch on the request's settings say
   * where the radio is, until the configuration names another channel.
   * @throws ConfigurationError, KernelRefusal; nothing has changed then
   */
  switchChannel(request: ChannelSwitchRequest): void {
    this.#switching.begin(request);
  }

  /** Settles when the switch that is on its way is over, or given up; at once where there is none. */
  switched(): Promise<void> {
    return this.#switching.over();
  }

  /** The driver has gone to another channel: here it is from now on. */
  moveTo(plan: ChannelPlan): void {
    if (!this.#running || this.#running.plan === plan) return;
    this.#running.plan = plan;
    this.#coexistence.begin(plan);
    this.#moved = sameChannelSettings(plan.settings, this.#configuration.radio) ? undefined : plan.settings;
    this.#report({ type: "channel", channel: plan.definition });
  }

  /** All BSSs show what has changed. */
  refreshBeacons(): void {
    this.#coexistence.update();
    const shows = this.#variable();
    if (shows === this.#shown) return;
    this.#shown = shows;
    for (const bss of this.bsses) bss.refreshBeacon();
  }

  /** Entries of the file that a BSS's settings name. @throws ConfigurationError */
  readPsks({ wpa_psk_file }: BssSettings): PskEntries {
    return wpa_psk_file === undefined ? PskEntries.none : this.options.readPskFile(wpa_psk_file);
  }

  /** What beacons say that depends on the stations. */
  #variable(): string {
    const { erp, allowsShortSlot, allowsShortPreamble } = this.protection;
    const secondary = this.plan?.secondary ?? "none";
    const ht = this.protection.htOf(secondary);
    const counts = this.bsses.map((bss) => (bss.settings.bss_load_update_period > 0 ? bss.associatedCount : 0));
    return JSON.stringify([erp, ht, secondary, allowsShortSlot, allowsShortPreamble, counts]);
  }

  async #bringUp(attempt: number): Promise<void> {
    const port = this.#openPort();
    await this.#applyCountry(port);
    if (attempt !== this.#attempt) throw new ConfigurationError(`${this.name} was disabled while it came up`);

    const capabilities = port.capabilities();
    const plan = this.#planChannel(capabilities);
    const running = new Running({
      port,
      capabilities,
      plan,
      bssColor: initialBssColor(this.settings, this.options.entropy.bytes(1)[0] ?? 0),
      configuration: () => this.#configuration,
      create: (settings, on) => this.#createBss(settings, on),
      onEvent: (bss, event) => this.#onBssEvent(bss, event),
      onSilence: (bss) => this.#forget(bss),
    });
    this.#running = running;
    await this.#lookAround(running, attempt);
    applyThresholds(port, this.settings);
    for (const settings of this.#configuration.bsses) this.#startOneOfAll(running, settings);
    this.#warnOfAddresses(running);
    port.watchNeighbours();
    this.#shown = this.#variable();
    this.#report({ type: "channel", channel: running.plan.definition });
    this.#setState("ENABLED");
    this.airtime.start();
    for (const bss of running.bsses) this.#reportOf(bss.name, { type: "ap-enabled" });
  }

  /** Looks for networks that 40 MHz would disturb, where the settings ask for as much. @throws KernelRefusal, ConfigurationError */
  async #lookAround(running: Running, attempt: number): Promise<void> {
    const [first] = this.#configuration.bsses;
    const { plan } = running;
    this.#coexistence.begin(plan);
    const isAsked = plan.secondary !== "none" && plan.band.name !== "6GHz" && !this.settings.noscan;
    if (!isAsked || !first || running.capabilities.associationOffload) return;
    const bssPort = running.take(first);
    this.#setState("HT_SCAN");
    const found = await this.#scan.look(bssPort, affectedChannels(plan), this.log);
    if (attempt !== this.#attempt) throw new ConfigurationError(`${this.name} was disabled while it came up`);
    this.#heed(running, found);
  }

  /** @param found undefined where nobody could look */
  #heed(running: Running, found: readonly ScanResult[] | undefined): void {
    const { plan } = running;
    const verdict: FortyVerdict = found
      ? judge40MHz(plan, found)
      : { kind: plan.band.name === "2.4GHz" ? "forbidden" : "allowed", because: "nobody knows the neighbours" };
    if (verdict.kind === "allowed") return;
    if (verdict.kind === "forbidden") {
      this.log.warning(`it is 20 MHz and not 40: ${verdict.because} (noscan=1 doesn't ask)`);
      running.plan = narrowed(plan);
      return;
    }
    const changed = changedOver(this.settings, plan, running.capabilities);
    if (!changed) return;
    this.log.info(`channel ${changed.channel} instead of ${plan.channel}, in the same 40 MHz: ${verdict.because}`);
    this.moveTo(changed);
    this.#coexistence.begin(changed);
  }

  /** Another width on the same primary channel, with all stations. */
  changeWidth(plan: ChannelPlan): void {
    const running = this.#running;
    if (!running) return;
    running.plan = plan;
    for (const bss of running.bsses) bss.refreshBeacon();
    if (running.capabilities.widthChanges) {
      for (const bss of running.bsses)
        if (bss.isBeaconing) bss.attempt((port) => port.setChannelWidth(plan.definition));
    }
    this.#shown = this.#variable();
  }

  /** Without the first BSS there is nothing; without one of the others there are still the rest. @throws KernelRefusal, ConfigurationError */
  #startOneOfAll(running: Running, settings: BssSettings): void {
    try {
      running.start(settings);
    } catch (thrown) {
      if (running.bsses.length < 2 || !(thrown instanceof BeaconError)) throw thrown;
      running.endOf(settings.interface);
      this.#outages.onFailed(settings.interface, thrown);
    }
  }

  /** hostapd would not start; whether the radio minds is up to its driver. */
  #warnOfAddresses({ bsses: [first] }: Running): void {
    const { radio, bsses } = this.#configuration;
    const problem = first && addressBlockProblem(first.address, radio, bsses);
    if (problem !== undefined) {
      this.log.warning(`${problem} Give each BSS a bssid, or set use_driver_iface_addr=1, if their frames get lost.`);
    }
  }

  /** @throws KernelRefusal, ConfigurationError */
  #openPort(): RadioPort {
    const port = this.options.driver.openRadio(this.name, (event) => this.#onRadioEvent(event), {
      withoutControlPort: /(^|\s)control_port=0(\s|$)/.test(this.settings.driver_params ?? ""),
    });
    this.#port = port;
    if (!port.isRfkillBlocked()) return port;
    throw new ConfigurationError(
      `the radio of ${this.name} is switched off (rfkill): 'rfkill unblock wifi' switches it on, or its hardware switch`,
    );
  }

  /** Waits until the kernel has the country's rules, or goes on with those it has. */
  async #applyCountry(port: RadioPort): Promise<void> {
    const wanted = this.settings.country_code;
    const present = port.regulatoryDomain().alpha2;
    this.#foundCountry = present === "00" ? undefined : present;
    if (wanted === undefined || present === wanted || port.capabilities().selfManagedRegulatory) return;
    this.#setState("COUNTRY_UPDATE");
    await this.ruleBy(wanted);
  }

  /** @throws ConfigurationError while a reload waits for something */
  #expectSettled(): void {
    if (this.#reloading) throw new ConfigurationError(`${this.name} is being reloaded`);
  }

  #planChannel(capabilities: RadioCapabilities): ChannelPlan {
    if (!capabilities.interfaceTypes.has("ap")) {
      throw new ConfigurationError(`the driver of ${this.name} (${capabilities.phy}) has no access point mode`);
    }
    const plan = permittedPlan(this.settings, capabilities);
    for (const concession of plan.concessions) this.log.warning(concession);
    return plan;
  }

  #afflicted(): Afflicted {
    const radio = this;
    return {
      get name() {
        return radio.name;
      },
      get log() {
        return radio.log;
      },
      get isUp() {
        return radio.state === "ENABLED";
      },
      get attempt() {
        return radio.attempt;
      },
      get running() {
        return radio.running;
      },
      settingsOf: (name) => this.#configuration.bsses.find((bss) => bss.interface === name),
      changeStanding: (isUp) => this.#setState(isUp ? "ENABLED" : "DISABLED"),
      report: (bss, event) => this.#reportOf(bss, event),
      onSilence: (bss) => this.#forget(bss),
      startAnew: () => {
        this.#tearDown("DISABLED");
        return this.enable();
      },
      watch: (onHope) => this.options.driver.watch(this.name, onHope),
    };
  }

  #createBss(settings: BssSettings, running: Running): Bss {
    const { clock, entropy, log } = this.options;
    return new Bss({
      settings,
      radio: this.#viewOf(running),
      clock,
      entropy,
      log: limitedLog(log.for(settings.interface), clock),
      report: (event) => this.#reportOf(settings.interface, event),
      pskEntries: this.readPsks(settings),
      pskTables: this.pskTables,
      saeTools: this.options.saeTools,
    });
  }

  /** What a BSS sees of its radio, as it is whenever it looks. */
  #viewOf(running: Running): RadioView {
    const radio = this;
    return {
      get settings() {
        return radio.settings;
      },
      get plan() {
        return running.plan;
      },
      get capabilities() {
        return running.capabilities;
      },
      airtime: radio.airtime,
      seen: radio.seen,
      neighbourhood: radio.neighbourhood,
      get parameterSetCount() {
        return radio.#parameterSet.of(radio.settings.wmm_ac);
      },
      get bssColor() {
        return running.plan.modes.he ? running.bssColor : undefined;
      },
      get colorAnnouncement() {
        return radio.coloring.announcement;
      },
      get announcement() {
        return radio.#switching.announcement;
      },
      protection: this.protection,
      get country() {
        return radio.country;
      },
      refreshBeacons: () => this.refreshBeacons(),
      onCoexistenceReport: (...report) => this.#coexistence.onReport(...report),
    };
  }

  #onRadioEvent(event: RadioEvent): void {
    switch (event.type) {
      case "regulatory-changed": {
        const { alpha2, initiator } = event.domain;
        this.#report({ type: "regulatory-changed", alpha2, initiator });
        this.#countryWait.end();
        return this.#outages.onRegulatoryChange();
      }
      case "rfkill":
        return this.#outages.onRfkill(event.blocked);
      case "radar-detected":
        return;
      case "neighbour-beacon":
        return this.#neighbours.hear(event.frame, event.frequency);
    }
  }

  #onBssEvent(bss: Bss, event: BssEvent): void {
    switch (event.type) {
      case "link":
        return this.#outages.onLink(bss, event.state);
      case "stopped":
        return this.#outages.onStopped(bss);
      case "scan-finished":
        return this.#scan.finish(event.aborted);
      case "color-collision":
        return this.coloring.onCollision(event.colors);
      case "color-changed":
        return this.coloring.onChanged(bss);
      case "color-change-aborted":
        return this.coloring.onAborted(bss);
      case "channel-switch-started":
        return this.#switching.onStarted(bss, event.channel);
      case "channel-switched":
        return this.#switching.onSwitched(bss, event.channel);
      case "events-lost":
        bss.onEvent(event);
        return this.#switching.verify();
      default:
        return bss.onEvent(event);
    }
  }

  #tearDown(state: RadioState): void {
    const wasUp = this.#state === "ENABLED";
    this.#countryWait.end();
    this.#scan.finish(true);
    this.#coexistence.end();
    this.#neighbours.forget();
    this.#switching.abandon();
    this.coloring.abandon();
    this.airtime.stop();
    for (const bss of this.bsses) {
      this.#running?.end(bss);
      if (wasUp) this.#reportOf(bss.name, { type: "ap-disabled" });
    }
    this.#running = undefined;
    this.#outages.clear();
    this.#port?.close();
    this.#port = undefined;
    this.#setState(state);
  }

  /** Nothing that is on its way waits for it any more. */
  #forget(bss: Bss): void {
    this.#switching.forget(bss);
    this.coloring.forget(bss);
  }

  #setState(to: RadioState): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.log.info(`interface state ${from}->${to}`);
    this.#report({ type: "state-changed", from, to });
    if (to === "COUNTRY_UPDATE" || to === "HT_SCAN") this.#onWait();
  }

  #report(event: RadioEventBody): void {
    this.options.listener({ ...event, radio: this.name });
  }

  #reportOf(bss: string, event: BssEventBody): void {
    this.options.listener({ ...event, bss, radio: this.name });
  }
}
