/** What is made of measurements: figures of a server, and of two servers against each other round by round. */

import { quantile, type Summary, summarize } from "../statistics.ts";

/** One turn of one server. */
export interface Slice {
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
  /** Authentications a second. */
  readonly rate: number;
  /** Milliseconds of the server's CPU time for each authentication. */
  readonly cpu: number;
  /** The same of the processes that play the peers. */
  readonly peers: number;
  /** Milliseconds from the first Access-Request, or from when it was due, to Access-Accept. */
  readonly latencies: readonly number[];
}

/** A slice of each server, one right after the other. */
export type Round<Name extends string> = Readonly<Record<Name, Slice>>;

export type Quantity = "rate" | "cpu" | "peers";

export const summaryOf = <Name extends string>(
  rounds: readonly Round<Name>[],
  name: Name,
  quantity: Quantity,
): Summary => summarize(rounds.map((round) => round[name][quantity]));

/**
 * Of one server to another, in each round by itself: what makes the machine slow for a while makes both slow.
 * @throws RangeError where there are no rounds
 */
export const ratioOf = <Name extends string>(
  rounds: readonly Round<Name>[],
  [ours, theirs]: readonly [Name, Name],
  quantity: Quantity,
): Summary => summarize(ratios(rounds, [ours, theirs], quantity));

/** In how many rounds one has a greater value than the other. */
export const roundsAhead = <Name extends string>(
  rounds: readonly Round<Name>[],
  pair: readonly [Name, Name],
  quantity: Quantity,
): number => ratios(rounds, pair, quantity).filter((ratio) => ratio > 1).length;

const ratios = <Name extends string>(
  rounds: readonly Round<Name>[],
  [ours, theirs]: readonly [Name, Name],
  quantity: Quantity,
): number[] => rounds.map((round) => round[ours][quantity] / round[theirs][quantity]);

export interface Latency {
  readonly median: number;
  readonly p99: number;
}

/** Of all rounds together; undefined where nothing was done. */
export function latencyOf<Name extends string>(rounds: readonly Round<Name>[], name: Name): Latency | undefined {
  const sorted = rounds.flatMap((round) => round[name].latencies).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

export const failuresOf = <Name extends string>(rounds: readonly Round<Name>[], name: Name): number =>
  rounds.reduce((sum, round) => sum + round[name].failed, 0);
