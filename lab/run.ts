/**
 * Runs a command where there are simulated radios: in a guest with the lab kernel, or, where that can't run and the user
 * asks for it, on the host's own kernel.
 */

import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runOnHost } from "./host.ts";
import type { LabJob, LabOutcome } from "./job.ts";
import { findOrBuildKernel, KernelUnavailable, whyNoLabKernel } from "./kernel.ts";
import { complaintsOf } from "./kernel-log.ts";
import { type Progress, progressOn } from "./progress.ts";
import { runInGuest } from "./uml.ts";
import { unpackedRoot } from "./unpacked.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

export type LabOptions = Pick<LabJob, "command"> &
  Partial<Omit<LabJob, "command" | "results">> & {
    /** Keep the results folder also when all went well. */
    readonly keep?: boolean;
    /** On this machine's own kernel instead of a guest's; asked for with BEACOND_LAB=host too. Root only. */
    readonly host?: boolean;
    readonly progress?: Progress;
  };

export interface LabResult {
  readonly outcome: LabOutcome;
  /** Real seconds from boot to power-off. */
  readonly seconds: number;
  /** What the guest's kernel complains of in its log, however well the command did. Nothing of the machine's own kernel. */
  readonly complaints: readonly string[];
  /** The results folder, where it was kept: on failure, when the kernel complains, or when asked to. */
  readonly results: string | undefined;
}

/** What {@link LabOptions} leaves out. */
export const labDefaults = {
  radios: 6,
  timeTravel: false,
  timeout: 300,
  memory: 1024,
  // Ten beacons a second, and in time travel a day of them.
  capture: "not type mgt subtype beacon",
} as const;

/** @throws KernelUnavailable when this machine has nothing to run it on */
export async function runInLab(options: LabOptions): Promise<LabResult> {
  const { keep = false, host = process.env["BEACOND_LAB"] === "host", progress, ...wanted } = options;
  const why = whyNoLabKernel();
  if (why !== undefined && !host) {
    throw new KernelUnavailable(`${why}; as root, BEACOND_LAB=host runs it on this machine's own mac80211_hwsim`);
  }
  const kernel = host ? undefined : await findOrBuildKernel(progress ?? progressOn(process.stderr));
  const results = await mkdtemp(join(await realpath(tmpdir()), "beacond-lab-"));
  const job: LabJob = {
    ...labDefaults,
    directory: repository,
    kernelArguments: [],
    onStdout: () => undefined,
    onStderr: () => undefined,
    ...wanted,
    environment: { ...inheritedEnvironment(), ...wanted.environment },
    shares: [
      repository,
      dirname(process.execPath),
      ...(existsSync(unpackedRoot()) ? [unpackedRoot()] : []),
      ...(wanted.shares ?? []),
    ],
    results,
  };
  const started = performance.now();
  let kept = false;
  try {
    const outcome = await (kernel === undefined ? runOnHost(job) : runInGuest(kernel, job));
    const seconds = (performance.now() - started) / 1000;
    const complaints = complaintsOf(await readFile(join(results, "kernel.log"), "utf8").catch(() => ""));
    kept = keep || outcome.kind !== "exited" || outcome.status !== 0 || complaints.length > 0;
    return { outcome, seconds, complaints, results: kept ? results : undefined };
  } finally {
    if (!kept) await rm(results, { recursive: true, force: true });
  }
}

/** The host's environment may hold anything; the guest gets what matters to a program or a test run. */
function inheritedEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && /^(CI|LANG|LC_\w+|TZ|NODE_OPTIONS|BEACOND_\w+)$/.test(entry[0]),
  );
  const path = [
    dirname(process.execPath),
    ..."/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".split(":"),
  ];
  return {
    ...Object.fromEntries(inherited),
    HOME: "/tmp",
    LAB_UNPACKED: unpackedRoot(),
    TERM: "dumb",
    PATH: [...new Set(path)].join(delimiter),
  };
}

const usage = `Usage: node dist/lab/run.js [options] [--] COMMAND [ARGUMENT...]

Runs a command in a guest kernel with simulated Wi-Fi radios. It sees this machine's files read-only, starts in the
repository and finds a folder for what it wants to leave in $LAB_RESULTS.

  --radios N       simulated radios: phy0 with wlan0, phy1 with wlan1, ... (${labDefaults.radios})
  --time-travel    time passes only while every process sleeps, and then at once
  --timeout S      kill the guest after so many real seconds (${labDefaults.timeout})
  --memory M       the guest's memory in MiB (${labDefaults.memory})
  --capture FILTER what of the air to keep in air.pcap, a pcap filter (${labDefaults.capture}); '' is all
  --no-capture     keep nothing of it
  --boot WORD      a further word for the kernel's command line, such as mac80211_hwsim.channels=2
  --share DIR      a folder below /tmp, /run or /var that the command needs to read
  --host           use this machine's own kernel and its mac80211_hwsim module, not a guest; root only
  --keep           keep the results folder also when all went well
  --quiet          say nothing but what the command says

Exit status: the command's; 124 when the guest was killed after the timeout, 125 when there was no guest or it crashed.
The results folder (stdout, stderr, kernel.log, air.pcap and what the command left) is kept when the command fails or the
kernel complains (a warning, a bug, locks); what it complains of is shown, and the exit status is the command's.
`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: args.includes("--") ? args : beforeCommand(args),
    allowPositionals: true,
    options: {
      radios: { type: "string", default: String(labDefaults.radios) },
      "time-travel": { type: "boolean", default: false },
      timeout: { type: "string", default: String(labDefaults.timeout) },
      memory: { type: "string", default: String(labDefaults.memory) },
      capture: { type: "string", default: labDefaults.capture },
      "no-capture": { type: "boolean", default: false },
      boot: { type: "string", multiple: true, default: [] },
      share: { type: "string", multiple: true, default: [] },
      host: { type: "boolean", default: process.env["BEACOND_LAB"] === "host" },
      keep: { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 125;
  }
  const say = (text: string): void => {
    if (!values.quiet) process.stderr.write(`lab: ${text}\n`);
  };
  const { outcome, seconds, complaints, results } = await runInLab({
    command: positionals,
    radios: wholeNumber("--radios", values.radios),
    timeTravel: values["time-travel"],
    timeout: wholeNumber("--timeout", values.timeout),
    memory: wholeNumber("--memory", values.memory),
    capture: values["no-capture"] ? undefined : values.capture,
    kernelArguments: values.boot,
    shares: values.share.map((path) => resolve(path)),
    host: values.host,
    keep: values.keep,
    onStdout: (chunk) => void process.stdout.write(chunk),
    onStderr: (chunk) => void process.stderr.write(chunk),
  });
  const status = describe(outcome);
  say(`${status.text} after ${seconds.toFixed(1)} s${results === undefined ? "" : `; results: ${results}`}`);
  if (results !== undefined) {
    for (const complaint of complaints) process.stderr.write(`lab: the kernel complains:\n${complaint}\n`);
    if (outcome.kind === "crashed" && complaints.length === 0) process.stderr.write(`${await lastWords(results)}\n`);
  }
  return status.code;
}

/** Options end where the command begins; its own are its own. */
function beforeCommand(args: readonly string[]): string[] {
  const valued = new Set(["--radios", "--timeout", "--memory", "--capture", "--boot", "--share"]);
  let index = 0;
  while (args[index]?.startsWith("-")) index += valued.has(args[index] ?? "") ? 2 : 1;
  return [...args.slice(0, index), "--", ...args.slice(index)];
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new RangeError(`${option} wants a whole number above 0, not ${text}`);
  return Number(text);
}

function describe(outcome: LabOutcome): { readonly code: number; readonly text: string } {
  switch (outcome.kind) {
    case "exited":
      return { code: outcome.status, text: `the command ended with status ${outcome.status}` };
    case "timeout":
      return { code: 124, text: "the guest was killed" };
    case "crashed":
      return { code: 125, text: "the guest crashed" };
  }
}

/** The last that a kernel has said before it died. */
export async function lastWords(results: string): Promise<string> {
  const log = await readFile(join(results, "kernel.log"), "utf8").catch(() => "");
  return log.split("\n").slice(-15).join("\n");
}

// Whoever read the output may have gone (`| head`).
function endWithoutReader(): void {
  process.exit(125);
}

if (process.argv[1] !== undefined && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  process.stdout.on("error", endWithoutReader);
  process.stderr.on("error", endWithoutReader);
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof KernelUnavailable || error instanceof RangeError || error instanceof TypeError)) throw error;
    process.stderr.write(`lab: ${error.message}\n`);
    process.exitCode = 125;
  }
}
