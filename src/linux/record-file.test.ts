import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { openRecordFile, type RecordFile } from "./record-file.ts";

const folder = mkdtempSync(join(tmpdir(), "beacond-records-"));
after(() => rmSync(folder, { recursive: true }));
let number = 0;

async function scene(more: { readonly largest?: number; readonly kept?: number; readonly contents?: string } = {}) {
  number += 1;
  const place = mkdtempSync(join(folder, `${number}-`));
  const path = join(place, "records");
  if (more.contents !== undefined) writeFileSync(path, more.contents);
  const troubles: string[] = [];
  const file = await openRecordFile({
    path,
    largest: more.largest ?? 0,
    kept: more.kept ?? 0,
    onTrouble: (doing, errno) => void troubles.push(`${doing} ${errno}`),
  });
  return { file, path, place, troubles, text: () => readFileSync(path, "latin1") };
}

const add = (file: RecordFile, text: string): Promise<boolean> => file.append(utf8(`${text}\n`));

test("lines are there in their order when their promise says so", async () => {
  const { file, text } = await scene();
  const all = Array.from({ length: 500 }, (_, i) => add(file, `line ${i}`));
  assert.ok(await all[0]);
  assert.match(text(), /^line 0\n/);
  assert.ok((await Promise.all(all)).every(Boolean));
  assert.equal(text(), Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join(""));
  await file.close();
  assert.equal(await add(file, "after the end"), false);
});

test("what is there stays, half a line of it as a line of its own", async () => {
  const { file, text } = await scene({ contents: "whole\nhal" });
  await add(file, "next");
  await file.close();
  assert.equal(text(), "whole\nhal\nnext\n");
});

test("a full file gets a number, and the oldest go", async () => {
  const { file, place } = await scene({ largest: 20, kept: 2 });
  for (let i = 0; i < 8; i++) assert.ok(await add(file, `line ${i}...`));
  await file.close();
  const contents = Object.fromEntries(
    readdirSync(place)
      .sort()
      .map((name) => [name, readFileSync(join(place, name), "latin1").replaceAll("\n", "|")]),
  );
  assert.deepEqual(contents, {
    records: "line 6...|line 7...|",
    "records.1": "line 4...|line 5...|",
    "records.2": "line 2...|line 3...|",
  });
});

test("one that somebody has renamed or removed is begun anew", async () => {
  const { file, path, place, text } = await scene();
  await add(file, "one");
  renameSync(path, `${path}.old`);
  await add(file, "two");
  assert.equal(text(), "two\n");
  rmSync(path);
  await add(file, "three");
  assert.equal(text(), "three\n");
  assert.equal(readFileSync(join(place, "records.old"), "latin1"), "one\n");
  await file.close();
});

test("a full disk: nothing is said to be written, and nothing stays by half", async () => {
  const troubles: string[] = [];
  const file = await openRecordFile({
    path: "/dev/full",
    largest: 0,
    kept: 0,
    onTrouble: (doing, errno) => void troubles.push(`${doing} ${errno}`),
  });
  assert.equal(await add(file, "x"), false);
  assert.deepEqual(troubles, ["write ENOSPC"]);
  await file.close();
});

test("a disk that is full in the middle of a line: the half of it is taken away again", async (t) => {
  const { file, text } = await scene();
  await add(file, "one");
  const probe = await open("/dev/null");
  const handles = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { write } = handles;
  const half = t.mock.method(handles, "write", function (this: FileHandle, octets: Uint8Array, offset: number) {
    if (offset > 0) return Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
    return Reflect.apply(write, this, [octets, 0, 4]);
  } as typeof write);
  assert.equal(await add(file, "two and three"), false);
  assert.equal(half.mock.callCount(), 2);
  assert.equal(text(), "one\n");
  half.mock.restore();
  assert.equal(await add(file, "four"), true);
  assert.equal(text(), "one\nfour\n");
  await file.close();
});

test("a place that can't be written is said at once", async () => {
  await assert.rejects(
    () => openRecordFile({ path: join(folder, "no", "such"), largest: 0, kept: 0, onTrouble: () => undefined }),
    (thrown) => thrown instanceof ConfigurationError && /ENOENT/.test(thrown.message),
  );
});
