import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { attributes } from "../src/wire/nl80211/generated/attributes.ts";
import { commands } from "../src/wire/nl80211/generated/commands.ts";
import { generate, parseEnum } from "./generate-nl80211.ts";

const header = `
/* enum nl80211_commands { WRONG } */
enum nl80211_sample {
  NL80211_SAMPLE_UNSPEC, /* 0, first */
  NL80211_SAMPLE_ONE,
  NL80211_SAMPLE_ALIAS = NL80211_SAMPLE_ONE,
  NL80211_SAMPLE_TEN = 10, // jumps
  NL80211_SAMPLE_NEXT,
  NL80211_SAMPLE_BIT = 1 << 4,
  NL80211_SAMPLE_TOP = 1U << 31,
  NL80211_SAMPLE_HEX = 0x20,

  /* keep last */
  __NL80211_SAMPLE_AFTER_LAST,
  NL80211_SAMPLE_MAX = __NL80211_SAMPLE_AFTER_LAST - 1
};`;

test("an enum's members, without bounds and second names", () => {
  const text = header.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
  assert.deepEqual(
    [...parseEnum(text, "nl80211_sample")],
    [
      ["NL80211_SAMPLE_UNSPEC", 0],
      ["NL80211_SAMPLE_ONE", 1],
      ["NL80211_SAMPLE_TEN", 10],
      ["NL80211_SAMPLE_NEXT", 11],
      ["NL80211_SAMPLE_BIT", 16],
      ["NL80211_SAMPLE_TOP", 0x8000_0000],
      ["NL80211_SAMPLE_HEX", 32],
    ],
  );
});

test("says which enum the header lacks, and what it can't read", () => {
  assert.throws(() => generate(header), /no enum nl80211_commands/);
  assert.throws(() => parseEnum("enum x { A = B + 1 }", "x"), /can't evaluate "B \+ 1"/);
});

/** The header that the tables were made from where its path is given, else the installed one, of whatever version. */
function headerHere(): { readonly text: string; readonly isSame: boolean } | undefined {
  const given = process.env["NL80211_HEADER"];
  if (given !== undefined) return { text: readFileSync(given, "utf8"), isSame: true };
  const installed = "/usr/include/linux/nl80211.h";
  return existsSync(installed) ? { text: readFileSync(installed, "utf8"), isSame: false } : undefined;
}

test("the tables are what the kernel's header gives", () => {
  const found = headerHere();
  if (found?.isSame) {
    for (const [file, text] of generate(found.text)) {
      const committed = new URL(`../../src/wire/nl80211/generated/${file}`, import.meta.url);
      assert.equal(readFileSync(committed, "utf8"), text, `${file}: run scripts/generate-nl80211.ts`);
    }
  } else if (found !== undefined) {
    const text = found.text.replace(/\/\*[\s\S]*?\*\//g, "");
    const theirs = [...parseEnum(text, "nl80211_commands")];
    const ours: Readonly<Record<string, number>> = commands;
    for (const [name, value] of theirs) assert.equal(ours[name.replace("NL80211_CMD_", "")] ?? value, value, name);
  }
  // Numbers that never change: what the kernel's ABI promises.
  assert.deepEqual([commands.START_AP, commands.NEW_STATION, commands.CONTROL_PORT_FRAME], [15, 19, 129]);
  assert.deepEqual([attributes.IFINDEX, attributes.MAC, attributes.SOCKET_OWNER], [3, 6, 204]);
});
