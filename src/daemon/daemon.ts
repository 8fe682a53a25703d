/** The composition root: radios, and who hears what happens on them. */

import { availableParallelism } from "node:os";
import type { OpenBackend } from "../ap/backend.ts";
import type { ApEvent } from "../ap/events.ts";
import { forgetElsewhere } from "../ap/moving.ts";
import { Neighbourhood } from "../ap/neighbourhood.ts";
import { PskDeriver } from "../ap/psk-deriver.ts";
import { PskTables } from "../ap/psk-tables.ts";
import { Radio } from "../ap/radio.ts";
import type { RadiusShared } from "../ap/radius/shared.ts";
import type { SaeTools } from "../ap/sae.ts";
import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import { ConfigurationError } from "../base/errors.ts";
import type { OpenEthernet } from "../base/ethernet-tap.ts";
import type { Log } from "../base/log.ts";
import { checkConfiguration } from "../config/check.ts";
import { isError } from "../config/problem.ts";
import type { BssSettings, Configuration } from "../config/registry.ts";
import { DeviceList, forgetful } from "../control/devices.ts";
import { derivePskInBackground } from "../crypto/psk.ts";
import type { Driver } from "../driver/port.ts";
import { RecordBook } from "../observe/record/book.ts";
import type { RadiusServers } from "./radius-server/services.ts";
import { readConfiguration, readPskFile } from "./read-configuration.ts";

export interface DaemonParts {
  readonly driver: Driver;
  /** Of Ethernet ports; undefined where there are none. */
  readonly wiredDriver?: Driver;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly saeTools: SaeTools;
  /** What `openBackend` computes with; closed at the end. */
  readonly eapWorkers?: { close(): void };
  readonly openBackend: OpenBackend;
  /** undefined where there is nothing but access points. */
  readonly radiusServers?: RadiusServers;
  readonly radius: RadiusShared;
  readonly openEthernet: OpenEthernet;
  /** Names and bans that outlive the daemon; it forgets them where undefined. */
  readonly devices?: DeviceList;
}

/** Where a radio's configuration comes from, for reading it again. */
interface Source {
  readonly radio: Radio;
  /** The radio's own, with one BSS or several. */
  readonly file: string | undefined;
  /** Of further BSSs, one each. */
  readonly bssFiles: readonly BssFile[];
  /** -i, in place of what the file says. */
  readonly interfaceName: string | undefined;
  /** The name that `-b` and `ADD bss_config=` know the radio by. */
  readonly phy: string | undefined;
}

interface BssFile {
  readonly file: string;
  readonly interfaceName: string;
}

/** One processor is left for everything else; Node has four threads for such work. */
const derivingThreads = (): number => Math.min(4, Math.max(1, availableParallelism() - 1));

export class Daemon {
  /** Networks with the same SSID and passwords share what was derived. */
  readonly #neighbourhood = new Neighbourhood();
  readonly #pskTables = new PskTables(new PskDeriver(derivePskInBackground, derivingThreads()));
  readonly #sources = new Set<Source>();
  readonly #listeners = new Set<(event: ApEvent) => void>();

  readonly records: RecordBook;
  readonly devices: DeviceList;
  /** Seconds of UNIX time. */
  readonly started: number;

  constructor(readonly parts: DaemonParts) {
    const { clock } = parts;
    this.started = clock.unixTime();
    this.devices = parts.devices ?? new DeviceList(clock, forgetful);
    this.records = new RecordBook({ clock, settingsOf: (name) => this.settingsOf(name) });
    // A station has left where it was before it is in elsewhere, also in the record.
    this.listen((event) => forgetElsewhere(this.radios, event));
    this.listen((event) => this.records.onEvent(event));
  }

  /** In the order they were added. */
  get radios(): readonly Radio[] {
    return [...this.#sources].map(({ radio }) => radio);
  }

  listen(listener: (event: ApEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** The settings of a BSS by its interface, whether it is up or not. */
  settingsOf(interfaceName: string): BssSettings | undefined {
    for (const radio of this.radios) {
      const found = radio.configuration.bsses.find((bss) => bss.interface === interfaceName);
      if (found) return found;
    }
    return undefined;
  }

  /** A radio that is not enabled yet. @throws ConfigurationError where one of the interfaces is there already */
  add(configuration: Configuration, from: Partial<Omit<Source, "radio">> = {}): Radio {
    const [first] = configuration.bsses;
    if (!first?.interface) throw new ConfigurationError("no interface is named");
    for (const bss of configuration.bsses) this.#expectNew(bss.interface);
    const { log, radiusServers } = this.parts;
    const radio = new Radio({
      ...this.parts,
      driver: this.#driverOf(configuration),
      configuration,
      listener: (event) => this.#tell(event),
      readPskFile: (path) => readPskFile(path, log),
      pskTables: this.#pskTables,
      neighbourhood: this.#neighbourhood,
      bans: this.devices,
      ...(radiusServers === undefined ? {} : { services: radiusServers }),
    });
    this.#sources.add({ radio, file: undefined, bssFiles: [], interfaceName: undefined, phy: undefined, ...from });
    return radio;
  }

  /**
   * The BSS of a file of its own, on the radio that is known by this name; the first makes the radio known.
   * @throws KernelRefusal, ConfigurationError
   */
  addBss(phy: string, file: string): Radio {
    const configuration = readConfiguration(file, this.parts.log);
    const known = [...this.#sources].find((source) => source.phy === phy || source.radio.phy === phy);
    if (!known) return this.add(configuration, { phy, file });
    const bss = onlyBss(configuration, file);
    this.#expectNew(bss.interface);
    const { radio } = known;
    expectConsistent({ ...radio.configuration, bsses: [...radio.configuration.bsses, bss] });
    radio.addBss(bss);
    this.#replace(known, { bssFiles: [...known.bssFiles, { file, interfaceName: bss.interface }] });
    return radio;
  }

  /** A radio by its first interface, or one BSS of a radio. @returns false where there is no such interface */
  remove(interfaceName: string): boolean {
    for (const source of this.#sources) {
      const { radio, bssFiles } = source;
      if (radio.name === interfaceName) {
        // Its settings say until its end what of it is logged.
        radio.disable();
        this.#sources.delete(source);
        return true;
      }
      if (radio.removeBss(interfaceName)) {
        this.#replace(source, { bssFiles: bssFiles.filter((each) => each.interfaceName !== interfaceName) });
        return true;
      }
    }
    return false;
  }

  /**
   * A radio's files as they are now.
   * @throws ConfigurationError where one can't be read or has errors, or names an interface that another radio has
   */
  readAgain(radio: Radio): Configuration {
    const { log } = this.parts;
    const source = this.#sourceOf(radio);
    if (source?.file === undefined) throw new ConfigurationError(`${radio.name} was not configured by a file`);
    const own = readConfiguration(source.file, log, source.interfaceName);
    const further = source.bssFiles.map(({ file }) => onlyBss(readConfiguration(file, log), file));
    const configuration = { ...own, bsses: [...own.bsses, ...further] };
    if (further.length > 0) expectConsistent(configuration);
    const present = new Set(radio.configuration.bsses.map((bss) => bss.interface));
    for (const bss of configuration.bsses) if (!present.has(bss.interface)) this.#expectNew(bss.interface);
    return configuration;
  }

  hasFile(radio: Radio): boolean {
    return this.#sourceOf(radio)?.file !== undefined;
  }

  /** Everybody is told, everything is as it was found. */
  async stop(): Promise<void> {
    for (const bss of this.radios.flatMap(({ bsses }) => bsses)) if (bss.isBeaconing) this.records.onStopping(bss.name);
    for (const { radio } of [...this.#sources].reverse()) this.remove(radio.name);
    this.parts.driver.close();
    this.parts.wiredDriver?.close();
    this.parts.saeTools.close();
    this.parts.eapWorkers?.close();
    await this.parts.radius.settle(this.parts.clock);
    this.parts.radiusServers?.closeAll();
    this.parts.radius.close();
  }

  /** @throws ConfigurationError */
  #driverOf({ radio }: Configuration): Driver {
    if (radio.driver !== "wired") return this.parts.driver;
    const { wiredDriver } = this.parts;
    if (wiredDriver === undefined) throw new ConfigurationError("there are no Ethernet ports here (driver=wired)");
    return wiredDriver;
  }

  /** In its place. */
  #replace(source: Source, changed: Partial<Source>): void {
    const all = [...this.#sources];
    this.#sources.clear();
    for (const each of all) this.#sources.add(each === source ? { ...source, ...changed } : each);
  }

  #sourceOf(radio: Radio): Source | undefined {
    return [...this.#sources].find((source) => source.radio === radio);
  }

  #expectNew(interfaceName: string): void {
    if (this.settingsOf(interfaceName)) throw new ConfigurationError(`interface ${interfaceName} is configured twice`);
  }

  #tell(event: ApEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** @throws ConfigurationError */
function onlyBss({ bsses }: Configuration, file: string): BssSettings {
  const [bss, ...more] = bsses;
  if (!bss || more.length > 0) throw new ConfigurationError(`Multiple BSSes specified in BSS-config '${file}'`);
  return bss;
}

/** @throws ConfigurationError where what is right by itself can't be together, as the same address twice */
function expectConsistent(configuration: Configuration): void {
  const errors = checkConfiguration(configuration).filter(isError);
  if (errors.length > 0) throw new ConfigurationError(errors.map(({ message }) => message).join("; "));
}
