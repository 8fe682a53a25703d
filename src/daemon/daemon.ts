/** The composition root: radios, the control socket that steers them, and who hears what happens. */

import type { ApEvent } from "../ap/events.ts";
import { Radio } from "../ap/radio.ts";
import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import { ConfigurationError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { BssSettings, Configuration } from "../config/registry.ts";
import type { Driver } from "../driver/port.ts";
import { readPskFile } from "./read-configuration.ts";

export interface DaemonParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface RadioEntry {
  readonly radio: Radio;
  /** The file it was read from, for reloading. */
  readonly file: string | undefined;
}

export class Daemon {
  readonly #radios = new Map<string, RadioEntry>();
  readonly #listeners = new Set<(event: ApEvent) => void>();

  constructor(readonly parts: DaemonParts) {}

  get radios(): readonly RadioEntry[] {
    return [...this.#radios.values()];
  }

  listen(listener: (event: ApEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** @throws ConfigurationError where the interface is there already */
  add(configuration: Configuration, file?: string): Radio {
    const name = configuration.bsses[0]?.interface ?? "";
    if (name === "") throw new ConfigurationError("no interface is named");
    if (this.#radios.has(name)) throw new ConfigurationError(`interface ${name} is configured twice`);
    const { log } = this.parts;
    const radio = new Radio({
      ...this.parts,
      configuration,
      listener: (event) => this.#tell(event),
      readPskFile: (path) => readPskFile(path, log),
    });
    this.#radios.set(name, { radio, file });
    return radio;
  }

  find(name: string): RadioEntry | undefined {
    return this.#radios.get(name);
  }

  /** The settings of a BSS by its interface, whether it is up or not. */
  findBss(interfaceName: string): BssSettings | undefined {
    for (const { radio } of this.#radios.values()) {
      const found = radio.configuration.bsses.find((bss) => bss.interface === interfaceName);
      if (found) return found;
    }
    return undefined;
  }

  remove(name: string): boolean {
    const entry = this.#radios.get(name);
    if (!entry) return false;
    this.#radios.delete(name);
    entry.radio.disable();
    return true;
  }

  /** Everybody is told, everything is as it was found. */
  stop(): void {
    for (const name of [...this.#radios.keys()].reverse()) this.remove(name);
    this.parts.driver.close();
  }

  #tell(event: ApEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
