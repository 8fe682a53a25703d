/** A thread of the RADIUS server. */

import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../base/errors.ts";
import { Log, type LogRecord } from "../../base/log.ts";
import { systemClock } from "../../linux/clock.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import type { RadiusSource } from "../../radius/server/authentication.ts";
import { type EapSettings, ServerThread, type ThreadOptions } from "./thread.ts";

export interface Packet {
  readonly octets: Uint8Array;
  readonly with: RadiusSource;
}

export interface WorkerData extends ThreadOptions {
  /** [0] is 1 while somebody wants to see debug lines. */
  readonly wishes: Int32Array;
}

export type ToWorker =
  | { readonly type: "packets"; readonly packets: readonly Packet[] }
  | { readonly type: "configure"; readonly eap: EapSettings }
  | { readonly type: "forget-keys" };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "answers"; readonly answers: readonly Packet[]; readonly records: readonly LogRecord[] };

const data = workerData as WorkerData;
const tell = (message: FromWorker): void => parentPort?.postMessage(message);

/** What is to be told at the end of the turn. */
let answers: Packet[] = [];
let records: LogRecord[] = [];
let isTelling = false;

function tellSoon(): void {
  if (isTelling) return;
  isTelling = true;
  setImmediate(() => {
    isTelling = false;
    const message: FromWorker = { type: "answers", answers, records };
    answers = [];
    records = [];
    tell(message);
  });
}

const wantsDebug = (): boolean => Atomics.load(data.wishes, 0) === 1;
const log = new Log((record) => {
  if ((record.level === "debug" || record.level === "msgdump" || record.level === "excessive") && !wantsDebug()) return;
  records.push(record);
  tellSoon();
});

function start(): ServerThread | undefined {
  try {
    return new ServerThread(data, {
      clock: systemClock,
      entropy: systemEntropy,
      log,
      send: (octets, to) => {
        answers.push({ octets, with: to });
        tellSoon();
      },
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
