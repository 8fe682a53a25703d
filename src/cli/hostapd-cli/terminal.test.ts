/** The prompt on a terminal: completion, history, events while a line is being written. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { type FakeControlSocket, fakeControlSocket } from "../../../testing/fake-control-socket.ts";
import { systemClock } from "../../linux/clock.ts";
import { hostapdCli } from "./main.ts";

const answers: Readonly<Record<string, string>> = {
  PING: "PONG\n",
  "STA-FIRST": "02:00:00:00:01:00\nflags=\n",
  "STA-NEXT 02:00:00:00:01:00": "FAIL\n",
};

/** What moves the cursor and clears the line. */
const cursor = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");

/** A terminal that somebody types on. */
class Typist {
  readonly folder = mkdtempSync(join(tmpdir(), "terminal-"));
  readonly input = Object.assign(new PassThrough(), { isTTY: true });
  readonly output = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 50 });
  readonly history = join(this.folder, ".hostapd_cli_history");
  readonly daemon: FakeControlSocket;
  said = "";

  constructor(t: TestContext) {
    this.daemon = fakeControlSocket(join(this.folder, "wlan0"), (request) => answers[request] ?? "OK\n");
    this.output.on("data", (data) => {
      this.said = (this.said + data).replace(cursor, "");
    });
    t.after(() => {
      this.daemon.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  begin(): Promise<number> {
    const { input, output, folder } = this;
    return hostapdCli(["-p", folder, "-s", folder, "-i", "wlan0"], {
      manner: "hostapd_cli",
      terminal: { input, output, errors: output },
      clock: systemClock,
      signal: new AbortController().signal,
      home: folder,
    });
  }

  /** What is shown after it was typed, until `expected` is there. */
  async type(text: string, expected: RegExp): Promise<void> {
    this.said = "";
    this.input.write(text);
    for (let turn = 0; turn < 1000 && !expected.test(this.said); turn++)
      await new Promise((resolve) => setTimeout(resolve, 2));
    assert.match(this.said, expected, JSON.stringify(text));
  }

  get lastRequest(): string | undefined {
    return this.daemon.requests.at(-1);
  }
}

test("Tab completes commands, stations, keys and interfaces; the history is kept without secrets", {
  timeout: 30_000,
}, async (t) => {
  const typist = new Typist(t);
  writeFileSync(typist.history, "ping\n");
  const done = typist.begin();
  await typist.type("", /> $/);
  await typist.type("deauth\t", /deauthenticate /);
  await typist.type("\t", /02:00:00:00:01:00/);
  await typist.type("\n", /OK/);
  assert.equal(typist.lastRequest?.trim(), "DEAUTHENTICATE 02:00:00:00:01:00");
  await typist.type("set max_num\t", /max_num_sta /);
  await typist.type("7\n", /OK/);
  assert.equal(typist.lastRequest, "SET max_num_sta 7");
  await typist.type("interf\t", /interface /);
  await typist.type("wl", /wl/);
  await typist.type("\t", /an0 $/);
  await typist.type("\n", /> $/);
  await typist.type("new_sta \t", /<addr> = add a station/);
  await typist.type("\u0015set wpa_passphrase sesame123\n", /OK/);
  await typist.type("quit\n", /quit/);
  assert.equal(await done, 0);
  const lines = readFileSync(typist.history, "utf8").split("\n");
  assert.equal(lines[0], "ping");
  assert.ok(lines.includes("set max_num_sta 7"));
  assert.ok(!lines.some((line) => line.includes("sesame")));
});

test("the arrow brings back what was entered before, also in an earlier session", { timeout: 30_000 }, async (t) => {
  const typist = new Typist(t);
  writeFileSync(typist.history, "set max_num_sta 9\n");
  const done = typist.begin();
  await typist.type("", /> $/);
  await typist.type("\u001b[A\n", /OK/);
  assert.equal(typist.lastRequest, "SET max_num_sta 9");
  await typist.type("quit\n", /quit/);
  assert.equal(await done, 0);
});

test("an event doesn't disturb the line that is being written", { timeout: 30_000 }, async (t) => {
  const typist = new Typist(t);
  const done = typist.begin();
  await typist.type("", /> $/);
  await typist.type("pi", /pi/);
  typist.daemon.sendEvent("<3>AP-STA-CONNECTED 02:00:00:00:03:00");
  await typist.type("", /\r<3>AP-STA-CONNECTED 02:00:00:00:03:00\n[\s\S]*> pi/);
  await typist.type("ng\n", /PONG/);
  // the new station can be completed from now on
  await typist.type("sta 02:00:00:00:03", /03$/);
  await typist.type("\t", /:00 $/);
  await typist.type("\n", /OK/);
  assert.equal(typist.lastRequest?.trim(), "STA 02:00:00:00:03:00");
  await typist.type("quit\n", /quit/);
  assert.equal(await done, 0);
});
