import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nameServers, parseResolvConf } from "./name-servers.ts";

test("the first three addresses of resolv.conf", () => {
  assert.deepEqual(
    parseResolvConf(
      "# x\nsearch lan\nnameserver 127.0.0.53\n  nameserver fe80::1%eth0\nnameserver rubbish\nnameserver 2001:db8::1\nnameserver 9.9.9.9\n",
    ),
    ["127.0.0.53", "fe80::1%eth0", "2001:db8::1"],
  );
});

test("a file that is replaced counts, one that is gone leaves those of before", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "resolv-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "resolv.conf");
  const servers = nameServers(file);
  assert.deepEqual(servers(), []);
  writeFileSync(file, "nameserver 192.0.2.1\n");
  assert.deepEqual(servers(), ["192.0.2.1"]);
  writeFileSync(`${file}.new`, "nameserver 192.0.2.2\n");
  renameSync(`${file}.new`, file);
  assert.deepEqual(servers(), ["192.0.2.2"]);
  rmSync(file);
  assert.deepEqual(servers(), ["192.0.2.2"]);
});
