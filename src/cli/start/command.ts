/** `beacon start`, which `npm start` runs: an access point on what radio there is, and what happens on it. */

import { parseArgs } from "node:util";
import { messageOf } from "../../base/errors.ts";
import { exitStatus } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { inForeground } from "./foreground.ts";
import { help } from "./help.ts";
import { runStart, type StartOptions } from "./run.ts";

/** @returns the exit status */
export async function start(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseOptions(args);
  if ("refused" in options) {
    terminal.errors.write(`beacon start: ${options.refused}\n\n${help}`);
    return exitStatus.usage;
  }
  return inForeground(terminal, (parts) => runStart(options, parts));
}

function parseOptions(args: readonly string[]): StartOptions | { readonly refused: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { virtual: { type: "boolean" }, once: { type: "boolean" }, interface: { type: "string" } },
    });
    const { virtual = false, once = false, interface: interfaceName } = values;
    if (virtual && interfaceName !== undefined) return { refused: "--virtual and --interface exclude each other" };
    return { virtual, once, interfaceName };
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}
