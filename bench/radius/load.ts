/**
 * A process full of peers that authenticate at RADIUS servers, as fast as it goes or at random intervals. It is told by messages what to do,
 * one thing after the other, and tells what came of it: the same process for all servers, so that none has peers that are slower than others'.
 */

import { performance } from "node:perf_hooks";
import { utf8 } from "../../src/base/bytes.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { radiusCodes } from "../../src/wire/radius/packet.ts";
import { AccessPoint, type Station } from "./access-point.ts";
import { type Method, Peer } from "./peer.ts";
import { arrivals } from "./schedule.ts";
import { type TlsClient, tlsClients } from "./tls-client.ts";

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
  readonly most: number;
  readonly work: Work;
}

export type Work =
  /** So many at a time, as fast as it goes. */
  | { readonly kind: "full"; readonly concurrency: number }
  /** So many a second, at random intervals: as many at a time as it takes. */
  | { readonly kind: "rate"; readonly rate: number; readonly seed: number }
  /** Conversations that end when the server has answered the first message of TLS. So many at a time. */
  | { readonly kind: "half-open"; readonly concurrency: number };

export interface LoadResult {
  readonly done: number;
  readonly failed: number;
  readonly retransmitted: number;
  readonly seconds: number;
  /** Milliseconds of CPU time that this process took for it. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly latencies: readonly number[];
}

const reactor = new Reactor();
const mostRounds = 30;
/** So that no two authentications of a server have the same Calling-Station-Id. */
let number = 0;

const clients = new Map<string, () => TlsClient>();

function clientsWith(certificate: string | undefined, key: string | undefined): () => TlsClient {
  const name = certificate ?? "";
  const made = clients.get(name) ?? tlsClients(certificate, key);
  clients.set(name, made);
  return made;
}

/** @returns whether it was accepted, or is half open as wanted */
async function authenticate(options: LoadOptions, at: AccessPoint, tls: () => TlsClient): Promise<boolean> {
  const { method, users, password, work } = options;
  number += 1;
  const identity = `user${number % users}`;
  const station: Station = { identity, address: addressOf(number) };
  const peer = new Peer({ method, identity, password, tls });
  let eap = Uint8Array.of(2, 0, 0, 5 + identity.length, 1, ...utf8(identity));
  let state: Uint8Array | undefined;
  try {
    for (let round = 0; round < mostRounds; round++) {
      const answer = await at.ask(station, state, eap);
      if (answer?.code === radiusCodes["Access-Accept"]) return answer.hasKey;
      if (answer?.code !== radiusCodes["Access-Challenge"]) return false;
      if (work.kind === "half-open" && peer.hasBegun) return true;
      state = answer.state;
      eap = Uint8Array.from(peer.respond(answer.eap));
    }
    return false;
  } catch {
    return false;
  }
}

const octet = (value: number): string => (value & 255).toString(16).padStart(2, "0");
const addressOf = (n: number): string => `02-00-${octet(n >>> 24)}-${octet(n >>> 16)}-${octet(n >>> 8)}-${octet(n)}`;

async function run(options: LoadOptions): Promise<LoadResult> {
  const { work, most } = options;
  const tls = clientsWith(options.certificate, options.key);
  const at = new AccessPoint(reactor, options.port, options.secret);
  const latencies: number[] = [];
  let [done, failed, begun] = [0, 0, 0];
  const one = async (due: number): Promise<void> => {
    if (await authenticate(options, at, tls)) {
      done += 1;
      latencies.push(performance.now() - due);
    } else failed += 1;
  };
  const before = process.cpuUsage();
  const began = performance.now();
  const end = began + options.seconds * 1000;
  if (work.kind === "rate") {
    const pending = new Set<Promise<void>>();
    for (const offset of arrivals(work.rate, options.seconds, work.seed).slice(0, most)) {
      const due = began + offset * 1000;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      // Late ones count from when they were due.
      const each: Promise<void> = one(due).finally(() => pending.delete(each));
      pending.add(each);
    }
    await Promise.all(pending);
  } else {
    const seat = async (): Promise<void> => {
      while (begun < most && performance.now() < end) {
        begun += 1;
        await one(performance.now());
      }
    };
    await Promise.all(Array.from({ length: work.concurrency }, seat));
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  at.close();
  return { done, failed, retransmitted: at.retransmitted, seconds, cpu: (user + system) / 1000, latencies };
}

process.on("message", (options: LoadOptions) => {
  void run(options).then((result) => process.send?.(result));
});
