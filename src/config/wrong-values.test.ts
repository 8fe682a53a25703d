/** Every key with values that it can't have: told, at the right place, and without a secret. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { parseConfiguration } from "./parser.ts";
import { describe, hostapdLines, isError } from "./problem.ts";
import { findKey, keyNames } from "./registry.ts";

const nothing = (path: string): Uint8Array => {
  throw new ConfigurationError(`can't read '${path}'`);
};
const start = "interface=wlan0\nssid=x\nhw_mode=g\nchannel=1\n";
const line = 5;
const wrong = [
  "",
  "-7",
  "99999999999",
  "x",
  "0x",
  "é",
  "1 2 x",
  "02:00:00:00:00:0g",
  "\x01",
  "a".repeat(300),
  "[NONSENSE]",
];

/** Text that may be anything, by nature, or as long as nobody looks at it. Which groups there are the machine knows. */
const takesAnything = (name: string): boolean => {
  if (name === "ctrl_interface_group") return true;
  const key = findKey(name);
  assert.ok(key);
  const kind = key.type === "member" ? key.member.kind : key.entry.kind;
  return kind.freeText === true || key.entry.why === "hostapd ignores it too";
};

/** What has to stand before it. */
function before(name: string): string {
  const after = findKey(name)?.entry.after;
  return after === undefined ? "" : `${after}=192.0.2.1\n`;
}

for (const name of keyNames()) {
  if (takesAnything(name)) continue;
  test(`${name}: what it can't be is told`, () => {
    let told = 0;
    for (const value of wrong) {
      const earlier = before(name);
      const at = line + (earlier === "" ? 0 : 1);
      const text = utf8(`${start}${earlier}${name}=${value}\n`);
      const { problems } = parseConfiguration(text, "f.conf", nothing);
      const own = problems.filter((problem) => problem.file === "f.conf" && problem.line === at);
      if (own.length > 0) told += 1;
      for (const problem of own) {
        const shown = [describe(problem), ...hostapdLines([problem])].join("\n");
        assert.ok(problem.column >= 1 && problem.column <= name.length + 1 + Buffer.byteLength(value) + 1, shown);
        if (isError(problem)) assert.match(shown, /^f\.conf:\d+:\d+: error: ./);
        if (findKey(name)?.entry.secret && value.length > 2) assert.ok(!shown.includes(value), shown);
      }
    }
    assert.ok(told >= 3, `${told} of ${wrong.length} values were told of`);
  });
}
