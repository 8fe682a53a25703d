/** What a daemon holds: for tests that nothing of what comes and goes stays behind. */

import { readdir, readFile } from "node:fs/promises";
import type { Daemon } from "../../lab/guest/daemon.ts";
import { type Heap, parseSnapshot } from "../../testing/heap.ts";

/** The environment of a daemon whose heap {@link heapOf} can look at. */
export const withSnapshots = { NODE_OPTIONS: "--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=/tmp" };

/** After a whole collection. */
export async function heapOf({ kill }: Pick<Daemon, "kill">): Promise<Heap> {
  const earlier = new Set(await snapshots());
  kill("SIGUSR2");
  for (;;) {
    const [name] = (await snapshots()).filter((file) => !earlier.has(file));
    const heap = name === undefined ? undefined : parseSnapshot(await readFile(`/tmp/${name}`, "utf8"));
    if (heap !== undefined) return heap;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const snapshots = async (): Promise<string[]> =>
  (await readdir("/tmp")).filter((name) => name.endsWith(".heapsnapshot"));
