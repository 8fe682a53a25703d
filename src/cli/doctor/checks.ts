/** From evidence to a diagnosis, link by link along the chain from the chip to the Internet. Pure. */

import { daemonChecks } from "./daemon-checks.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Evidence } from "./evidence.ts";
import { networkChecks } from "./network-checks.ts";
import { radioChecks } from "./radio-checks.ts";

export const diagnose = (evidence: Evidence): Diagnosis[] =>
  [...radioChecks, ...daemonChecks, ...networkChecks].map((check) => check(evidence));
