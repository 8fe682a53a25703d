/**
 * Tells stations that this machine is their router, of which addresses they may make themselves one, and who answers questions for names.
 * RFC 4861, section 6.2; RFC 8106.
 */

import { MalformedError, Reader } from "../../base/bytes.ts";
import { type Clock, NamedTimers } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import {
  allNodes,
  allNodesHardware,
  decodeIcmpv6Frame,
  encodeIcmpv6Frame,
  isUnspecifiedIpv6,
} from "../../wire/ip/icmpv6.ts";
import { decodeRouterSolicitation, encodeRouterAdvertisement } from "../../wire/ip/router-discovery.ts";
import { FloodGate } from "../flood.ts";

export interface RouterOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Of the interface, for ICMPv6; closed with the router. */
  readonly packets: PacketSocket;
  readonly hardware: MacAddress;
  /** The interface's own address of the link, 16 octets; undefined while it has none that can be used. */
  readonly linkLocal: () => Uint8Array | undefined;
  /** Whether there is a way out now. */
  readonly isRouter: () => boolean;
  readonly prefix: { readonly prefix: Uint8Array; readonly length: number };
  readonly nameServers: readonly Uint8Array[];
}

/** Seconds. RFC 4861, section 6.2.1: what a router has by default. */
const interval = { least: 200, most: 600 } as const;
const routerLifetime = 1800;
/** Of addresses: they are the machine's own, and it is away as often as it is there. */
const prefixLifetime = { valid: 7200, preferred: 3600 } as const;
/** Stations that come hear of it at once, and those that were there before the network began soon. */
const initialInterval = seconds(16);
const initialCount = 3;
/** While there is no address to send from: it takes the kernel a second to find out that nobody else has it. */
const retry = milliseconds(250);
const atOnce = 64;

export class AdvertisingRouter {
  readonly #options: RouterOptions;
  readonly #timers: NamedTimers<"advertisement">;
  readonly #gate: FloodGate;
  #sent = 0;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#timers = new NamedTimers(options.clock);
    this.#gate = new FloodGate(options.clock);
    const watch = options.packets.onReadable(() => {
      if (this.#drain()) watch.wake();
    });
    this.#advertise();
  }

  /** Stations are told that it is no router any more. RFC 4861, section 6.2.5. */
  close(): void {
    this.#timers.disarmAll();
    this.#send(allNodesHardware, allNodes, true);
    this.#options.packets.close();
  }

  #advertise(): void {
    const { entropy } = this.#options;
    if (!this.#send(allNodesHardware, allNodes)) {
      this.#timers.arm("advertisement", retry, () => this.#advertise());
      return;
    }
    this.#sent += 1;
    const [chance = 0] = entropy.bytes(1);
    const later = seconds(interval.least + ((interval.most - interval.least) * chance) / 255);
    this.#timers.arm("advertisement", this.#sent < initialCount ? initialInterval : later, () => this.#advertise());
  }

  /** @returns whether something may be left */
  #drain(): boolean {
    for (let count = 0; count < atOnce; count++) {
      let frame: Uint8Array | undefined;
      try {
        frame = this.#options.packets.receive();
      } catch (thrown) {
        // ENETDOWN: it is told once.
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        return true;
      }
      if (frame === undefined) return false;
      this.#onFrame(frame);
    }
    return true;
  }

  #onFrame(octets: Uint8Array): void {
    try {
      const frame = decodeIcmpv6Frame(new Reader(octets, ["ICMPv6"]));
      if (frame === undefined || frame.source === this.#options.hardware) return;
      const isFromNobody = isUnspecifiedIpv6(frame.sourceAddress);
      if (!decodeRouterSolicitation(new Reader(frame.message, ["solicitation"]), isFromNobody)) return;
      // What is sent to all over the air is repeated by nobody, and sleepers miss it: whoever asks is answered alone.
      if (this.#gate.lets(frame.source)) this.#send(frame.source, isFromNobody ? allNodes : frame.sourceAddress);
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
    }
  }

  /** @returns whether it could be */
  #send(destination: MacAddress, destinationAddress: Uint8Array, isLast = false): boolean {
    const { packets, hardware, linkLocal, isRouter, prefix, nameServers } = this.#options;
    const sourceAddress = linkLocal();
    if (sourceAddress === undefined) return false;
    const message = encodeRouterAdvertisement({
      hopLimit: 64,
      routerLifetime: !isLast && isRouter() ? routerLifetime : 0,
      hardware,
      mtu: undefined,
      prefixes: [
        { ...prefix, validLifetime: prefixLifetime.valid, preferredLifetime: isLast ? 0 : prefixLifetime.preferred },
      ],
      nameServers,
      nameServerLifetime: isLast ? 0 : routerLifetime,
    });
    try {
      packets.send(encodeIcmpv6Frame({ source: hardware, destination, sourceAddress, destinationAddress, message }));
      return true;
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      return false;
    }
  }
}
