import type { Entropy } from "../../base/entropy.ts";
import type { CyclicGroups } from "../groups/cyclic-group.ts";
import { runSaeJob, type SaeJob, type SaeJobResult } from "./job.ts";

/** Whoever does SAE's arithmetic: at once, or elsewhere meanwhile. */
export interface SaeArithmetic {
  /**
   * @param isWanted asked before the work begins
   * @returns undefined where it was not wanted any more
   */
  run(job: SaeJob, isWanted: () => boolean): Promise<SaeJobResult | undefined>;
}

/** In the event loop, while everybody waits. */
export const saeArithmeticHere = (groups: CyclicGroups, entropy: Entropy): SaeArithmetic => ({
  run: async (job, isWanted) => (isWanted() ? runSaeJob(groups, job, entropy) : undefined),
});
