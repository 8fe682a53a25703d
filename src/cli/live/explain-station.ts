/** `beacon explain STATION|last`: from the daemon's own record. */

import type { MacAddress } from "../../base/mac-address.ts";
import { recordShape } from "../../control/live-answers.ts";
import type { Entry } from "../../observe/record/entry.ts";
import { type Explanation, explain, type Fault } from "../../observe/record/explanation.ts";
import { exitStatus } from "../command.ts";
import { type Paint, paintFor, type Tone } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { type LiveNetwork, oncePerDaemon, Unanswered } from "./ask.ts";
import { entryText } from "./entry-text.ts";
import { type KnownLease, leasesHere } from "./leases.ts";
import { explainedFromLeft, leftRecords } from "./left-records.ts";
import { clockTime, folded, safe } from "./text.ts";
import { type Meant, stationMeant } from "./whom.ts";
import { withNetworks } from "./with-networks.ts";

export interface ExplainStation {
  /** As somebody has typed it; `last`. */
  readonly station: string;
  readonly directory: string;
  readonly interfaceName: string | undefined;
  readonly json: boolean;
}

interface Explained {
  readonly station: MacAddress;
  readonly name: string | undefined;
  readonly explanation: Explanation;
}

/** @returns the exit status */
export const explainStation = (options: ExplainStation, terminal: Terminal): Promise<number> =>
  withNetworks(
    options,
    terminal,
    async ({ networks }) => {
      const daemons = oncePerDaemon(networks);
      const meant = options.station === "last" ? undefined : await stationMeant(daemons, options.station);
      const leases = leasesHere();
      const explained = await Promise.all(daemons.map((network) => askedOf(network, meant, leases)));
      // Of several daemons, the one that has heard of it last knows it best.
      const [best] = explained
        .filter((each) => each !== undefined)
        .sort((a, b) => (b.explanation.at ?? 0) - (a.explanation.at ?? 0));
      if (best === undefined) throw new Unanswered("no station has been heard of yet");
      return show(best, options, terminal);
    },
    () => {
      const left = explainedFromLeft(options.station, leftRecords());
      if (left === undefined) return undefined;
      if (!options.json) {
        terminal.output.write(
          `No access point runs; this is what one remembered that ended at ${clockTime(left.ended)}.\n\n`,
        );
      }
      return show(left, options, terminal);
    },
  );

async function askedOf(
  network: LiveNetwork,
  meant: Meant | undefined,
  leases: ReadonlyMap<MacAddress, KnownLease>,
): Promise<Explained | undefined> {
  const answer = await network.ask(recordShape, `BEACON-RECORD ${meant?.address ?? "last"}`);
  const { record, network: events, name: given, ban, ...known } = answer;
  const station = meant?.address ?? record?.station;
  if (station === undefined) return undefined;
  const lease = leases.get(station);
  const name = given ?? meant?.name ?? record?.hostName ?? lease?.hostName;
  const explanation = explain({ ...known, ban, station, record, network: events, ip: lease?.ip });
  return { station, name, explanation };
}

function show({ station, name, explanation }: Explained, { json }: ExplainStation, { output }: Terminal): number {
  const { entries, ...told } = explanation;
  const who = name === undefined ? station : `${safe(name)} (${station})`;
  output.write(
    json
      ? `${JSON.stringify({ station, name, ...told, entries })}\n`
      : inWords(who, explanation, paintFor(output, process.env), output.columns ?? 0),
  );
  return explanation.verdict === "bad" || explanation.verdict === "unknown" ? exitStatus.failed : exitStatus.done;
}

const marks: Readonly<Record<Explanation["verdict"], readonly [mark: string, tone: Tone]>> = {
  good: ["well", "good"],
  bad: ["not well", "bad"],
  harmless: ["harmless", "name"],
  unknown: ["unclear", "name"],
};

const blame: Readonly<Record<Fault, string | undefined>> = {
  "the device": "the device, most likely",
  "this network": "this network's settings, most likely",
  "the distance": "the distance, most likely",
  "a server": "a server behind this network, most likely",
  "somebody here": "somebody here wanted it so",
  nobody: undefined,
  unclear: "unclear",
};

/** Things that happened, at most; the last ones count. */
const mostShown = 14;

function inWords(who: string, explanation: Explanation, paint: Paint, columns: number): string {
  const { verdict, text, fault, advice, entries, isRandom } = explanation;
  const [mark, tone] = marks[verdict];
  const width = columns > 40 ? Math.min(columns, 100) : 100;
  const paragraph = folded(text, width - 2).map((line) => `  ${line}\n`);
  const whose = blame[fault];
  const shown = entries.slice(-mostShown);
  return [
    `${paint("name", who)}${isRandom ? " (random address)" : ""}: ${paint(tone, mark)}\n\n`,
    ...paragraph,
    ...(whose === undefined ? [] : [`\n  At fault: ${whose}.\n`]),
    ...(advice.length === 0 ? [] : ["\n  What to look at:\n", ...advice.flatMap((hint) => bullet(hint, width))]),
    ...(shown.length === 0 ? [] : ["\n  What happened:\n", ...shown.map((entry) => line(entry, paint))]),
  ].join("");
}

const bullet = (hint: string, width: number): string[] =>
  folded(hint, width - 4).map((each, i) => `  ${i === 0 ? "-" : " "} ${each}\n`);

const line = (entry: Entry, paint: Paint): string =>
  `  ${paint("quiet", clockTime(entry.at))}  ${entryText(entry)}${entry.times > 1 ? ` (${entry.times} times)` : ""}\n`;
