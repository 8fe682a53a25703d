import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../base/errors.ts";
import { groupIdOf } from "./group.ts";

test("groups by name, by number, and by a number's text", () => {
  assert.equal(groupIdOf("root"), 0);
  assert.equal(groupIdOf(1234), 1234);
  assert.equal(groupIdOf("1234"), 1234);
});

test("a group that nobody knows", () => {
  assert.throws(() => groupIdOf("no-such-group-here"), ConfigurationError);
});
