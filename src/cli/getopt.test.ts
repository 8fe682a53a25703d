import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "./getopt.ts";

const flags = { alone: "Bh", withValue: "ip" };
const parse = (...args: string[]) => parseFlags(args, flags);

test("options stand alone, together, with their value or before it", () => {
  assert.deepEqual(parse("-Bi", "wlan0", "-p/run/x"), {
    options: [
      { letter: "B", value: "" },
      { letter: "i", value: "wlan0" },
      { letter: "p", value: "/run/x" },
    ],
    rest: [],
  });
});

test("options may come behind other arguments, until --", () => {
  assert.deepEqual(parse("status", "-i", "wlan0", "--", "-B"), {
    options: [{ letter: "i", value: "wlan0" }],
    rest: ["status", "-B"],
  });
});

test("what isn't an option is refused before a command, and belongs to it behind", () => {
  assert.deepEqual(parse("-x", "status"), { refused: "invalid option -- 'x'" });
  assert.deepEqual(parse("set", "x", "-5"), { options: [], rest: ["set", "x", "-5"] });
  assert.deepEqual(parse("set", "x", "-"), { options: [], rest: ["set", "x", "-"] });
});

test("a value that is missing", () => {
  assert.deepEqual(parse("-i"), { refused: "option requires an argument -- 'i'" });
});
