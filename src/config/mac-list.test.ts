import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { macListKind, parseMacList } from "./mac-list.ts";
import { isError } from "./problem.ts";

test("addresses, VLANs, comments, removal", () => {
  const file = [
    "# known machines",
    "02:00:00:00:00:01",
    "",
    "02:00:00:00:00:02 17",
    "02:00:00:00:00:03\t5",
    "02:00:00:00:00:AB",
    "-02:00:00:00:00:01",
  ].join("\n");
  const { entries, problems } = parseMacList(utf8(file), "accept");
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...entries],
    [
      ["02:00:00:00:00:02", 17],
      ["02:00:00:00:00:03", 5],
      ["02:00:00:00:00:ab", 0],
    ],
  );
});

test("each wrong line is named with its place", () => {
  const file = "02:00:00:00:00:01\n02:00:00:00:0:02\n-nonsense\n02:00:00:00:00:05 many\n02:00:00:00:00:01\n";
  const { problems } = parseMacList(utf8(file), "deny");
  assert.deepEqual(
    problems.map(({ severity, line, column, length }) => [severity, line, column, length]),
    [
      ["error", 2, 1, 16],
      ["error", 3, 2, 8],
      ["error", 4, 19, 4],
      ["warning", 5, 1, 17],
    ],
  );
  assert.equal(problems[0]?.hostapd, "Invalid MAC address '02:00:00:00:0:02' at line 2 in 'deny'");
});

test("a second file changes what the first one said", () => {
  const files = (path: string): Uint8Array => {
    if (path === "/more") return utf8("02:00:00:00:00:02\n-02:00:00:00:00:01\n");
    if (path === "/first") return utf8("02:00:00:00:00:01\n");
    throw new ConfigurationError(`can't read ${path}`);
  };
  const first = macListKind.parse("/first", { files, previous: undefined });
  assert.ok("value" in first);
  const second = macListKind.parse("/more", { files, previous: first.value });
  assert.ok("value" in second);
  assert.deepEqual([...second.value.entries.keys()], ["02:00:00:00:00:02"]);
  assert.deepEqual([...first.value.entries.keys()], ["02:00:00:00:00:01"]);
  assert.deepEqual(macListKind.parse("/none", { files, previous: undefined }), { error: "can't read /none" });
});

test("a list is whole, however many remarks there are about it", () => {
  const twice = "02:00:00:00:00:01\n".repeat(1500);
  const { entries, problems } = parseMacList(utf8(`${twice}02:00:00:00:00:02\n`), "f");
  assert.deepEqual([...entries.keys()], ["02:00:00:00:00:01", "02:00:00:00:00:02"]);
  assert.equal(problems.length, 1000);
  const late = parseMacList(utf8(`${twice}nonsense\n`), "f");
  assert.ok(late.problems.some(isError), "an error behind a thousand warnings");
  assert.equal(parseMacList(utf8("nonsense\n".repeat(5000)), "f").problems.length, 1000);
});

test("an address on a line without an end is not taken for the line", () => {
  const { entries, problems } = parseMacList(utf8(`02:00:00:00:00:01 ${"x".repeat(5000)}`), "f");
  assert.equal(entries.size, 0);
  assert.match(problems[0]?.message ?? "", /longer than 4094 octets/);
});
