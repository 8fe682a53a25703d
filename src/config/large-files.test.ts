/** Files of ten megabytes: an answer in time, and in bounds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { mostProblems } from "./lines.ts";
import { parseMacList } from "./mac-list.ts";
import { parseConfiguration } from "./parser.ts";
import { describe } from "./problem.ts";
import { parsePskFile } from "./psk-file.ts";
import { parseSaePasswordFile } from "./sae-passwords.ts";
import { parseVlanFile } from "./vlan-file.ts";

const size = 10_000_000;
const start = "interface=wlan0\nssid=x\nhw_mode=g\nchannel=1\n";
const filledWith = (text: string): Uint8Array =>
  utf8(start + text.repeat(Math.ceil((size - start.length) / text.length)));
const parse = (text: Uint8Array) => parseConfiguration(text, "f", () => new Uint8Array());

for (const [what, text, usable] of [
  ["comments", "# not much to say, but that at length\n", true],
  ["empty lines", "\n", true],
  ["one key again and again", "channel=1\n", false],
  ["keys that there aren't", "no_such_key=1\n", false],
  ["networks", "bss=wlan1\nssid=x\n", false],
  ["NULs", "\0", true],
] as const) {
  test(`ten megabytes of ${what}`, { timeout: 30_000 }, () => {
    const { configuration, problems } = parse(filledWith(text));
    assert.equal(configuration !== undefined, usable);
    assert.ok(problems.length <= mostProblems + 1);
    for (const problem of problems) assert.ok(describe(problem).length < 2000);
  });
}

test("one endless line, in each kind of file: one error, and no more of it than can be read", {
  timeout: 30_000,
}, () => {
  const endless = utf8("a".repeat(size));
  for (const { problems } of [
    parse(endless),
    parse(utf8(`${start}wpa_passphrase=${"p".repeat(size)}`)),
    parsePskFile(endless, "f"),
    parsePskFile(utf8(`00:00:00:00:00:00 ${"p".repeat(size)}`), "f"),
    parseMacList(endless, "f"),
    parseMacList(utf8(`02:00:00:00:00:01 ${"7".repeat(size)}`), "f"),
    parseVlanFile(endless, "f"),
    parseVlanFile(utf8(`1 ${"v".repeat(size)}`), "f"),
    parseSaePasswordFile(utf8("p".repeat(size)), "f"),
  ]) {
    assert.ok(problems.length >= 1 && problems.length <= 4);
    assert.match(problems.map(({ message }) => message).join("\n"), /longer than|cut here|characters|has no end/);
    for (const problem of problems) assert.ok(describe(problem).length < 2000);
    for (const problem of problems) assert.doesNotMatch(describe(problem), /p{20}/);
  }
});
