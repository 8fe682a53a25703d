/** `beacon start`, which `npm start` runs: an access point on what radio there is, and what happens on it. */

import { parseArgs } from "node:util";
import { messageOf } from "../../base/errors.ts";
import { systemClock } from "../../linux/clock.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import { type Command, exitStatus } from "../command.ts";
import { runStart, type StartOptions } from "./run.ts";

const help = `usage: beacon start [--virtual | --interface IF] [--once]

Brings an access point up and shows what happens on it, until Ctrl-C.

As root it takes the first Wi-Fi radio that can be an access point and that
nothing else uses. Where there is none, or not as root, it takes a virtual radio
inside this process, where three virtual stations try to join: one with the
right passphrase, one with a wrong one, and one whose only cipher is too old.

Options:
  --virtual        take the virtual radio in any case
  --interface IF   take this interface, whatever uses it now
  --once           end after the show, as it does where nobody watches (output
                   that is no terminal)

Example: beacon start --virtual --once

Exit status: 0 where all came out as it should, 1 where something didn't, 2 for
a wrong command line.
`;

export const start: Command = {
  name: "start",
  summary: "bring an access point up and show what happens on it",
  help,
  run: async (args, terminal) => {
    const options = parseOptions(args);
    if ("refused" in options) {
      terminal.errors.write(`beacon start: ${options.refused}\n\n${help}`);
      return exitStatus.usage;
    }
    const stop = new AbortController();
    const onSignal = (): void => stop.abort();
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const name of signals) process.on(name, onSignal);
    try {
      return await runStart(options, {
        terminal,
        clock: systemClock,
        entropy: systemEntropy,
        signal: stop.signal,
        env: process.env,
        isRoot: process.getuid?.() === 0,
      });
    } finally {
      for (const name of signals) process.off(name, onSignal);
    }
  },
};

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
