/** The measurements as people read them: a table of both daemons with the ratio of the two. */

import { type Goal, type Measurement, type Metric, type Metrics, metrics, type Subject } from "./metrics.ts";
import { type Summary, summarize } from "./statistics.ts";

/** A Markdown table, so that it can go into a document as it is. Of what wasn't measured there is no row. */
export function table(measurements: readonly Measurement[], of: Metrics = metrics): string {
  const head = ["", "Beacond", "hostapd", "ratio", "goal"];
  const rows = Object.entries(of).flatMap(([name, metric]) => {
    const ours = valuesOf(measurements, "beacond", name);
    const theirs = valuesOf(measurements, "hostapd", name);
    return ours.length > 0 && theirs.length > 0 ? [row(metric, summarize(ours), summarize(theirs))] : [];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

const valuesOf = (measurements: readonly Measurement[], subject: Subject, metric: string): readonly number[] =>
  measurements.filter((one) => one.subject === subject && one.metric === metric).map((one) => one.value);

function row(metric: Metric, ours: Summary, theirs: Summary): readonly string[] {
  const ratio = ours.median / theirs.median;
  return [
    metric.label,
    cell(ours, metric.unit),
    cell(theirs, metric.unit),
    Number.isFinite(ratio) ? `${figure(ratio)} x` : "",
    metric.goal === undefined ? "" : judge(metric.goal, metric.unit, ours.median, theirs.median),
  ];
}

const cell = ({ median, least, greatest }: Summary, unit: string): string =>
  least === greatest
    ? `${figure(median)} ${unit}`.trimEnd()
    : `${figure(median)} ${unit} (${figure(least)} to ${figure(greatest)})`;

/** Three digits: more would be noise. */
const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function judge(goal: Goal, unit: string, ours: number, theirs: number): string {
  switch (goal.kind) {
    case "more":
      return verdict(ours - theirs <= goal.atMost, `at most ${goal.atMost} ${unit} more`);
    case "times":
      return verdict(ours <= goal.atMost * theirs, `at most ${goal.atMost} x`);
    case "at-least-times":
      return verdict(ours >= goal.atLeast * theirs, `at least ${goal.atLeast} x`);
    case "absolute":
      return verdict(ours <= goal.atMost, `at most ${goal.atMost} ${unit}`);
  }
}

const verdict = (reached: boolean, goal: string): string => `${goal}: ${reached ? "reached" : "MISSED"}`;
