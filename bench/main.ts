/** npm run bench: Beacond and Debian's hostapd in turn in one lab kernel, and a table of both. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { debianHostapd } from "../lab/guest/daemon.ts";
import { runInLab } from "../lab/run.ts";
import { type Measurement, stationCount } from "./metrics.ts";
import { table } from "./table.ts";

const usage = `Usage: npm run bench [-- --rounds N]

Runs Beacond and Debian's hostapd in turn in the same lab kernel, each so many rounds (5), and prints a table of what
both need: the median of all rounds, with the least and the greatest. docs/performance.md says what each row is.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "5" }, help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help || !/^[1-9]\d?$/.test(values.rounds)) {
    process.stderr.write(usage);
    return values.help ? 0 : 1;
  }
  stayOnOneProcessor();
  let told = "";
  const { outcome, results } = await runInLab({
    command: [process.execPath, fileURLToPath(new URL("guest.js", import.meta.url)), values.rounds],
    radios: 1 + stationCount,
    capture: undefined,
    timeout: 600 * Number(values.rounds),
    onStdout: (chunk) => {
      told += Buffer.from(chunk).toString("utf8");
    },
    onStderr: (chunk) => void process.stderr.write(chunk),
  });
  if (outcome.kind !== "exited" || outcome.status !== 0) {
    process.stderr.write(`The measurements failed; logs: ${results}\n`);
    return 1;
  }
  const measurements = told
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Measurement);
  process.stdout.write(`\n${table(measurements)}\n\n${circumstances(values.rounds)}\n`);
  return 0;
}

/**
 * The guest has one processor, but a process of the host's for each of its own, and one of them runs at a time. Where the
 * host spreads them over several processors, each system call in the guest takes several times as long, now and then.
 */
function stayOnOneProcessor(): void {
  const [, last] = /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  const { status } = spawnSync("taskset", ["--pid", "--cpu-list", last ?? "0", String(process.pid)]);
  if (status !== 0) process.stderr.write("taskset failed: the figures will spread more than they need to\n");
}

/** What the figures depend on. */
function circumstances(rounds: string): string {
  const { stderr } = spawnSync(debianHostapd, ["-v"], { encoding: "utf8" });
  const hostapd = /^hostapd (v\S+)/m.exec(stderr)?.[1] ?? "of an unknown version";
  const processor = cpus()[0]?.model.trim() ?? "an unknown processor";
  return `Median (least to greatest) of ${rounds} rounds. hostapd ${hostapd}, Node ${process.version}, ${processor}.`;
}

process.exitCode = await main();
