/** A radio and its BSSs: brought up, watched over, brought down. */

import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import { BeaconError, ConfigurationError, messageOf } from "../base/errors.ts";
import type { OpenEthernet } from "../base/ethernet-tap.ts";
import type { Log } from "../base/log.ts";
import { limitedLog } from "../base/rate-limit.ts";
import { PskEntries } from "../config/psk-entries.ts";
import type { BssSettings, Configuration, RadioSettings } from "../config/registry.ts";
import { derivePskInBackground } from "../crypto/psk.ts";
import type { Driver, RadioCapabilities, RadioPort } from "../driver/port.ts";
import { AirtimePolicy } from "./airtime.ts";
import type { OpenBackend } from "./backend.ts";
import type { Bans } from "./bans.ts";
import { Bss } from "./bss.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import { ChannelSwitching, type ChannelSwitchRequest } from "./channel-switching.ts";
import { Coexistence } from "./coexistence.ts";
import { ColorChanging } from "./color-changing.ts";
import { asksNeighbours, firstPlan, heedNeighbours, openRadioPort, switchedOff, warnOfAddresses } from "./coming-up.ts";
import { CountryRules, isToBeAskedFor } from "./country.ts";
import type { ApListener, BssEventBody, RadioEventBody } from "./events.ts";
import { affectedChannels } from "./forty-megahertz.ts";
import { initialBssColor } from "./mode-elements.ts";
import { NeighbourScan } from "./neighbour-scan.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import { Neighbours } from "./neighbours.ts";
import { Outages } from "./outages.ts";
import { ParameterSetCount } from "./parameter-set.ts";
import { ProtectionCounts } from "./protection.ts";
import { PskDeriver } from "./psk-deriver.ts";
import { PskTables } from "./psk-tables.ts";
import { onBssEvent, onRadioEvent } from "./radio-events.ts";
import type { RadioState } from "./radio-state.ts";
import { viewOf } from "./radio-view.ts";
import { openRadiusBackend } from "./radius/eap-backend.ts";
import { noNetwork } from "./radius/no-network.ts";
import { RadiusShared } from "./radius/shared.ts";
import { planOf, reload } from "./reload.ts";
import type { ReloadPlan } from "./reload-plan.ts";
import { Running } from "./running.ts";
import type { SaeTools } from "./sae.ts";
import { SeenStations } from "./seen-stations.ts";
import type { Services } from "./services.ts";
import { SettingsInForce } from "./settings-in-force.ts";
import { ShownOfStations } from "./shown-of-stations.ts";
import { applyThresholds } from "./thresholds.ts";

export interface RadioOptions {
  readonly configuration: Configuration;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly listener: ApListener;
  readonly saeTools: SaeTools;
  /** Nobody, where there is none. */
  readonly openBackend?: OpenBackend;
  /** Where there is no wired side, undefined. */
  readonly openEthernet?: OpenEthernet;
  /** Of all radios of the program. */
  readonly bans?: Bans;
  /** Entries of a wpa_psk_file. @throws ConfigurationError where it can't be read or has errors */
  readonly readPskFile: (path: string) => PskEntries;
  /** Of all radios of the program; the radio has its own where undefined. */
  readonly pskTables?: PskTables;
  /** The same. */
  readonly neighbourhood?: Neighbourhood;
  readonly services?: Services;
  /** The same; on its own it reaches no server. */
  readonly radius?: RadiusShared;
}

export class Radio {
  readonly protection = new ProtectionCounts();
  readonly airtime: AirtimePolicy;
  readonly coloring: ColorChanging;
  readonly switching: ChannelSwitching;
  readonly coexistence: Coexistence;
  readonly neighbours: Neighbours;
  readonly scan: NeighbourScan;
  readonly rules: CountryRules;
  readonly outages: Outages;
  readonly seen: SeenStations;
  readonly neighbourhood: Neighbourhood;
  readonly parameterSet = new ParameterSetCount();
  readonly pskTables: PskTables;
  readonly radius: RadiusShared;
  readonly #inForce: SettingsInForce;
  #onWait: () => void = () => undefined;
  #state: RadioState = "UNINITIALIZED";
  #port: RadioPort | undefined;
  #running: Running | undefined;
  readonly #shown = new ShownOfStations();
  /** Counts the attempts to come up: an attempt that has been overtaken gives up. */
  #attempt = 0;
  #reloading: Promise<unknown> | undefined;

  constructor(readonly options: RadioOptions) {
    this.#inForce = new SettingsInForce(options.configuration);
    this.pskTables = options.pskTables ?? new PskTables(new PskDeriver(derivePskInBackground, 1));
    this.rules = new CountryRules(options.clock);
    this.scan = new NeighbourScan(options.clock);
    this.coexistence = new Coexistence(this);
    this.neighbours = new Neighbours(
      options.clock,
      () => this,
      (olbc) => {
        this.protection.olbc = olbc;
        this.refreshBeacons();
      },
    );
    this.outages = new Outages(options.clock, this);
    this.switching = new ChannelSwitching(this);
    this.airtime = new AirtimePolicy(this);
    this.coloring = new ColorChanging(this);
    this.seen = new SeenStations(options.clock, () => this.settings);
    this.neighbourhood = options.neighbourhood ?? new Neighbourhood();
    this.radius = options.radius ?? new RadiusShared(noNetwork(options.clock));
  }

  /** Name of its first interface. */
  get name(): string {
    return this.configuration.bsses[0]?.interface ?? "";
  }

  get log(): Log {
    return this.options.log.for(this.name);
  }

  get state(): RadioState {
    return this.#state;
  }

  get configuration(): Configuration {
    return this.#inForce.configuration;
  }

  /** Those in force: of the configuration, but for the channel that the radio is on. */
  get settings(): RadioSettings {
    return this.#inForce.at(this.#running?.plan.settings);
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
    return this.#port && (this.settings.country_code ?? this.rules.found);
  }

  get phy(): string | undefined {
    return this.#port?.phy;
  }

  /** It holds its interface, though that may be down for a while. */
  get isHeld(): boolean {
    return this.#port !== undefined || this.#state === "ENABLED";
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
      const { services } = this.options;
      const { bsses } = this.configuration;
      if (services) await services.follow(this.name, bsses);
      if (this.radius.needsPreparation(bsses)) await this.radius.prepare(bsses);
      if (attempt !== this.#attempt) throw new ConfigurationError(`${this.name} was disabled while it came up`);
      if (this.settings.driver === "none") this.#comeUpWithoutRadio();
      else await this.#bringUp(attempt);
    } catch (thrown) {
      if (attempt === this.#attempt) {
        this.#tearDown("DISABLED");
        this.#endServices();
      }
      throw thrown;
    }
  }

  /** Everybody is told, and the interfaces are as they were found. */
  disable(): void {
    this.#attempt += 1;
    this.outages.stop();
    this.#tearDown("DISABLED");
    this.#endServices();
  }

  /** One more BSS, at once where the radio is up. @throws KernelRefusal, ConfigurationError; there is none then */
  addBss(settings: BssSettings): void {
    const before = this.configuration;
    if (before.bsses.some((bss) => bss.interface === settings.interface)) {
      throw new ConfigurationError(`interface ${settings.interface} is configured twice`);
    }
    this.#expectSettled();
    const configuration = { ...before, bsses: [...before.bsses, settings] };
    if (this.#state !== "ENABLED") return this.configureAnew(configuration);
    this.#inForce.configureBsses(configuration.bsses);
    try {
      this.startBss(settings);
    } catch (thrown) {
      this.#inForce.configureBsses(before.bsses);
      throw thrown;
    }
  }

  /** Any but the first, which is the radio's own. @returns false where there is no such BSS */
  removeBss(interfaceName: string): boolean {
    const { bsses } = this.configuration;
    const index = bsses.findIndex((bss) => bss.interface === interfaceName);
    if (index < 1) return false;
    this.#expectSettled();
    this.#inForce.configureBsses(bsses.toSpliced(index, 1));
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
    this.reportOf(settings.interface, { type: "ap-enabled" });
  }

  endBss(interfaceName: string): void {
    this.outages.forget(interfaceName);
    if (this.#running?.endOf(interfaceName)) this.reportOf(interfaceName, { type: "ap-disabled" });
  }

  /** Settings to be in force from the next {@link enable} on, or, for BSSs that are up, from now on where they can be. */
  configure(configuration: Configuration): void {
    this.#inForce.configure(configuration);
    for (const settings of configuration.bsses) this.#running?.find(settings.interface)?.change(settings);
    if (this.#state === "ENABLED") this.#followServices().catch((thrown) => this.log.error(messageOf(thrown)));
  }

  /** Settings of a radio that is not up, for when it is again. */
  configureAnew(configuration: Configuration): void {
    this.#inForce.configure(configuration);
    for (const { name } of this.bsses) this.outages.outdate(name);
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
      const plan = await reloading;
      if (this.#state === "ENABLED") await this.#followServices();
      return plan;
    } finally {
      this.#reloading = undefined;
      this.outages.onConfigured();
    }
  }

  /**
   * Goes to another channel with all stations. What is configured stays; from the switch on the request's settings say
   * where the radio is, until the configuration names another channel.
   * @throws ConfigurationError, KernelRefusal; nothing has changed then
   */
  switchChannel(request: ChannelSwitchRequest): void {
    this.switching.begin(request);
  }

  /** Settles when the switch that is on its way is over, or given up; at once where there is none. */
  switched(): Promise<void> {
    return this.switching.over();
  }

  /** The driver has gone to another channel: here it is from now on. */
  moveTo(plan: ChannelPlan): void {
    if (!this.#running || this.#running.plan === plan) return;
    this.#running.plan = plan;
    this.coexistence.begin(plan);
    this.#inForce.moveTo(plan.settings);
    this.report({ type: "channel", channel: plan.definition });
  }

  /** All BSSs show what has changed. */
  refreshBeacons(): void {
    this.coexistence.update();
    if (!this.#shown.changes(this)) return;
    for (const bss of this.bsses) bss.refreshBeacon();
  }

  /** Entries of the file that a BSS's settings name. @throws ConfigurationError */
  readPsks({ wpa_psk_file }: BssSettings): PskEntries {
    return wpa_psk_file === undefined ? PskEntries.none : this.options.readPskFile(wpa_psk_file);
  }

  #comeUpWithoutRadio(): void {
    this.setState("ENABLED");
    for (const { interface: name } of this.configuration.bsses) this.reportOf(name, { type: "ap-enabled" });
  }

  async #followServices(): Promise<void> {
    await this.options.services?.follow(this.name, this.configuration.bsses);
  }

  #endServices(): void {
    this.options.services?.follow(this.name, []).catch((thrown) => this.log.error(messageOf(thrown)));
  }

  async #bringUp(attempt: number): Promise<void> {
    const port = openRadioPort(this, (event) => onRadioEvent(this, event));
    this.#port = port;
    if (port.isRfkillBlocked()) throw switchedOff(this.name);
    await this.#applyCountry(port);
    if (attempt !== this.#attempt) throw new ConfigurationError(`${this.name} was disabled while it came up`);

    const capabilities = port.capabilities();
    const plan = firstPlan(this, capabilities);
    const running = new Running({
      port,
      capabilities,
      plan,
      bssColor: initialBssColor(this.settings, this.options.entropy.bytes(1)[0] ?? 0),
      configuration: () => this.configuration,
      create: (settings, on) => this.#createBss(settings, on),
      onEvent: (bss, event) => onBssEvent(this, bss, event),
      onSilence: (bss) => this.forget(bss),
    });
    this.#running = running;
    await this.#lookAround(running, attempt);
    applyThresholds(port, this.settings);
    for (const settings of this.configuration.bsses) this.#startOneOfAll(running, settings);
    warnOfAddresses(this, running);
    port.watchNeighbours();
    this.#shown.changes(this);
    this.report({ type: "channel", channel: running.plan.definition });
    this.setState("ENABLED");
    this.airtime.start();
    for (const bss of running.bsses) this.reportOf(bss.name, { type: "ap-enabled" });
  }

  /** Looks for networks that 40 MHz would disturb, where the settings ask for as much. @throws KernelRefusal, ConfigurationError */
  async #lookAround(running: Running, attempt: number): Promise<void> {
    const [first] = this.configuration.bsses;
    const { plan } = running;
    this.coexistence.begin(plan);
    if (!first || !asksNeighbours(this.settings, running)) return;
    const bssPort = running.take(first);
    this.setState("HT_SCAN");
    const found = await this.scan.look(bssPort, affectedChannels(plan), this.log);
    if (attempt !== this.#attempt) throw new ConfigurationError(`${this.name} was disabled while it came up`);
    heedNeighbours(this, running, found);
  }

  /** Waits until the kernel has the country's rules, or goes on with those it has. */
  async #applyCountry(port: RadioPort): Promise<void> {
    const { country_code: wanted } = this.settings;
    this.rules.find(port);
    if (wanted === undefined || !isToBeAskedFor(port, wanted)) return;
    this.setState("COUNTRY_UPDATE");
    await this.ruleBy(wanted);
  }

  /** Waits until a country's rules are in force, where they aren't and the kernel decides. @throws KernelRefusal */
  async ruleBy(alpha2: string): Promise<void> {
    const port = this.#port;
    if (!port || !isToBeAskedFor(port, alpha2)) return;
    await this.rules.ask(port, alpha2, this.log);
    this.#running?.renewCapabilities();
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
    this.#shown.changes(this);
  }

  /** Without the first BSS there is nothing; without one of the others there are still the rest. @throws KernelRefusal, ConfigurationError */
  #startOneOfAll(running: Running, settings: BssSettings): void {
    try {
      running.start(settings);
    } catch (thrown) {
      if (running.bsses.length < 2 || !(thrown instanceof BeaconError)) throw thrown;
      running.endOf(settings.interface);
      this.outages.onFailed(settings.interface, thrown);
    }
  }

  /** @throws ConfigurationError while a reload waits for something */
  #expectSettled(): void {
    if (this.#reloading) throw new ConfigurationError(`${this.name} is being reloaded`);
  }

  #createBss(settings: BssSettings, running: Running): Bss {
    const { clock, entropy, log } = this.options;
    return new Bss({
      settings,
      radio: viewOf(this, running),
      clock,
      entropy,
      log: limitedLog(log.for(settings.interface), clock),
      report: (event) => this.reportOf(settings.interface, event),
      pskEntries: this.readPsks(settings),
      pskTables: this.pskTables,
      saeTools: this.options.saeTools,
      openBackend: this.options.openBackend ?? openRadiusBackend,
      radius: this.radius,
      openEthernet: this.options.openEthernet,
      bans: this.options.bans,
    });
  }

  #tearDown(state: RadioState): void {
    const wasUp = this.#state === "ENABLED";
    this.rules.end();
    this.scan.finish(true);
    this.coexistence.end();
    this.neighbours.forget();
    this.switching.abandon();
    this.coloring.abandon();
    this.airtime.stop();
    for (const bss of this.bsses) {
      this.#running?.end(bss);
      if (wasUp) this.reportOf(bss.name, { type: "ap-disabled" });
    }
    if (wasUp && this.settings.driver === "none") {
      for (const { interface: name } of this.configuration.bsses) this.reportOf(name, { type: "ap-disabled" });
    }
    this.#running = undefined;
    this.outages.clear();
    this.#port?.close();
    this.#port = undefined;
    this.setState(state);
  }

  /** Everything from the beginning. @throws KernelRefusal, ConfigurationError */
  startAnew(): Promise<void> {
    this.#tearDown("DISABLED");
    return this.enable();
  }

  /** The BSS leaves the air, or has left it: nothing that is on its way waits for it any more. */
  forget(bss: Bss): void {
    this.switching.forget(bss);
    this.coloring.forget(bss);
  }

  setState(to: RadioState): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.log.info(`interface state ${from}->${to}`);
    this.report({ type: "state-changed", from, to });
    if (to === "COUNTRY_UPDATE" || to === "HT_SCAN") this.#onWait();
  }

  report(event: RadioEventBody): void {
    this.options.listener({ ...event, radio: this.name });
  }

  reportOf(bss: string, event: BssEventBody): void {
    this.options.listener({ ...event, bss, radio: this.name });
  }
}
