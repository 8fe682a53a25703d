/** What is measured while BSSs come and go. */

import type { Metrics } from "./metrics.ts";

export const cycleMetrics: Metrics = {
  earlyMemory: { label: "resident, after the first tenth", unit: "MB" },
  lateMemory: { label: "resident, at the end", unit: "MB" },
  earlyCpu: { label: "CPU time per ADD and REMOVE, the first tenth", unit: "ms" },
  lateCpu: { label: "CPU time per ADD and REMOVE, the last tenth", unit: "ms" },
  descriptors: { label: "descriptors at the end more than at the beginning", unit: "" },
};
