/** What SAE computes with in this process. */

import type { SaeTools } from "../ap/sae.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import { runSaeJob } from "../crypto/sae/job.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { SaeWorkers } from "./sae-workers.ts";
import { workerEntry } from "./worker-entry.ts";

export async function openSaeTools(clock: Clock, log: Log): Promise<SaeTools> {
  const arithmetic = await loadGroupArithmetic();
  if (arithmetic.name !== "OpenSSL") {
    log.warning("Node's OpenSSL can't be called here: WPA3 works, much slower, and its arithmetic shows in time");
  }
  const groups = new CyclicGroups(arithmetic);
  const workers = new SaeWorkers({
    entry: workerEntry("sae-worker"),
    here: (job) => runSaeJob(groups, job, systemEntropy),
    clock,
    log,
  });
  return { groups, arithmetic: workers, close: () => workers.close() };
}
