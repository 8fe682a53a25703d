import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { seconds } from "./duration.ts";
import { Log, type LogRecord } from "./log.ts";
import { limitedLog, RateLimit } from "./rate-limit.ts";

const taken = (limit: RateLimit, tries: number): number => {
  let count = 0;
  for (let i = 0; i < tries; i++) if (limit.take()) count += 1;
  return count;
};

test("so many at once, and so many a second", () => {
  const clock = new VirtualClock();
  const limit = new RateLimit(clock, 10, 2);
  assert.equal(taken(limit, 100), 10);
  clock.advance(seconds(3));
  assert.equal(taken(limit, 100), 6);
  clock.advance(seconds(3600));
  assert.equal(taken(limit, 100), 10);
});

test("a flood of lines is cut and said so; warnings and other levels get through", () => {
  const clock = new VirtualClock();
  const records: LogRecord[] = [];
  const log = limitedLog(new Log((record) => void records.push(record), "wlan0"), clock);
  for (let i = 0; i < 10_000; i++) log.info(`line ${i}`);
  const lines = records.filter(({ level }) => level === "info").length;
  assert.ok(lines < 10_000 && lines > 2007, `${lines} lines`);
  const notes = records.filter(({ level }) => level === "warning");
  assert.ok(notes.length > 0 && notes.length < 20, `${notes.length} notes`);
  assert.match(notes[0]?.text ?? "", /left out/);
  assert.equal(notes[0]?.interface, "wlan0");

  records.length = 0;
  log.debug("for whoever wants it");
  log.error("ours");
  assert.deepEqual(
    records.map(({ level }) => level),
    ["debug", "error"],
  );
});
