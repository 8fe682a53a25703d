import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { version } from "../base/version.ts";
import { beacon } from "./beacon.ts";

async function run(...args: string[]) {
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  const status = await beacon(args, terminal);
  return { status, output: `${terminal.output.read() ?? ""}`, errors: `${terminal.errors.read() ?? ""}` };
}

test("help and version", async () => {
  const help = await run("--help");
  assert.equal(help.status, 0);
  assert.deepEqual(await run("--version"), { status: 0, output: `beacon ${version}\n`, errors: "" });
  const names = [...help.output.matchAll(/^ {2}([\w-]+) {2,}/gm)].map(([, name]) => name ?? "");
  assert.deepEqual(names, [
    "up",
    "down",
    "status",
    "stations",
    "watch",
    "kick",
    "ban",
    "unban",
    "rename",
    "start",
    "qr",
    "channels",
    "cli",
    "check",
    "dhcp",
    "doctor",
    "explain",
    "reload",
    "sae-pk",
    "pki",
    "man",
    "completion",
  ]);
  for (const name of names) {
    const { status, output } = await run(name, "--help");
    assert.equal(status, 0);
    assert.match(
      output,
      new RegExp(`^usage: beacon ${name}[\\s\\S]*\nExamples?:\\s+beacon ${name}[\\s\\S]*\nExit status: `),
    );
  }
});

test("a wrong command line is answered with the help, and 2", async () => {
  assert.equal((await run()).status, 2);
  const wrong = await run("strat");
  assert.equal(wrong.status, 2);
  assert.match(wrong.errors, /^beacon: there is no command 'strat'; did you mean 'start'\?\n/);
  assert.equal((await run("start", "--nosuch")).status, 2);
  assert.equal((await run("start", "--virtual", "--interface", "wlan0")).status, 2);
  assert.equal((await run("check")).status, 2);
});

test("check says what is wrong with a file", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "check-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const good = join(folder, "good.conf");
  writeFileSync(good, "interface=wlan0\nssid=x\nhw_mode=g\nchannel=1\n");
  assert.deepEqual(await run("check", good), { status: 0, output: `${good}: good\n`, errors: "" });
  const bad = join(folder, "bad.conf");
  writeFileSync(bad, "interface=wlan0\nssid=x\nhw_mode=g\nchanel=1\n");
  const { status, output } = await run("check", good, bad);
  assert.equal(status, 1);
  assert.match(
    output,
    /bad\.conf:4:1: error: there is no key 'chanel'\n {2}chanel=\.\.\.\n {2}\^~+\n {2}did you mean 'channel'\?\n/,
  );
  const missing = await run("check", join(folder, "none.conf"));
  assert.equal(missing.status, 1);
  assert.match(missing.errors, /there is no such file/);
});
