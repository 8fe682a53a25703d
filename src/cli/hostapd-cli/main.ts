/** The client of the control socket, with hostapd_cli's command line, words and exit statuses. */

import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getSystemErrorMap } from "node:util";
import type { Clock } from "../../base/clock.ts";
import { seconds } from "../../base/duration.ts";
import { systemClock } from "../../linux/clock.ts";
import { Reactor } from "../../linux/reactor.ts";
import type { Terminal } from "../terminal.ts";
import { actionRunner } from "./action.ts";
import { runInBackground, tellParent } from "./background.ts";
import { helpText } from "./commands.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { licenseText, Session, versionText } from "./session.ts";

export interface ClientParts {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborted: stop as soon as possible. */
  readonly signal: AbortSignal;
  readonly home: string | undefined;
}

/** What a process shows that returns -1. */
const failure = 255;
const tryAgainAfter = seconds(1);

/** @returns the exit status: 0, also where the daemon said FAIL; 255 where it can't be reached or asked */
export async function hostapdCli(args: readonly string[], parts: ClientParts): Promise<number> {
  const { output, errors } = parts.terminal;
  const options = parseOptions(args);
  if ("refused" in options) {
    errors.write(`hostapd_cli: ${options.refused}\n${versionText}\n${usage}\n${helpText("")}`);
    return failure;
  }
  if ("wanted" in options) {
    if (options.wanted === "version") output.write(versionText);
    else errors.write(`${versionText}\n${usage}\n${helpText("")}`);
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

async function runOnce(options: Options, parts: ClientParts, reactor: Reactor): Promise<number> {
  const session = new Session({ ...options, ...parts, reactor, onEvent: undefined, completesLines: false });
  const connected = await connectAtLast(session, options, parts, options.reconnects);
  if ("status" in connected) return connected.status;
  const onAbort = (): void => session.drop();
  parts.signal.addEventListener("abort", onAbort);
  await session.run(options.command);
  parts.signal.removeEventListener("abort", onAbort);
  await session.disconnect();
  return 0;
}

async function runInteractive(options: Options, parts: ClientParts, reactor: Reactor): Promise<number> {
  const { terminal, clock, signal, home } = parts;
  terminal.output.write(`${versionText}\n${licenseText}\n`);
  // What completes keys knows all of them, and that takes a while to load.
  const { openPrompt } = await import("./interactive.ts");
  const historyFile = home === undefined ? undefined : join(home, ".hostapd_cli_history");
  const prompt = openPrompt({ terminal, clock, pingSeconds: options.pingSeconds, historyFile });
  const session = new Session({ ...options, ...parts, reactor, onEvent: prompt.showEvent, completesLines: true });
  const connected = await connectAtLast(session, options, parts, true);
  if ("status" in connected) return connected.status;
  terminal.output.write("\nInteractive mode\n\n");
  signal.addEventListener("abort", prompt.stop);
  if (!signal.aborted) await prompt.run(session);
  signal.removeEventListener("abort", prompt.stop);
  await session.disconnect();
  return 0;
}

async function runAction(options: Options, program: string, parts: ClientParts, reactor: Reactor): Promise<number> {
  const { terminal, clock, signal } = parts;
  const runner = actionRunner(program, (text) => void terminal.errors.write(text));
  const onEvent = (event: string): void => runner.onEvent(session.socket ?? "", event);
  const session = new Session({ ...options, ...parts, reactor, onEvent, completesLines: false });
  const connected = await connectAtLast(session, options, parts, options.reconnects);
  if ("status" in connected) return connected.status;
  try {
    if (!session.isAttached) return failure;
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
      session.print("hostapd did not reply to PING command - open a new connection\n");
      session.drop();
      await session.connect(session.socket ?? "");
      while (!session.isAttached && reconnects && !signal.aborted) {
        await sleep(clock, tryAgainAfter, signal);
        if (!signal.aborted) await session.connect(session.socket ?? "");
      }
      if (session.isAttached) continue;
      if (!signal.aborted) session.print("Failed to establish new connection - exit\n");
      return;
    }
  }
}

/** @returns the name of the interface; the exit status where it doesn't connect, or is told to stop before it has */
async function connectAtLast(
  session: Session,
  options: Options,
  { terminal, clock, signal }: ClientParts,
  patient: boolean,
): Promise<{ readonly name: string } | { readonly status: number }> {
  let warned = false;
  let name = options.socket;
  for (;;) {
    if (options.clientDirectory !== undefined && !isDirectory(options.clientDirectory))
      terminal.errors.write(`${options.clientDirectory}: No such file or directory\n`);
    if (name === undefined) {
      name = session.sockets()[0];
      if (name !== undefined) terminal.output.write(`Selected interface '${name}'\n`);
    }
    let errno = "ENOENT";
    if (name !== undefined) {
      const result = await session.connect(options.link === undefined ? name : `${name}_link${options.link}`);
      if (result === "connected") {
        if (warned) terminal.output.write("Connection established.\n");
        return { name };
      }
      errno = result.errno;
    }
    if (!patient) {
      terminal.errors.write(`Failed to connect to hostapd - wpa_ctrl_open: ${errorText(errno)}\n`);
      return { status: failure };
    }
    if (!warned) terminal.output.write("Could not connect to hostapd - re-trying\n");
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
export async function runHostapdCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  try {
    return await hostapdCli(args, { terminal, clock: systemClock, signal: stop.signal, home: process.env["HOME"] });
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
}
