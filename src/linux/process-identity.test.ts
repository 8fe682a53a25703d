import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isRunning, ownIdentity } from "./process-identity.ts";

test("this process is there, and so is another until it ends", async () => {
  assert.match(ownIdentity(), new RegExp(`^${process.pid}-\\d+-\\d+$`));
  assert.ok(isRunning(ownIdentity()));
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const stat = readFileSync(`/proc/${child.pid}/stat`, "latin1");
  const namespace = ownIdentity().split("-")[2];
  const identity = `${child.pid}-${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}-${namespace}`;
  assert.ok(isRunning(identity));
  child.kill("SIGKILL");
  await once(child, "close");
  assert.ok(!isRunning(identity));
});

test("another process with the same number is another process", () => {
  const [pid, start, namespace] = ownIdentity().split("-");
  assert.ok(!isRunning(`${pid}-1-${namespace}`));
  for (const odd of ["", "beacond", `${pid}`, `${pid}-${start}`, "-5-5", "../self-1-1"])
    assert.ok(!isRunning(odd), odd);
});

test("nobody knows of processes in another namespace: they are left alone", () => {
  assert.ok(isRunning("1-1-1"));
});

test("a program's name with blanks and parentheses in it misleads nobody", () => {
  const procfs = mkdtempSync(join(tmpdir(), "proc-"));
  mkdirSync(join(procfs, "7"));
  const fields = ["S", ...Array.from({ length: 18 }, (_, i) => String(i)), "4711", "0"];
  writeFileSync(join(procfs, "7", "stat"), `7 (a) b (c) ${fields.join(" ")}\n`);
  assert.ok(isRunning("7-4711-0", procfs));
  assert.ok(!isRunning("7-17-0", procfs));
});
