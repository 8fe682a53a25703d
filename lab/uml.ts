/** Boots the lab kernel and runs one command in it. */

import { spawn } from "node:child_process";
import { copyFile, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { follow } from "./follow.ts";
import { type LabJob, type LabOutcome, resultsInGuest } from "./job.ts";

const initScript = fileURLToPath(new URL("../../lab/init.sh", import.meta.url));

/** Where the guest has file systems of its own, which hide the host's. */
const hidden = ["/dev", "/run", "/tmp", "/var"];

/**
 * Runs the job in a guest of its own. The guest's file tree is the host's, read-only; only `job.results` is writable.
 * Afterwards it holds stdout, stderr, kernel.log and, with a capture, air.pcap.
 */
export async function runInGuest(kernel: string, job: LabJob): Promise<LabOutcome> {
  const { results } = job;
  if (!/^[\w./+-]+$/.test(results)) {
    throw new Error(`a folder of this name can't be given to the lab kernel: ${results}`);
  }
  const init = join(results, "init");
  await copyFile(initScript, init);
  await writeFile(join(results, "job"), jobScript(job));

  // The guest's terminals are plain files on the host. A pipe would make the guest wait for its reader, and in time
  // travel its clock would run on meanwhile.
  const names = ["kernel.log", "stdout", "stderr", ...(job.capture === undefined ? [] : ["air.pcap"])];
  const files = await Promise.all(names.map((name) => open(join(results, name), "a")));
  const descriptors = files.map((file) => file.fd);
  const stdout = await follow(join(results, "stdout"), job.onStdout);
  const stderr = await follow(join(results, "stderr"), job.onStderr);
  try {
    const timedOut = await new Promise<boolean>((resolve, reject) => {
      const [log, ...rest] = descriptors;
      // In a session of its own: User Mode Linux is a process for each of the guest's, and they go by their group.
      const child = spawn("setpriv", ["--pdeathsig", "KILL", kernel, ...kernelArguments(job, init)], {
        detached: true,
        stdio: ["ignore", log, log, ...rest],
      });
      let late = false;
      const limit = setTimeout(() => {
        late = true;
        killGroup(child.pid);
      }, job.timeout * 1000);
      child.once("error", reject);
      child.once("exit", () => {
        clearTimeout(limit);
        killGroup(child.pid);
        resolve(late);
      });
    });
    if (timedOut) return { kind: "timeout" };
  } finally {
    await Promise.all([stdout.finish(), stderr.finish(), ...files.map((file) => file.close())]);
  }
  const status = await readFile(join(results, "status"), "utf8").catch(() => "");
  return /^\d+\n$/.test(status) ? { kind: "exited", status: Number(status) } : { kind: "crashed" };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function kernelArguments(job: LabJob, init: string): string[] {
  return [
    `mem=${job.memory}M`,
    `mac80211_hwsim.radios=${job.radios}`,
    // A P2P device beside each interface would only be noise in what the tests look at.
    "mac80211_hwsim.support_p2p_device=0",
    "root=none",
    "hostfs=/",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    "init=/bin/sh",
    `LAB=${job.results}`,
    "con=null",
    "con0=null,fd:1",
    "con1=null,fd:3",
    "con2=null,fd:4",
    ...(job.capture === undefined ? [] : ["con3=null,fd:5"]),
    "ssl=null",
    "loglevel=7",
    // Else ~/.uml is littered.
    `uml_dir=${job.results}`,
    "umid=uml",
    ...(job.timeTravel ? ["time-travel=inf-cpu"] : []),
    ...job.kernelArguments,
    // What follows are the arguments of init.
    "--",
    init,
  ];
}

/** What init.sh reads: variables and functions, each word quoted. */
function jobScript(job: LabJob): string {
  const needed = [...new Set([job.directory, ...job.shares])].filter((path) =>
    hidden.some((place) => path.startsWith(`${place}/`)),
  );
  const variables: Record<string, string> = { ...job.environment, LAB_RESULTS: resultsInGuest };
  return [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `directory=${quote(job.directory)}`,
    `capture=${job.capture === undefined ? "no" : "yes"}`,
    `capture_filter=${quote(job.capture ?? "")}`,
    "shares() {",
    ...needed.map((path) => `  printf '%s\\n' ${quote(path)}`),
    "  :",
    "}",
    "run() {",
    `  ${job.command.map(quote).join(" ")}`,
    "}",
    "",
  ].join("\n");
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
