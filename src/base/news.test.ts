import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { seconds } from "./duration.ts";
import { News } from "./news.ts";

test("the same is news once a minute, and memory has an end", () => {
  const clock = new VirtualClock();
  const news = new News(clock);
  assert.deepEqual([news.isNews("a"), news.isNews("b"), news.isNews("a")], [true, true, false]);
  clock.advance(seconds(59));
  assert.equal(news.isNews("a"), false);
  clock.advance(seconds(1));
  assert.deepEqual([news.isNews("a"), news.isNews("a")], [true, false]);
  for (let i = 0; i < 256; i++) news.isNews(`${i}`);
  assert.equal(news.isNews("a"), true);
});
