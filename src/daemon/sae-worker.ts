/** A thread that does SAE's arithmetic for the daemon, a job at a time. */

import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import { runSaeJob, type SaeJob, type SaeJobResult } from "../crypto/sae/job.ts";
import { wipe } from "../crypto/secret.ts";
import { systemEntropy } from "../linux/entropy.ts";

export interface SaeWorkerRequest {
  readonly number: number;
  readonly job: SaeJob;
}

export interface SaeWorkerAnswer {
  readonly number: number;
  readonly result: SaeJobResult;
}

/**
 * Of this thread alone, as Linux has it: the event loop goes before. Low enough that the scheduler lets it in at once, and not so low that
 * others on a busy machine would leave nothing.
 */
const niceness = 10;
try {
  setPriority(niceness);
} catch {
  // Where that is forbidden, it is done without.
}

const ready = loadGroupArithmetic().then((arithmetic) => new CyclicGroups(arithmetic));

parentPort?.on("message", ({ number, job }: SaeWorkerRequest) => {
  void ready.then((groups) => {
    const result = runSaeJob(groups, job, systemEntropy);
    const answer: SaeWorkerAnswer = { number, result };
    parentPort?.postMessage(answer);
    // Messages are copies; these are ours to wipe.
    wipe("pt" in job.source ? job.source.pt : job.source.password);
    if (result.type === "answered") wipe(result.keys.kck, result.keys.pmk, result.keys.kek, result.pt);
  });
});
