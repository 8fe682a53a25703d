/** Hears what stations ask DHCP servers for, on each network that is on the air. */

import type { ApEvent } from "../ap/events.ts";
import { BeaconError, KernelRefusal } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { libc } from "../linux/libc.ts";
import { openPacketSocket, udpFilter } from "../linux/packet-socket.ts";
import type { Reactor } from "../linux/reactor.ts";
import { watchAddresses } from "../observe/record/address-watch.ts";
import { etherTypeIpv4 } from "../wire/ip/udp.ts";
import type { Daemon } from "./daemon.ts";

/** Frames that are read at a time: others have their turn then. */
const atOnce = 32;
const serverPort = 67;

/** From now on. @returns ends it */
export function watchAddressesOf(daemon: Daemon, reactor: Reactor, log: Log): () => void {
  const taps = new Map<string, () => void>();
  const close = (bss: string): void => {
    taps.get(bss)?.();
    taps.delete(bss);
  };
  const open = (bss: string): void => {
    close(bss);
    const settings = daemon.settingsOf(bss);
    const radio = daemon.radios.find((each) => each.bsses.some(({ name }) => name === bss));
    if (!settings || radio?.settings.driver !== "nl80211") return;
    const { records } = daemon;
    const take = watchAddresses({
      clock: daemon.parts.clock,
      isIn: (station) => radio.bsses.find(({ name }) => name === bss)?.stations.get(station)?.isAuthorized === true,
      note: (station, note) => records.note(station, bss, note),
      nameItself: (station, hostName) => records.nameItself(station, hostName),
    });
    // What is in a bridge hears nothing itself.
    const interfaceName = settings.bridge || bss;
    try {
      taps.set(bss, tap(reactor, interfaceName, take));
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      log.for(bss).debug(`addresses are not watched: ${thrown.message}`);
    }
  };
  daemon.listen((event: ApEvent) => {
    if (event.type === "ap-enabled") open(event.bss);
    if (event.type === "ap-disabled" || event.type === "interface-removed") close(event.bss);
  });
  return () => {
    for (const bss of [...taps.keys()]) close(bss);
  };
}

/** @throws KernelRefusal */
function tap(reactor: Reactor, interfaceName: string, onFrame: (frame: Uint8Array) => void): () => void {
  const index = libc.ifNameToIndex(interfaceName);
  if (index === 0) throw new KernelRefusal("if_nametoindex", "ENODEV");
  // The kernel passes on what goes to a DHCP server, and nothing else.
  const socket = openPacketSocket(reactor, index, etherTypeIpv4, udpFilter(serverPort));
  const watch = socket.onReadable(() => {
    for (let i = 0; i < atOnce; i++) {
      const frame = receive();
      if (frame === undefined) return;
      onFrame(frame);
    }
    watch.wake();
  });
  const receive = (): Uint8Array | undefined => {
    try {
      return socket.receive();
    } catch (thrown) {
      // The interface went down: it is told once, and the socket works again when it is up.
      if (thrown instanceof KernelRefusal) return undefined;
      throw thrown;
    }
  };
  return () => {
    watch.close();
    socket.close();
  };
}
