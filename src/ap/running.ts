/** What a radio that is up consists of: the driver's port, where it is on the air, and its BSSs with their interfaces. */

import { KernelRefusal } from "../base/errors.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings, Configuration } from "../config/registry.ts";
import type { BssColor, BssEvent, BssPort, OpenBss, RadioCapabilities, RadioPort } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import { addressFor, nextAddress } from "./bss-addresses.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import { printable } from "./ssid-text.ts";

export interface RunningOptions {
  readonly port: RadioPort;
  readonly capabilities: RadioCapabilities;
  readonly plan: ChannelPlan;
  readonly bssColor: BssColor;
  readonly configuration: () => Configuration;
  /** A BSS that has no interface yet. @throws ConfigurationError */
  readonly create: (settings: BssSettings, running: Running) => Bss;
  readonly onEvent: (bss: Bss, event: BssEvent) => void;
  /** It is about to leave the air. */
  readonly onSilence: (bss: Bss) => void;
}

/** An interface and the BSS that is on it. */
interface Slot {
  bss: Bss;
  port: BssPort | undefined;
  hasBegun: boolean;
}

export class Running {
  readonly port: RadioPort;
  capabilities: RadioCapabilities;
  /** Another one once the radio has moved to another channel. */
  plan: ChannelPlan;
  /** Another one after a change that has been announced. */
  bssColor: BssColor;
  /** Of the BSS that was the first: the others count on from it. */
  #first: MacAddress | undefined;
  #slots: readonly Slot[] = [];

  constructor(readonly options: RunningOptions) {
    this.port = options.port;
    this.capabilities = options.capabilities;
    this.plan = options.plan;
    this.bssColor = options.bssColor;
  }

  /** In the order in which they came. */
  get bsses(): readonly Bss[] {
    return this.#slots.map(({ bss }) => bss);
  }

  find(interfaceName: string): Bss | undefined {
    return this.#slots.find(({ bss }) => bss.name === interfaceName)?.bss;
  }

  /** After the country's rules have changed what the channels may be used for. */
  renewCapabilities(): void {
    this.capabilities = this.port.capabilities();
    const band = this.capabilities.bands.find(({ name }) => name === this.plan.band.name);
    if (band) this.plan = { ...this.plan, band };
  }

  /** The address of an interface that is taken, whether its BSS has begun or not. */
  addressOf(interfaceName: string): MacAddress | undefined {
    return this.#slotsOf([interfaceName])[0]?.port?.address;
  }

  /** Takes an interface for a BSS that {@link start} begins. @throws KernelRefusal, ConfigurationError; {@link end} cleans up then */
  take(settings: BssSettings): BssPort {
    return this.#take(settings).port;
  }

  /** Starts a BSS on its interface, which is taken where it isn't yet. @throws KernelRefusal, ConfigurationError; {@link end} cleans up then */
  start(settings: BssSettings): Bss {
    const taken = this.#slotsOf([settings.interface]).find(({ hasBegun }) => !hasBegun);
    const slot = taken ?? this.#take(settings).slot;
    this.#begin(slot);
    return slot.bss;
  }

  #take(settings: BssSettings): { readonly slot: Slot; readonly port: BssPort } {
    const slot: Slot = { bss: this.options.create(settings, this), port: undefined, hasBegun: false };
    this.#slots = [...this.#slots, slot];
    const port = this.#open(slot, settings);
    slot.port = port;
    if (this.#isFirst(settings)) this.#first = port.address;
    return { slot, port };
  }

  #isFirst(settings: BssSettings): boolean {
    return settings.interface === this.options.configuration().bsses[0]?.interface;
  }

  /** @throws KernelRefusal, ConfigurationError */
  #open(slot: Slot, settings: BssSettings): BssPort {
    const { radio, bsses } = this.options.configuration();
    const inUse = new Set(this.#slots.flatMap(({ port }) => (port ? [port.address] : [])));
    const configured = new Set(bsses.flatMap(({ bssid }) => (bssid === undefined ? [] : [bssid])));
    const first = this.#isFirst(settings) ? undefined : this.#first;
    const open = (address: MacAddress | undefined): BssPort =>
      this.port.openBss(openOptions(settings, address), (event) => this.options.onEvent(slot.bss, event));
    const address = addressFor(settings, radio, { first, inUse, configured });
    if (address !== undefined || first === undefined) return open(address);
    // Not every driver gives each interface an address of its own; then the kernel refuses, or does not.
    const next = nextAddress(first, new Set([...inUse, ...configured]));
    let port: BssPort;
    try {
      port = open(undefined);
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal) || thrown.errno !== "ENOTUNIQ") throw thrown;
      return open(next);
    }
    if (!inUse.has(port.address)) return port;
    port.close();
    return open(next);
  }

  /** Everybody is told, and the interface is as it was found. */
  end(bss: Bss): void {
    const slot = this.#slots.find((candidate) => candidate.bss === bss);
    this.options.onSilence(bss);
    bss.dispose();
    slot?.port?.close();
    this.#slots = this.#slots.filter((other) => other !== slot);
  }

  /** @returns false where there is no such BSS */
  endOf(interfaceName: string): boolean {
    const bss = this.find(interfaceName);
    if (bss) this.end(bss);
    return bss !== undefined;
  }

  /** Everybody on these interfaces is told, and nothing is on the air there until {@link begin}. */
  silence(interfaceNames: readonly string[]): void {
    for (const { bss } of this.#slotsOf(interfaceNames)) {
      this.options.onSilence(bss);
      bss.dispose();
    }
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

  #begin(slot: Slot): void {
    const { bss, port } = slot;
    if (!port) return;
    slot.hasBegun = true;
    bss.log.info(`Using interface ${bss.name} with hwaddr ${port.address} and ssid "${printable(bss.settings.ssid)}"`);
    bss.start(port);
  }
}

const openOptions = (settings: BssSettings, address: MacAddress | undefined) => ({
  interfaceName: settings.interface,
  ...(address === undefined ? {} : { address }),
  ...bridgeOptions(settings),
});

/** The bridge, and what it is to do at this port. */
export const bridgeOptions = (settings: BssSettings): Pick<OpenBss, "bridge" | "bridgePort"> => ({
  ...(settings.bridge === undefined ? {} : { bridge: settings.bridge }),
  ...bridgePortOptions(settings),
});

/** Ports that nobody says anything about are left as the bridge has them. */
function bridgePortOptions(settings: BssSettings): Partial<Pick<OpenBss, "bridgePort">> {
  const { bridge_hairpin: hairpin, bridge_multicast_to_unicast: multicastToUnicast } = settings;
  if (!hairpin && !multicastToUnicast) return {};
  return {
    bridgePort: { ...(hairpin ? { hairpin } : {}), ...(multicastToUnicast ? { multicastToUnicast } : {}) },
  };
}
