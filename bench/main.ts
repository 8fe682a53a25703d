/** npm run bench: Beacond and Debian's hostapd in turn in one lab kernel, and a table of both. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { debianHostapd } from "../lab/guest/daemon.ts";
import { runInLab } from "../lab/run.ts";
import { crowdMetrics } from "./crowd-metrics.ts";
import { cycleMetrics } from "./cycles-metrics.ts";
import { keyMetrics } from "./keys-metrics.ts";
import { type Measurement, type Metrics, metrics, stationCount } from "./metrics.ts";
import { radius, radiusUsage } from "./radius/main.ts";
import { saeMetrics } from "./sae-metrics.ts";
import { table } from "./table.ts";

const usage = `Usage: npm run bench [-- [--rounds N]]
       npm run bench -- keys [--entries N,N,...] [--rounds N]
       npm run bench -- stations [--sizes N,N,...]
       npm run bench -- cycles [--cycles N]
       npm run bench -- sae [--rounds N]
       npm run bench -- sae-arithmetic
       npm run bench -- month [--days N]
       npm run bench -- radius [--rounds N] [--seconds N] [--only NAME] [--busy N]

Runs Beacond and Debian's hostapd in turn in the same lab kernel, each so many rounds, and prints a table of what both
need: the median of all rounds, with the least and the greatest. docs/performance.md says what each row is.

Without a name: start, memory, joins, control commands (5 rounds).
keys            a wpa_psk_file of 1,000, 10,000 and 100,000 passphrases; half an hour, of which hostapd's start with the
                longest takes most
stations        10, 100 and 500 stations: memory, joins, rekeying, listing
cycles          a BSS added and removed 10,000 times
sae             WPA3: authentications, joins, and what WPA2 stations wait for meanwhile (3 rounds)
sae-arithmetic  Beacond alone, without a lab: the arithmetic of an authentication by itself
${radiusUsage}month           Beacond alone, in virtual time: 30 days of rekeying, roaming and reloads, memory after each
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

interface Options {
  readonly entries: string;
  readonly sizes: string;
  readonly cycles: string;
}

/** Each with many stations. */
const crowdedRadios = 10;

/** @returns undefined where there is none of that name, or its numbers are none */
function suiteOf(name: string | undefined, { entries, sizes, cycles }: Options): Suite | undefined {
  const numbers = (text: string): readonly number[] | undefined => {
    const all = text.split(",").map(Number);
    return all.every((number) => Number.isInteger(number) && number > 0) ? all : undefined;
  };
  switch (name) {
    case undefined:
      return { guest: "guest.js", arguments: [], rounds: 5, radios: 1 + stationCount, metrics, patience: 600 };
    case "keys": {
      const counts = numbers(entries);
      const metricsOfKeys = counts && keyMetrics(counts);
      return (
        metricsOfKeys && {
          guest: "keys.js",
          arguments: [entries],
          rounds: 1,
          radios: 8,
          metrics: metricsOfKeys,
          patience: 7200,
        }
      );
    }
    case "stations": {
      const wanted = numbers(sizes);
      return (
        wanted && {
          guest: "crowd.js",
          arguments: [sizes, String(crowdedRadios)],
          rounds: 1,
          radios: 1 + crowdedRadios,
          metrics: crowdMetrics(wanted),
          patience: 7200,
        }
      );
    }
    case "cycles":
      return (
        numbers(cycles) && {
          guest: "cycles.js",
          arguments: [cycles],
          rounds: 1,
          radios: 1,
          metrics: cycleMetrics,
          patience: 7200,
        }
      );
    case "sae":
      return { guest: "sae.js", arguments: [], rounds: 3, radios: 1, metrics: saeMetrics, patience: 1200 };
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
      sizes: { type: "string", default: "10,100,500" },
      cycles: { type: "string", default: "10000" },
      days: { type: "string", default: "30" },
      seconds: { type: "string", default: "1.25" },
      concurrency: { type: "string", default: "32" },
      busy: { type: "string", default: "0" },
      threads: { type: "string" },
      users: { type: "string", default: "10,100000" },
      only: { type: "string", default: "" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (positionals[0] === "month" && positionals.length === 1 && !values.help) return alone("month.js", values.days);
  if (positionals[0] === "sae-arithmetic" && positionals.length === 1 && !values.help)
    return alone("sae-arithmetic.js");
  if (positionals[0] === "radius" && positionals.length === 1 && !values.help) {
    return radius({
      rounds: Number(values.rounds ?? "5"),
      seconds: Number(values.seconds),
      concurrency: Number(values.concurrency),
      busy: Number(values.busy),
      threads: values.threads === undefined ? undefined : Number(values.threads),
      users: values.users
        .split(",")
        .filter((count) => count !== "")
        .map(Number),
      only: values.only,
    });
  }
  const suite = positionals.length > 1 ? undefined : suiteOf(positionals[0], values);
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

/** What needs no lab. */
function alone(file: string, ...args: readonly string[]): number {
  const program = fileURLToPath(new URL(file, import.meta.url));
  return spawnSync(process.execPath, [program, ...args], { stdio: "inherit" }).status ?? 1;
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
