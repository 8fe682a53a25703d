/** The BSS colour: neighbours with the same one, and configurations with another. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { configurationOf } from "../../testing/observed-radio.ts";
import { Workshop, withHe } from "../../testing/radio-workshop.ts";
import { seconds } from "../base/duration.ts";
import { ReloadFailure } from "./reload.ts";

const text = "ssid=somename\nhw_mode=g\nchannel=1\nieee80211n=1\nieee80211ax=1\nhe_bss_color=42";

/** A radio whose colour is 42. @param isSilent whether its driver says nothing when it is told to change */
async function colored({ isSilent = false, canChange = true } = {}) {
  const shop = new Workshop(text);
  shop.whims.capabilities = (usual) => ({ ...withHe(usual), colorChange: canChange });
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

describe("another configuration", () => {
  const reload = async (shop: Workshop, line: string, seconds_ = 8): Promise<unknown> => {
    const reloaded = shop.radio
      .reload(configurationOf(text.replace("he_bss_color=42", line)))
      .catch((thrown) => thrown);
    await shop.pass(seconds(seconds_));
    return reloaded;
  };

  test("with another colour: announced, and nobody has to go", async () => {
    const { shop, changes, color } = await colored();
    const station = await shop.station();
    await reload(shop, "he_bss_color=7");
    assert.deepEqual(changes, [7]);
    assert.deepEqual(color(), { color: 7, disabled: false, partial: false });
    assert.ok(station.isConnected);
    await reload(shop, "");
    assert.deepEqual(color(), { color: 7, disabled: true, partial: false });
    await reload(shop, "he_bss_color=7");
    assert.deepEqual(color(), { color: 7, disabled: false, partial: false });
    assert.deepEqual(changes, [7]);
    assert.ok(station.isConnected);
  });

  test("with the colour that somebody has given it meanwhile, or while another one is on its way", async () => {
    const { shop, changes, coloring, color } = await colored();
    coloring.change(7);
    await shop.pass(seconds(2));
    await reload(shop, "he_bss_color=7");
    assert.deepEqual(changes, [7]);
    coloring.change(9);
    await reload(shop, "he_bss_color=11");
    assert.deepEqual(changes, [7, 9, 11]);
    assert.equal(color()?.color, 11);
  });

  test("which the driver doesn't carry out: all is as it was", async () => {
    const { shop, color } = await colored({ isSilent: true });
    const thrown = await reload(shop, "he_bss_color=7\nap_max_inactivity=77", 20);
    assert.ok(thrown instanceof ReloadFailure);
    assert.match(thrown.message, /change-color/);
    assert.deepEqual(color(), asItWas);
    assert.equal(shop.radio.configuration.radio.he_bss_color, 42);
  });

  test("where the driver announces none, all begin anew; so they do for other reasons, and have it then", async () => {
    const { shop, changes, color } = await colored({ canChange: false });
    const station = await shop.station();
    shop.news();
    await reload(shop, "he_bss_color=7", 1);
    assert.ok(!shop.events.every(({ type }) => type !== "station-disconnected"));
    assert.deepEqual(changes, []);
    assert.deepEqual(color(), { color: 7, disabled: false, partial: false });
    station.close();
    const other = await colored();
    await reload(other.shop, "he_bss_color=8\nbeacon_int=50");
    assert.deepEqual(other.changes, []);
    assert.deepEqual(other.color(), { color: 8, disabled: false, partial: false });
    other.coloring.change(9);
    await other.shop.pass(seconds(2));
    await reload(other.shop, "he_bss_color=8\nbeacon_int=60");
    assert.equal(other.color()?.color, 9, "it was changed since, and the settings are the same");
  });
});
