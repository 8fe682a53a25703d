/** The driver for Ethernet ports: an access point without a radio, for IEEE 802.1X on a wire (driver=wired). */

import { MalformedError } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Host } from "../../linux/host.ts";
import { NetlinkClient } from "../../linux/netlink-client.ts";
import { decodeLinkEvent, type Link, RouteClient } from "../../linux/rtnetlink.ts";
import { linkGroup } from "../../wire/netlink/route.ts";
import type { BssEvent, BssPort, Driver, OpenBss, RadioPort } from "../port.ts";
import { eapolEtherType, paeGroupAddress, WiredBss } from "./bss.ts";
import { wiredCapabilities } from "./capabilities.ts";

export function openWiredDriver(host: Host, log: Log): Driver {
  const radios = new Set<RadioPort>();
  return {
    name: "wired",
    openRadio(interfaceName) {
      linkOf(host, interfaceName);
      const radio = wiredRadio(host, log, interfaceName, () => void radios.delete(radio));
      radios.add(radio);
      return radio;
    },
    watch: (interfaceName, onHope) => ({
      stop: followLink(host, interfaceName, (link) => {
        if (link !== undefined) onHope();
      }),
    }),
    close() {
      for (const radio of [...radios]) radio.close();
    },
  };
}

function wiredRadio(host: Host, log: Log, interfaceName: string, onClose: () => void): RadioPort {
  let bss: BssPort | undefined;
  return {
    phy: interfaceName,
    capabilities: () => wiredCapabilities(interfaceName),
    regulatoryDomain: () => ({ alpha2: "00", initiator: "core" }),
    setCountry: () => undefined,
    setRtsThreshold: () => undefined,
    setFragmentationThreshold: () => undefined,
    isRfkillBlocked: () => false,
    watchNeighbours: () => undefined,
    openBss(options, listener) {
      if (options.interfaceName !== interfaceName || bss) {
        throw new KernelRefusal("NEW_INTERFACE", "EOPNOTSUPP", "an Ethernet port is one network");
      }
      const opened = openPort(host, log.for(interfaceName), options, listener, () => {
        bss = undefined;
      });
      bss = opened;
      return opened;
    },
    close() {
      bss?.close();
      onClose();
    },
  };
}

/** @throws KernelRefusal */
function openPort(
  host: Host,
  log: Log,
  { interfaceName }: OpenBss,
  listener: (event: BssEvent) => void,
  onClose: () => void,
): BssPort {
  const link = linkOf(host, interfaceName);
  const { address, index } = link;
  if (address === undefined) throw new KernelRefusal("RTM_GETLINK", "EOPNOTSUPP", "no Ethernet interface");
  const wasUp = link.up;
  if (!wasUp) setUp(host, index, true);
  const socket = host.openPacketSocket(index, eapolEtherType);
  try {
    socket.join(index, paeGroupAddress);
  } catch (thrown) {
    socket.close();
    throw thrown;
  }
  let present: Link | undefined = { ...link, up: true };
  const unfollow = followLink(host, interfaceName, (now) => {
    const before = present;
    present = now;
    if (before?.hasCarrier === true && now?.hasCarrier !== true) port.onCarrierLost();
    if (before && !now) listener({ type: "link", state: "removed" });
    else if (!before && now) listener({ type: "link", state: "added" });
    else if (before && now && before.up !== now.up) listener({ type: "link", state: now.up ? "up" : "down" });
  });
  const port = new WiredBss({ name: interfaceName, index, address }, socket, log, listener, () => {
    unfollow();
    if (!wasUp && present) setDown(host, index);
    onClose();
  });
  return port;
}

/** @throws KernelRefusal ENODEV */
function linkOf(host: Host, name: string): Link {
  const routes = new RouteClient(host.openNetlink("route"));
  try {
    const link = routes.link(name);
    if (link === undefined) throw new KernelRefusal("RTM_GETLINK", "ENODEV");
    return link;
  } finally {
    routes.close();
  }
}

function setUp(host: Host, index: number, up: boolean): void {
  const routes = new RouteClient(host.openNetlink("route"));
  try {
    routes.setUp(index, up);
  } finally {
    routes.close();
  }
}

/** As it was found, where it is still there. */
function setDown(host: Host, index: number): void {
  try {
    setUp(host, index, false);
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal)) throw thrown;
  }
}

/** @param onChange hears what the interface is like now; undefined once it is gone @returns what ends it */
function followLink(host: Host, interfaceName: string, onChange: (link: Link | undefined) => void): () => void {
  const endpoint = host.openNetlink("route");
  const client = new NetlinkClient(endpoint);
  endpoint.join(linkGroup);
  endpoint.onReadable(() => {
    for (;;) {
      try {
        const message = client.nextEvent();
        if (message === undefined) return;
        const event = message === "overrun" ? undefined : decodeLinkEvent(message);
        if (event?.type === "present" && event.link.name === interfaceName) onChange(event.link);
        if (event?.type === "removed" && event.name === interfaceName) onChange(undefined);
      } catch (thrown) {
        if (!(thrown instanceof MalformedError)) throw thrown;
      }
    }
  });
  return () => endpoint.close();
}
