import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CommandDescription } from "../../base/command-line/description.ts";
import { parseCommandLine } from "./parse.ts";

const description = {
  name: "try",
  summary: "try",
  synopsis: [],
  text: [],
  arguments: [
    { name: "FIRST", kind: "interface" },
    { name: "FILE", kind: "file", optional: true, repeated: true },
  ],
  options: [
    { name: "plain", text: "" },
    { name: "word", letter: "w", value: "WORD", text: "" },
    { name: "file", value: "FILE", kind: "file", text: "" },
    { name: "band", value: "BAND", kind: { oneOf: ["2.4", "5"] }, text: "" },
    { name: "count", value: "N", kind: { from: -1, to: 10 }, text: "" },
    { name: "each", letter: "e", value: "X", repeated: true, text: "" },
    { name: "q", text: "" },
  ],
  examples: [],
  exitStatuses: {},
} as const satisfies CommandDescription;

const parse = (...args: string[]) => parseCommandLine(description, args);
const refusal = (...args: string[]): string => {
  const parsed = parse(...args);
  return "refused" in parsed ? parsed.refused : "";
};

test("options come before, between and behind arguments", () => {
  assert.deepEqual(parse("--word", "a", "wlan0", "--plain", "x", "--band=5", "-qe", "1", "-e2", "--count", "-1"), {
    options: { plain: true, word: "a", file: undefined, band: "5", count: -1, each: ["1", "2"], q: true },
    rest: ["wlan0", "x"],
  });
  assert.deepEqual(parse("wlan0", "--", "--plain"), {
    options: { plain: false, word: undefined, file: undefined, band: undefined, count: undefined, each: [], q: false },
    rest: ["wlan0", "--plain"],
  });
});

test("a single dash and what follows = are values", () => {
  const parsed = parse("wlan0", "-", "--word", "-", "--file=--plain");
  assert.ok(!("refused" in parsed));
  assert.deepEqual([parsed.options.word, parsed.options.file, parsed.rest], ["-", "--plain", ["wlan0", "-"]]);
});

test("whatever a value is, = brings it whole", () => {
  fc.assert(
    fc.property(fc.string(), (word) => {
      const parsed = parse(`--word=${word}`, "wlan0");
      assert.equal("refused" in parsed ? undefined : parsed.options.word, word);
    }),
  );
});

test("any arguments are read or refused in words", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (args) => {
      const parsed = parseCommandLine(description, args);
      if ("refused" in parsed) assert.notEqual(parsed.refused, "");
    }),
  );
});

test("what is wrong is said, and what was meant", () => {
  assert.equal(refusal("--wrod", "x"), "there is no option --wrod; did you mean --word?");
  assert.equal(refusal("--co", "x"), "there is no option --co; did you mean --count?");
  assert.equal(refusal("--nothing"), "there is no option --nothing");
  assert.equal(refusal("-x"), "there is no option -x");
  assert.equal(refusal("-plain"), "there is no option -p; did you mean --plain?");
  assert.equal(refusal("wlan0", "--word"), "--word: WORD is missing");
  assert.equal(refusal("wlan0", "--word", "--plain"), "--word: WORD is missing; --word=--plain, if that is meant");
  assert.equal(refusal("wlan0", "--plain=5"), "--plain takes no value");
  assert.equal(refusal("wlan0", "--band", "6"), "--band: '6' is none of 2.4, 5");
  assert.equal(refusal("wlan0", "--count", "11"), "--count: '11' is no number from -1 to 10");
  assert.equal(refusal("wlan0", "--count", "1.5"), "--count: '1.5' is no number from -1 to 10");
  assert.equal(refusal("wlan0", "--file="), "--file: an empty file name");
  assert.equal(refusal(), "FIRST is missing");
  assert.equal(refusal("wlan0", ""), "FILE: an empty file name");
  assert.match(
    JSON.stringify(parseCommandLine({ ...description, arguments: [] }, ["a"])),
    /'a' is one argument too many/,
  );
});
