/** A thread of the RADIUS server. */

import { parentPort, workerData } from "node:worker_threads";
import { KernelRefusal, messageOf } from "../../base/errors.ts";
import { Log, type LogRecord } from "../../base/log.ts";
import { systemClock } from "../../linux/clock.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import { Reactor } from "../../linux/reactor.ts";
import { borrowUdpSocket, type UdpSocket } from "../../linux/udp-socket.ts";
import type { RadiusSource } from "../../radius/server/source.ts";
import { threadOf } from "./dispatch.ts";
import { RelayedStrangers, type Stranger } from "./relayed-strangers.ts";
import { type EapSettings, ServerThread, type ThreadOptions } from "./thread.ts";

export interface Packet {
  readonly octets: Uint8Array;
  readonly with: RadiusSource;
}

export interface WorkerData extends ThreadOptions {
  /** How many there are. */
  readonly threads: number;
  /** [0] is 1 while somebody wants to see debug lines. */
  readonly wishes: Int32Array;
}

export type ToWorker =
  /** To hear a socket, and to answer by it. @property fd of a socket that stays open as long as the thread is there */
  | { readonly type: "listen"; readonly fd: number }
  | { readonly type: "packets"; readonly packets: readonly Packet[] }
  | { readonly type: "configure"; readonly eap: EapSettings }
  | { readonly type: "forget-keys" };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "refused"; readonly reason: string }
  | ({ readonly type: "told" } & Told);

/** What is told at the end of a turn. */
interface Told {
  /** What goes over connections, and all where the thread has no socket. */
  readonly answers: Packet[];
  /** What is another thread's. */
  readonly astray: Packet[];
  readonly strangers: Stranger[];
  readonly records: LogRecord[];
}

const data = workerData as WorkerData;
const tell = (message: FromWorker): void => parentPort?.postMessage(message);

const nothing = (): Told => ({ answers: [], astray: [], strangers: [], records: [] });
let told = nothing();
let isTelling = false;

function toTell(): Told {
  if (!isTelling) {
    isTelling = true;
    setImmediate(() => {
      isTelling = false;
      const message: FromWorker = { type: "told", ...told };
      told = nothing();
      tell(message);
    });
  }
  return told;
}

const wantsDebug = (): boolean => Atomics.load(data.wishes, 0) === 1;
const log = new Log((record) => {
  if ((record.level === "debug" || record.level === "msgdump" || record.level === "excessive") && !wantsDebug()) return;
  toTell().records.push(record);
});

let socket: UdpSocket | undefined;

function send(octets: Uint8Array, to: RadiusSource): void {
  if (socket === undefined || to.connection !== undefined) {
    toTell().answers.push({ octets, with: to });
    return;
  }
  try {
    socket.send(octets, to);
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal)) throw thrown;
    log.debug(`RADIUS SRV: no answer to ${to.address}: ${thrown.message}`);
  }
}

function listen(fd: number): void {
  socket = borrowUdpSocket(new Reactor(), fd, {
    onMessage: (octets, from) => {
      if (threadOf(octets, data.threads) === data.thread) thread?.receive(octets, from);
      else toTell().astray.push({ octets, with: from });
    },
    // What the network says of an answer that did not get through is no news: the client asks again.
    onError: () => undefined,
  });
}

function start(): ServerThread | undefined {
  try {
    return new ServerThread(data, {
      clock: systemClock,
      entropy: systemEntropy,
      log,
      strangers: new RelayedStrangers(systemClock, (stranger) => void toTell().strangers.push(stranger)),
      send,
    });
  } catch (thrown) {
    tell({ type: "refused", reason: messageOf(thrown) });
    return undefined;
  }
}

const thread = start();
if (thread) tell({ type: "ready" });
parentPort?.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "listen":
      return listen(message.fd);
    case "packets":
      for (const { octets, with: from } of message.packets) thread?.receive(octets, from);
      return;
    case "forget-keys":
      thread?.forgetKeys();
      return;
    case "configure":
      try {
        thread?.configure(message.eap);
      } catch (thrown) {
        tell({ type: "refused", reason: messageOf(thrown) });
      }
      return;
  }
});
