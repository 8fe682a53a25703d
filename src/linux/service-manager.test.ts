import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { textOf } from "../base/bytes.ts";
import { Reactor } from "./reactor.ts";
import { tellServiceManager } from "./service-manager.ts";
import { bindUnixDatagram } from "./unix-datagram.ts";

test("it hears of each state, in sd_notify's words", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "notify-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const reactor = new Reactor();
  t.after(() => reactor.close());
  const path = join(folder, "notify");
  const manager = bindUnixDatagram(reactor, { path, mode: 0o600, maxLength: 4096 });
  const told = (): string | undefined => {
    const { data } = manager.receive() ?? {};
    return data && textOf(data);
  };
  const env = { NOTIFY_SOCKET: path };
  tellServiceManager("ready", "on the air:\nwlan0", env);
  assert.equal(told(), "READY=1\nSTATUS=on the air: wlan0");
  tellServiceManager("reloading", undefined, env);
  assert.match(told() ?? "", /^RELOADING=1\nMONOTONIC_USEC=\d+$/);
  tellServiceManager("stopping", undefined, env);
  assert.equal(told(), "STOPPING=1");
  manager.close();
});

test("nobody there, nothing happens", () => {
  tellServiceManager("ready", undefined, {});
  tellServiceManager("ready", undefined, { NOTIFY_SOCKET: "/nowhere/notify" });
  tellServiceManager("ready", undefined, { NOTIFY_SOCKET: "@beacond-nobody" });
});
