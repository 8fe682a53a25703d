/**
 * SAE's arithmetic on threads of its own, so that a crowd at the door delays nobody inside. Threads are started when there is work for
 * them and end when there has been none for a while: on a quiet network there are none.
 */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import type { SaeArithmetic } from "../crypto/sae/arithmetic.ts";
import type { SaeJob, SaeJobResult } from "../crypto/sae/job.ts";
import type { SaeWorkerAnswer, SaeWorkerRequest } from "./sae-worker.ts";

/** More would only take memory. */
const mostThreads = 4;

/** One to work on, one that lies ready. */
const jobsPerThread = 2;

const idleTime = seconds(60);

/** Jobs that follow one another that quickly are a crowd's. */
const busyTime = milliseconds(5);

interface Pending {
  readonly job: SaeJob;
  readonly isWanted: () => boolean;
  readonly settle: (result: SaeJobResult | undefined) => void;
  readonly fail: (thrown: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Pending>;
}

export interface SaeWorkersOptions {
  /** The compiled sae-worker.ts. */
  readonly entry: string | URL;
  /** Does small work in the loop itself, and all of it where threads fail. */
  readonly here: SaeArithmetic;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the machine where undefined. */
  readonly processors?: number;
}

export class SaeWorkers implements SaeArithmetic {
  readonly #threads = new Set<Thread>();
  readonly #queue: Pending[] = [];
  readonly #limit: number;
  /** More than the one that the event loop has. */
  readonly #hasProcessors: boolean;
  #lastHere: Duration = milliseconds(-busyTime);
  #number = 0;
  #running = 0;
  #idle: Timer | undefined;
  #isBroken = false;

  constructor(readonly options: SaeWorkersOptions) {
    const processors = options.processors ?? availableParallelism();
    this.#limit = Math.min(mostThreads, processors);
    this.#hasProcessors = processors > 1;
  }

  get threadCount(): number {
    return this.#threads.size;
  }

  run(job: SaeJob, isWanted: () => boolean): Promise<SaeJobResult | undefined> {
    if (this.#isBroken || (isQuick(job) && !this.#isBusy())) return this.options.here.run(job, isWanted);
    this.#idle?.cancel();
    this.#running += 1;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#running -= 1;
        if (this.#running === 0) this.#rest();
      };
      this.#queue.push({
        job,
        isWanted,
        settle: (result) => {
          end();
          resolve(result);
        },
        fail: (thrown) => {
          end();
          reject(thrown);
        },
      });
      this.#distribute();
    });
  }

  /** Whether a job is better done elsewhere that costs less than a thread does, in time and in memory: where others are waiting too. */
  #isBusy(): boolean {
    const now = this.options.clock.now();
    const isSoonAfter = now - this.#lastHere < busyTime;
    this.#lastHere = now;
    return this.#running > 0 || (isSoonAfter && this.#hasProcessors);
  }

  close(): void {
    this.#idle?.cancel();
    for (const thread of this.#threads) this.#end(thread);
  }

  #distribute(): void {
    for (;;) {
      const thread = this.#threadWithRoom();
      if (thread === undefined) return;
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (!next.isWanted()) {
        next.settle(undefined);
        continue;
      }
      const request: SaeWorkerRequest = { number: this.#number++, job: next.job };
      thread.jobs.set(request.number, next);
      thread.worker.postMessage(request);
    }
  }

  /** The one with least to do; a new one rather than one that is busy. */
  #threadWithRoom(): Thread | undefined {
    if (this.#queue.length === 0) return undefined;
    let best: Thread | undefined;
    for (const thread of this.#threads) if (best === undefined || thread.jobs.size < best.jobs.size) best = thread;
    if (best !== undefined && best.jobs.size === 0) return best;
    if (this.#threads.size < this.#limit) return this.#start();
    return best !== undefined && best.jobs.size < jobsPerThread ? best : undefined;
  }

  #start(): Thread {
    const worker = new Worker(this.options.entry);
    const thread: Thread = { worker, jobs: new Map() };
    this.#threads.add(thread);
    // The daemon doesn't live on for it.
    worker.unref();
    worker.on("message", ({ number, result }: SaeWorkerAnswer) => {
      const pending = thread.jobs.get(number);
      thread.jobs.delete(number);
      this.#distribute();
      pending?.settle(result);
    });
    worker.on("error", (error: unknown) => {
      this.options.log.error(`a thread for SAE failed, so it is done without: ${String(error)}`);
      this.#isBroken = true;
      this.#takeBack(thread);
    });
    return thread;
  }

  /** What a thread did not finish is done in the loop. */
  #takeBack(thread: Thread): void {
    this.#threads.delete(thread);
    const unfinished = [...thread.jobs.values(), ...(this.#threads.size === 0 ? this.#queue.splice(0) : [])];
    thread.jobs.clear();
    for (const { job, isWanted, settle, fail } of unfinished) this.options.here.run(job, isWanted).then(settle, fail);
  }

  #rest(): void {
    this.#idle = this.options.clock.after("idle threads for SAE", idleTime, () => this.close());
  }

  #end(thread: Thread): void {
    this.#threads.delete(thread);
    thread.worker.removeAllListeners();
    void thread.worker.terminate();
  }
}

/** Less than a millisecond: PT is known and the group is the default one. */
const isQuick = ({ group, source }: SaeJob): boolean => group === 19 && source.kind === "pt";
