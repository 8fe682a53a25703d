import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { type FakeControlSocket, fakeControlSocket } from "../../../testing/fake-control-socket.ts";
import { systemClock } from "../../linux/clock.ts";
import { hostapdCli, type Manner } from "./main.ts";

const stations: Readonly<Record<string, string>> = {
  "STA-FIRST": "02:00:00:00:01:00\nflags=[AUTH]\naid=1\n",
  "STA-NEXT 02:00:00:00:01:00": "02:00:00:00:02:00\nflags=[AUTH]\naid=2\n",
  "STA-NEXT 02:00:00:00:02:00": "FAIL\n",
};
const answers: Readonly<Record<string, string>> = {
  PING: "PONG\n",
  STATUS: "state=ENABLED\nphy=phy0\n",
  "GET version": "1.0",
  ...stations,
};

class Setting {
  readonly folder = mkdtempSync(join(tmpdir(), "control-"));
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly errors = new PassThrough();
  readonly stop = new AbortController();
  daemon: FakeControlSocket;
  said = "";
  complained = "";

  constructor(t: TestContext, answer = (request: string): string | undefined => answers[request] ?? "FAIL\n") {
    this.daemon = fakeControlSocket(join(this.folder, "wlan0"), answer);
    this.output.on("data", (data) => {
      this.said += data;
    });
    this.errors.on("data", (data) => {
      this.complained += data;
    });
    t.after(() => {
      this.daemon.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  run(...args: string[]): Promise<number> {
    return this.runAs("hostapd_cli", ...args);
  }

  runAs(manner: Manner, ...args: string[]): Promise<number> {
    const { input, output, errors, folder } = this;
    return hostapdCli(["-p", folder, "-s", folder, ...args], {
      manner,
      terminal: { input, output, errors },
      clock: systemClock,
      signal: this.stop.signal,
      home: undefined,
    });
  }

  /** Waits until something has been said. */
  async heard(what: RegExp): Promise<void> {
    while (!what.test(this.said)) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("one command: its answer as it came, and 0 also where it failed", async (t) => {
  const setting = new Setting(t);
  assert.equal(await setting.run("-i", "wlan0", "status"), 0);
  assert.equal(await setting.run("-i", "wlan0", "get", "version"), 0);
  assert.equal(await setting.run("-i", "wlan0", "enable"), 0);
  assert.equal(setting.said, "state=ENABLED\nphy=phy0\n1.0FAIL\n");
  assert.equal(setting.complained, "");
  assert.deepEqual(setting.daemon.requests, ["STATUS", "GET version", "ENABLE"]);
});

test("the first interface of the directory, where none is named", async (t) => {
  const setting = new Setting(t);
  assert.equal(await setting.run("ping"), 0);
  assert.equal(setting.said, "Selected interface 'wlan0'\nPONG\n");
});

test("all_sta and list_sta ask for one station after the other", async (t) => {
  const setting = new Setting(t);
  await setting.run("-iwlan0", "all_sta");
  assert.equal(setting.said, "02:00:00:00:01:00\nflags=[AUTH]\naid=1\n02:00:00:00:02:00\nflags=[AUTH]\naid=2\n");
  setting.said = "";
  await setting.run("-iwlan0", "list_sta");
  assert.equal(setting.said, "02:00:00:00:01:00\n02:00:00:00:02:00\n");
});

test("an answer is told from an event", async (t) => {
  const setting = new Setting(t, (request) => {
    setting.daemon.sendEvent("<3>AP-ENABLED ");
    return answers[request];
  });
  setting.input.end("ping\n");
  assert.equal(await setting.run("-iwlan0"), 0);
  assert.match(setting.said, /<3>AP-ENABLED \nPONG\n/);
});

test("the client's socket is its owner's, and goes away", async (t) => {
  let mode = 0;
  const setting = new Setting(t, (request) => {
    const own = readdirSync(setting.folder).find((name) => name.startsWith("wpa_ctrl_")) ?? "";
    mode = statSync(join(setting.folder, own)).mode & 0o777;
    return answers[request];
  });
  await setting.run("-iwlan0", "ping");
  assert.equal(mode, 0o600);
  assert.deepEqual(readdirSync(setting.folder), ["wlan0"]);
});

test("255 where nobody is there", async (t) => {
  const setting = new Setting(t);
  assert.equal(await setting.run("-i", "wlan1", "ping"), 255);
  assert.equal(setting.complained, "Failed to connect to hostapd - wpa_ctrl_open: No such file or directory\n");
  assert.deepEqual(readdirSync(setting.folder), ["wlan0"]);
});

test("255 and the usage for a wrong option", async (t) => {
  const setting = new Setting(t);
  assert.equal(await setting.run("-x"), 255);
  assert.match(setting.complained, /^hostapd_cli: invalid option -- 'x'\nhostapd_cli v[\s\S]*usage: hostapd_cli/);
});

test("interactive: commands until the input ends, each answered before the next", async (t) => {
  const setting = new Setting(t);
  setting.input.end("status\nfoo\nrel\nget version\n\nset x\n");
  assert.equal(await setting.run("-iwlan0"), 0);
  const [, talk = ""] = setting.said.split("Interactive mode\n\n");
  assert.equal(
    talk,
    "> state=ENABLED\nphy=phy0\n> Unknown command 'foo'\n" +
      "> Ambiguous command 'rel'; possible commands: relog reload reload_bss reload_config reload_wpa_psk reload_rxkhs\n" +
      "> 1.0\n> > Invalid SET command - exactly 2 arguments are required.\n> ",
  );
  assert.deepEqual(setting.daemon.requests, ["ATTACH", ...Object.keys(stations), "STATUS", "GET version", "DETACH"]);
});

test("interactive: events are shown, quit ends it", async (t) => {
  const setting = new Setting(t);
  const done = setting.run("-iwlan0");
  await setting.heard(/> $/);
  setting.daemon.sendEvent("<3>AP-STA-CONNECTED 02:00:00:00:03:00");
  await setting.heard(/<3>AP-STA-CONNECTED 02:00:00:00:03:00\n/);
  setting.input.write("quit\nping\n");
  assert.equal(await done, 0);
  assert.equal(setting.daemon.requests.includes("PING"), false);
});

test("interactive: the daemon goes and comes back", async (t) => {
  const setting = new Setting(t);
  const done = setting.run("-iwlan0", "-G1");
  await setting.heard(/> $/);
  setting.daemon.close();
  await setting.heard(/Connection to hostapd lost - trying to reconnect\n/);
  setting.daemon = fakeControlSocket(join(setting.folder, "wlan0"), (request) => answers[request]);
  await setting.heard(/Connection to hostapd re-established\n/);
  setting.input.end("ping\n");
  assert.equal(await done, 0);
  assert.match(setting.said, /PONG\n/);
});

test("-a runs the program for each event, one after the other", async (t) => {
  const setting = new Setting(t);
  const program = join(setting.folder, "on-event");
  await writeFile(program, `#!/bin/sh\necho "$# $*" >>"$0.log"\n`);
  await chmod(program, 0o755);
  const done = setting.run("-iwlan0", "-a", program);
  while (!setting.daemon.requests.includes("ATTACH")) await new Promise((resolve) => setTimeout(resolve, 2));
  setting.daemon.sendEvent("<3>AP-STA-CONNECTED 02:00:00:00:03:00 keyid=x");
  setting.daemon.sendEvent("<3>AP-ENABLED ");
  const log = async (): Promise<string> => readFile(`${program}.log`, "utf8").catch(() => "");
  while ((await log()).split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  setting.stop.abort();
  assert.equal(await done, 0);
  assert.equal(await log(), "4 wlan0 AP-STA-CONNECTED 02:00:00:00:03:00 keyid=x\n2 wlan0 AP-ENABLED\n");
  assert.equal(setting.daemon.requests.at(-1), "DETACH");
});

test("-a ends with the daemon, unless it is told to wait for it", async (t) => {
  const setting = new Setting(t);
  const done = setting.run("-iwlan0", "-G1", "-a", "/bin/true");
  while (!setting.daemon.requests.includes("ATTACH")) await new Promise((resolve) => setTimeout(resolve, 2));
  setting.daemon.close();
  assert.equal(await done, 0);
  assert.match(setting.said, /did not reply to PING[\s\S]*Failed to establish new connection - exit\n$/);
});

test("native: the exit status says whether it worked, and only answers are on standard output", async (t) => {
  const setting = new Setting(t);
  const statusOf = (...args: string[]): Promise<number> => setting.runAs("native", "-iwlan0", ...args);
  assert.equal(await statusOf("status"), 0);
  assert.equal(await statusOf("list_sta"), 0);
  assert.equal(await statusOf("enable"), 1);
  assert.equal(await statusOf("foo"), 2);
  assert.equal(await statusOf("rel"), 2);
  assert.equal(await statusOf("set", "x"), 2);
  assert.equal(setting.said, "state=ENABLED\nphy=phy0\n02:00:00:00:01:00\n02:00:00:00:02:00\nFAIL\n");
  assert.match(setting.complained, /^Unknown command 'foo'\nAmbiguous command 'rel'.*\nInvalid SET command.*\n$/);
  setting.said = "";
  assert.equal(await setting.runAs("native", "ping"), 0);
  assert.equal(setting.said, "PONG\n");
  assert.equal(await setting.runAs("native", "-i", "wlan1", "ping"), 1);
  assert.equal(await setting.runAs("native", "-x"), 2);
  assert.match(setting.complained, /beacon cli: invalid option -- 'x'\n/);
});

test("native: a script of commands fails where one of them does", async (t) => {
  const good = new Setting(t);
  good.input.end("ping\nstatus\n");
  assert.equal(await good.runAs("native", "-iwlan0"), 0);
  const bad = new Setting(t);
  bad.input.end("ping\nenable\nstatus\n");
  assert.equal(await bad.runAs("native", "-iwlan0"), 1);
  const late = new Setting(t);
  late.input.end("ping\nenable\nstatus\n");
  assert.equal(await late.run("-iwlan0"), 0);
});

test("native: a daemon that doesn't know a command, and one that has gone", async (t) => {
  const setting = new Setting(t, (request) => (request === "STATUS" ? undefined : "UNKNOWN COMMAND\n"));
  assert.equal(await setting.runAs("native", "-iwlan0", "raw", "NEWS"), 1);
  setting.daemon.close();
  assert.equal(await setting.runAs("native", "-iwlan0", "ping"), 1);
});
