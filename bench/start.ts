/**
 * What a start costs on this machine, piece by piece and without a radio: node alone, node with what Beacond loads, and
 * Beacond up to where it finds that its interface isn't there.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { summarize } from "./statistics.ts";

const rounds = 20;
const dist = fileURLToPath(new URL("../", import.meta.url));
const bundle = join(dist, "bundle", "beacond.cjs");
const folder = mkdtempSync(join(tmpdir(), "start-"));
const configuration = join(folder, "no-such-radio.conf");
const withoutCache = join(folder, "without-cache.cjs");

const cases: readonly { readonly label: string; readonly command: readonly string[] }[] = [
  { label: "node", command: ["node", "-e", "0"] },
  { label: "node and koffi", command: ["node", "-e", "require('koffi')"] },
  { label: "node and node:crypto", command: ["node", "-e", "require('node:crypto')"] },
  { label: "Beacond, bundled", command: ["node", bundle, configuration] },
  { label: "the same, not compiled ahead", command: ["node", withoutCache, configuration] },
  { label: "the same, an option for V8", command: ["node", "--max-semi-space-size=2", bundle, configuration] },
  { label: "Beacond, module by module", command: ["node", join(dist, "src/daemon/main.js"), configuration] },
];

/** Milliseconds of CPU time; bash's `time`, since Node doesn't tell what its children have used. */
function cpuTime(command: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1';
  const told = execFileSync("bash", ["--norc", "-c", `{ ${script}; } 2>&1; exit 0`, "bash", ...command], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"], LC_ALL: "C" },
    cwd: dist,
  });
  const [user = Number.NaN, system = Number.NaN] = told.trim().split(" ").map(Number);
  return (user + system) * 1000;
}

function main(): void {
  if (!existsSync(bundle)) throw new Error("there is no bundle; do this first: npm run build");
  writeFileSync(
    configuration,
    `
interface=no-such-radio
ssid=start
channel=1
hw_mode=g
ieee80211n=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=12345678
`,
  );
  writeFileSync(
    withoutCache,
    `const code = ${JSON.stringify(bundle.replace(/cjs$/, "code"))};
     const script = new (require("node:vm").Script)(require("node:fs").readFileSync(code, "latin1"));
     const requireThere = require("node:module").createRequire(code);
     script.runInThisContext()(exports, requireThere, module, __filename, __dirname);`,
  );
  const times = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { command }] of cases.entries()) times[index]?.push(cpuTime(command));
  }
  process.stdout.write(`CPU time, ms; median (least to greatest) of ${rounds}\n`);
  for (const [index, { label }] of cases.entries()) {
    const { median, least, greatest } = summarize(times[index] ?? []);
    const figures = [median, least, greatest].map((value) => value.toFixed(0).padStart(4));
    process.stdout.write(`${label.padEnd(30)} ${figures[0]}  (${figures[1]} to ${figures[2]})\n`);
  }
}

try {
  main();
} finally {
  rmSync(folder, { recursive: true });
}
