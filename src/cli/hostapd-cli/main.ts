/** The client of the control socket, with hostapd_cli's command line, words and exit statuses. */

import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getSystemErrorMap } from "node:util";
import type { Clock } from "../../base/clock.ts";
import { seconds } from "../../base/duration.ts";
import { systemClock } from "../../linux/clock.ts";
import { Reactor } from "../../linux/reactor.ts";
import { exitStatus } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { actionRunner } from "./action.ts";
import { runInBackground, tellParent } from "./background.ts";
import { helpText } from "./commands.ts";
import { nativeUsage, type Options, parseOptions, usage } from "./options.ts";
import { licenseText, type Outcome, Session, versionText } from "./session.ts";

/**
 * - `hostapd_cli`: exit status 0 also where the daemon said FAIL, 255 where it can't be reached or asked; all that is said
 *   goes to standard output
 * - `native`: the exit status says whether it worked, and standard output has the daemon's answers only
 */
export type Manner = "hostapd_cli" | "native";

export interface ClientParts {
  readonly manner: Manner;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborted: stop as soon as possible. */
  readonly signal: AbortSignal;
  readonly home: string | undefined;
}

/** hostapd_cli's is what a process shows that returns -1. */
const statuses: Readonly<Record<Manner, Readonly<Record<Outcome, number>>>> = {
  hostapd_cli: { done: 0, refused: 0, unanswered: 0, misused: 0 },
  native: {
    done: exitStatus.done,
    refused: exitStatus.failed,
    unanswered: exitStatus.failed,
    misused: exitStatus.usage,
  },
};
const unreachable: Readonly<Record<Manner, number>> = { hostapd_cli: 255, native: exitStatus.failed };
const wrongOption: Readonly<Record<Manner, number>> = { hostapd_cli: 255, native: exitStatus.usage };
const tryAgainAfter = seconds(1);

/** @returns the exit status */
export async function hostapdCli(args: readonly string[], parts: ClientParts): Promise<number> {
  const { output, errors } = parts.terminal;
  const options = parseOptions(args);
  const help = `${versionText}\n${parts.manner === "native" ? nativeUsage : usage}\n${helpText("")}`;
  if ("refused" in options) {
    errors.write(`${parts.manner === "native" ? "beacon cli" : "hostapd_cli"}: ${options.refused}\n${help}`);
    return wrongOption[parts.manner];
  }
  if ("wanted" in options) {
    if (options.wanted === "version") output.write(versionText);
    else (parts.manner === "native" ? output : errors).write(help);
    return 0;
  }
  const reactor = new Reactor();
  try {
    return await run(options, parts, reactor);
  } finally {
    reactor.close();
  }
}

function run(options: Options, parts: ClientParts, reactor: Reactor): Promise<number> {
  if (options.action !== undefined) return runAction(options, options.action, parts, reactor);
  return options.command.length === 0 ? runInteractive(options, parts, reactor) : runOnce(options, parts, reactor);
}

const sessionOptions = (options: Options, parts: ClientParts, reactor: Reactor) => ({
  ...options,
  ...parts,
  reactor,
  completesLines: false,
  complainsApart: parts.manner === "native",
});

async function runOnce(options: Options, parts: ClientParts, reactor: Reactor): Promise<number> {
  const session = new Session({ ...sessionOptions(options, parts, reactor), onEvent: undefined });
  const connected = await connectAtLast(session, options, parts, options.reconnects);
  if ("status" in connected) return connected.status;
  const onAbort = (): void => session.drop();
  parts.signal.addEventListener("abort", onAbort);
  const outcome = await session.run(options.command);
  parts.signal.removeEventListener("abort", onAbort);
  await session.disconnect();
  return statuses[parts.manner][outcome];
}

async function runInteractive(options: Options, parts: ClientParts, reactor: Reactor): Promise<number> {
  const { terminal, clock, signal, home } = parts;
  terminal.output.write(`${versionText}\n${licenseText}\n`);
  // What completes keys knows all of them, and that takes a while to load.
  const { openPrompt } = await import("./interactive.ts");
  const historyFile = home === undefined ? undefined : join(home, ".hostapd_cli_history");
  const prompt = openPrompt({ terminal, clock, pingSeconds: options.pingSeconds, historyFile });
  const session = new Session({
    ...sessionOptions(options, parts, reactor),
    onEvent: prompt.showEvent,
    completesLines: true,
  });
  const connected = await connectAtLast(session, options, parts, true);
  if ("status" in connected) return connected.status;
  terminal.output.write("\nInteractive mode\n\n");
  signal.addEventListener("abort", prompt.stop);
  const allWorked = signal.aborted || (await prompt.run(session));
  signal.removeEventListener("abort", prompt.stop);
  await session.disconnect();
  // Whoever types has seen what failed; a script that is read from a file or a pipe has to be told.
  const isTyped = terminal.input.isTTY === true;
  return statuses[parts.manner][allWorked || isTyped ? "done" : "refused"];
}

async function runAction(options: Options, program: string, parts: ClientParts, reactor: Reactor): Promise<number> {
  const { terminal, clock, signal } = parts;
  const runner = actionRunner(program, (text) => void terminal.errors.write(text));
  const onEvent = (event: string): void => runner.onEvent(session.socket ?? "", event);
  const session = new Session({ ...sessionOptions(options, parts, reactor), onEvent });
  const connected = await connectAtLast(session, options, parts, options.reconnects);
  if ("status" in connected) return connected.status;
  try {
    if (!session.isAttached) return unreachable[parts.manner];
    if (options.background && !process.send) {
      await session.disconnect();
      return await runInBackground([...process.argv.slice(2), "-i", connected.name]);
    }
    const { pidFile } = options;
    const ownsPidFile = options.background && pidFile !== undefined;
    if (ownsPidFile) writeFileSync(pidFile, `${process.pid}\n`);
    tellParent("up");
    await watch(session, options, parts);
    if (ownsPidFile) rmSync(pidFile, { force: true });
    return 0;
  } finally {
    runner.stop();
    await (signal.aborted ? session.disconnect() : session.drop());
  }

  /** Until told to stop, or the daemon is gone and isn't to be waited for. */
  async function watch(session: Session, { pingSeconds, reconnects }: Options, { signal }: ClientParts): Promise<void> {
    for (;;) {
      await sleep(clock, seconds(pingSeconds), signal);
      if (signal.aborted) return;
      if (session.isAttached && (await session.ping())) continue;
      if (signal.aborted) return;
      session.complain("hostapd did not reply to PING command - open a new connection\n");
      session.drop();
      await session.connect(session.socket ?? "");
      while (!session.isAttached && reconnects && !signal.aborted) {
        await sleep(clock, tryAgainAfter, signal);
        if (!signal.aborted) await session.connect(session.socket ?? "");
      }
      if (session.isAttached) continue;
      if (!signal.aborted) session.complain("Failed to establish new connection - exit\n");
      return;
    }
  }
}

/** @returns the name of the interface; the exit status where it doesn't connect, or is told to stop before it has */
async function connectAtLast(
  session: Session,
  options: Options,
  { terminal, clock, signal, manner }: ClientParts,
  patient: boolean,
): Promise<{ readonly name: string } | { readonly status: number }> {
  const remarks = manner === "native" ? terminal.errors : terminal.output;
  let warned = false;
  let name = options.socket;
  for (;;) {
    if (options.clientDirectory !== undefined && !isDirectory(options.clientDirectory))
      terminal.errors.write(`${options.clientDirectory}: No such file or directory\n`);
    if (name === undefined) {
      name = session.sockets()[0];
      if (name !== undefined) remarks.write(`Selected interface '${name}'\n`);
    }
    let errno = "ENOENT";
    if (name !== undefined) {
      const result = await session.connect(options.link === undefined ? name : `${name}_link${options.link}`);
      if (result === "connected") {
        if (warned) remarks.write("Connection established.\n");
        return { name };
      }
      errno = result.errno;
    }
    if (!patient) {
      terminal.errors.write(`Failed to connect to hostapd - wpa_ctrl_open: ${errorText(errno)}\n`);
      return { status: unreachable[manner] };
    }
    if (!warned) remarks.write("Could not connect to hostapd - re-trying\n");
    warned = true;
    await sleep(clock, tryAgainAfter, signal);
    if (signal.aborted) return { status: 0 };
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** As the C library words it: its first letter is large. */
function errorText(errno: string): string {
  for (const [name, text] of getSystemErrorMap().values())
    if (name === errno) return text.charAt(0).toUpperCase() + text.slice(1);
  return errno;
}

function sleep(clock: Clock, time: ReturnType<typeof seconds>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.after("wait", time, end);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}

/** With this process's own terminal and signals. @param args without the program's name */
export async function runHostapdCli(
  args: readonly string[],
  terminal: Terminal,
  manner: Manner = "hostapd_cli",
): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  try {
    return await hostapdCli(args, {
      manner,
      terminal,
      clock: systemClock,
      signal: stop.signal,
      home: process.env["HOME"],
    });
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
}
