/** SAE's arithmetic on threads. */

import type { SaeArithmetic } from "../crypto/sae/arithmetic.ts";
import { type SaeJob, type SaeJobResult, wipeSaeResult } from "../crypto/sae/job.ts";
import { JobThreads, type JobThreadsOptions } from "./job-threads.ts";

export type SaeWorkersOptions = Omit<JobThreadsOptions<SaeJob, SaeJobResult>, "name" | "isQuick" | "wipe">;

export class SaeWorkers extends JobThreads<SaeJob, SaeJobResult> implements SaeArithmetic {
  constructor(options: SaeWorkersOptions) {
    super({ ...options, name: "SAE", isQuick, wipe });
  }
}

/** Less than a millisecond: PT is known and the group is the default one. */
const isQuick = ({ group, source }: SaeJob): boolean => group === 19 && source.kind === "pt";

const wipe = (result: SaeJobResult): void => {
  if (result.type === "answered") wipeSaeResult(result);
};
