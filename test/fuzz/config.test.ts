/** Whatever stands in a file: the parser answers, and points at what is there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, utf8 } from "../../src/base/bytes.ts";
import { ConfigurationError } from "../../src/base/errors.ts";
import { applySetting, isApplied } from "../../src/config/apply.ts";
import { parseMacList } from "../../src/config/mac-list.ts";
import { parseConfiguration } from "../../src/config/parser.ts";
import { describe, hostapdLines, isError, type Problem } from "../../src/config/problem.ts";
import { parsePskFile } from "../../src/config/psk-file.ts";
import { findKey, keyNames } from "../../src/config/registry.ts";
import { defaultBss, defaultRadio, settle } from "../../src/config/settings.ts";
import { parseVlanFile } from "../../src/config/vlan-file.ts";

const names = [...keyNames()];

const files = (path: string): Uint8Array => {
  if (path.length % 2 === 0) throw new ConfigurationError("no such file");
  return utf8("02:00:00:00:00:01 5\n-02:00:00:00:00:02\n");
};

const octets = fc.uint8Array({ maxLength: 40 });
const value = fc.oneof(
  octets,
  fc.integer().map((number) => utf8(String(number))),
  fc
    .constantFrom("CCMP", "WPA-PSK", "[HT40+]", "g", "02:00:00:00:00:01", '"a"', 'P"\\x0', "a # b", "12345678", "1\r")
    .map(utf8),
);
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => concat(utf8(`${name}=`), text)),
  },
  { weight: 1, arbitrary: octets },
  {
    weight: 1,
    arbitrary: fc.constantFrom("# comment", "", "bss=wlan1", "inline_comments=0", "=", " =", "a=b=c").map(utf8),
  },
);
const file = fc.array(line, { maxLength: 30 }).map((lines) => concat(...lines.flatMap((text) => [text, utf8("\n")])));

/** The file's lines as octets. */
function linesOf(text: Uint8Array): number[] {
  const lengths: number[] = [];
  let start = 0;
  for (let at = text.indexOf(0x0a); at !== -1; at = text.indexOf(0x0a, start)) {
    lengths.push(at - start);
    start = at + 1;
  }
  return [...lengths, text.length - start];
}

function assertInside(problems: readonly Problem[], name: string, text: Uint8Array): void {
  const lengths = linesOf(text);
  for (const problem of problems) {
    assert.ok(describe(problem).startsWith(problem.file));
    if (problem.file !== name || problem.line === 0) continue;
    const length = lengths[problem.line - 1];
    assert.ok(length !== undefined, describe(problem));
    assert.ok(problem.column >= 1 && problem.column <= length + 1, describe(problem));
    assert.ok(problem.length >= 1 && problem.column + problem.length <= length + 2, describe(problem));
  }
}

test("the parser never throws, and every problem is inside the file", () => {
  fc.assert(
    fc.property(file, (text) => {
      const { configuration, problems } = parseConfiguration(text, "f.conf", files);
      assertInside(problems, "f.conf", text);
      assert.equal(configuration === undefined, problems.some(isError));
      hostapdLines(problems);
    }),
    { numRuns: 1500 },
  );
});

test("any octets at all", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
      assertInside(parseConfiguration(text, "f", files).problems, "f", text);
      assertInside(parseMacList(text, "f").problems, "f", text);
      assertInside(parseVlanFile(text, "f").problems, "f", text);
      assertInside(parsePskFile(text, "f").problems, "f", text);
    }),
    { numRuns: 1000 },
  );
});

test("vlan_file: whatever is accepted has an ID and names that Linux takes", () => {
  const pieces = [
    "*",
    "1",
    "17",
    "4095",
    "-3",
    "0",
    "99999999999999",
    " ",
    "\t",
    "wlan0.#",
    "br0",
    "averylongname123456",
  ];
  const text = fc
    .array(fc.constantFrom(...pieces, "a/b", "#", "\n", "\n", "\r", "\0", "\x7f", "é"), { maxLength: 60 })
    .map((parts) => utf8(parts.join("")));
  fc.assert(
    fc.property(text, (octets) => {
      const { entries, wildcard, problems } = parseVlanFile(octets, "f");
      assertInside(problems, "f", octets);
      for (const [id, { interfaceName, bridge = "none" }] of entries) {
        assert.ok(id >= 1 && id <= 4094, String(id));
        for (const name of [interfaceName, bridge]) assert.match(name, /^[^\s/:]{1,15}$/);
      }
      if (wildcard) assert.match(wildcard.interfaceName, /^[^\s/:]{1,15}$/);
    }),
    { numRuns: 2000 },
  );
});

test("SET with any key and any value answers, and leaves a configuration that holds together", () => {
  const start = settle({ radio: defaultRadio(), bsses: [defaultBss("wlan0")] });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 20 }), (settings) => {
      let configuration = start;
      for (const [name, text] of settings) {
        const result = applySetting(configuration, 0, name, text, files);
        if (isApplied(result)) configuration = result.configuration;
        else assert.ok(result.problems[0].message.length > 0);
      }
      assert.equal(configuration.bsses.length, 1);
    }),
    { numRuns: 500 },
  );
});

test("no value of a secret key is told", () => {
  const secrets = names.filter((name) => findKey(name)?.entry.secret);
  assert.ok(secrets.includes("wpa_passphrase") && secrets.includes("wpa_psk") && secrets.includes("sae_password"));
  fc.assert(
    fc.property(fc.constantFrom(...secrets), fc.stringMatching(/^Q[a-zA-Z]{5,70}Q$/), (name, secret) => {
      const { problems } = parseConfiguration(utf8(`${name}=${secret}\n`), "f", files);
      const said = [...problems.map(describe), ...hostapdLines(problems)].join("\n");
      assert.ok(!said.includes(secret), said);
    }),
  );
});
