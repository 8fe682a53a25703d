/**
 * Arithmetic on threads of its own, so that a crowd at the door delays nobody inside. Threads are started when there is work for them and
 * end when there has been none for a while: on a quiet network there are none.
 */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import type { Log } from "../base/log.ts";

/** More would only take memory. */
const mostThreads = 4;

/** One to work on, one that lies ready. */
const jobsPerThread = 2;

const idleTime = seconds(60);

/** Jobs that follow one another that quickly are a crowd's. */
const busyTime = milliseconds(5);

/** What a thread is told. Messages are copies: those of secrets are the thread's to wipe. */
export interface JobRequest<Job> {
  readonly number: number;
  readonly job: Job;
}

export type JobAnswer<Result> =
  | { readonly type: "done"; readonly number: number; readonly result: Result }
  /** By a mistake of ours, which is no reason to do without this thread. */
  | { readonly type: "failed"; readonly number: number; readonly reason: string };

interface Pending<Job, Result> {
  readonly job: Job;
  readonly isWanted: () => boolean;
  readonly settle: (result: Result | undefined) => void;
  readonly fail: (thrown: unknown) => void;
}

interface Thread<Job, Result> {
  readonly worker: Worker;
  readonly jobs: Map<number, Pending<Job, Result>>;
}

export interface JobThreadsOptions<Job, Result> {
  /** What is computed, for the log: `SAE`. */
  readonly name: string;
  /** The compiled module that answers a {@link JobRequest} with a {@link JobAnswer}. */
  readonly entry: string | URL;
  /** Whether a job takes less than a thread costs. */
  readonly isQuick: (job: Job) => boolean;
  /** Does quick jobs in the loop itself, and all of them where threads fail. */
  readonly here: (job: Job) => Result;
  /** For a result that nobody waits for any more. */
  readonly wipe: (result: Result) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the machine where undefined. */
  readonly processors?: number;
}

/** `Job` and `Result` are plain data, which can be copied to a thread. */
export class JobThreads<Job, Result> {
  readonly #threads = new Set<Thread<Job, Result>>();
  readonly #queue: Pending<Job, Result>[] = [];
  readonly #limit: number;
  /** More than the one that the event loop has. */
  readonly #hasProcessors: boolean;
  #lastHere: Duration = milliseconds(-busyTime);
  #number = 0;
  #running = 0;
  #idle: Timer | undefined;
  #isBroken = false;

  constructor(readonly options: JobThreadsOptions<Job, Result>) {
    const processors = options.processors ?? availableParallelism();
    this.#limit = Math.min(mostThreads, processors);
    this.#hasProcessors = processors > 1;
  }

  get threadCount(): number {
    return this.#threads.size;
  }

  /**
   * @param isWanted asked before the work begins
   * @returns undefined where it was not wanted any more
   */
  async run(job: Job, isWanted: () => boolean): Promise<Result | undefined> {
    if (this.#isBroken || (this.options.isQuick(job) && !this.#isBusy())) return this.#here(job, isWanted);
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

  #here(job: Job, isWanted: () => boolean): Result | undefined {
    return isWanted() ? this.options.here(job) : undefined;
  }

  /** Who waits for a result waits no more. */
  close(): void {
    const unfinished = this.#takeBack();
    for (const { settle } of unfinished) settle(undefined);
    this.#idle?.cancel();
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
      const request: JobRequest<Job> = { number: this.#number++, job: next.job };
      thread.jobs.set(request.number, next);
      thread.worker.postMessage(request);
    }
  }

  /** The one with least to do; a new one rather than one that is busy. */
  #threadWithRoom(): Thread<Job, Result> | undefined {
    if (this.#queue.length === 0) return undefined;
    let best: Thread<Job, Result> | undefined;
    for (const thread of this.#threads) if (best === undefined || thread.jobs.size < best.jobs.size) best = thread;
    if (best !== undefined && best.jobs.size === 0) return best;
    if (this.#threads.size < this.#limit && !this.#isBroken) return this.#start();
    return best !== undefined && best.jobs.size < jobsPerThread ? best : undefined;
  }

  #start(): Thread<Job, Result> | undefined {
    let worker: Worker;
    try {
      worker = new Worker(this.options.entry);
    } catch (thrown) {
      this.#goOnWithout(thrown);
      return undefined;
    }
    const thread: Thread<Job, Result> = { worker, jobs: new Map() };
    this.#threads.add(thread);
    // The daemon doesn't live on for it.
    worker.unref();
    worker.on("message", (answer: JobAnswer<Result>) => this.#onAnswer(thread, answer));
    // One that was ended may still fail, which is no news, and unheard would end the daemon.
    worker.on("error", (error: unknown) => {
      if (this.#threads.has(thread)) this.#goOnWithout(error);
    });
    return thread;
  }

  #onAnswer({ jobs }: Thread<Job, Result>, answer: JobAnswer<Result>): void {
    const pending = jobs.get(answer.number);
    jobs.delete(answer.number);
    this.#distribute();
    if (answer.type === "failed") return pending?.fail(new Error(answer.reason));
    if (pending) return pending.settle(answer.result);
    this.options.wipe(answer.result);
  }

  /** What threads did not finish, and what they would have done from now on, is done in the loop. */
  #goOnWithout(error: unknown): void {
    this.#isBroken = true;
    this.options.log.error(`a thread for ${this.options.name} failed, so it is done without: ${String(error)}`);
    for (const { job, isWanted, settle, fail } of this.#takeBack()) {
      try {
        settle(this.#here(job, isWanted));
      } catch (thrown) {
        fail(thrown);
      }
    }
  }

  /** Ends the threads. @returns what was not finished, the oldest first */
  #takeBack(): readonly Pending<Job, Result>[] {
    const threads = [...this.#threads];
    this.#threads.clear();
    const unfinished = threads.flatMap(({ jobs }) => [...jobs.values()]);
    for (const { worker, jobs } of threads) {
      jobs.clear();
      void worker.terminate();
    }
    return [...unfinished, ...this.#queue.splice(0)];
  }

  #rest(): void {
    this.#idle = this.options.clock.after(`idle threads for ${this.options.name}`, idleTime, () => this.close());
  }
}
