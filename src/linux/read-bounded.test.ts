import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readBounded } from "./read-bounded.ts";

test("files are read whole, up to a bound and one octet more", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bounded-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
    const octets = Uint8Array.from({ length }, (_, i) => i % 251);
    writeFileSync(path, octets);
    assert.deepEqual(readBounded(path, 1_000_000), octets);
    assert.equal(readBounded(path, 65_536).length, Math.min(length, 65_537));
  }
});

test("what has no end is read no further; what isn't there is said", () => {
  assert.equal(readBounded("/dev/zero", 100).length, 101);
  assert.throws(() => readBounded("/nowhere", 100), /ENOENT/);
  assert.throws(() => readBounded("/tmp", 100), /EISDIR/);
});
