/** The access points' end of RADIUS, for loads: requests and answers of RFC 3579, with no more work than the protocol wants. */

import { Reader, utf8 } from "../../src/base/bytes.ts";
import { KernelRefusal } from "../../src/base/errors.ts";
import { hmac } from "../../src/crypto/backend/node.ts";
import type { Reactor } from "../../src/linux/reactor.ts";
import { openUdpSocket, type UdpSocket } from "../../src/linux/udp-socket.ts";
import { verifyResponseAuthenticator } from "../../src/radius/sealing.ts";
import { radiusCodes } from "../../src/wire/radius/packet.ts";
import { random } from "./tls-client.ts";

const types = {
  userName: 1,
  framedMtu: 12,
  state: 24,
  vendorSpecific: 26,
  callingStationId: 31,
  nasPortType: 61,
  eapMessage: 79,
  messageAuthenticator: 80,
} as const;
const headerLength = 20;
const longestValue = 253;
const [microsoft, mppeRecvKey] = [311, 17] as const;
const wireless = 19;
const framedMtu = 1400;

/** Milliseconds until a request is sent again. */
const patience = 1000;
const attempts = 4;
const sweepInterval = 100;

/** Who authenticates. */
export interface Station {
  readonly identity: string;
  /** Calling-Station-Id. */
  readonly address: string;
}

export interface Answer {
  readonly code: number;
  readonly state: Uint8Array | undefined;
  /** An EAP packet; empty where there is none. */
  readonly eap: Uint8Array;
  /** Whether there is MS-MPPE-Recv-Key. */
  readonly hasKey: boolean;
}

interface Pending {
  readonly request: Uint8Array;
  /** When it was sent last, in milliseconds. */
  sentAt: number;
  sent: number;
  readonly finish: (answer: Answer | undefined) => void;
}

/** As many identifiers as an octet has: who has more requests on their way has another port for them. */
interface Port {
  readonly socket: UdpSocket;
  readonly free: number[];
  readonly pending: (Pending | undefined)[];
}

export class AccessPoint {
  readonly #secret: Uint8Array;
  readonly #ports: Port[] = [];
  readonly #sweep: NodeJS.Timeout;
  retransmitted = 0;

  constructor(
    readonly reactor: Reactor,
    readonly port: number,
    secret: string,
  ) {
    this.#secret = utf8(secret);
    this.#sweep = setInterval(() => this.#sendAgain(), sweepInterval);
  }

  /** @returns undefined where there is no right answer in time */
  ask(station: Station, state: Uint8Array | undefined, eap: Uint8Array): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const port = this.#ports.find(({ free }) => free.length > 0) ?? this.#open();
      // The one that was used longest ago.
      const identifier = port.free.shift() ?? 0;
      const request = accessRequest(this.#secret, identifier, station, state, eap);
      const finish = (answer: Answer | undefined): void => {
        port.pending[identifier] = undefined;
        port.free.push(identifier);
        resolve(answer);
      };
      const pending: Pending = { request, sentAt: performance.now(), sent: 1, finish };
      port.pending[identifier] = pending;
      send(port, pending);
    });
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const { socket } of this.#ports) socket.close();
  }

  #open(): Port {
    const socket = openUdpSocket(
      this.reactor,
      { peer: { address: "127.0.0.1", port: this.port }, room: 4 * 1024 * 1024 },
      { onMessage: (packet) => this.#onPacket(port, packet), onError: () => undefined },
    );
    const port: Port = { socket, free: Array.from({ length: 256 }, (_, i) => i), pending: [] };
    this.#ports.push(port);
    return port;
  }

  #onPacket(port: Port, packet: Uint8Array): void {
    const pending = port.pending[packet[1] ?? 0];
    if (!pending) return;
    if (!verifyResponseAuthenticator(this.#secret, pending.request.subarray(4, headerLength), packet)) return;
    pending.finish(readAnswer(packet));
  }

  #sendAgain(): void {
    const now = performance.now();
    for (const port of this.#ports) {
      for (const pending of port.pending) {
        if (!pending || now - pending.sentAt < patience) continue;
        if (pending.sent === attempts) {
          pending.finish(undefined);
          continue;
        }
        pending.sent += 1;
        pending.sentAt = now;
        this.retransmitted += 1;
        send(port, pending);
      }
    }
  }
}

function send({ socket }: Port, { request }: Pending): void {
  try {
    socket.send(request);
  } catch (thrown) {
    // As if it were lost.
    if (!(thrown instanceof KernelRefusal)) throw thrown;
  }
}

/** Where requests are written; larger than any. */
const room = new Uint8Array(8192);

function accessRequest(
  secret: Uint8Array,
  identifier: number,
  { identity, address }: Station,
  state: Uint8Array | undefined,
  eap: Uint8Array,
): Uint8Array {
  room[0] = radiusCodes["Access-Request"];
  room[1] = identifier;
  room.set(random(16), 4);
  let at = headerLength;
  const put = (type: number, value: Uint8Array): void => {
    room[at] = type;
    room[at + 1] = value.length + 2;
    room.set(value, at + 2);
    at += value.length + 2;
  };
  put(types.messageAuthenticator, nothing);
  put(types.userName, utf8(identity));
  put(types.callingStationId, utf8(address));
  put(types.framedMtu, Uint8Array.of(0, 0, framedMtu >>> 8, framedMtu & 255));
  put(types.nasPortType, Uint8Array.of(0, 0, 0, wireless));
  if (state) put(types.state, state);
  for (let i = 0; i < eap.length; i += longestValue) put(types.eapMessage, eap.subarray(i, i + longestValue));
  room[2] = at >>> 8;
  room[3] = at;
  const packet = room.slice(0, at);
  packet.set(hmac("md5", secret, packet), headerLength + 2);
  return packet;
}

const nothing = new Uint8Array(16);

/** @throws MalformedError */
function readAnswer(packet: Uint8Array): Answer {
  const r = new Reader(packet.subarray(headerLength, ((packet[2] ?? 0) << 8) | (packet[3] ?? 0)), ["RADIUS"]);
  let state: Uint8Array | undefined;
  let [length, hasKey] = [0, false];
  const eap = new Uint8Array(packet.length);
  while (r.remaining > 0) {
    const type = r.u8();
    const value = r.take(r.u8() - 2);
    if (type === types.state) state = value.slice();
    else if (type === types.eapMessage) {
      eap.set(value, length);
      length += value.length;
    } else if (type === types.vendorSpecific && !hasKey) hasKey = isRecvKey(value);
  }
  return { code: packet[0] ?? 0, state, eap: eap.subarray(0, length), hasKey };
}

function isRecvKey(value: Uint8Array): boolean {
  const r = new Reader(value, ["Vendor-Specific"]);
  return r.u32be() === microsoft && r.u8() === mppeRecvKey;
}
