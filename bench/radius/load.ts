/**
 * A process full of peers that authenticate at a RADIUS server, as fast as it goes or at a rate of so many a second. Told by JSON on its
 * command line what to do; prints JSON.
 */

import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { Reader, utf8 } from "../../src/base/bytes.ts";
import { sealAccessRequest } from "../../src/radius/sealing.ts";
import { radius } from "../../src/wire/radius/attributes.ts";
import { decodeRadiusPacket, radiusCodes } from "../../src/wire/radius/packet.ts";
import { AttributeList, firstOf, joinEapMessage, splitEapMessage } from "../../src/wire/radius/values.ts";
import { type Method, Peer } from "./peer.ts";
import { tlsClients } from "./tls-client.ts";

export interface LoadOptions {
  readonly port: number;
  readonly secret: string;
  readonly method: Method;
  readonly certificate?: string;
  readonly key?: string;
  /** Users are `user0`, `user1` and so on. */
  readonly users: number;
  readonly password: string;
  readonly seconds: number;
  /** It ends earlier after so many. */
  readonly most?: number;
  /** Authentications at a time; where there is a rate, as many as it takes. */
  readonly concurrency: number;
  /** A second. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly done: number;
  readonly failed: number;
  readonly retransmitted: number;
  readonly seconds: number;
  /** Milliseconds of CPU time that this process took for it, its own start left out. */
  readonly cpu: number;
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[];
}

const patience = 1000;
const attempts = 4;

class Seat {
  readonly socket: Socket = createSocket("udp4");
  #identifier = 0;
  #onPacket: (packet: Uint8Array) => void = () => undefined;
  retransmitted = 0;

  constructor(
    readonly options: LoadOptions,
    readonly tls: ReturnType<typeof tlsClients>,
  ) {
    this.socket.on("message", (message) => this.#onPacket(Uint8Array.from(message)));
  }

  /** @returns whether it was accepted */
  async authenticate(number: number): Promise<boolean> {
    const { method, users, password, secret } = this.options;
    const identity = `user${number % users}`;
    const peer = new Peer({ method, identity, password, tls: this.tls });
    const station = `02-00-${(number >>> 24).toString(16)}-${[16, 8, 0].map((shift) => ((number >>> shift) & 255).toString(16).padStart(2, "0")).join("-")}`;
    let eap = Uint8Array.of(2, 0, 0, 5 + identity.length, 1, ...utf8(identity));
    let state: Uint8Array | undefined;
    try {
      for (let round = 0; round < 30; round++) {
        const authenticator = Uint8Array.from(randomBytes(16));
        const attributes = new AttributeList()
          .add(radius.userName, utf8(identity))
          .add(radius.callingStationId, station)
          .add(radius.framedMtu, 1400)
          .add(radius.nasPortType, 19)
          .add(radius.state, state)
          .put(...splitEapMessage(eap)).list;
        this.#identifier = (this.#identifier + 1) & 255;
        const contents = { code: radiusCodes["Access-Request"], identifier: this.#identifier, attributes };
        const answer = await this.#ask(sealAccessRequest(utf8(secret), authenticator, contents));
        if (answer === undefined) return false;
        const packet = decodeRadiusPacket(new Reader(answer, []));
        if (packet.code === radiusCodes["Access-Accept"])
          return firstOf(packet.attributes, radius.msMppeRecvKey) !== undefined;
        if (packet.code !== radiusCodes["Access-Challenge"]) return false;
        state = firstOf(packet.attributes, radius.state);
        eap = Uint8Array.from(peer.respond(joinEapMessage(packet.attributes) ?? new Uint8Array()));
      }
      return false;
    } catch {
      return false;
    } finally {
      peer.close();
    }
  }

  #ask(request: Uint8Array): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      let sent = 0;
      const send = (): void => {
        if (sent === attempts) return finish(undefined);
        if (sent > 0) this.retransmitted += 1;
        sent += 1;
        this.socket.send(request, this.options.port, "127.0.0.1");
        timer = setTimeout(send, patience);
      };
      const finish = (answer: Uint8Array | undefined): void => {
        clearTimeout(timer);
        this.#onPacket = () => undefined;
        resolve(answer);
      };
      let timer: NodeJS.Timeout | undefined;
      this.#onPacket = (packet) => {
        if (packet[1] === request[1]) finish(packet);
      };
      send();
    });
  }
}

async function run(options: LoadOptions): Promise<LoadResult> {
  const tls = tlsClients(options.certificate, options.key);
  const seats: Seat[] = [];
  const free: Seat[] = [];
  const seat = (): Seat => {
    const found = free.pop() ?? new Seat(options, tls);
    if (!seats.includes(found)) seats.push(found);
    return found;
  };
  const latencies: number[] = [];
  const { most = Number.POSITIVE_INFINITY } = options;
  let [done, failed, number] = [0, 0, 0];
  const before = process.cpuUsage();
  const began = performance.now();
  const end = began + options.seconds * 1000;
  const one = async (due: number): Promise<void> => {
    const place = seat();
    const accepted = await place.authenticate(number++);
    if (accepted) {
      done += 1;
      latencies.push(performance.now() - due);
    } else failed += 1;
    free.push(place);
  };
  if (options.rate === undefined) {
    await Promise.all(
      Array.from({ length: options.concurrency }, async () => {
        while (performance.now() < end && number < most) await one(performance.now());
      }),
    );
  } else {
    const pending = new Set<Promise<void>>();
    const interval = 1000 / options.rate;
    for (let due = began; due < end; due += interval) {
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      // Late ones count from when they were due.
      const each: Promise<void> = one(due).finally(() => pending.delete(each));
      pending.add(each);
    }
    await Promise.all(pending);
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  const retransmitted = seats.reduce((sum, each) => sum + each.retransmitted, 0);
  for (const { socket } of seats) socket.close();
  latencies.sort((a, b) => a - b);
  return { done, failed, retransmitted, seconds, cpu: (user + system) / 1000, latencies };
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? "{}") as LoadOptions)));
