import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compatibilityDocument, compatibilityFile } from "./generate-compatibility.ts";

test("docs/compatibility.md is what the registry says (node dist/scripts/generate-compatibility.js writes it)", () => {
  assert.equal(readFileSync(compatibilityFile(), "utf8"), compatibilityDocument());
});
