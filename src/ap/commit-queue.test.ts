import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { milliseconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { CommitQueue } from "./commit-queue.ts";

const address = (n: number): MacAddress => `02:00:00:00:00:${n.toString(16).padStart(2, "0")}` as MacAddress;

function queueOf() {
  const clock = new VirtualClock();
  const handled: string[] = [];
  const queue = new CommitQueue(clock);
  const put = (n: number, hearsUs: boolean, what = `${n}`): boolean =>
    queue.put(address(n), hearsUs, () => void handled.push(what));
  return { clock, queue, handled, put, pass: () => clock.advance(milliseconds(1)) };
}

test("in the order in which they came, those that hear us first", () => {
  const { handled, put, pass } = queueOf();
  put(1, false);
  put(2, false);
  put(3, true);
  put(4, true);
  assert.deepEqual(handled, [], "nothing is done at once");
  pass();
  assert.deepEqual(handled, ["3", "4", "1", "2"]);
});

test("one Commit for each address: the last, where the first stood", () => {
  const { handled, put, pass } = queueOf();
  put(1, false, "old");
  put(2, false);
  put(1, false, "new");
  put(3, false, "without a token");
  put(3, true, "with a token");
  pass();
  assert.deepEqual(handled, ["with a token", "new", "2"]);
});

test("room is bounded, and strangers take none from those that hear us", () => {
  const { queue, put } = queueOf();
  const taken = Array.from({ length: 1000 }, (_, n) =>
    queue.put(`stranger ${n}` as MacAddress, false, () => undefined),
  );
  assert.equal(taken.filter(Boolean).length, 256);
  assert.equal(taken.lastIndexOf(true), 255);
  assert.ok(put(1, true));
  assert.equal(queue.length, 257);
});

test("what is handled may put, forget and clear", () => {
  const { queue, handled, clock, put, pass } = queueOf();
  queue.put(address(1), true, () => {
    handled.push("1");
    queue.forget(address(2));
    put(3, true);
  });
  put(2, true);
  pass();
  assert.deepEqual(handled, ["1", "3"]);
  put(4, true);
  queue.clear();
  pass();
  assert.deepEqual(handled, ["1", "3"]);
  assert.deepEqual(clock.armed, []);
});
