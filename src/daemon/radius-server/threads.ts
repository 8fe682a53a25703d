/** The threads of a RADIUS server, or its work done here where there are none. */

import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../../base/clock.ts";
import { type Duration, milliseconds, seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import type { Log } from "../../base/log.ts";
import type { RadiusClient } from "../../config/radius-clients.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { SharedUdpSocket } from "../../linux/udp-socket.ts";
import { type ServerCount, ServerCounters } from "../../radius/server/counters.ts";
import type { RadiusSource } from "../../radius/server/source.ts";
import type { StrangerLog } from "../../radius/server/strangers.ts";
import { threadOf } from "./dispatch.ts";
import { eapSettingsOf, ServerThread, type ThreadOptions } from "./thread.ts";
import { ThreadNews } from "./thread-news.ts";
import type { FromWorker, Packet, ToWorker, WorkerData } from "./worker.ts";

export interface ThreadsOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly send: (packet: Uint8Array, to: RadiusSource) => void;
  /** Whether somebody sees debug lines. */
  readonly wantsDebug: () => boolean;
  readonly clients: readonly RadiusClient[];
  readonly strangers: StrangerLog;
  /** One for each thread, which hears it as soon as it is ready. Until then, and where there are none, what comes is handed in. */
  readonly sockets?: readonly SharedUdpSocket[];
  /** 0 for none. */
  readonly count: number;
  /** The compiled worker.ts. */
  readonly entry?: string | URL;
}

export interface Threads {
  receive(octets: Uint8Array, from: RadiusSource): void;
  /** Conversations that begin from now on have these settings. @throws ConfigurationError */
  configure(settings: BssSettings): void;
  /** Keys of ERP. */
  forgetKeys(): void;
  /** Threads beside the process's own that have read their users and answer. */
  readonly readyCount: number;
  /** Of all threads together. */
  value(what: ServerCount, client?: number): number;
  /** Whether somebody sees debug lines may have changed. */
  onVerbosity(): void;
  /** @returns when no thread hears a socket any more */
  close(): Promise<void>;
}

/** One on each processor; where there is only one, a thread would be no faster. */
export function serverThreads(): number {
  const processors = availableParallelism();
  return processors > 1 ? Math.min(mostThreads, processors) : 0;
}

/** As many as State can tell apart, and far more than most machines have. */
const mostThreads = 64;

/** @throws ConfigurationError where the EAP server can't be as its settings want it */
export function startThreads(options: ThreadsOptions, settings: BssSettings): Threads {
  if (options.count === 0) return startHere(options, settings);
  const news = new ThreadNews(options.clock);
  const here = startHere({ ...options, log: news.noting(options.log) }, settings);
  return new Workers(options, settings, here, news);
}

/** Beside this module, or where all modules are one file, beside that. */
function workerEntry(): string | URL {
  const module: string | undefined = import.meta.url;
  return module === undefined
    ? join(dirname(process.argv[1] ?? ""), "radius-worker.cjs")
    : new URL("./worker.js", module);
}

/** In the process's own thread: its number is the one behind the others'. */
function startHere(options: ThreadsOptions, settings: BssSettings): Threads {
  let table = settings.eap_user_file?.users;
  const memory = new ArrayBuffer(ServerCounters.octets(options.clients.length));
  const counters = new ServerCounters(options.clients.length, memory);
  const thread = new ServerThread(
    {
      thread: options.count,
      clients: options.clients,
      counters: memory,
      eap: eapSettingsOf(settings),
    },
    options,
    () => table,
  );
  return {
    receive: (octets, from) => thread.receive(octets, from),
    configure: (changed) => {
      table = changed.eap_user_file?.users;
      thread.configure(eapSettingsOf(changed));
    },
    forgetKeys: () => thread.forgetKeys(),
    readyCount: 0,
    value: (what, client) => counters.value(what, client),
    onVerbosity: () => undefined,
    close: async () => thread.close(),
  };
}

/** Half of what a thread allocates is forgotten at once: with room for it, V8 copies less of the rest. */
const resourceLimits = { maxYoungGenerationSizeMb: 32 } as const;

/** A thread that fails, or that can't read its files, tries again; one that does so again and again less and less often. */
const [firstDelay, longestDelay] = [seconds(1), seconds(64)];
/** More than that and the threads don't keep up: clients ask again. */
const mostWaiting = 4096;

interface Running {
  readonly memory: SharedArrayBuffer;
  worker: Worker;
  /** Until it is, what would begin there begins here: a file with many users takes a while to read. */
  isReady: boolean;
  /** To be handed over at the end of the turn. */
  packets: Packet[];
  /** When it tries again. */
  retry: Timer | undefined;
  delay: Duration;
}

class Workers implements Threads {
  readonly #running: Running[] = [];
  readonly #counters: readonly ServerCounters[];
  readonly #wishes = new Int32Array(new SharedArrayBuffer(4));
  #settings: BssSettings;
  #isHandingOver = false;
  #waiting = 0;

  constructor(
    readonly options: ThreadsOptions,
    settings: BssSettings,
    readonly here: Threads,
    readonly news: ThreadNews,
  ) {
    this.#settings = settings;
    this.onVerbosity();
    const { count, clients } = options;
    const counters: ServerCounters[] = [];
    for (let thread = 0; thread < count; thread++) {
      const memory = new SharedArrayBuffer(ServerCounters.octets(clients.length));
      counters.push(new ServerCounters(clients.length, memory));
      const running: Running = {
        memory,
        worker: this.#start(thread, memory),
        isReady: false,
        packets: [],
        retry: undefined,
        delay: firstDelay,
      };
      this.#running.push(running);
    }
    this.#counters = counters;
  }

  receive(octets: Uint8Array, from: RadiusSource): void {
    const running = this.#running[threadOf(octets, this.#running.length)];
    if (!running?.isReady) return this.here.receive(octets, from);
    if (this.#waiting >= mostWaiting) return;
    running.packets.push({ octets, with: from });
    this.#waiting += 1;
    if (this.#isHandingOver) return;
    this.#isHandingOver = true;
    setImmediate(() => this.#handOver());
  }

  configure(settings: BssSettings): void {
    this.news.startAnew();
    this.here.configure(settings);
    this.#settings = settings;
    for (const [thread, running] of this.#running.entries()) {
      running.delay = firstDelay;
      if (running.isReady || running.retry === undefined) this.#configure(running);
      else this.#startAnew(thread, running);
    }
  }

  forgetKeys(): void {
    for (const { worker } of this.#running) post(worker, { type: "forget-keys" });
  }

  get readyCount(): number {
    return this.#running.filter(({ isReady }) => isReady).length;
  }

  value(what: ServerCount, client?: number): number {
    return this.#counters.reduce((sum, counters) => sum + counters.value(what, client), this.here.value(what, client));
  }

  onVerbosity(): void {
    Atomics.store(this.#wishes, 0, this.options.wantsDebug() ? 1 : 0);
  }

  async close(): Promise<void> {
    const ended = this.#running.map(({ worker, retry }) => {
      retry?.cancel();
      return end(worker);
    });
    await this.here.close();
    await Promise.all(ended);
  }

  #handOver(): void {
    this.#isHandingOver = false;
    this.#waiting = 0;
    for (const running of this.#running) {
      if (running.packets.length === 0) continue;
      post(running.worker, { type: "packets", packets: running.packets });
      running.packets = [];
    }
  }

  #start(thread: number, memory: SharedArrayBuffer): Worker {
    const { clients, count, entry, log, sockets } = this.options;
    const options: ThreadOptions = { thread, clients, counters: memory, eap: eapSettingsOf(this.#settings) };
    const data: WorkerData = { ...options, threads: count, wishes: this.#wishes };
    const socket = sockets?.[thread];
    const worker = new Worker(entry ?? workerEntry(), { workerData: data, resourceLimits });
    // The daemon doesn't live on for it.
    worker.unref();
    worker.on("message", (message: FromWorker) => {
      switch (message.type) {
        case "ready": {
          const running = this.#running[thread];
          if (!running) return;
          running.isReady = true;
          running.delay = firstDelay;
          if (socket === undefined) return;
          socket.pause();
          return post(worker, { type: "listen", fd: socket.fd });
        }
        case "refused":
          return this.#onRefused(thread, message.reason);
        case "told":
          return this.#onTold(message);
      }
    });
    worker.on("error", (error: unknown) => {
      log.error(`a thread of the RADIUS server failed and is started anew: ${String(error)}`);
      const running = this.#running[thread];
      if (!running) return;
      running.isReady = false;
      socket?.resume();
      this.#retry(running, () => this.#startAnew(thread, running));
    });
    return worker;
  }

  /** The files were good when the process read them: somebody is writing them, or has broken them since. */
  #onRefused(thread: number, reason: string): void {
    const running = this.#running[thread];
    if (!running) return;
    const what = running.isReady ? "goes on with the users and certificates from before" : "can't begin";
    const text = `RADIUS server: a thread ${what}: ${reason}; it tries again by itself, and at the next reload`;
    if (this.news.isNews({ level: "error", text })) this.options.log.error(text);
    this.#retry(running, () => {
      if (running.isReady) this.#configure(running);
      else this.#startAnew(thread, running);
    });
  }

  #retry(running: Running, again: () => void): void {
    running.retry?.cancel();
    running.retry = this.options.clock.after("a thread of the RADIUS server", running.delay, again);
    running.delay = milliseconds(Math.min(2 * running.delay, longestDelay));
  }

  #configure(running: Running): void {
    running.retry?.cancel();
    running.retry = undefined;
    post(running.worker, { type: "configure", eap: eapSettingsOf(this.#settings) });
  }

  #startAnew(thread: number, running: Running): void {
    running.retry?.cancel();
    running.retry = undefined;
    void end(running.worker);
    running.worker = this.#start(thread, running.memory);
  }

  #onTold({ answers, astray, strangers, records }: FromWorker & { type: "told" }): void {
    const { send, log } = this.options;
    for (const { octets, with: to } of answers) send(octets, to);
    for (const { octets, with: from } of astray) this.receive(octets, from);
    for (const { kind, address } of strangers) this.options.strangers.hear(kind, address);
    for (const record of records) if (this.news.isNews(record)) log.sink(record);
  }
}

function end(worker: Worker): Promise<number> {
  worker.removeAllListeners();
  // One that fails while it ends is no news, and would end the daemon.
  worker.on("error", () => undefined);
  return worker.terminate();
}

const post = (worker: Worker, message: ToWorker): void => worker.postMessage(message);
