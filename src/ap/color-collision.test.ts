/** A neighbour with the same colour: one that stays, and one that passes by. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { seconds } from "../base/duration.ts";
import { Log } from "../base/log.ts";
import type { BssColor } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import { ColorChanging } from "./color-changing.ts";
import type { Radio } from "./radio.ts";

/** As much of a radio as its colour concerns. */
function radioWith(changes: number[]) {
  const clock = new VirtualClock();
  const log = new Log(() => undefined);
  const bss = {
    name: "wlan0",
    isBeaconing: true,
    log,
    changeColor: ({ color }: { color: number }) => changes.push(color) > 0,
    refreshBeacon: () => undefined,
  } as unknown as Bss;
  const bssColor: BssColor = { color: 42, disabled: false, partial: false };
  const running = { bssColor, plan: { modes: { he: {} } }, bsses: [bss] };
  const options = { clock, entropy: new FixedEntropy(5) };
  const radio = { options, log, running, bsses: [bss], settings: { beacon_int: 100 } } as unknown as Radio;
  return { clock, bss, running, coloring: new ColorChanging(radio) };
}

const ours = 1n << 42n;

test("a collision that lasts makes the colour change", () => {
  const changes: number[] = [];
  const { clock, bss, running, coloring } = radioWith(changes);
  for (let second = 0; second < 60; second += 5) {
    coloring.onCollision(ours);
    clock.advance(seconds(5));
  }
  assert.equal(changes.length, 1);
  const [color = 0] = changes;
  assert.ok(color >= 1 && color <= 63 && color !== 42);
  assert.deepEqual(coloring.announcement, { color, countdown: 10 });
  assert.equal(running.bssColor.disabled, true);
  coloring.onChanged(bss);
  assert.deepEqual(running.bssColor, { color, disabled: false, partial: false });
  assert.equal(coloring.announcement, undefined);
  assert.deepEqual(clock.armed, []);
});

test("one that passes by does not", () => {
  const changes: number[] = [];
  const { clock, coloring, running } = radioWith(changes);
  coloring.onCollision(ours);
  clock.advance(seconds(20));
  coloring.onCollision(ours);
  clock.advance(seconds(100));
  assert.deepEqual(changes, []);
  assert.equal(running.bssColor.disabled, false);
});

test("where all colours are taken there is none", () => {
  const changes: number[] = [];
  const { clock, coloring, running } = radioWith(changes);
  for (let second = 0; second < 60; second += 5) {
    coloring.onCollision((1n << 64n) - 1n);
    clock.advance(seconds(5));
  }
  assert.deepEqual(changes, []);
  assert.equal(running.bssColor.disabled, true);
});

test("a driver that gives up, or says nothing, leaves the colour as it was", () => {
  const { clock, bss, coloring, running } = radioWith([]);
  coloring.change(7);
  assert.throws(() => coloring.change(8), /already in progress/);
  coloring.onAborted(bss);
  assert.deepEqual(running.bssColor, { color: 42, disabled: false, partial: false });
  coloring.change(7);
  clock.advance(seconds(10));
  assert.deepEqual(running.bssColor, { color: 42, disabled: false, partial: false });
  assert.equal(coloring.announcement, undefined);
  assert.throws(() => coloring.change(42), /already set/);
  coloring.change(0);
  assert.equal(running.bssColor.disabled, true);
  assert.throws(() => coloring.change(0), /already disabled/);
  coloring.change(42);
  assert.equal(running.bssColor.disabled, false);
});
