import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { AntiCloggingTokens, saeTokenLength } from "./anti-clogging.ts";

const one = "02:00:00:00:00:01" as MacAddress;
const two = "02:00:00:00:00:02" as MacAddress;

test("a token is good for its station, once", () => {
  const tokens = new AntiCloggingTokens(new VirtualClock(), new FixedEntropy());
  const token = tokens.issue(one);
  assert.equal(token.length, saeTokenLength);
  assert.ok(!tokens.redeem(two, token));
  assert.ok(tokens.redeem(one, token));
  assert.ok(!tokens.redeem(one, token), "replayed");
  assert.ok(!tokens.redeem(one, token.with(20, (token[20] ?? 0) ^ 1)));
  assert.ok(!tokens.redeem(one, token.subarray(1)));
  assert.ok(!tokens.redeem(one, new Uint8Array(0)));
});

test("a token outlives one change of keys, not two", () => {
  const clock = new VirtualClock();
  const tokens = new AntiCloggingTokens(clock, new FixedEntropy());
  const [first, second] = [tokens.issue(one), tokens.issue(one)];
  clock.advance(seconds(61));
  assert.ok(tokens.redeem(one, first));
  clock.advance(seconds(61));
  assert.ok(!tokens.redeem(one, second));
  const third = tokens.issue(one);
  clock.advance(seconds(1000));
  assert.ok(!tokens.redeem(one, third));
});

test("100,000 addresses that ask and never answer take no more memory, and the last ones' tokens are good", () => {
  const tokens = new AntiCloggingTokens(new VirtualClock(), new FixedEntropy());
  for (let i = 0; i < 100_000; i++) tokens.issue(two);
  const token = tokens.issue(one);
  assert.ok(tokens.redeem(one, token));
});
