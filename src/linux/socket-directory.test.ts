import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { KernelRefusal } from "../base/errors.ts";
import { makeSocketDirectory, removeSocketDirectory } from "./socket-directory.ts";

const options = { mode: 0o770, groupId: undefined, ownsPresent: true };
const refuses = (errno: string) => (error: unknown) => error instanceof KernelRefusal && error.errno === errno;

test("a directory is made with its mode, kept as it is where it is there, and removed when it is empty", (t) => {
  const root = mkdtempSync(join(tmpdir(), "sockets-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const path = join(root, "here");
  makeSocketDirectory(path, options);
  assert.equal(statSync(path).mode & 0o777, 0o770);
  chmodSync(path, 0o700);
  makeSocketDirectory(path, options);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  writeFileSync(join(path, "wlan1"), "");
  removeSocketDirectory(path);
  assert.ok(existsSync(path));
  rmSync(join(path, "wlan1"));
  removeSocketDirectory(path);
  assert.ok(!existsSync(path));
  removeSocketDirectory(path);
});

test("where it can't be made", (t) => {
  const root = mkdtempSync(join(tmpdir(), "sockets-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  assert.throws(() => makeSocketDirectory(join(root, "missing", "here"), options), refuses("ENOENT"));
  writeFileSync(join(root, "file"), "");
  assert.throws(() => makeSocketDirectory(join(root, "file", "here"), options), refuses("ENOTDIR"));
});
