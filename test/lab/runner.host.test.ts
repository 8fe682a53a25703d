/** The lab's runner, on the host: what comes back from a guest, however it ends. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type LabOptions, lastWords, runInLab } from "../../lab/run.ts";

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

async function runShell(script: string, options: Partial<LabOptions> = {}) {
  const said = { stdout: "", stderr: "" };
  const result = await runInLab({
    command: ["sh", "-c", script],
    radios: 2,
    timeout: 60,
    onStdout: (chunk) => {
      said.stdout += Buffer.from(chunk).toString();
    },
    onStderr: (chunk) => {
      said.stderr += Buffer.from(chunk).toString();
    },
    ...options,
  });
  return { ...result, ...(said as Said) };
}

for (const timeTravel of [false, true]) {
  test(`output, errors and status come back, ${timeTravel ? "with" : "without"} time travel`, async () => {
    const script = `echo "it's $A"; echo wrong >&2; seq 20000; pwd; ls -1 /sys/class/net; test ! -w /etc; exit 3`;
    const { outcome, stdout, stderr, results } = await runShell(script, { timeTravel, environment: { A: "a 'b' $c" } });
    assert.deepEqual(outcome, { kind: "exited", status: 3 });
    assert.ok(stdout.startsWith("it's a 'b' $c\n1\n2\n"), stdout.slice(0, 100));
    assert.equal(stdout.match(/^\d+$/gm)?.length, 20000);
    assert.match(stdout, new RegExp(`^20000\n${process.cwd()}\n`, "m"));
    assert.deepEqual(stdout.match(/^wlan\d$/gm), ["wlan0", "wlan1"]);
    assert.equal(stderr, "wrong\n");
    assert.ok(results !== undefined && readFileSync(join(results, "kernel.log"), "utf8").includes("mac80211_hwsim"));
    rmSync(results, { recursive: true });
  });
}

test("in time travel an hour of sleep takes no time", async () => {
  const { outcome, seconds } = await runShell("sleep 3600", { timeTravel: true, capture: undefined });
  assert.deepEqual(outcome, { kind: "exited", status: 0 });
  assert.ok(seconds < 50, `${seconds} s`);
});

test("nothing is left of a run that went well, but with `keep`", async () => {
  const { results } = await runShell('echo x >"$LAB_RESULTS/mine"');
  assert.equal(results, undefined);
  const kept = await runShell('echo x >"$LAB_RESULTS/mine"', { keep: true });
  assert.ok(kept.results !== undefined);
  assert.equal(readFileSync(join(kept.results, "mine"), "utf8"), "x\n");
  rmSync(kept.results, { recursive: true });
});

test("the capture of a run that failed has the air in it", async () => {
  const scan = "ip link set wlan0 up; iw dev wlan0 scan freq 2412; exit 1";
  const { results } = await runShell(scan, { timeTravel: true });
  assert.ok(results !== undefined);
  const capture = readFileSync(join(results, "air.pcap"));
  assert.equal(capture.readUInt32LE(0), 0xa1b2c3d4);
  assert.equal(capture.readUInt32LE(20), 127); // LINKTYPE_IEEE802_11_RADIOTAP
  assert.ok(capture.length > 24 + 16 + 50, "no frame in it");
  rmSync(results, { recursive: true });
});

test("a guest that hangs is killed, with all its processes", async () => {
  const { outcome, seconds, results } = await runShell("sleep 1000 & yes >/dev/null", { timeout: 3 });
  assert.deepEqual(outcome, { kind: "timeout" });
  assert.ok(seconds < 20, `${seconds} s`);
  assert.ok(results !== undefined);
  // A process that was killed lets go of its memory before it is gone, which takes a while on a busy machine.
  for (let tries = 0; tries < 100 && processesOf(results).length > 0; tries++) await setTimeout(100);
  assert.deepEqual(processesOf(results), []);
  rmSync(results, { recursive: true });
});

test("a guest whose kernel dies is no success", async () => {
  // The kernel panics when its first process ends.
  const { outcome, complaints, results } = await runShell("true", { kernelArguments: ["init=/bin/false"] });
  assert.deepEqual(outcome, { kind: "crashed" });
  assert.ok(results !== undefined);
  assert.match(complaints.join("\n"), /Kernel panic - not syncing/);
  assert.notEqual(await lastWords(results), "");
  rmSync(results, { recursive: true });
});

test("what the kernel complains of is found, however well the command did", async () => {
  const { outcome, complaints, results } = await runShell('echo "<4>WARNING: CPU: 0 PID: 1 at lab" >/dev/kmsg');
  assert.deepEqual(outcome, { kind: "exited", status: 0 });
  assert.match(complaints.join("\n"), /WARNING: CPU: 0 PID: 1 at lab/);
  assert.ok(results !== undefined && existsSync(join(results, "kernel.log")));
  rmSync(results, { recursive: true });
  const quiet = await runShell("iw dev wlan0 info");
  assert.deepEqual(quiet.complaints, []);
});

/** Processes whose command line has the text in it: each of User Mode Linux's has the results folder in its. */
function processesOf(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8");
      } catch {
        return ""; // It has just ended.
      }
    })
    .filter((commandLine) => commandLine.includes(text));
}
