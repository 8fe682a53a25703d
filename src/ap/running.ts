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

export class Running {
  readonly port: RadioPort;
  readonly capabilities: RadioCapabilities;
  /** Another one once the radio has moved to another channel. */
  plan: ChannelPlan;
  #bsses: readonly Bss[] = [];
  readonly #ports = new Map<Bss, BssPort>();

  constructor(readonly options: RunningOptions) {
    this.port = options.port;
    this.capabilities = options.capabilities;
    this.plan = options.plan;
  }

  /** In the order of the configuration. */
  get bsses(): readonly Bss[] {
    return this.#bsses;
  }

  find(interfaceName: string): Bss | undefined {
    return this.#bsses.find((bss) => bss.name === interfaceName);
  }

  /** Takes an interface and starts a BSS on it. @throws KernelRefusal, ConfigurationError; {@link end} cleans up then */
  start(settings: BssSettings): Bss {
    const bss = this.options.create(settings, this);
    this.#bsses = [...this.#bsses, bss];
    const port = this.port.openBss(openOptions(settings), (event) => this.options.onEvent(bss, event));
    this.#ports.set(bss, port);
    bss.log.info(`Using interface ${bss.name} with hwaddr ${port.address} and ssid "${printable(settings.ssid)}"`);
    bss.start(port);
    return bss;
  }

  /** Everybody is told, and the interface is as it was found. */
  end(bss: Bss): void {
    bss.dispose();
    this.#ports.get(bss)?.close();
    this.#ports.delete(bss);
    this.#bsses = this.#bsses.filter((other) => other !== bss);
  }
}

const openOptions = (settings: BssSettings) => ({
  interfaceName: settings.interface,
  ...(settings.bssid === undefined ? {} : { address: settings.bssid }),
  ...(settings.bridge === undefined ? {} : { bridge: settings.bridge }),
});
