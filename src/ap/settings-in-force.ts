/** A radio's settings: as they are configured, and as they are where the radio has gone elsewhere since. */

import type { BssSettings, Configuration, RadioSettings } from "../config/registry.ts";
import { type ChannelSettings, sameChannelSettings } from "./channel-keys.ts";

export class SettingsInForce {
  #configuration: Configuration;
  /** Where the radio has gone, and stays as long as the configuration names the same place as it did. */
  #moved: ChannelSettings | undefined;
  /** {@link at}, as they were put together last. */
  #present:
    | { readonly radio: RadioSettings; readonly place: ChannelSettings; readonly settings: RadioSettings }
    | undefined;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  configure(configuration: Configuration): void {
    if (!sameChannelSettings(this.#configuration.radio, configuration.radio)) this.#moved = undefined;
    this.#configuration = configuration;
  }

  /** Other BSSs, the radio as it is. */
  configureBsses(bsses: readonly BssSettings[]): void {
    this.#configuration = { ...this.#configuration, bsses };
  }

  /** The radio is there now, by the configuration or otherwise. */
  moveTo(place: ChannelSettings): void {
    this.#moved = sameChannelSettings(place, this.#configuration.radio) ? undefined : place;
  }

  /** @param place where the radio is; undefined while it is nowhere: it will be where it was last */
  at(place: ChannelSettings | undefined): RadioSettings {
    const { radio } = this.#configuration;
    const there = place ?? this.#moved;
    if (!there) return radio;
    if (this.#present?.radio !== radio || this.#present.place !== there) {
      this.#present = { radio, place: there, settings: { ...radio, ...there } };
    }
    return this.#present.settings;
  }
}
