/** The thread's end of {@link JobThreads}: a job at a time, each answered. */

import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { messageOf } from "../base/errors.ts";
import type { JobAnswer, JobRequest } from "./job-threads.ts";

/**
 * Of this thread alone, as Linux has it: the event loop goes before. Low enough that the scheduler lets it in at once, and not so low that
 * others on a busy machine would leave nothing.
 */
const niceness = 10;

/** @param wipe for the copies of a job and its result, which are this thread's */
export function serveJobs<Job, Result>(
  ready: Promise<(job: Job) => Result>,
  wipe: (job: Job, result: Result | undefined) => void,
): void {
  try {
    setPriority(niceness);
  } catch {
    // Where that is forbidden, it is done without.
  }
  parentPort?.on("message", ({ number, job }: JobRequest<Job>) => {
    void ready.then((run) => {
      const answer = answerOf(run, number, job);
      parentPort?.postMessage(answer);
      wipe(job, answer.type === "done" ? answer.result : undefined);
    });
  });
}

function answerOf<Job, Result>(run: (job: Job) => Result, number: number, job: Job): JobAnswer<Result> {
  try {
    return { type: "done", number, result: run(job) };
  } catch (thrown) {
    return { type: "failed", number, reason: messageOf(thrown) };
  }
}
