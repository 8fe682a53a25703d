/** What SAE computes with in this process. */

import { dirname, join } from "node:path";
import type { SaeTools } from "../ap/sae.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import { saeArithmeticHere } from "../crypto/sae/arithmetic.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { SaeWorkers } from "./sae-workers.ts";

export async function openSaeTools(clock: Clock, log: Log): Promise<SaeTools> {
  const arithmetic = await loadGroupArithmetic();
  if (arithmetic.name !== "OpenSSL") {
    log.warning("Node's OpenSSL can't be called here: WPA3 works, much slower, and its arithmetic shows in time");
  }
  const groups = new CyclicGroups(arithmetic);
  const here = saeArithmeticHere(groups, systemEntropy);
  const workers = new SaeWorkers({ entry: workerEntry(), here, clock, log });
  return { groups, arithmetic: workers, close: () => workers.close() };
}

/** Beside this module, or where all modules are one file, beside that. */
function workerEntry(): string | URL {
  const module: string | undefined = import.meta.url;
  return module === undefined
    ? join(dirname(process.argv[1] ?? ""), "sae-worker.cjs")
    : new URL("./sae-worker.js", module);
}
