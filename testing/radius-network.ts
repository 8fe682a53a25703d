/** RADIUS servers that a test plays, on a network of the test's own. */

import { Reader } from "../src/base/bytes.ts";
import type { Clock } from "../src/base/clock.ts";
import { milliseconds } from "../src/base/duration.ts";
import type { Channel, ChannelListener, Endpoint, IncomingRequest, RadiusNetwork } from "../src/radius/client/port.ts";
import { sealAnswer, sealChecksummedRequest } from "../src/radius/sealing.ts";
import {
  decodeRadiusPacket,
  type RadiusAttribute,
  type RadiusCodeName,
  type RadiusPacket,
  radiusCodes,
} from "../src/wire/radius/packet.ts";

export interface ReceivedRequest {
  readonly endpoint: Endpoint;
  /** Which of the source ports that were opened, from 0. */
  readonly port: number;
  readonly octets: Uint8Array;
  readonly packet: RadiusPacket;
  readonly at: number;
  /** Octets back to where it came from. */
  reply(octets: Uint8Array): void;
  /** A sealed answer. */
  answer(code: RadiusCodeName, attributes?: readonly RadiusAttribute[], secret?: string): void;
  fail(reason: string): void;
}

/** undefined: nothing happens. */
export type PlayedServer = ((request: ReceivedRequest) => void) | undefined;

export class PlayedNetwork implements RadiusNetwork {
  /** By `host:port`; one that isn't there is silent. */
  readonly servers = new Map<string, PlayedServer>();
  readonly requests: ReceivedRequest[] = [];
  opened = 0;
  readonly alive: Set<number> = new Set();
  readonly #listening = new Map<number, (request: IncomingRequest) => void>();

  constructor(
    readonly clock: Clock,
    readonly secret = "radius",
    readonly isReliable = false,
  ) {}

  open(endpoint: Endpoint, listener: ChannelListener): Channel {
    const port = this.opened++;
    this.alive.add(port);
    const later = (action: () => void): void => {
      this.clock.after("network", milliseconds(1), () => {
        if (this.alive.has(port)) action();
      });
    };
    return {
      isReliable: this.isReliable,
      send: (octets) => {
        const packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
        const request: ReceivedRequest = {
          endpoint,
          port,
          octets,
          packet,
          at: this.clock.now(),
          reply: (answer) => later(() => listener.onPacket(answer)),
          answer: (code, attributes = [], secret = this.secret) =>
            request.reply(
              sealAnswer(
                Buffer.from(secret),
                packet.authenticator,
                { code: radiusCodes[code], identifier: packet.identifier, attributes },
                code !== "Accounting-Response",
              ),
            ),
          fail: (reason) => later(() => listener.onFailure(reason)),
        };
        this.requests.push(request);
        this.servers.get(`${endpoint.host}:${endpoint.port}`)?.(request);
      },
      close: () => void this.alive.delete(port),
    };
  }

  listen(port: number, onRequest: (request: IncomingRequest) => void): { close(): void } {
    this.#listening.set(port, onRequest);
    return { close: () => void this.#listening.delete(port) };
  }

  isListening(port: number): boolean {
    return this.#listening.has(port);
  }

  /** A request to a port that is listened on. @returns the answers' octets */
  request(port: number, packet: Uint8Array, address = "127.0.0.1"): Uint8Array[] {
    const answers: Uint8Array[] = [];
    this.#listening.get(port)?.({ packet, address, port: 40000, answer: (answer) => void answers.push(answer) });
    return answers;
  }

  /** The same, sealed and read. */
  ask(
    port: number,
    code: RadiusCodeName,
    attributes: readonly RadiusAttribute[],
    { secret = this.secret, hasMessageAuthenticator = true, identifier = 1 } = {},
  ): RadiusPacket | undefined {
    const contents = { code: radiusCodes[code], identifier, attributes };
    const [answer] = this.request(port, sealChecksummedRequest(Buffer.from(secret), contents, hasMessageAuthenticator));
    return answer && decodeRadiusPacket(new Reader(answer, ["RADIUS"]));
  }
}
