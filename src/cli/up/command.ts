/** `beacon up` and `beacon down`: a network in one line, and nothing of it left behind. */

import { BeaconError, ConfigurationError } from "../../base/errors.ts";
import { Reactor } from "../../linux/reactor.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { parseCommandLine, type Refused } from "../command-line/parse.ts";
import { downDescription, upDescription } from "../descriptions/up.ts";
import { inForeground } from "../start/foreground.ts";
import { onStage } from "../start/run.ts";
import type { Terminal } from "../terminal.ts";
import { notedNetworks } from "./notes.ts";
import { complaintOfPassphrase, parseUpOptions, type UpOptions } from "./options.ts";
import { firstLineOf, lineOf } from "./passphrase.ts";
import { cleanUp, runUp } from "./run.ts";

/** @returns the exit status */
export async function up(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseUpOptions(args);
  const options = "refused" in parsed ? parsed : await withPassphrase(parsed, terminal);
  if ("refused" in options) return wrongCommandLine(upDescription, options.refused, terminal);
  const { json } = options;
  return inForeground(terminal, (parts) => onStage(parts, { once: false, json }, (stage) => runUp(options, stage)));
}

/** Arguments are kept by others: by a shell's history, by sudo's log. A file and a line of standard input are not. */
async function withPassphrase(options: UpOptions, terminal: Terminal): Promise<UpOptions | Refused> {
  const { passphraseFile } = options;
  if (options.passphrase !== "-" && passphraseFile === undefined) {
    if (options.passphrase !== undefined && !options.json)
      terminal.errors.write(
        "A passphrase in a command line stays in the shell's history, and in sudo's log: --passphrase-file FILE keeps it to itself.\n",
      );
    return options;
  }
  try {
    const passphrase = passphraseFile === undefined ? await lineOf(terminal) : firstLineOf(passphraseFile);
    if (passphrase === undefined) return { refused: "no passphrase came in" };
    const complaint = complaintOfPassphrase(passphrase);
    return complaint === undefined ? { ...options, passphrase } : { refused: complaint };
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    return { refused: thrown.message };
  }
}

/** Milliseconds that a network has to end. */
const patience = 10_000;

/** @returns the exit status */
export async function down(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(downDescription, args);
  if ("refused" in parsed) return wrongCommandLine(downDescription, parsed.refused, terminal);
  const { json } = parsed.options;
  const [wanted] = parsed.rest;
  const isMeant = (name: string): boolean => wanted === undefined || name === wanted;
  const networks = notedNetworks().filter(({ interfaceName }) => isMeant(interfaceName));
  if (networks.length === 0) {
    if (!json) terminal.output.write(`no network of 'beacon up'${wanted === undefined ? "" : ` is on ${wanted}`}\n`);
    return exitStatus.done;
  }
  try {
    for (const { runs, pid } of networks) if (runs) process.kill(pid, "SIGTERM");
  } catch {
    terminal.errors.write("this needs root\n");
    return exitStatus.failed;
  }
  for (let waited = 0; waited < patience; waited += 50) {
    if (!notedNetworks().some(({ runs, interfaceName }) => runs && isMeant(interfaceName))) break;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  const reactor = new Reactor();
  try {
    const after = new Map(notedNetworks().map((network) => [network.interfaceName, network]));
    let allWell = true;
    for (const { interfaceName } of networks) {
      const left = after.get(interfaceName);
      const complaints =
        left === undefined ? [] : left.runs ? [`process ${left.pid} does not end`] : cleanUp(left, reactor);
      if (complaints.length > 0) allWell = false;
      if (json) terminal.output.write(`${JSON.stringify({ interface: interfaceName, complaints })}\n`);
      else if (complaints.length === 0) terminal.output.write(`${interfaceName}: all is as it was\n`);
      else for (const complaint of complaints) terminal.errors.write(`${interfaceName}: ${complaint}\n`);
    }
    return allWell ? exitStatus.done : exitStatus.failed;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    terminal.errors.write(`${thrown.message}\n`);
    return exitStatus.failed;
  } finally {
    reactor.close();
  }
}
