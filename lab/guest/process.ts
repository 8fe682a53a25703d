/** Programs in the guest: run to their end, or started and watched until the test is over. */

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { cleanup } from "./cleanup.ts";
import { Log, patience } from "./log.ts";

/** The results folder that the host keeps when the run fails. @throws Error outside the lab */
export function resultsFolder(): string {
  const folder = process.env["LAB_RESULTS"];
  if (folder === undefined) throw new Error("this runs in the lab only: npm test -- lab, or npm run lab -- COMMAND");
  return folder;
}

export interface Finished {
  readonly status: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The network namespace to run in; the guest's first one if there is none. */
  readonly namespace?: string | undefined;
  readonly input?: string;
  /** Seconds until it is killed. */
  readonly timeout?: number;
}

const inNamespace = (namespace: string | undefined, command: readonly string[]): string[] =>
  namespace === undefined ? [...command] : ["ip", "netns", "exec", namespace, ...command];

/** Runs a command to its end, however it ends. @throws Error when it can't be started or takes too long */
export async function tryRun(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [program = "", ...args] = inNamespace(options.namespace, command);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A program that does not read what it is given is not the caller's concern.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const timeout = options.timeout ?? 2 * patience;
  return await new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${command.join(" ")}: not done within ${timeout} s\n${stdout}${stderr}`));
    }, timeout * 1000);
    child.once("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(limit);
      resolve({ status: signal ?? code ?? 0, stdout, stderr });
    });
  });
}

/** What a command says on its standard output. @throws Error when it does not end with status 0 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await tryRun(command, options);
  if (status !== 0) throw new Error(`${command.join(" ")}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Program {
  readonly pid: number;
  /** Its standard output and standard error. */
  readonly log: Log;
  /** Comes true when it has ended. */
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, and waits until it has. @throws Error when it does not */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

export interface ProgramOptions {
  /** In the log's name and its file's. */
  readonly name: string;
  readonly command: readonly string[];
  readonly namespace?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

let started = 0;

/**
 * Starts a program that goes on until it is stopped, at the latest when the test is over. What it says goes into a file
 * in the results folder, and to the test's own output when the test fails.
 */
export async function startProgram(t: TestContext, options: ProgramOptions): Promise<Program> {
  const [file = "", ...args] = inNamespace(options.namespace, options.command);
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.environment },
  });
  const log = new Log(options.name);
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} has no process`);

  const folder = join(resultsFolder(), "logs");
  mkdirSync(folder, { recursive: true });
  const copy = createWriteStream(join(folder, `${String(++started).padStart(3, "0")}-${options.name}.log`));
  copy.write(`# ${options.command.join(" ")}\n`);
  const take = (line: string): void => {
    copy.write(`${line}\n`);
    log.add(line);
  };
  createInterface(child.stdout).on("line", take);
  createInterface(child.stderr).on("line", take);

  let running = true;
  void exited.then(({ code, signal }) => {
    running = false;
    copy.end(`# ended: ${signal ?? code}\n`);
    log.end();
  });

  const program: Program = {
    pid,
    log,
    exited,
    get running() {
      return running;
    },
    kill(signal) {
      if (running) child.kill(signal);
    },
    async stop(signal = "SIGTERM") {
      program.kill(signal);
      let limit: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        limit = setTimeout(() => {
          child.kill("SIGKILL");
          reject(new Error(`${options.name} did not end on ${signal} within ${patience} s`));
        }, patience * 1000);
      });
      return await Promise.race([exited, late]).finally(() => clearTimeout(limit));
    },
  };
  cleanup(t, async () => {
    try {
      await program.stop();
    } finally {
      if (failed(t)) t.diagnostic(`--- ${options.name}: ${options.command.join(" ")}\n${log.text}`);
    }
  });
  return program;
}

/** Whether a test that comes to its end has failed. Node 20 knows `error` since 20.12 only. */
const failed = (t: TestContext): boolean => "error" in t && t.error !== null && t.error !== undefined;
