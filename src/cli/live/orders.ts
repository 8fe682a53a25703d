/** `beacon kick`, `ban`, `unban` and `rename`. */

import type { MacAddress } from "../../base/mac-address.ts";
import { isLocallyAdministered } from "../../base/mac-address.ts";
import { type DoneAnswer, devicesShape, doneShape } from "../../control/live-answers.ts";
import { duration } from "../../observe/record/plain-words.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { parseCommandLine } from "../command-line/parse.ts";
import { defaultDirectory } from "../descriptions/cli.ts";
import { banDescription, kickDescription, renameDescription, unbanDescription } from "../descriptions/live.ts";
import type { Terminal } from "../terminal.ts";
import { type LiveNetwork, oncePerDaemon } from "./ask.ts";
import { safe } from "./text.ts";
import { stationMeant } from "./whom.ts";
import { withNetworks } from "./with-networks.ts";

interface Asked {
  readonly directory?: string | undefined;
  readonly interface?: string | undefined;
  readonly json: boolean;
}

interface Order {
  readonly asked: Asked;
  readonly station: string;
  /** Behind the address. */
  readonly request: (address: MacAddress) => string;
  /** Where nobody had anything to do. */
  readonly nothing: string;
  readonly done: string;
}

/** @returns the exit status */
export async function kick(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(kickDescription, args);
  if ("refused" in parsed) return wrongCommandLine(kickDescription, parsed.refused, terminal);
  const { for: time, ...asked } = parsed.options;
  const lasts = time === undefined ? undefined : secondsOf(time);
  if (time !== undefined && lasts === undefined) {
    return wrongCommandLine(kickDescription, `--for: '${time}' is no time; 30s, 10m, 2h and 1d are`, terminal);
  }
  const request = (address: MacAddress): string =>
    `BEACON-KICK ${address}${lasts === undefined ? "" : ` for=${lasts}`}`;
  const kept = lasts === undefined ? "" : `, and kept out for ${duration(lasts)}`;
  const nothing = lasts === undefined ? "is not in" : `is not in, and is kept out for ${duration(lasts)}`;
  return give({ asked, station: parsed.rest[0] ?? "", request, nothing, done: `was sent away${kept}` }, terminal);
}

/** @returns the exit status */
export async function ban(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(banDescription, args);
  if ("refused" in parsed) return wrongCommandLine(banDescription, parsed.refused, terminal);
  const [station] = parsed.rest;
  if (station === undefined) return listBans(parsed.options, terminal);
  const request = (address: MacAddress): string => `BEACON-BAN ${address}`;
  return give({ asked: parsed.options, station, request, nothing: "is banned", done: "is banned" }, terminal);
}

/** @returns the exit status */
export async function unban(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(unbanDescription, args);
  if ("refused" in parsed) return wrongCommandLine(unbanDescription, parsed.refused, terminal);
  const request = (address: MacAddress): string => `BEACON-UNBAN ${address}`;
  const [station = ""] = parsed.rest;
  return give(
    { asked: parsed.options, station, request, nothing: "was not banned", done: "may come in again" },
    terminal,
  );
}

/** @returns the exit status */
export async function rename(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(renameDescription, args);
  if ("refused" in parsed) return wrongCommandLine(renameDescription, parsed.refused, terminal);
  const [station = "", name = ""] = parsed.rest;
  const complaint = complaintOfName(name);
  if (complaint !== undefined) return wrongCommandLine(renameDescription, complaint, terminal);
  const request = (address: MacAddress): string => `BEACON-NAME ${address}${name === "" ? "" : ` ${name}`}`;
  const done = name === "" ? "has no name any more" : `is called '${name}'`;
  return give({ asked: parsed.options, station, request, nothing: "had no name", done }, terminal);
}

async function give({ asked, station, request, nothing, done }: Order, terminal: Terminal): Promise<number> {
  const { directory = defaultDirectory, interface: interfaceName, json } = asked;
  return withNetworks({ directory, interfaceName }, terminal, async ({ networks }) => {
    const daemons = oncePerDaemon(networks);
    const { address, name } = await stationMeant(daemons, station);
    const answers: DoneAnswer[] = [];
    for (const daemon of daemons) {
      const answer = await daemon.ask(doneShape, request(address));
      answers.push(answer);
      if (json) terminal.output.write(`${JSON.stringify({ station: address, interface: daemon.name, ...answer })}\n`);
    }
    const isFound = answers.some(({ found }) => found);
    const who = name === undefined ? address : `${safe(name)} (${address})`;
    if (!json) {
      terminal.output.write(`${who} ${isFound ? done : nothing}\n`);
      if (request(address).startsWith("BEACON-BAN") && isLocallyAdministered(address)) {
        terminal.output.write("Its address is a random one: it may come back under another.\n");
      }
    }
    for (const why of new Set(answers.map(({ notKept }) => notKept))) {
      if (why !== undefined) terminal.errors.write(`That holds only until the access point ends: ${safe(why)}\n`);
    }
    return isFound ? exitStatus.done : exitStatus.failed;
  });
}

async function listBans(
  { directory = defaultDirectory, interface: interfaceName, json }: Asked,
  terminal: Terminal,
): Promise<number> {
  return withNetworks({ directory, interfaceName }, terminal, async ({ networks }) => {
    const banned = await bansOf(oncePerDaemon(networks));
    if (!json && banned.length === 0) terminal.output.write("nobody is banned\n");
    for (const { address, name, ban: since } of banned) {
      const until =
        since?.until === undefined ? "for good" : `for another ${duration(since.until - Date.now() / 1000)}`;
      terminal.output.write(
        json
          ? `${JSON.stringify({ station: address, name, ban: since })}\n`
          : `${address}  ${until}${name === undefined ? "" : `  ${safe(name)}`}\n`,
      );
    }
    return exitStatus.done;
  });
}

async function bansOf(daemons: readonly LiveNetwork[]) {
  const answers = await Promise.all(daemons.map((daemon) => daemon.ask(devicesShape, "BEACON-DEVICES")));
  const all = answers.flatMap(({ devices }) => devices.filter((device) => device.ban !== undefined));
  const once = new Map(all.map((device) => [device.address, device]));
  return [...once.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90`, `90s`, `10m`, `2h`, `1d`: seconds; undefined for what is none, or longer than a year. */
export function secondsOf(text: string): number | undefined {
  const [, count, unit = "s"] = /^(\d{1,8})([smhd]?)$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  const seconds = Number(count) * unitSeconds[(unit === "" ? "s" : unit) as keyof typeof unitSeconds];
  return seconds > 0 && seconds <= 366 * unitSeconds.d ? seconds : undefined;
}

/** The daemon judges it once more; what can't be said in a line isn't sent. */
function complaintOfName(name: string): string | undefined {
  return /[\p{Cc}\p{Cf}]/u.test(name) ? "NAME has characters that can't be seen" : undefined;
}
