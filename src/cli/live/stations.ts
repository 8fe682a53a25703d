/** `beacon stations`: who is in. */

import { isLocallyAdministered, type MacAddress } from "../../base/mac-address.ts";
import { type LiveStation, type StationsAnswer, stationsShape } from "../../control/live-answers.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { parseCommandLine } from "../command-line/parse.ts";
import { defaultDirectory } from "../descriptions/cli.ts";
import { stationsDescription } from "../descriptions/live.ts";
import { type Paint, paintFor } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import type { LiveNetwork } from "./ask.ts";
import { type KnownLease, leasesHere } from "./leases.ts";
import { securityName } from "./names.ts";
import { columnsOf, fitted, octets, safe, span } from "./text.ts";
import { withNetworks } from "./with-networks.ts";

/** A station as it is shown. */
export interface Row extends LiveStation {
  readonly interface: string;
  readonly isRandom: boolean;
  /** Seconds of UNIX time; absent for one without an end, and where nobody knows. */
  readonly leaseEnds: number | undefined;
  readonly hasLease: boolean;
}

export type Order = "name" | "address" | "signal" | "time" | "bytes";

/** @returns the exit status */
export async function stations(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(stationsDescription, args);
  if ("refused" in parsed) return wrongCommandLine(stationsDescription, parsed.refused, terminal);
  const { directory = defaultDirectory, interface: interfaceName, json, sort = "name", leases } = parsed.options;
  const { output } = terminal;
  return withNetworks({ directory, interfaceName }, terminal, async ({ networks }) => {
    const known = leasesHere(leases === undefined ? [] : [leases]);
    const rows = sorted((await Promise.all(networks.map((network) => rowsOf(network, known)))).flat(), sort);
    if (json) for (const row of rows) output.write(`${JSON.stringify(row)}\n`);
    else if (rows.length === 0) output.write(`nobody is in on ${networks.map(({ name }) => name).join(", ")}\n`);
    else output.write(table(rows, paintFor(output, process.env), Date.now() / 1000, output.columns));
    return exitStatus.done;
  });
}

/** More pages than all association identifiers fill: whoever has more is no access point. */
const mostPages = 100;

export async function rowsOf(
  network: LiveNetwork,
  leases: ReadonlyMap<MacAddress, KnownLease>,
): Promise<readonly Row[]> {
  const found = new Map<MacAddress, LiveStation>();
  let request = "BEACON-STATIONS";
  for (let page = 0; page < mostPages; page++) {
    const answer: StationsAnswer = await network.ask(stationsShape, request);
    for (const station of answer.stations) found.set(station.address, station);
    if (answer.next === undefined) break;
    request = `BEACON-STATIONS ${answer.next}`;
  }
  return [...found.values()].map((station): Row => {
    const lease = leases.get(station.address);
    return {
      interface: network.name,
      ...station,
      hostName: station.hostName ?? lease?.hostName,
      ip: lease?.ip ?? station.ip,
      leaseEnds: lease?.until,
      hasLease: lease !== undefined,
      isRandom: isLocallyAdministered(station.address),
    };
  });
}

export function sorted(rows: readonly Row[], order: Order): readonly Row[] {
  const less = (a: number | undefined, b: number | undefined): number =>
    (b ?? Number.NEGATIVE_INFINITY) - (a ?? Number.NEGATIVE_INFINITY) || 0;
  const by: Readonly<Record<Order, (a: Row, b: Row) => number>> = {
    // Those without a name come last.
    name: (a, b) =>
      Number(nameOf(a) === undefined) - Number(nameOf(b) === undefined) ||
      (nameOf(a) ?? "").localeCompare(nameOf(b) ?? ""),
    address: () => 0,
    signal: (a, b) => less(a.signalDbm, b.signalDbm),
    time: (a, b) => less(a.connected, b.connected),
    bytes: (a, b) => less(bytesOf(a), bytesOf(b)),
  };
  return [...rows].sort((a, b) => by[order](a, b) || (a.address < b.address ? -1 : 1));
}

const bytesOf = ({ rxBytes = 0, txBytes = 0 }: Row): number => rxBytes + txBytes;
const nameOf = ({ name, hostName }: Row): string | undefined => name ?? hostName;

interface Column {
  readonly title: string;
  readonly side: "left" | "right";
  /** The higher, the sooner it is left out where there is no room. */
  readonly dispensable: number;
  text(row: Row, now: number): string;
}

const columns: readonly Column[] = [
  { title: "NAME", side: "left", dispensable: 0, text: (row) => safe(nameOf(row) ?? "-") },
  {
    title: "STATION",
    side: "left",
    dispensable: 0,
    text: ({ address, isRandom }) => `${address}${isRandom ? "*" : " "}`,
  },
  { title: "ON", side: "left", dispensable: 3, text: ({ interface: name }) => name },
  { title: "ADDRESS", side: "left", dispensable: 1, text: ({ ip }) => safe(ip ?? "-") },
  { title: "LEASE", side: "right", dispensable: 5, text: leaseText },
  {
    title: "SIGNAL",
    side: "right",
    dispensable: 1,
    text: ({ signalDbm }) => (signalDbm === undefined ? "-" : `${signalDbm} dBm`),
  },
  {
    title: "TX/RX Mb/s",
    side: "right",
    dispensable: 4,
    text: ({ txRate, rxRate }) => `${rate(txRate)}/${rate(rxRate)}`,
  },
  { title: "FOR", side: "right", dispensable: 2, text: timeText },
  { title: "PROTECTION", side: "left", dispensable: 3, text: (row) => securityName(row) },
  {
    title: "SENT",
    side: "right",
    dispensable: 6,
    text: ({ txBytes }) => (txBytes === undefined ? "-" : octets(txBytes)),
  },
  {
    title: "RECEIVED",
    side: "right",
    dispensable: 6,
    text: ({ rxBytes }) => (rxBytes === undefined ? "-" : octets(rxBytes)),
  },
];

const rate = (hundredKilobits: number | undefined): string =>
  hundredKilobits === undefined || hundredKilobits === 0 ? "-" : String(Math.round(hundredKilobits / 10));

function timeText({ standing, connected }: Row): string {
  if (standing !== "in") return standing === "associated" ? "joining" : "asking";
  return connected === undefined ? "-" : span(connected);
}

function leaseText({ leaseEnds, hasLease, ip }: Row, now: number): string {
  if (!hasLease) return ip === undefined ? "-" : "?";
  return leaseEnds === undefined ? "for good" : span(leaseEnds - now);
}

/** @param width columns of the terminal; what has no room is left out, undefined for all */
export function table(rows: readonly Row[], paint: Paint, now: number, width?: number): string {
  // With one network there is nothing to tell apart.
  const several = new Set(rows.map((row) => row.interface)).size > 1;
  let shown = columns.filter(({ title }) => title !== "ON" || several);
  const texts = (): string[][] => rows.map((row) => shown.map(({ text }) => text(row, now)));
  const widths = (cells: string[][]): number[] =>
    shown.map(({ title }, i) => Math.max(title.length, ...cells.map((row) => columnsOf(row[i] ?? ""))));
  const total = (all: number[]): number => all.reduce((sum, each) => sum + each + 2, -2);
  let cells = texts();
  while (width !== undefined && total(widths(cells)) > width) {
    const worst = Math.max(...shown.map(({ dispensable }) => dispensable));
    if (worst === 0) break;
    const at = shown.findLastIndex(({ dispensable }) => dispensable === worst);
    shown = shown.filter((_, i) => i !== at);
    cells = texts();
  }
  const wide = widths(cells);
  // A name may be long: what is over comes off it.
  const over = width === undefined ? 0 : total(wide) - width;
  if (over > 0 && wide[0] !== undefined) wide[0] = Math.max(4, wide[0] - over);
  const line = (texts1: readonly string[]): string =>
    texts1
      .map((text, i) => fitted(text, wide[i] ?? 0, shown[i]?.side))
      .join("  ")
      .trimEnd();
  const heading = paint("name", line(shown.map(({ title }) => title)));
  const isAnyRandom = rows.some(({ isRandom }) => isRandom);
  return [
    heading,
    ...cells.map(line),
    ...(isAnyRandom ? [paint("quiet", "* a random address, made up by the device for privacy")] : []),
    "",
  ].join("\n");
}
