/** What a radio that is up consists of: the driver's port, where it is on the air, and its BSSs with their interfaces. */

import type { BssSettings } from "../config/registry.ts";
import type { BssEvent, BssPort, RadioCapabilities, RadioPort } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import { printable } from "./ssid-text.ts";

export interface RunningOptions {
  readonly port: RadioPort;
  readonly capabilities: RadioCapabilities;
  readonly plan: ChannelPlan;
  /** A BSS that has no interface yet. @throws ConfigurationError */
  readonly create: (settings: BssSettings, running: Running) => Bss;
  readonly onEvent: (bss: Bss, event: BssEvent) => void;
}

/** An interface and the BSS that is on it. */
interface Slot {
  bss: Bss;
  port: BssPort | undefined;
}

export class Running {
  readonly port: RadioPort;
  capabilities: RadioCapabilities;
  /** Another one once the radio has moved to another channel. */
  plan: ChannelPlan;
  #slots: readonly Slot[] = [];

  constructor(readonly options: RunningOptions) {
    this.port = options.port;
    this.capabilities = options.capabilities;
    this.plan = options.plan;
  }

  /** In the order in which they came. */
  get bsses(): readonly Bss[] {
    return this.#slots.map(({ bss }) => bss);
  }

  find(interfaceName: string): Bss | undefined {
    return this.#slots.find(({ bss }) => bss.name === interfaceName)?.bss;
  }

  /** Takes an interface and starts a BSS on it. @throws KernelRefusal, ConfigurationError; {@link end} cleans up then */
  start(settings: BssSettings): Bss {
    const slot: Slot = { bss: this.options.create(settings, this), port: undefined };
    this.#slots = [...this.#slots, slot];
    slot.port = this.port.openBss(openOptions(settings), (event) => this.options.onEvent(slot.bss, event));
    this.#begin(slot);
    return slot.bss;
  }

  /** Everybody is told, and the interface is as it was found. */
  end(bss: Bss): void {
    const slot = this.#slots.find((candidate) => candidate.bss === bss);
    bss.dispose();
    slot?.port?.close();
    this.#slots = this.#slots.filter((other) => other !== slot);
  }

  /** Everybody on these interfaces is told, and nothing is on the air there until {@link begin}. */
  silence(interfaceNames: readonly string[]): void {
    for (const slot of this.#slotsOf(interfaceNames)) slot.bss.dispose();
  }

  /** Another BSS, with other settings, on an interface that is silent. @throws KernelRefusal, ConfigurationError */
  begin(settings: BssSettings): void {
    for (const slot of this.#slotsOf([settings.interface])) {
      const { diversions } = slot.bss;
      slot.bss = this.options.create(settings, this);
      Object.assign(slot.bss.diversions, diversions);
      this.#begin(slot);
    }
  }

  #slotsOf(interfaceNames: readonly string[]): readonly Slot[] {
    return this.#slots.filter(({ bss }) => interfaceNames.includes(bss.name));
  }

  #begin({ bss, port }: Slot): void {
    if (!port) return;
    bss.log.info(`Using interface ${bss.name} with hwaddr ${port.address} and ssid "${printable(bss.settings.ssid)}"`);
    bss.start(port);
  }
}

const openOptions = (settings: BssSettings) => ({
  interfaceName: settings.interface,
  ...(settings.bssid === undefined ? {} : { address: settings.bssid }),
  ...(settings.bridge === undefined ? {} : { bridge: settings.bridge }),
});
