/** Rates, CPU time and latency of all servers, in turn. */

import type { Issued } from "../../testing/certificates.ts";
import { quantile } from "../statistics.ts";
import type { Case, Contestant } from "./contestant.ts";
import type { Round, Slice } from "./figures.ts";
import type { Work } from "./load.ts";
import type { Method } from "./peer.ts";
import { type Subject, subjects } from "./servers.ts";

export interface RateCase {
  readonly name: string;
  readonly method: Method;
}

export interface Measured {
  readonly name: string;
  readonly full: readonly Round<Subject>[];
  /** Each at 70 % of its own rate. */
  readonly own: readonly Round<Subject>[];
  /** All at 70 % of the slowest one's. */
  readonly same: readonly Round<Subject>[];
  /** The last ones, a second. */
  readonly offered: { readonly own: Readonly<Record<Subject, number>>; readonly same: number };
}

export interface Turns {
  readonly rounds: number;
  /** Seconds of each turn. */
  readonly seconds: number;
  readonly concurrency: number;
}

const share = 0.7;

export async function measureRates(
  contestants: Readonly<Record<Subject, Contestant>>,
  { name, method }: RateCase,
  client: Issued,
  { rounds, seconds, concurrency }: Turns,
  tell: (line: string) => void,
): Promise<Measured> {
  const about: Case = { method, certificate: client.certificate, key: client.key };
  const full: Round<Subject>[] = [];
  const own: Round<Subject>[] = [];
  const same: Round<Subject>[] = [];
  const others = Object.values(contestants);
  const turn = async (workOf: (subject: Subject) => Work): Promise<Round<Subject>> => {
    const round: Partial<Record<Subject, Slice>> = {};
    for (const subject of subjects) {
      const expected = Math.max(1, rateSoFar(subject));
      round[subject] = await contestants[subject].slice(about, workOf(subject), { seconds, expected }, others);
    }
    return round as Round<Subject>;
  };
  const rateSoFar = (subject: Subject): number => median(full.map((round) => round[subject].rate));
  const ownRate = (subject: Subject): number => Math.max(1, share * rateSoFar(subject));
  const sameRate = (): number => Math.min(...subjects.map(ownRate));
  for (let round = 0; round < rounds; round++) {
    full.push(await turn(() => ({ kind: "full", concurrency })));
    own.push(await turn((subject) => ({ kind: "rate", rate: ownRate(subject), seed: 2 * round })));
    same.push(await turn(() => ({ kind: "rate", rate: sameRate(), seed: 2 * round + 1 })));
    tell(
      `${name}, round ${round + 1}: ${subjects.map((subject) => lineOf(subject, full.at(-1)?.[subject])).join("; ")}`,
    );
  }
  const offered = { beacond: ownRate("beacond"), hostapd: ownRate("hostapd"), freeradius: ownRate("freeradius") };
  return { name, full, own, same, offered: { own: offered, same: sameRate() } };
}

const lineOf = (subject: Subject, slice: Slice | undefined): string =>
  slice === undefined
    ? subject
    : `${subject} ${slice.rate.toFixed(0)}/s, ${slice.cpu.toFixed(2)} ms (peers ${slice.peers.toFixed(2)})${slice.failed > 0 ? `, ${slice.failed} failed` : ""}`;

const median = (values: readonly number[]): number =>
  values.length === 0
    ? 0
    : quantile(
        [...values].sort((a, b) => a - b),
        0.5,
      );
