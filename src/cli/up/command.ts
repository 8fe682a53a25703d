/** `beacon up` and `beacon down`: a network in one line, and nothing of it left behind. */

import { createInterface } from "node:readline";
import { BeaconError } from "../../base/errors.ts";
import { Reactor } from "../../linux/reactor.ts";
import { exitStatus } from "../command.ts";
import { inForeground } from "../start/foreground.ts";
import { onStage } from "../start/run.ts";
import type { Terminal } from "../terminal.ts";
import { downHelp, upHelp } from "./help.ts";
import { notedNetworks } from "./host.ts";
import { complaintOfPassphrase, parseUpOptions, type UpOptions } from "./options.ts";
import { cleanUp, runUp } from "./run.ts";

/** @returns the exit status */
export async function up(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseUpOptions(args);
  const options = "refused" in parsed ? parsed : await withPassphrase(parsed, terminal);
  if ("refused" in options) {
    terminal.errors.write(`beacon up: ${options.refused}\n\n${upHelp}`);
    return exitStatus.usage;
  }
  return inForeground(terminal, (parts) => onStage(parts, false, (stage) => runUp(options, stage)));
}

/** Arguments can be read by others; a line of standard input can't. */
async function withPassphrase(
  options: UpOptions,
  { input }: Terminal,
): Promise<UpOptions | { readonly refused: string }> {
  if (options.passphrase !== "-") return options;
  for await (const passphrase of createInterface({ input })) {
    const complaint = complaintOfPassphrase(passphrase);
    return complaint === undefined ? { ...options, passphrase } : { refused: complaint };
  }
  return { refused: "no passphrase came in" };
}

/** Milliseconds that a network has to end. */
const patience = 10_000;

/** @returns the exit status */
export async function down(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args.length > 1 || args[0]?.startsWith("-")) {
    terminal.errors.write(downHelp);
    return exitStatus.usage;
  }
  const [wanted] = args;
  const isMeant = (name: string): boolean => wanted === undefined || name === wanted;
  const networks = notedNetworks().filter(({ interfaceName }) => isMeant(interfaceName));
  if (networks.length === 0) {
    terminal.output.write(`no network of 'beacon up'${wanted === undefined ? "" : ` is on ${wanted}`}\n`);
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
    const failed = notedNetworks()
      .filter(({ interfaceName }) => isMeant(interfaceName))
      .flatMap((network) =>
        network.runs ? [`${network.interfaceName}: process ${network.pid} does not end`] : cleanUp(network, reactor),
      );
    for (const complaint of failed) terminal.errors.write(`${complaint}\n`);
    if (failed.length === 0) {
      for (const { interfaceName } of networks) terminal.output.write(`${interfaceName}: all is as it was\n`);
    }
    return failed.length === 0 ? exitStatus.done : exitStatus.failed;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    terminal.errors.write(`${thrown.message}\n`);
    return exitStatus.failed;
  } finally {
    reactor.close();
  }
}
