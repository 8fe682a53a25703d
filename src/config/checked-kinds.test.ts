import assert from "node:assert/strict";
import { test } from "node:test";
import { values } from "../../testing/configuration-values.ts";
import { findKey } from "./registry.ts";

const noFile = (path: string): Uint8Array => {
  if (path === "/there") return Uint8Array.of(1);
  throw new Error(`no ${path}`);
};

function accepts(name: string, text: string): boolean {
  const key = findKey(name);
  assert.ok(key?.type === "entry", name);
  return "value" in key.entry.kind.parse(text, { files: noFile, previous: undefined });
}

for (const [name, [good, bad]] of Object.entries(values)) {
  test(`${name}: what hostapd takes is taken, what it refuses is refused`, () => {
    for (const text of good) assert.ok(accepts(name, text), `'${text}'`);
    for (const text of bad) assert.ok(!accepts(name, text), `'${text}'`);
  });
}

test("no message about a wrong secret holds the secret", () => {
  const secrets: Readonly<Record<string, string>> = {
    r0kh: "02:00:00:00:03:00 nas1 sesame",
    radius_das_client: "300.1.1.1 sesame",
    mka_cak: "sesame",
    wep_key0: "sesame",
  };
  for (const [name, text] of Object.entries(secrets)) {
    const key = findKey(name);
    assert.ok(key?.type === "entry" && key.entry.secret === true, name);
    const parsed = key.entry.kind.parse(text, { files: noFile, previous: undefined });
    if ("error" in parsed) assert.doesNotMatch(parsed.error, /sesame/);
  }
});
