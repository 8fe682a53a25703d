/** One server, as it is reached: as many source ports as its pending requests take, each with 256 identifiers. */

import { Identifiers } from "./identifiers.ts";
import type { Channel, ChannelListener, Endpoint, RadiusNetwork } from "./port.ts";

/** So that 16384 requests may be pending. */
const mostPorts = 64;

/** A request's place at a server: an identifier of one of its ports. */
export interface Slot {
  readonly identifier: number;
  readonly isReliable: boolean;
  /** Only the server can have sent what comes back. */
  readonly isAuthentic: boolean;
  send(packet: Uint8Array): void;
  release(): void;
  /** False once its port is closed. */
  readonly isOpen: boolean;
}

export interface LinkListener<T> {
  /** @param userOf whom an identifier is of */
  onPacket(packet: Uint8Array, userOf: (identifier: number) => T | undefined): void;
  /** @param users whose requests were sent over what is gone */
  onFailure(reason: string, users: readonly T[]): void;
}

interface Port<T> {
  readonly identifiers: Identifiers<T>;
  channel: Channel | undefined;
}

export class ServerLink<T> {
  readonly #ports: Port<T>[] = [];

  constructor(
    readonly network: RadiusNetwork,
    readonly endpoint: Endpoint,
    readonly listener: LinkListener<T>,
  ) {}

  get ports(): number {
    return this.#ports.length;
  }

  /** @returns undefined where all identifiers of all ports are in use */
  take(user: T): Slot | undefined {
    const port = this.#ports.find(({ identifiers }) => !identifiers.isFull) ?? this.#open();
    const identifier = port?.identifiers.take(user);
    const channel = port?.channel;
    if (!port || !channel || identifier === undefined) return undefined;
    const ports = this.#ports;
    return {
      identifier,
      isReliable: channel.isReliable,
      isAuthentic: this.endpoint.tls?.caCertificate !== undefined,
      get isOpen() {
        return ports.includes(port);
      },
      send: (packet) => channel.send(packet),
      release: () => {
        port.identifiers.release(identifier);
        this.#closeIdle();
      },
    };
  }

  close(): void {
    for (const { channel } of this.#ports.splice(0)) channel?.close();
  }

  #open(): Port<T> | undefined {
    if (this.#ports.length >= mostPorts) return undefined;
    const port: Port<T> = { identifiers: new Identifiers(), channel: undefined };
    const listener: ChannelListener = {
      onPacket: (packet) => this.listener.onPacket(packet, (identifier) => port.identifiers.userOf(identifier)),
      onFailure: (reason) => {
        const at = this.#ports.indexOf(port);
        if (at < 0) return;
        this.#ports.splice(at, 1);
        port.channel?.close();
        this.listener.onFailure(reason, port.identifiers.users);
      },
    };
    port.channel = this.network.open(this.endpoint, listener);
    this.#ports.push(port);
    return port;
  }

  /** The last port goes when nobody uses it; the first stays. */
  #closeIdle(): void {
    while (this.#ports.length > 1) {
      const last = this.#ports.at(-1);
      if (!last || last.identifiers.inUse > 0) return;
      this.#ports.pop();
      last.channel?.close();
    }
  }
}
