/** A neighbour with the same colour: one that stays, and one that passes by. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Workshop, withHe } from "../../testing/radio-workshop.ts";
import { seconds } from "../base/duration.ts";

/** A radio whose colour is 42. @param isSilent whether its driver says nothing when it is told to change */
async function colored({ isSilent = false } = {}) {
  const shop = new Workshop("ssid=somename\nhw_mode=g\nchannel=1\nieee80211n=1\nieee80211ax=1\nhe_bss_color=42");
  shop.whims.capabilities = withHe;
  const changes: number[] = [];
  shop.whims.changeColor = ({ color }) => {
    changes.push(color);
    return isSilent ? "silent" : undefined;
  };
  await shop.up();
  const { coloring } = shop.radio;
  const collide = (colors: bigint): void => shop.tell.get("wlan0")?.({ type: "color-collision", colors });
  const collideFor = async (duration: number, colors: bigint): Promise<void> => {
    for (let second = 0; second < duration; second += 5) {
      collide(colors);
      await shop.pass(seconds(5), seconds(1));
    }
  };
  return { shop, changes, coloring, collide, collideFor, color: () => shop.radio.running?.bssColor };
}

const ours = 1n << 42n;
const asItWas = { color: 42, disabled: false, partial: false };

test("a collision that lasts makes the colour change", async () => {
  const { changes, coloring, collideFor, color, shop } = await colored();
  await collideFor(60, ours);
  assert.equal(changes.length, 1);
  const [chosen = 0] = changes;
  assert.ok(chosen >= 1 && chosen <= 63 && chosen !== 42);
  await shop.pass(seconds(2));
  assert.deepEqual(color(), { color: chosen, disabled: false, partial: false });
  assert.equal(coloring.announcement, undefined);
});

test("until it has changed, beacons tell of it and nobody relies on it", async () => {
  const { changes, coloring, collideFor, color, shop } = await colored({ isSilent: true });
  await collideFor(60, ours);
  const [chosen = 0] = changes;
  assert.deepEqual(coloring.announcement, { color: chosen, countdown: 10 });
  assert.equal(color()?.disabled, true);
  shop.tell.get("wlan0")?.({ type: "color-changed" });
  assert.deepEqual(color(), { color: chosen, disabled: false, partial: false });
});

test("one that passes by does not", async () => {
  const { shop, changes, collide, color } = await colored();
  collide(ours);
  await shop.pass(seconds(20), seconds(1));
  collide(ours);
  await shop.pass(seconds(100), seconds(1));
  assert.deepEqual(changes, []);
  assert.deepEqual(color(), asItWas);
});

test("where all colours are taken there is none", async () => {
  const { changes, collideFor, color } = await colored();
  await collideFor(60, (1n << 64n) - 1n);
  assert.deepEqual(changes, []);
  assert.equal(color()?.disabled, true);
});

test("a driver that gives up, or says nothing, leaves the colour as it was", async () => {
  const { shop, coloring, color } = await colored({ isSilent: true });
  coloring.change(7);
  assert.throws(() => coloring.change(8), /already in progress/);
  shop.tell.get("wlan0")?.({ type: "color-change-aborted" });
  assert.deepEqual(color(), asItWas);
  coloring.change(7);
  await shop.pass(seconds(10), seconds(1));
  assert.deepEqual(color(), asItWas);
  assert.equal(coloring.announcement, undefined);
  assert.throws(() => coloring.change(42), /already set/);
  coloring.change(0);
  assert.equal(color()?.disabled, true);
  assert.throws(() => coloring.change(0), /already disabled/);
  coloring.change(42);
  assert.deepEqual(color(), asItWas);
});
