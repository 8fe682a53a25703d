import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds } from "../base/duration.ts";
import { addSample, noAverage, utilizationBetween } from "./channel-load.ts";

const survey = (time: number, busy: number) => ({
  time: milliseconds(time),
  busy: milliseconds(busy),
  noiseDbm: undefined,
});

test("utilization of a channel is the busy part of the time since the last look", () => {
  assert.equal(utilizationBetween(undefined, survey(1000, 500)), 127);
  assert.equal(utilizationBetween(survey(1000, 500), survey(2000, 500)), 0);
  assert.equal(utilizationBetween(survey(1000, 500), survey(2000, 1500)), 255);
  assert.equal(utilizationBetween(survey(1000, 500), survey(1000, 500)), undefined, "no time has passed");
  assert.equal(utilizationBetween(survey(1000, 500), survey(100, 50)), undefined, "the counters began anew");
  assert.equal(utilizationBetween(survey(0, 0), survey(100, 200)), 255, "a driver that counts too much");
});

test("the average is that of the last whole period", () => {
  let averaging = noAverage;
  for (const sample of [10, 20]) averaging = addSample(averaging, sample, 3);
  assert.equal(averaging.average, 0);
  averaging = addSample(averaging, 31, 3);
  assert.equal(averaging.average, 20);
  averaging = addSample(averaging, 255, 3);
  assert.equal(averaging.average, 20);
});
