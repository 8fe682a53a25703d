/** EAP's arithmetic on threads: an access point's event loop has stations to serve meanwhile. */

import {
  type EapArithmetic,
  type EapGroups,
  type EapJob,
  type EapJobResult,
  runEapJob,
  wipeEapJobResult,
} from "../crypto/eap-arithmetic.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { eapGroups } from "./eap-groups.ts";
import type { EapServerHost } from "./eap-server.ts";
import { JobThreads } from "./job-threads.ts";
import { workerEntry } from "./worker-entry.ts";

export interface EapWorkers extends EapArithmetic {
  close(): void;
}

export function eapWorkers({ clock, log }: Pick<EapServerHost, "clock" | "log">): EapWorkers {
  let threads: JobThreads<EapJob, EapJobResult> | undefined;
  let isClosed = false;
  const open = (groups: EapGroups): JobThreads<EapJob, EapJobResult> =>
    new JobThreads({
      name: "EAP",
      entry: workerEntry("eap-worker"),
      isQuick,
      wipe: wipeEapJobResult,
      here: (job) => runEapJob(groups, job.name, job.input, systemEntropy),
      clock,
      log,
    });
  return {
    async run(name, input) {
      threads ??= open(await eapGroups());
      const result = await threads.run({ name, input } as EapJob, () => true);
      // The daemon ends: whoever waits has nothing to wait for.
      if (isClosed) return new Promise(() => undefined);
      // A job's result is of the job's kind.
      return result as never;
    },
    close() {
      isClosed = true;
      threads?.close();
    },
  };
}

/** A millisecond or less. */
function isQuick(job: EapJob): boolean {
  switch (job.name) {
    case "pwd-commit":
      return false;
    case "pwd-agree":
      return job.input.group === 19;
    case "modp-draw":
    case "modp-agree":
      return job.input.name === "modp14" || job.input.name === "modp5" || job.input.name === "modp2";
  }
}
