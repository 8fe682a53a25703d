/** npm run bench: Beacond and Debian's hostapd in turn in one lab kernel, and a table of both. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { debianHostapd } from "../lab/guest/daemon.ts";
import { runInLab } from "../lab/run.ts";
import { keyMetrics } from "./keys-metrics.ts";
import { type Measurement, type Metrics, metrics, stationCount } from "./metrics.ts";
import { table } from "./table.ts";

const usage = `Usage: npm run bench [-- [--rounds N]]
       npm run bench -- keys [--entries N,N,...] [--rounds N]

Runs Beacond and Debian's hostapd in turn in the same lab kernel, each so many rounds, and prints a table of what both
need: the median of all rounds, with the least and the greatest. docs/performance.md says what each row is.

Without a name: start, memory, joins, control commands (5 rounds).
keys            a wpa_psk_file of 1,000, 10,000 and 100,000 passphrases (1 round; half an hour, of which hostapd's start
                with the longest takes most).
`;

interface Suite {
  readonly guest: string;
  readonly arguments: readonly string[];
  readonly rounds: number;
  readonly radios: number;
  readonly metrics: Metrics;
  /** Seconds for each round. */
  readonly patience: number;
}

function suiteOf(name: string | undefined, entries: string): Suite | undefined {
  switch (name) {
    case undefined:
      return { guest: "guest.js", arguments: [], rounds: 5, radios: 1 + stationCount, metrics, patience: 600 };
    case "keys": {
      const counts = entries.split(",").map(Number);
      if (!counts.every((count) => Number.isInteger(count) && count > 0)) return undefined;
      return {
        guest: "keys.js",
        arguments: [entries],
        rounds: 1,
        radios: 8,
        metrics: keyMetrics(counts),
        patience: 7200,
      };
    }
    default:
      return undefined;
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string" },
      entries: { type: "string", default: "1000,10000,100000" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const suite = positionals.length > 1 ? undefined : suiteOf(positionals[0], values.entries);
  const rounds = values.rounds ?? String(suite?.rounds);
  if (values.help || !suite || !/^[1-9]\d?$/.test(rounds)) {
    process.stderr.write(usage);
    return values.help ? 0 : 1;
  }
  stayOnOneProcessor();
  let told = "";
  const { outcome, results } = await runInLab({
    command: [process.execPath, fileURLToPath(new URL(suite.guest, import.meta.url)), rounds, ...suite.arguments],
    radios: suite.radios,
    capture: undefined,
    timeout: suite.patience * Number(rounds),
    onStdout: (chunk) => {
      told += Buffer.from(chunk).toString("utf8");
    },
    onStderr: (chunk) => void process.stderr.write(chunk),
  });
  const measurements = told
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Measurement);
  if (measurements.length > 0) {
    process.stdout.write(`\n${table(measurements, suite.metrics)}\n\n${circumstances(rounds)}\n`);
  }
  if (outcome.kind === "exited" && outcome.status === 0) return 0;
  process.stderr.write(`The measurements failed; logs: ${results}\n`);
  return 1;
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
  return `Median (least to greatest) of ${rounds} ${rounds === "1" ? "round" : "rounds"}. hostapd ${hostapd}, Node ${process.version}, ${processor}.`;
}

process.exitCode = await main();
