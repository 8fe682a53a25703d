/** A server that is measured in turn with others. */

import { setTimeout as sleep } from "node:timers/promises";
import { cpuTime } from "../process-figures.ts";
import type { Slice } from "./figures.ts";
import type { LoadOptions, Work } from "./load.ts";
import type { Loads } from "./loads.ts";
import { type Keeping, Kept } from "./schedule.ts";
import { password, type Server, type Subject, secret } from "./servers.ts";

/**
 * hostapd's RADIUS_MAX_SESSION, less what is under way, and RADIUS_SESSION_MAINTAIN, with some time for its timers: while it keeps as many it
 * has to refuse, which says nothing about its speed.
 */
const hostapdKeeps: Keeping = { most: 950, kept: 5.5 };
/** Of hostapd: two turns fit into what it keeps, so that nobody has to wait for it. */
const mostInATurn = 475;

/** What all loads of a case have in common. */
export type Case = Pick<LoadOptions, "method" | "certificate" | "key">;

export class Contestant {
  readonly #kept: Kept | undefined;
  /** Milliseconds of CPU time while others had their turn, seconds of that, and how many it had let in in its own turns. */
  readonly aside = { cpu: 0, seconds: 0, done: 0 };

  constructor(
    readonly subject: Subject,
    readonly server: Server,
    readonly users: number,
    readonly loads: Loads,
  ) {
    this.#kept = subject === "hostapd" ? new Kept(hostapdKeeps) : undefined;
  }

  /**
   * Its turn.
   * @param expected authentications a second, as far as it is known
   * @param others who are idle meanwhile
   */
  async slice(
    about: Case,
    work: Work,
    { seconds, expected, most }: { seconds: number; expected: number; most?: number },
    others: readonly Contestant[] = [],
  ): Promise<Slice> {
    const wait = this.#kept?.wait(now(), Math.min(mostInATurn, Math.ceil(1.2 * expected * seconds))) ?? 0;
    if (wait > 0) await sleep(wait * 1000);
    const room = this.#kept ? Math.min(mostInATurn, this.#kept.room(now())) : Number.MAX_SAFE_INTEGER;
    const idle = others
      .filter((other) => other !== this)
      .map((other) => ({ other, before: cpuTime(other.server.pid) }));
    const result = await this.run({ ...about, seconds, most: Math.min(most ?? Number.MAX_SAFE_INTEGER, room), work });
    for (const { other, before } of idle) {
      other.aside.cpu += cpuTime(other.server.pid) - before;
      other.aside.seconds += result.seconds;
    }
    if (others.length > 0) this.aside.done += result.done;
    return result;
  }

  /** Without regard for what the server keeps. */
  async run(options: Case & Pick<LoadOptions, "seconds" | "most" | "work">): Promise<Slice> {
    const { server, users, loads } = this;
    const before = cpuTime(server.pid);
    const result = await loads.run({ ...options, port: server.port, secret, password, users });
    const cpu = cpuTime(server.pid) - before;
    this.#kept?.note(now(), result.done);
    const { done, failed, seconds, latencies } = result;
    const each = Math.max(1, done);
    return { done, failed, seconds, rate: done / seconds, cpu: cpu / each, peers: result.cpu / each, latencies };
  }

  /** What is compiled and allocated once is no part of it; V8's compiler takes some thousand authentications to know what is worth it. */
  async warmUp(about: Case, count: number): Promise<void> {
    const work = { kind: "full", concurrency: 8 } as const;
    for (let left = count; left > 0; ) {
      const { done, failed } = await this.slice(about, work, { seconds: 60, expected: 1, most: left });
      if (done === 0) throw new Error(`${this.subject} lets nobody in (${failed} tried)`);
      left -= done;
    }
  }
}

const now = (): number => performance.now() / 1000;
