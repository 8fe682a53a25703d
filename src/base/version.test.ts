import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../../testing/repository.ts";
import { version } from "./version.ts";

test("the version is the package's", () => {
  const text = readFileSync(join(repositoryRoot(), "package.json"), "utf8");
  assert.equal(version, JSON.parse(text).version);
});
