/** The command line of hostapd_cli. */

import { helpText } from "../../base/command-line/help-text.ts";
import { cliDescription, defaultDirectory, defaultPing, hostapdCliDescription } from "../descriptions/cli.ts";
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

export { defaultDirectory };

/** As getopt(3) has them. */
const letters = (withValue: boolean): string =>
  cliDescription.options
    .filter((option) => "value" in option === withValue)
    .map(({ name }) => name)
    .join("");
const flags = { alone: letters(false), withValue: letters(true) };

export type ParsedOptions = Options | { readonly refused: string } | { readonly wanted: "help" | "version" };

export function parseOptions(args: readonly string[]): ParsedOptions {
  const parsed = parseFlags(args, flags);
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

export const usage = helpText("hostapd_cli", hostapdCliDescription);
export const nativeUsage = helpText("beacon", cliDescription);
