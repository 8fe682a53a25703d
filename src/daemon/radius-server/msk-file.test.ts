import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { seconds } from "../../base/duration.ts";
import { Log } from "../../base/log.ts";
import { MskFile } from "./msk-file.ts";

const folder = mkdtempSync(join(tmpdir(), "beacond-msk-"));
after(() => rmSync(folder, { recursive: true }));

const lines: string[] = [];
const clock = new VirtualClock();
const file = new MskFile(clock, new Log(({ text }) => void lines.push(text)));
const key = (octet: number, length = 64): Uint8Array => new Uint8Array(length).fill(octet);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("a line for each key, 64 octets of it at most, for the owner only; a file that was taken away is made again", () => {
  const before = process.umask(0);
  const path = join(folder, "keys");
  file.append(path, key(1));
  process.umask(before);
  file.append(path, key(2, 32));
  file.append(path, key(3, 128));
  assert.equal(readFileSync(path, "utf8"), `${"01".repeat(64)}\n${"02".repeat(32)}\n${"03".repeat(64)}\n`);
  assert.equal(modeOf(path), 0o600);
  rmSync(path);
  file.append(path, key(4, 1));
  assert.equal(readFileSync(path, "utf8"), "04\n");
});

test("a file that others may read is closed to them before a key is in it", () => {
  const path = join(folder, "open");
  writeFileSync(path, "");
  chmodSync(path, 0o644);
  file.append(path, key(5, 1));
  assert.equal(modeOf(path), 0o600);
  assert.equal(readFileSync(path, "utf8"), "05\n");
});

test("links and what is no file are not written to: said once a minute", () => {
  lines.length = 0;
  const [target, link] = [join(folder, "target"), join(folder, "link")];
  symlinkSync(target, link);
  for (let i = 0; i < 3; i++) file.append(link, key(6));
  assert.ok(!existsSync(target));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^RADIUS server: can't write '.*link' \(dump_msk_file\): ELOOP/);
  clock.advance(seconds(61));
  file.append(link, key(6));
  assert.equal(lines.length, 2);
  mkdirSync(join(folder, "folder"));
  for (const path of [join(folder, "folder"), "/dev/null", join(folder, "nowhere", "keys")]) file.append(path, key(6));
  assert.equal(lines.length, 5);
  assert.ok(!lines.some((line) => line.includes("0606")), "no key in the log");
});
