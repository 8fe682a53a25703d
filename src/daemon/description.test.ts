import assert from "node:assert/strict";
import { test } from "node:test";
import type { OptionDescription } from "../base/command-line/description.ts";
import { beacondDescription } from "./description.ts";
import { parseOptions, usage } from "./options.ts";

const values: Readonly<Record<string, string>> = { b: "phy0:/tmp/bss.conf", u: "02:00:00:00:00:01" };

test("the options that the help names are read, and no others", () => {
  const described: readonly OptionDescription[] = beacondDescription.options;
  for (const letter of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
    const option = described.find(({ name }) => name === letter);
    const value = option?.value === undefined ? [] : [values[letter] ?? "x"];
    const parsed = parseOptions([`-${letter}`, ...value, "x.conf"]);
    assert.equal("refused" in parsed, option === undefined, letter);
    if ("configurationFiles" in parsed) assert.deepEqual(parsed.configurationFiles, ["x.conf"], letter);
  }
});

test("the help shows what is read", () => {
  assert.match(usage, /^usage: beacond \[-hdBKtvqsST\]/);
  assert.match(usage, /-P FILE {2,}file to write the process ID to/);
});
