/**
 * The server's place on one interface. It reads frames, not datagrams, as ISC's server does: what clients send before they have an address
 * passes no filter of the firewall, and answers reach them without ARP. A UDP socket beside it keeps the port, so that a second server is noticed.
 */

import { MalformedError, Reader } from "../../base/bytes.ts";
import type { Clock, Timer } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { broadcastIpv4, formatIpv4Address, type Ipv4Address } from "../../base/ipv4-address.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import type { PacketFilter } from "../../linux/packet-filter.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import { udpFilter } from "../../linux/packet-socket.ts";
import type { UdpListener, UdpSocket } from "../../linux/udp-socket.ts";
import { type DhcpMessage, decodeDhcpMessage, encodeDhcpMessage } from "../../wire/dhcp/message.ts";
import { decodeArpFrame, encodeArpProbe, etherTypeArp } from "../../wire/ip/arp.ts";
import { decodeUdpFrame, encodeUdpFrame, etherTypeIpv4 } from "../../wire/ip/udp.ts";
import { FloodGate } from "../flood.ts";
import type { DhcpEvent, DhcpPort } from "./port.ts";

export const serverPort = 67;
const clientPort = 68;

/** What the link needs of Linux. */
export interface LinkHost {
  /** @throws KernelRefusal */
  openPackets(etherType: number, filter: PacketFilter | undefined): PacketSocket;
  /** Bound to the interface and the server's port. @throws KernelRefusal EADDRINUSE where another server has it */
  openPort(port: number, listener: UdpListener): UdpSocket;
}

export interface DhcpLinkOptions {
  readonly host: LinkHost;
  readonly clock: Clock;
  /** Of the interface. */
  readonly hardware: MacAddress;
  readonly address: Ipv4Address;
  /** A message of a client; what was malformed or too much is counted, and does not come here. */
  readonly onMessage: (message: DhcpMessage) => void;
  readonly report: (event: DhcpEvent) => void;
}

/** Frames read at a time: others have their turn then. */
const atOnce = 64;

/** More addresses at once are not looked at: whoever floods must not have the link flooded. */
const mostProbes = 32;

/** However much is not heard, it is told so often. */
const tellTime = seconds(60);

interface Probe {
  readonly found: () => void;
}

export class DhcpLink implements DhcpPort {
  readonly #options: DhcpLinkOptions;
  readonly #packets: PacketSocket;
  readonly #port: UdpSocket;
  readonly #gate: FloodGate;
  readonly #probes = new Map<Ipv4Address, Probe>();
  #arp: PacketSocket | undefined;
  /** What is to be told of, together, when the minute is over. */
  #unheard = { malformed: 0, tooMany: 0 };
  #telling: Timer | undefined;

  /** @throws KernelRefusal */
  constructor(options: DhcpLinkOptions) {
    this.#options = options;
    this.#gate = new FloodGate(options.clock);
    this.#port = options.host.openPort(serverPort, { onMessage: () => undefined, onError: () => undefined });
    try {
      this.#packets = options.host.openPackets(etherTypeIpv4, udpFilter(serverPort));
    } catch (thrown) {
      this.#port.close();
      throw thrown;
    }
    const watch = this.#packets.onReadable(() => {
      if (drain(this.#packets, (frame) => this.#onFrame(frame))) watch.wake();
    });
  }

  close(): void {
    this.#telling?.cancel();
    this.#packets.close();
    this.#port.close();
    this.#arp?.close();
  }

  report(event: DhcpEvent): void {
    this.#options.report(event);
  }

  send(message: DhcpMessage, to: Parameters<DhcpPort["send"]>[1], maxLength: number | undefined): void {
    const payload = encodeDhcpMessage(message, maxLength);
    const { hardware, address } = this.#options;
    attempt(() => {
      // Its way may lead over other interfaces: the kernel knows it.
      if (to.kind === "relay") {
        this.#port.send(payload, { address: formatIpv4Address(to.address), port: serverPort });
        return;
      }
      const frame = encodeUdpFrame({
        source: hardware,
        destination: to.kind === "client" ? to.hardware : broadcast,
        sourceAddress: address,
        destinationAddress: to.kind === "client" ? to.address : broadcastIpv4,
        sourcePort: serverPort,
        destinationPort: clientPort,
        payload,
      });
      this.#packets.send(frame);
    });
  }

  async isInUse(address: Ipv4Address, wait: number): Promise<boolean> {
    if (wait === 0 || this.#probes.size >= mostProbes || this.#probes.has(address)) return false;
    const { clock, hardware } = this.#options;
    return new Promise((resolve) => {
      const end = (isInUse: boolean): void => {
        timer.cancel();
        this.#probes.delete(address);
        if (this.#probes.size === 0) this.#stopListening();
        resolve(isInUse);
      };
      const timer = clock.after("address probe", milliseconds(wait), () => end(false));
      this.#probes.set(address, { found: () => end(true) });
      attempt(() => {
        this.#arp ??= this.#listen();
        this.#arp.send(encodeArpProbe(hardware, address));
      });
    });
  }

  #listen(): PacketSocket {
    const socket = this.#options.host.openPackets(etherTypeArp, undefined);
    const watch = socket.onReadable(() => {
      if (drain(socket, (frame) => this.#onArp(frame)) && this.#arp === socket) watch.wake();
    });
    return socket;
  }

  #stopListening(): void {
    this.#arp?.close();
    this.#arp = undefined;
  }

  #onArp(frame: Uint8Array): void {
    const message = unlessMalformed(() => decodeArpFrame(new Reader(frame, ["ARP"])));
    if (message && message.senderHardware !== this.#options.hardware) this.#probes.get(message.sender)?.found();
  }

  #onFrame(frame: Uint8Array): void {
    const udp = unlessMalformed(() => decodeUdpFrame(new Reader(frame, ["DHCP"])));
    if (udp?.destinationPort !== serverPort || udp.source === this.#options.hardware) return;
    if (!this.#gate.lets(udp.source)) return this.#count("tooMany");
    const message = unlessMalformed(() => decodeDhcpMessage(new Reader(udp.payload, ["DHCP"])));
    if (message === undefined) this.#count("malformed");
    else this.#options.onMessage(message);
  }

  #count(what: "malformed" | "tooMany"): void {
    this.#unheard[what] += 1;
    this.#telling ??= this.#options.clock.after("unheard DHCP messages", tellTime, () => {
      this.#telling = undefined;
      this.report({ type: "unheard", ...this.#unheard });
      this.#unheard = { malformed: 0, tooMany: 0 };
    });
  }
}

/** @returns whether something may be left */
function drain(socket: PacketSocket, onFrame: (frame: Uint8Array) => void): boolean {
  for (let count = 0; count < atOnce; count++) {
    let frame: Uint8Array | undefined;
    try {
      frame = socket.receive();
    } catch (thrown) {
      // ENETDOWN: it is told once.
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      return true;
    }
    if (frame === undefined) return false;
    onFrame(frame);
  }
  return true;
}

/** A message that can't be sent is as good as lost on its way: the client asks again. */
function attempt(send: () => void): void {
  try {
    send();
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal)) throw thrown;
  }
}

function unlessMalformed<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}
