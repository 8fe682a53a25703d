// lab: radios=1
/** As a service of systemd's: ready when it is on the air and not before, and told of each turn. */

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { run } from "../../lab/guest/process.ts";
import { textOf } from "../../src/base/bytes.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { bindUnixDatagram } from "../../src/linux/unix-datagram.ts";
import { openConfig, sleep } from "./networks.ts";

test("ready on the air, reloading, stopping; what can't start is never ready", async (t) => {
  const path = join(await mkdtemp(join(tmpdir(), "notify-")), "notify");
  const reactor = new Reactor();
  t.after(() => reactor.close());
  const manager = bindUnixDatagram(reactor, { path, mode: 0o600, maxLength: 4096 });
  t.after(() => manager.close());
  const heard: string[] = [];
  const isOnAir: boolean[] = [];
  manager.onReadable(() => {
    for (let next = manager.receive(); next; next = manager.receive()) heard.push(textOf(next.data));
    void run(["iw", "dev", "wlan0", "info"]).then((shown) => isOnAir.push(/type AP[\s\S]*channel 1 /.test(shown)));
  });
  const told = async (count: number): Promise<void> => {
    for (let tries = 0; tries < 100 && heard.length < count; tries++) await sleep(50);
    assert.equal(heard.length, count, heard.join("; "));
  };
  const environment = { NOTIFY_SOCKET: path };
  const daemon = await startDaemon(t, { config: openConfig("served"), environment });
  await told(1);
  await sleep(500);
  assert.deepEqual(isOnAir, [true]);
  daemon.kill("SIGHUP");
  await told(3);
  await daemon.stop();
  await told(4);
  assert.deepEqual(
    heard.map((text) => text.split("\n")[0]),
    ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"],
  );
  assert.match(heard[0] ?? "", /STATUS=on the air: wlan0/);
  const failing = await startDaemon(t, { config: openConfig("never", "channel=36"), environment, ready: undefined });
  const { code } = await failing.exited;
  assert.notEqual(code, 0);
  assert.deepEqual(heard.slice(4), ["STOPPING=1"]);
});
