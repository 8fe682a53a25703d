/** What is measured, and how well Beacond is to do in it. */

export const subjects = ["beacond", "hostapd"] as const;
export type Subject = (typeof subjects)[number];

/** Each on a radio of its own, beside the access point's. */
export const stationCount = 20;

/** What Beacond may need: so much more than hostapd, so many times as much, or so much whatever hostapd needs; or of what it does, how much at least. */
export type Goal =
  | { readonly kind: "at-least-times"; readonly atLeast: number }
  | { readonly kind: "more"; readonly atMost: number }
  | { readonly kind: "times"; readonly atMost: number }
  | { readonly kind: "absolute"; readonly atMost: number };

export interface Metric {
  readonly label: string;
  /** Nothing for a count. */
  readonly unit: "s" | "ms" | "µs" | "MB" | "";
  readonly goal?: Goal;
}

export const metrics = {
  firstBeacon: { label: "exec to the first beacon", unit: "ms", goal: { kind: "more", atMost: 400 } },
  startCpu: { label: "CPU time until then", unit: "ms" },
  idleMemory: { label: "resident, idle", unit: "MB", goal: { kind: "absolute", atMost: 90 } },
  busyMemory: { label: `resident, ${stationCount} stations`, unit: "MB", goal: { kind: "absolute", atMost: 90 } },
  peakMemory: { label: "resident, the most until then", unit: "MB", goal: { kind: "absolute", atMost: 90 } },
  joinCpu: { label: "CPU time per join, the first 100", unit: "ms", goal: { kind: "times", atMost: 4 } },
  laterJoinCpu: { label: "CPU time per join, the next 100", unit: "ms", goal: { kind: "times", atMost: 4 } },
  ping: { label: "PING, median", unit: "µs", goal: { kind: "times", atMost: 2 } },
  slowPing: { label: "PING, 99 of 100 within", unit: "µs", goal: { kind: "times", atMost: 2 } },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export type Metrics = Readonly<Record<string, Metric>>;

/** One measurement, as the guest tells it to the host: a line of JSON. */
export interface Measurement {
  readonly subject: Subject;
  readonly metric: string;
  readonly value: number;
}
