/** The measurements as people read them: Markdown, so that it can go into a document as it is. */

import type { Summary } from "../statistics.ts";
import { failuresOf, latencyOf, type Quantity, type Round, ratioOf, roundsAhead, summaryOf } from "./figures.ts";
import type { Measured } from "./rates.ts";
import { type Subject, subjects } from "./servers.ts";

export const names = { beacond: "Beacond", hostapd: "hostapd", freeradius: "FreeRADIUS" } as const satisfies Record<
  Subject,
  string
>;
const rivals = ["hostapd", "freeradius"] as const;

/** The goals: so many times the rate of each. */
const goals = { hostapd: 1.5, freeradius: 1 } as const;

export function report(all: readonly Measured[]): string {
  return [
    "Median (least to greatest) of all rounds: authentications a second, the server's CPU time for each, and the peers' own.",
    table(
      ["", ...subjects.map((subject) => names[subject])],
      all.map((measured) => [measured.name, ...subjects.map((subject) => figures(measured.full, subject))]),
    ),
    "Beacond's figure divided by the other's, round by round: rate (more is better), CPU time (less is better).",
    table(
      ["", ...rivals.flatMap((rival) => [`rate to ${names[rival]}'s`, "CPU", "goal"])],
      all.map((measured) => [measured.name, ...rivals.flatMap((rival) => against(measured.full, rival))]),
    ),
    "From Access-Request to Access-Accept, median and 99th percentile of all rounds, at 70 % of each one's own rate.",
    table(
      ["", ...subjects.map((subject) => names[subject])],
      all.map(({ name, own, offered }) => [
        name,
        ...subjects.map((subject) => `${offered.own[subject].toFixed(0)}/s: ${latency(own, subject)}`),
      ]),
    ),
    "The same, with as many a second for all: 70 % of the slowest one's rate.",
    table(
      ["", "", ...subjects.map((subject) => names[subject])],
      all.map(({ name, same, offered }) => [
        name,
        `${offered.same.toFixed(0)}/s`,
        ...subjects.map((subject) => latency(same, subject)),
      ]),
    ),
  ].join("\n\n");
}

function figures(rounds: readonly Round<Subject>[], subject: Subject): string {
  const of = (quantity: Quantity): Summary => summaryOf(rounds, subject, quantity);
  const failed = failuresOf(rounds, subject);
  return [
    `${spread(of("rate"), 0)}/s`,
    `${spread(of("cpu"), 2)} ms`,
    `peers ${of("peers").median.toFixed(2)} ms`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(", ");
}

function against(rounds: readonly Round<Subject>[], rival: "hostapd" | "freeradius"): string[] {
  const pair = ["beacond", rival] as const;
  const rate = ratioOf(rounds, pair, "rate");
  const goal = goals[rival];
  const ahead = `${roundsAhead(rounds, pair, "rate")} of ${rounds.length} rounds ahead`;
  return [
    spread(rate, 2),
    spread(ratioOf(rounds, pair, "cpu"), 2),
    `${goal} x: ${rate.median >= goal ? "reached" : "MISSED"}; ${ahead}`,
  ];
}

function latency(rounds: readonly Round<Subject>[], subject: Subject): string {
  const found = latencyOf(rounds, subject);
  const failed = failuresOf(rounds, subject);
  const refused = failed > 0 ? `, ${failed} failed` : "";
  return found ? `${found.median.toFixed(1)} ms, ${found.p99.toFixed(0)} ms${refused}` : `none${refused}`;
}

export const spread = ({ median, least, greatest }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${least.toFixed(digits)} to ${greatest.toFixed(digits)})`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
