/** The processes that play the peers: as many as it takes, so that a server is what limits. */

import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism, constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { LoadOptions, LoadResult, Work } from "./load.ts";

/** A peer costs a fifth to a third of what a server does. */
const processorsForEach = 4;

export class Loads {
  readonly #processes: readonly ChildProcess[];

  constructor(count = Math.ceil(availableParallelism() / processorsForEach)) {
    const program = fileURLToPath(new URL("./load.js", import.meta.url));
    this.#processes = Array.from({ length: count }, () => fork(program, { serialization: "advanced" }));
  }

  /** Peers are other machines in truth: what keeps this one busy is not to keep them from it. */
  takePrecedence(): void {
    for (const { pid } of this.#processes) {
      try {
        if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_HIGHEST);
      } catch (thrown) {
        process.stderr.write(`the peers have to share the processors with all others: ${String(thrown)}\n`);
      }
    }
  }

  /** One load at a time. */
  async run(options: LoadOptions): Promise<LoadResult> {
    const shares = sharesOf(options, this.#processes.length);
    const results = await Promise.all(
      shares.map(async (share, i): Promise<LoadResult> => {
        const child = this.#processes[i];
        if (child?.connected !== true) throw new Error("a process of peers has ended");
        child.send(share);
        return await answerOf(child);
      }),
    );
    return together(results);
  }

  close(): void {
    for (const child of this.#processes) child.kill();
  }
}

function answerOf(child: ChildProcess): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const onMessage = (result: unknown): void => {
      child.off("exit", onExit);
      resolve(result as LoadResult);
    };
    const onExit = (): void => {
      child.off("message", onMessage);
      reject(new Error("a process of peers has ended"));
    };
    child.once("message", onMessage).once("exit", onExit);
  });
}

/** The parts of a load for so many processes, or for fewer where some would have nothing to do. */
export function sharesOf(options: LoadOptions, processes: number): LoadOptions[] {
  const { work, most } = options;
  const count = work.kind === "rate" ? processes : Math.min(processes, work.concurrency);
  const part = (whole: number, i: number): number => Math.floor((whole + i) / count);
  const workOf = (i: number): Work =>
    work.kind === "rate"
      ? { ...work, rate: work.rate / count, seed: work.seed * count + i }
      : { ...work, concurrency: part(work.concurrency, i) };
  return Array.from({ length: count }, (_, i) => ({ ...options, most: part(most, i), work: workOf(i) }));
}

export function together(results: readonly LoadResult[]): LoadResult {
  const sum = (of: (result: LoadResult) => number): number => results.reduce((all, each) => all + of(each), 0);
  return {
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    retransmitted: sum(({ retransmitted }) => retransmitted),
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    cpu: sum(({ cpu }) => cpu),
    latencies: results.flatMap(({ latencies }) => latencies),
  };
}
