import assert from "node:assert/strict";
import { test } from "node:test";
import { LinesInMemory } from "../../../testing/line-journal.ts";
import { ConfigurationError } from "../../base/errors.ts";
import type { LeaseRecord } from "./journal.ts";
import { openLeaseFile } from "./lease-file.ts";

const record = (last: number, client: string): LeaseRecord => ({
  address: `10.0.0.${last}`,
  client,
  state: "bound",
  until: 1000,
  since: 1,
});

test("the last record of an address counts, in the order of writing", async () => {
  const lines = new LinesInMemory([]);
  const leases = openLeaseFile(lines);
  for (const each of [record(1, "a"), record(2, "b"), record(1, "c")]) await leases.append(each);
  assert.deepEqual(openLeaseFile(lines).records, [record(2, "b"), record(1, "c")]);
});

test("a line that isn't whole is left out and counted", async () => {
  const lines = new LinesInMemory([]);
  await openLeaseFile(lines).append(record(1, "a"));
  const [line = ""] = lines.lines;
  for (let at = 0; at < line.length; at++) {
    const changed = `${line.slice(0, at)}${line[at] === "x" ? "y" : "x"}${line.slice(at + 1)}`;
    const { records, broken } = openLeaseFile(new LinesInMemory([changed, line.slice(0, at)]));
    assert.deepEqual([records.length, broken], [0, 2], `octet ${at}`);
  }
});

test("a file that has grown old is written anew", async () => {
  const lines = new LinesInMemory([]);
  const leases = openLeaseFile(lines);
  for (let i = 0; i < 5000; i++) await leases.append(record(i % 10, `client ${i}`));
  assert.ok(lines.length < 100_000, `${lines.length} octets`);
  assert.equal(openLeaseFile(lines).records.length, 10);
  assert.equal(openLeaseFile(lines).records.at(-1)?.client, "client 4999");
});

test("what was not written is in no file that is written anew", async () => {
  const lines = new LinesInMemory([]);
  const leases = openLeaseFile(lines);
  lines.isFull = true;
  await assert.rejects(leases.append(record(99, "refused")), ConfigurationError);
  lines.isFull = false;
  for (let i = 0; i < 2000; i++) await leases.append(record(i % 10, `client ${i}`));
  assert.ok(!openLeaseFile(lines).records.some(({ client }) => client === "refused"));
});

test("a file that can't be written anew keeps what it has, and takes more", async () => {
  const lines = new LinesInMemory([]);
  lines.rewrite = () => {
    throw new ConfigurationError("ENOSPC");
  };
  const leases = openLeaseFile(lines);
  for (let i = 0; i < 1000; i++) await leases.append(record(i % 10, `client ${i}`));
  assert.equal(lines.lines.length, 1000);
});
