/** A thread that does SAE's arithmetic for the daemon. */

import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import { runSaeJob, type SaeJob, type SaeJobResult, wipeSaeResult } from "../crypto/sae/job.ts";
import { wipe } from "../crypto/secret.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { serveJobs } from "./job-worker.ts";

serveJobs<SaeJob, SaeJobResult>(
  loadGroupArithmetic().then((arithmetic) => {
    const groups = new CyclicGroups(arithmetic);
    return (job: SaeJob) => runSaeJob(groups, job, systemEntropy);
  }),
  ({ source }, result) => {
    wipe("pt" in source ? source.pt : source.password);
    if (result?.type === "answered") wipeSaeResult(result);
  },
);
