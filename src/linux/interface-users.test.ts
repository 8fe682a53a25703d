import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { interfaceUsers } from "./interface-users.ts";

test("finds the program behind a control socket of the interface's name", (t) => {
  const proc = mkdtempSync(join(tmpdir(), "proc-"));
  t.after(() => rmSync(proc, { recursive: true }));
  mkdirSync(join(proc, "net"));
  // proc_net_unix of Linux 6.12, from a machine with wpa_supplicant -i wlan0.
  writeFileSync(
    join(proc, "net", "unix"),
    [
      "Num       RefCount Protocol Flags    Type St Inode Path",
      "0000000060c06000: 00000002 00000000 00000000 0002 01  1042 /run/wpa_supplicant/wlan0",
      "0000000060c06400: 00000002 00000000 00000000 0002 01  1043 /run/wpa_supplicant/wlan01",
      "0000000060c06800: 00000003 00000000 00000000 0001 03  1044",
      "0000000060c06c00: 00000002 00000000 00010000 0001 01  1045 @/tmp/wlan0",
      "",
    ].join("\n"),
  );
  for (const [pid, comm, inode] of [
    ["311", "wpa_supplicant", 1042],
    ["312", "wpa_supplicant", 1043],
    ["313", "dbus-daemon", 1044],
  ] as const) {
    mkdirSync(join(proc, pid, "fd"), { recursive: true });
    writeFileSync(join(proc, pid, "comm"), `${comm}\n`);
    symlinkSync("/dev/null", join(proc, pid, "fd", "0"));
    symlinkSync(`socket:[${inode}]`, join(proc, pid, "fd", "7"));
  }
  assert.deepEqual(interfaceUsers("wlan0", proc), [
    { program: "wpa_supplicant", pid: 311, socket: "/run/wpa_supplicant/wlan0" },
  ]);
  assert.deepEqual(interfaceUsers("wlan1", proc), []);
});

test("where there is no proc file system nobody is found", () => {
  assert.deepEqual(interfaceUsers("wlan0", "/nowhere"), []);
});
