/** `beacon start`, which `npm start` runs: an access point on what radio there is, and what happens on it. */

import { wrongCommandLine } from "../command.ts";
import { parseCommandLine } from "../command-line/parse.ts";
import { startDescription } from "../descriptions/start.ts";
import type { Terminal } from "../terminal.ts";
import { inForeground } from "./foreground.ts";
import { runStart } from "./run.ts";

/** @returns the exit status */
export async function start(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(startDescription, args);
  if ("refused" in parsed) return wrongCommandLine(startDescription, parsed.refused, terminal);
  const { virtual, once, json, interface: interfaceName } = parsed.options;
  if (virtual && interfaceName !== undefined)
    return wrongCommandLine(startDescription, "--virtual and --interface exclude each other", terminal);
  const options = { virtual, once, json, interfaceName };
  return inForeground(terminal, (parts) => runStart(options, parts));
}
