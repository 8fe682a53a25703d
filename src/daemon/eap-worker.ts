/** A thread that does EAP's arithmetic for the daemon. */

import { type EapJob, type EapJobResult, runEapJob, wipeEapJob, wipeEapJobResult } from "../crypto/eap-arithmetic.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { eapGroups } from "./eap-groups.ts";
import { serveJobs } from "./job-worker.ts";

serveJobs<EapJob, EapJobResult>(
  eapGroups().then((groups) => (job: EapJob) => runEapJob(groups, job.name, job.input, systemEntropy)),
  (job, result) => {
    wipeEapJob(job);
    wipeEapJobResult(result);
  },
);
