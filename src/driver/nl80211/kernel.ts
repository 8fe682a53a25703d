import { MalformedError } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";
import { KernelRefusal, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Host } from "../../linux/host.ts";
import { NetlinkClient } from "../../linux/netlink-client.ts";
import type { Rfkill } from "../../linux/rfkill.ts";
import { decodeLinkEvent, type LinkEvent, RouteClient } from "../../linux/rtnetlink.ts";
import type { Family } from "../../wire/netlink/generic.ts";
import { linkGroup } from "../../wire/netlink/route.ts";
import type { BssEvent, RadioEvent, RegulatoryDomain } from "../port.ts";
import { decodeEvent } from "./events.ts";
import { FrameSocket } from "./frames.ts";
import { SharedLinks } from "./shared-links.ts";
import { Nl80211Socket, resolveFamily } from "./socket.ts";

/** Whom the kernel's events go to. */
export interface BssSubscriber {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  onEvent(event: BssEvent): void;
  onLink(event: LinkEvent): void;
}

export interface VlanSubscriber {
  onEvent(event: BssEvent): void;
  /** Something has happened to the interface. */
  onLink(): void;
}

export interface RadioSubscriber {
  readonly phy: string;
  readonly wiphy: number;
  onEvent(event: RadioEvent): void;
  onRegulatory(domain: RegulatoryDomain | undefined): void;
}

/** What goes wrong in bursts is told at most once in this time. */
const quietTime = seconds(10);

function onceInAWhile(clock: Clock, tell: (text: string) => void): (text: string) => void {
  let last: Duration | undefined;
  return (text) => {
    if (last !== undefined && since(clock, last) < quietTime) return;
    last = clock.now();
    tell(text);
  };
}

/** What all radios of the process share: the sockets for commands and events, and the network interfaces. */
export class Kernel {
  readonly commands: Nl80211Socket;
  readonly frames: FrameSocket;
  readonly routes: RouteClient;
  readonly rfkill: Rfkill;
  readonly sharedLinks: SharedLinks;
  readonly #host: Host;
  readonly #log: Log;
  readonly #family: Family;
  readonly #links: NetlinkClient;
  readonly #opened: readonly { close(): void }[];
  readonly #bssByIndex = new Map<number, BssSubscriber>();
  readonly #bssByName = new Map<string, BssSubscriber>();
  readonly #radios = new Map<number, RadioSubscriber>();
  readonly #vlanByIndex = new Map<number, VlanSubscriber>();

  readonly #complain: (text: string) => void;

  /** @throws KernelRefusal ENOENT where the kernel has no nl80211 */
  constructor(host: Host, clock: Clock, log: Log) {
    this.#host = host;
    this.#log = log;
    this.#complain = onceInAWhile(clock, (text) => log.warning(text));
    const opened: { close(): void }[] = [];
    const open = <T extends { close(): void }>(closable: T): T => {
      opened.push(closable);
      return closable;
    };
    try {
      const commands = open(host.openNetlink("generic"));
      this.#family = resolveFamily(commands);
      this.commands = new Nl80211Socket(commands, this.#family, log);

      open(this.#listenTo("regulatory"));
      open(this.#listenTo("scan"));
      this.frames = open(new FrameSocket(() => this.#listenTo("mlme")));

      this.routes = open(new RouteClient(host.openNetlink("route")));
      const links = open(host.openNetlink("route"));
      links.join(linkGroup);
      this.#links = new NetlinkClient(links);
      links.onReadable(() => this.#drainLinks());

      this.rfkill = open(
        host.openRfkill((phy, state) => {
          const blocked = state.soft || state.hard;
          for (const radio of [...this.#radios.values()])
            if (radio.phy === phy) radio.onEvent({ type: "rfkill", blocked });
        }),
      );
    } catch (error) {
      for (const closable of opened) closable.close();
      throw error;
    }
    this.#opened = opened;
    this.sharedLinks = new SharedLinks(this.routes, host, log, (step) => this.tolerate(step, "ENODEV"));
    this.tolerate(() => this.sharedLinks.sweep());
  }

  subscribeBss(subscriber: BssSubscriber): () => void {
    this.#bssByIndex.set(subscriber.interfaceIndex, subscriber);
    this.#bssByName.set(subscriber.interfaceName, subscriber);
    return () => {
      if (this.#bssByIndex.get(subscriber.interfaceIndex) === subscriber)
        this.#bssByIndex.delete(subscriber.interfaceIndex);
      if (this.#bssByName.get(subscriber.interfaceName) === subscriber)
        this.#bssByName.delete(subscriber.interfaceName);
    };
  }

  /** What the kernel tells of the stations in a VLAN it tells under that interface's index. */
  subscribeVlan(ifIndex: number, subscriber: VlanSubscriber): () => void {
    this.#vlanByIndex.set(ifIndex, subscriber);
    return () => {
      if (this.#vlanByIndex.get(ifIndex) === subscriber) this.#vlanByIndex.delete(ifIndex);
    };
  }

  subscribeRadio(subscriber: RadioSubscriber): () => void {
    this.#radios.set(subscriber.wiphy, subscriber);
    return () => {
      if (this.#radios.get(subscriber.wiphy) === subscriber) this.#radios.delete(subscriber.wiphy);
    };
  }

  /** Runs a command whose failure changes nothing for us. */
  tolerate(action: () => void, ...expected: readonly string[]): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      if (!expected.includes(error.errno)) this.#log.debug(`nl80211: ${error.message}`);
    }
  }

  close(): void {
    for (const closable of this.#opened) closable.close();
  }

  #listenTo(group: string): Nl80211Socket {
    const socket = new Nl80211Socket(this.#host.openNetlink("generic"), this.#family, this.#log);
    try {
      socket.join(group);
      socket.listen({
        onMessage: (message) => this.#dispatch(message),
        onOverrun: () => this.#onOverrun(),
      });
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  #dispatch(message: Parameters<typeof decodeEvent>[0]): void {
    const decoded = decodeEvent(message);
    if (decoded === undefined) return;
    switch (decoded.scope) {
      case "bss":
        (this.#bssByIndex.get(decoded.ifIndex) ?? this.#vlanByIndex.get(decoded.ifIndex))?.onEvent(decoded.event);
        return;
      case "radio":
        this.#radios.get(decoded.wiphy)?.onEvent(decoded.event);
        return;
      case "regulatory":
        for (const radio of [...this.#radios.values()])
          if (decoded.wiphy === undefined || decoded.wiphy === radio.wiphy) radio.onRegulatory(decoded.domain);
        return;
    }
  }

  #onOverrun(): void {
    this.#complain("nl80211: the kernel dropped events, asking anew");
    for (const bss of [...this.#bssByIndex.values()]) bss.onEvent({ type: "events-lost" });
    for (const radio of [...this.#radios.values()]) radio.onRegulatory(undefined);
  }

  #drainLinks(): void {
    for (;;) {
      try {
        const message = this.#links.nextEvent();
        if (message === undefined) return;
        if (message === "overrun") {
          this.#resynchroniseLinks();
          continue;
        }
        const event = decodeLinkEvent(message);
        if (event !== undefined) this.#onLink(event);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        this.#log.debug(`rtnetlink: ${messageOf(error)}`);
      }
    }
  }

  #onLink(event: LinkEvent): void {
    const index = event.type === "present" ? event.link.index : event.index;
    const name = event.type === "present" ? event.link.name : event.name;
    const subscriber = this.#bssByIndex.get(index) ?? this.#vlanByIndex.get(index) ?? this.#bssByName.get(name);
    // What is asked of it meanwhile may be refused: it can be gone again.
    this.tolerate(() => subscriber?.onLink(event));
  }

  #resynchroniseLinks(): void {
    const present = new Set<number>();
    for (const link of this.routes.links()) {
      present.add(link.index);
      this.#onLink({ type: "present", link });
    }
    for (const { interfaceIndex: index, interfaceName: name } of [...this.#bssByIndex.values()])
      if (!present.has(index)) this.#onLink({ type: "removed", index, name });
    for (const vlan of [...this.#vlanByIndex.values()]) this.tolerate(() => vlan.onLink());
  }
}
