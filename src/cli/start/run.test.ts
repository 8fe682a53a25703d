import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { systemClock } from "../../linux/clock.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import { hostapdCli } from "../hostapd-cli/main.ts";
import { runStart, type StartOptions, type StartParts } from "./run.ts";

const virtualOnce: StartOptions = { virtual: true, once: true, json: false, interfaceName: undefined };

function listener(isTTY: boolean) {
  const output = Object.assign(new PassThrough(), { isTTY });
  const errors = new PassThrough();
  const said = { output: "", errors: "" };
  output.on("data", (data) => {
    said.output += data;
  });
  errors.on("data", (data) => {
    said.errors += data;
  });
  return { terminal: { input: new PassThrough(), output, errors }, said };
}

const partsWith = (terminal: StartParts["terminal"], signal: AbortSignal, env: NodeJS.ProcessEnv = {}): StartParts => ({
  terminal,
  clock: systemClock,
  entropy: systemEntropy,
  signal,
  env,
  isRoot: false,
});

test("the whole story on the virtual radio, in time", { timeout: 20_000 }, async (t) => {
  const { terminal, said } = listener(false);
  const folder = mkdtempSync(join(tmpdir(), "show-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const begun = performance.now();
  const status = await runStart(
    virtualOnce,
    partsWith(terminal, new AbortController().signal, { XDG_RUNTIME_DIR: folder }),
  );
  const took = performance.now() - begun;
  assert.equal(said.errors, "");
  assert.equal(status, 0, said.output);
  assert.ok(took < 5000, `took ${took} ms`);
  const story = said.output
    .split("\n")
    .filter((line) => /^ +\d+\.\d{3} s|^ +why: /.test(line))
    .map((line) => line.replace(/^ +\d+\.\d{3} s +/, "").replace(/ {2,}/g, ": "));
  const inOrder = [
    /^access point: is on the air as 02(:[0-9a-f]{2}){5}$/,
    /^phone: comes; it has the right passphrase$/,
    /^access point: lets the phone in: it has proved that it knows the passphrase$/,
    /^phone: asks for 192\.168\.73\.1 and has the answer after \d+\.\d ms$/,
    /^this machine: asks for 192\.168\.73\.2 and has the answer after \d+\.\d ms$/,
    /^laptop: comes/,
    /^access point: doesn't let the laptop in: what it sends as proof is wrong$/,
    /^: why: it has another passphrase than this network$/,
    /^access point: sends the laptop away \(4-way handshake timeout\)$/,
    /^laptop: is told to leave \(4-way handshake timeout\)$/,
    /^printer: comes/,
    /^access point: refuses the printer at its association \(invalid pairwise cipher\)$/,
    /^: why: it offered TKIP, and this network takes CCMP$/,
    /^printer: hears that it is refused \(invalid pairwise cipher\)$/,
    /^access point: is off the air$/,
    /^phone: is told to leave/,
  ];
  let at = 0;
  for (const expected of inOrder) {
    const found = story.findIndex((line, index) => index >= at && expected.test(line));
    assert.notEqual(found, -1, `${expected} is not in the rest of\n${story.slice(at).join("\n")}`);
    at = found + 1;
  }
  assert.doesNotMatch(said.output, /lets the (laptop|printer) in/);
  assert.equal(said.output.includes("\u001b"), false, "no colours where nobody sees them");
  assert.deepEqual(readdirSync(folder), []);
});

test("on a terminal it is shown in colours, and ends when it is told to, early too", { timeout: 20_000 }, async () => {
  const { terminal, said } = listener(true);
  const stop = new AbortController();
  const done = runStart({ ...virtualOnce, once: false }, partsWith(terminal, stop.signal));
  while (!said.output.includes("on the air")) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  assert.equal(await done, 0);
  assert.ok(said.output.includes("\u001b[32mis on the air"));
  assert.match(said.output, /All is as it was\.\n$/);
  assert.doesNotMatch(said.output, /as it should/);
});

test("while it stays, its control socket answers, and a station that is sent away is back", {
  timeout: 20_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "show-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { terminal, said } = listener(true);
  const parts = partsWith(terminal, new AbortController().signal, { XDG_RUNTIME_DIR: folder, NO_COLOR: "1" });
  const until = async (what: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = what.exec(said.output);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const done = runStart({ ...virtualOnce, once: false }, parts);
  const [, directory = ""] = await until(/cli -p (\S+) -i virtual0 all_sta\n/);
  await until(/the phone in: it has proved/);
  const client = async (...command: string[]): Promise<string> => {
    const { terminal: own, said: answered } = listener(false);
    const signal = new AbortController().signal;
    const args = ["-p", directory, "-i", "virtual0", ...command];
    assert.equal(
      await hostapdCli(args, { manner: "hostapd_cli", terminal: own, clock: systemClock, signal, home: undefined }),
      0,
    );
    return answered.output;
  };
  assert.match(await client("status"), /^state=ENABLED\n[\s\S]*^num_sta\[0\]=1$/m);
  const [phone = ""] = (await client("list_sta")).split("\n");
  assert.match(phone, /^02(:[0-9a-f]{2}){5}$/);
  assert.equal(await client("deauthenticate", phone), "OK\n");
  await until(/phone +is told to leave \(invalid authentication\)[\s\S]*the phone in: it has proved/);
  assert.equal(await client("raw", "TERMINATE"), "OK\n");
  assert.equal(await done, 0);
  assert.equal(said.errors, "");
  assert.deepEqual(readdirSync(folder), []);
});

test("an interface that isn't there", async () => {
  const { terminal, said } = listener(false);
  const options = { virtual: false, once: true, json: false, interfaceName: "nosuch0" };
  assert.equal(await runStart(options, partsWith(terminal, new AbortController().signal)), 1);
  assert.match(said.errors, /there is no Wi-Fi interface 'nosuch0'/);
});

test("who isn't root has the virtual radio, and hears why", { timeout: 20_000 }, async () => {
  const { terminal, said } = listener(false);
  const stop = new AbortController();
  stop.abort();
  const status = await runStart({ ...virtualOnce, virtual: false }, partsWith(terminal, stop.signal));
  assert.equal(status, 0);
  assert.match(said.output, /a virtual one[^\n]*\n +why: only root may take a real one: sudo npm start\n/);
});
