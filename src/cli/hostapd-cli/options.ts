/** The command line of hostapd_cli. */

import { parseFlags } from "../getopt.ts";

export interface Options {
  /** Where the control sockets are. */
  readonly directory: string;
  /** Where the client's own sockets go; the default where undefined. */
  readonly clientDirectory: string | undefined;
  /** Name of a control socket: an interface's, or the global one's; the first of the directory where undefined. */
  readonly socket: string | undefined;
  /** Script to run for each event. */
  readonly action: string | undefined;
  readonly background: boolean;
  readonly reconnects: boolean;
  readonly pidFile: string | undefined;
  readonly pingSeconds: number;
  /** Link of a multi-link access point. */
  readonly link: number | undefined;
  /** A command and its arguments; interactive where empty and there is no action. */
  readonly command: readonly string[];
}

export const defaultDirectory = "/var/run/hostapd";
const defaultPing = 5;

export type ParsedOptions = Options | { readonly refused: string } | { readonly wanted: "help" | "version" };

export function parseOptions(args: readonly string[]): ParsedOptions {
  const parsed = parseFlags(args, { alone: "Bhrv", withValue: "aGilpPs" });
  if ("refused" in parsed) return parsed;
  const value = (letter: string): string | undefined => parsed.options.findLast((o) => o.letter === letter)?.value;
  const has = (letter: string): boolean => value(letter) !== undefined;
  const first = parsed.options.find(({ letter }) => letter === "h" || letter === "v");
  if (first) return { wanted: first.letter === "h" ? "help" : "version" };
  const link = Number.parseInt(value("l") ?? "", 10);
  const ping = Number.parseInt(value("G") ?? "", 10);
  return {
    directory: value("p") ?? defaultDirectory,
    clientDirectory: value("s") || undefined,
    socket: value("i"),
    action: value("a"),
    background: has("B"),
    reconnects: has("r"),
    pidFile: value("P"),
    pingSeconds: ping > 0 ? ping : defaultPing,
    link: link >= 0 ? link : undefined,
    command: parsed.rest,
  };
}

const usageOf = (
  program: string,
  exitStatus: string,
): string => `usage: ${program} [-p<path>] [-i<ifname>] [-l<link_id>] [-hvBr] [-s<path>] [-a<path>] \\
       ${" ".repeat(program.length)} [-P<pid file>] [-G<ping interval>] [command..]

Options:
   -h           show this text
   -v           show the version
   -p<path>     directory of the control sockets (default: ${defaultDirectory})
   -s<path>     directory for the client's own socket (default: /tmp)
   -i<ifname>   control socket to use: an interface's name, or 'global'
                (default: the first in the directory)
   -l<link_id>  link of that interface, for a multi-link access point
   -a<file>     run this program for each event: <file> <ifname> <event..>
   -B           go into the background (with -a)
   -r           keep trying to connect (with -a)
   -P<pid file> file for the process ID (with -B)
   -G<seconds>  how often the daemon is asked whether it lives (default: ${defaultPing})

Example: ${program} -p ${defaultDirectory} -i wlan0 all_sta

Exit status: ${exitStatus}
`;

export const usage = usageOf(
  "hostapd_cli",
  `0, also where the daemon answers FAIL; 255 where it can't be
reached, or the command line is wrong.`,
);

export const nativeUsage = usageOf(
  "beacon cli",
  `0 done; 1 where the daemon refuses (FAIL) or can't be reached;
2 for a command that there isn't, or arguments that it doesn't take. Standard
output has the daemon's answers only. Called by the name hostapd_cli, this
program keeps to hostapd_cli's ways.`,
);
