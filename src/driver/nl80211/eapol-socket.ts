import { concat, MalformedError } from "../../base/bytes.ts";
import { KernelRefusal, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import type { Host } from "../../linux/host.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import type { BssEvent } from "../port.ts";
import { eapolEtherType } from "./commands.ts";
import { decodeEapolFrame } from "./events.ts";

/** EAPOL as Ethernet frames of the interface, for drivers that don't hand it over themselves. */
export interface EapolSocket {
  /** @throws KernelRefusal */
  send(source: MacAddress, station: MacAddress, payload: Uint8Array): void;
  close(): void;
}

/** @param bridge index of the one that the interface is in: it takes the frames for the interface's own address */
export function openEapolSocket(
  host: Host,
  ifIndex: number,
  bridge: number | undefined,
  log: Log,
  listener: (event: BssEvent) => void,
): EapolSocket {
  const sockets: PacketSocket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.close();
  };
  try {
    for (const index of bridge === undefined ? [ifIndex] : [ifIndex, bridge])
      sockets.push(host.openPacketSocket(index, eapolEtherType));
  } catch (error) {
    close();
    throw error;
  }
  for (const socket of sockets) {
    socket.onReadable(() => {
      for (;;) {
        try {
          const frame = socket.receive();
          if (frame === undefined) return;
          listener(decodeEapolFrame(frame));
        } catch (error) {
          if (!(error instanceof MalformedError || error instanceof KernelRefusal)) throw error;
          // ENETDOWN is said once, then the socket waits for the interface to come up again.
          log.debug(`EAPOL: ${messageOf(error)}`);
        }
      }
    });
  }
  const header = Uint8Array.of(eapolEtherType >> 8, eapolEtherType & 0xff);
  return {
    send: (source, station, payload) =>
      sockets[0]?.send(concat(encodeMacAddress(station), encodeMacAddress(source), header, payload)),
    close,
  };
}
