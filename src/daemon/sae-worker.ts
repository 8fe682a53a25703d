/** A thread that does SAE's arithmetic for the daemon, a job at a time. */

import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { messageOf } from "../base/errors.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import { runSaeJob, type SaeJob, type SaeJobResult, wipeSaeResult } from "../crypto/sae/job.ts";
import { wipe } from "../crypto/secret.ts";
import { systemEntropy } from "../linux/entropy.ts";

export interface SaeWorkerRequest {
  readonly number: number;
  readonly job: SaeJob;
}

export type SaeWorkerAnswer =
  | { readonly type: "done"; readonly number: number; readonly result: SaeJobResult }
  /** By a mistake of ours, which is no reason to do without this thread. */
  | { readonly type: "failed"; readonly number: number; readonly reason: string };

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
    tell(answerOf(groups, number, job));
    // Messages are copies; these are ours to wipe.
    wipe("pt" in job.source ? job.source.pt : job.source.password);
  });
});

function answerOf(groups: CyclicGroups, number: number, job: SaeJob): SaeWorkerAnswer {
  try {
    return { type: "done", number, result: runSaeJob(groups, job, systemEntropy) };
  } catch (thrown) {
    return { type: "failed", number, reason: messageOf(thrown) };
  }
}

function tell(answer: SaeWorkerAnswer): void {
  parentPort?.postMessage(answer);
  if (answer.type === "done" && answer.result.type === "answered") wipeSaeResult(answer.result);
}
