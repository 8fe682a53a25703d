/** The driver for Linux's own Wi-Fi drivers: cfg80211's nl80211 over generic netlink. */

import type { Clock } from "../../base/clock.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { type Host, linuxHost } from "../../linux/host.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { RouteClient } from "../../linux/rtnetlink.ts";
import { getInterface, interfaceDescription } from "../../wire/nl80211/interface.ts";
import type { Driver, OpenRadio, RadioEvent, RadioPort } from "../port.ts";
import { Kernel } from "./kernel.ts";
import { Nl80211Radio } from "./radio.ts";
import { watchInterface } from "./watch.ts";

export const openNl80211Driver = (reactor: Reactor, clock: Clock, log: Log): Driver =>
  new Nl80211Driver(linuxHost(reactor), clock, log);

export class Nl80211Driver implements Driver {
  readonly name = "nl80211";
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #radios = new Set<RadioPort>();
  #kernel: Kernel | undefined;

  constructor(host: Host, clock: Clock, log: Log) {
    this.#host = host;
    this.#clock = clock;
    this.#log = log;
  }

  openRadio(interfaceName: string, listener: (event: RadioEvent) => void, options: OpenRadio = {}): RadioPort {
    const ifIndex = this.#interfaceIndex(interfaceName);
    const kernel = this.#open();
    const wiphy = wiphyOf(kernel, ifIndex);
    const log = this.#log.for(interfaceName);
    const radio = new Nl80211Radio(
      this.#host,
      kernel,
      log,
      wiphy,
      options,
      listener,
      () => void this.#radios.delete(radio),
    );
    this.#radios.add(radio);
    return radio;
  }

  watch(interfaceName: string, onHope: () => void): { stop(): void } {
    return watchInterface(this.#host, interfaceName, onHope);
  }

  close(): void {
    for (const radio of [...this.#radios].reverse()) radio.close();
    this.#kernel?.close();
    this.#kernel = undefined;
  }

  /** @throws KernelRefusal ENODEV */
  #interfaceIndex(name: string): number {
    const routes = new RouteClient(this.#host.openNetlink("route"));
    try {
      const link = routes.link(name);
      if (link === undefined) throw new KernelRefusal("RTM_GETLINK", "ENODEV");
      return link.index;
    } finally {
      routes.close();
    }
  }

  /** A kernel without nl80211 has no Wi-Fi interfaces. */
  #open(): Kernel {
    try {
      this.#kernel ??= new Kernel(this.#host, this.#clock, this.#log);
      return this.#kernel;
    } catch (error) {
      if (error instanceof KernelRefusal && error.errno === "ENOENT")
        throw new KernelRefusal(error.request, "EOPNOTSUPP", "the kernel has no nl80211");
      throw error;
    }
  }
}

function wiphyOf(kernel: Kernel, ifIndex: number): number {
  try {
    return interfaceDescription.decode(kernel.commands.query(getInterface.build({ ifIndex }))).wiphy;
  } catch (error) {
    if (error instanceof KernelRefusal && error.errno === "ENODEV")
      throw new KernelRefusal(error.request, "EOPNOTSUPP", "no Wi-Fi interface");
    throw error;
  }
}
