import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { milliseconds } from "../../base/duration.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import { encodeManagementFrame } from "../../wire/ieee80211/frame.ts";
import { type Antenna, type MediumOptions, type Outcome, VirtualMedium } from "./medium.ts";

const [a, b, c] = ["02:00:00:00:00:0a", "02:00:00:00:00:0b", "02:00:00:00:00:0c"] as [
  MacAddress,
  MacAddress,
  MacAddress,
];

interface Heard extends Antenna {
  readonly frames: Uint8Array[];
}

function air(options: MediumOptions = {}) {
  const clock = new VirtualClock();
  const medium = new VirtualMedium(clock, options);
  const antenna = (address: MacAddress, frequency: number | undefined = 2412): Heard => {
    const frames: Uint8Array[] = [];
    const heard: Heard = {
      frames,
      frequency: () => frequency,
      answersTo: (other) => other === address,
      receive: (frame) => void frames.push(frame),
    };
    medium.attach(heard);
    return heard;
  };
  return { clock, medium, antenna, pass: (ms: number) => clock.advance(milliseconds(ms)) };
}

const frame = (receiver: MacAddress, length = 10): Uint8Array =>
  encodeManagementFrame({ subtype: "action", receiver, transmitter: a, bssid: a }, new Uint8Array(length));

test("a frame is heard by all on the channel, acknowledged by one, after its time on the air", () => {
  const { medium, antenna, pass, clock } = air();
  const [one, two, three, elsewhere] = [antenna(a), antenna(b), antenna(c), antenna(b, 2437)];
  const outcomes: Outcome[] = [];
  medium.transmit(one, frame(b), 2412, (outcome) => void outcomes.push(outcome));
  assert.equal(two.frames.length, 0, "not before it is on the air");
  pass(1);
  assert.deepEqual(
    [one, two, three, elsewhere].map(({ frames }) => frames.length),
    [0, 1, 1, 0],
  );
  assert.deepEqual(outcomes, [{ acknowledged: true, retries: 0 }]);
  assert.deepEqual(clock.armed, []);
});

test("nobody there: tried again with the retry flag, then given up", () => {
  const { medium, antenna, pass } = air();
  const [one, other] = [antenna(a), antenna(c)];
  const outcomes: Outcome[] = [];
  medium.transmit(one, frame(b), 2412, (outcome) => void outcomes.push(outcome));
  pass(10);
  assert.deepEqual(outcomes, [{ acknowledged: false, retries: 7 }]);
  assert.deepEqual(
    other.frames.map((heard) => (heard[1] ?? 0) & 8),
    [0, 8, 8, 8, 8, 8, 8, 8],
  );
});

test("frames to a group are sent once and never acknowledged", () => {
  const { medium, antenna, pass } = air();
  const [one, two] = [antenna(a), antenna(b)];
  const outcomes: Outcome[] = [];
  medium.transmit(one, frame(broadcast), 2412, (outcome) => void outcomes.push(outcome));
  pass(10);
  assert.deepEqual(outcomes, [{ acknowledged: false, retries: 0 }]);
  assert.equal(two.frames.length, 1);
});

test("one frame is on a channel at a time, in the order of sending", () => {
  const { medium, antenna, pass } = air();
  const [one, two] = [antenna(a), antenna(b)];
  for (let i = 0; i < 5; i++) medium.transmit(one, frame(b, 1000 + i), 2412);
  pass(1);
  assert.ok(two.frames.length > 0 && two.frames.length < 5);
  pass(10);
  assert.deepEqual(
    two.frames.map(({ length }) => length - 1024),
    [0, 1, 2, 3, 4],
  );
});

test("what is lost is tried again, and a channel that is full takes no more", () => {
  let attempts = 0;
  const { medium, antenna, pass } = air({ loses: ({ retry }) => ++attempts > 0 && retry < 2 });
  const [one, two] = [antenna(a), antenna(b)];
  const outcomes: Outcome[] = [];
  medium.transmit(one, frame(b), 2412, (outcome) => void outcomes.push(outcome));
  pass(10);
  assert.deepEqual(outcomes, [{ acknowledged: true, retries: 2 }]);
  assert.equal(two.frames.length, 1);

  for (let i = 0; i < 5000; i++) medium.transmit(one, frame(b, 1500), 2412, (outcome) => void outcomes.push(outcome));
  pass(60_000);
  assert.equal(outcomes.length, 5001);
  assert.ok(outcomes.some(({ acknowledged }) => !acknowledged));
});

test("an antenna that is gone hears nothing, and a monitor hears all", () => {
  const { medium, pass } = air();
  const heard: number[] = [];
  const monitor = medium.monitor((each, { frequency }) => void heard.push(each.length, frequency));
  const gone: Antenna = { frequency: () => 2412, answersTo: () => true, receive: () => assert.fail("heard") };
  medium.attach(gone).detach();
  const sender: Antenna = { frequency: () => 2412, answersTo: () => false, receive: () => assert.fail("heard itself") };
  medium.transmit(sender, frame(broadcast), 2412);
  pass(1);
  assert.deepEqual(heard, [34, 2412]);
  monitor.stop();
  medium.transmit(sender, frame(broadcast), 2412);
  pass(1);
  assert.equal(heard.length, 2);
});
