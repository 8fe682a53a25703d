/** A radio's way up and down, and what takes it there against its will. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { configurationOf } from "../../testing/observed-radio.ts";
import { german, open, refusalOf, twoBsses, Workshop } from "../../testing/radio-workshop.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { milliseconds } from "../base/duration.ts";
import { ConfigurationError, KernelRefusal } from "../base/errors.ts";

describe("coming up", () => {
  test("tells of it step by step, and back", async () => {
    const shop = new Workshop(twoBsses);
    assert.equal(shop.radio.state, "UNINITIALIZED");
    await shop.up();
    assert.deepEqual(shop.news(), ["channel", "UNINITIALIZED to ENABLED", "ap-enabled", "ap-enabled wlan0_1"]);
    assert.deepEqual([shop.radio.plan?.channel, shop.radio.bsses.length, shop.radio.phy], [1, 2, "virtual0"]);
    await shop.radio.enable();
    assert.deepEqual(shop.news(), [], "it is up already");

    shop.radio.disable();
    assert.deepEqual(shop.news(), ["ap-disabled", "ap-disabled wlan0_1", "ENABLED to DISABLED"]);
    assert.deepEqual([shop.radio.plan, shop.radio.bsses.length], [undefined, 0]);
    shop.radio.disable();
    assert.deepEqual(shop.news(), []);
    await shop.pass(10);
    assert.deepEqual(shop.clock.armed, []);

    await shop.up();
    assert.equal(shop.radio.state, "ENABLED");
    shop.radio.disable();
  });

  test("an interface that isn't there, or is another radio's", async () => {
    const shop = await new Workshop().up();
    const thief = shop.another(open);
    const busy = await refusalOf(thief.enable());
    assert.ok(busy instanceof KernelRefusal && busy.errno === "EBUSY");
    assert.equal(thief.state, "DISABLED");
    assert.equal(shop.radio.state, "ENABLED", "and the other one has not suffered");

    const { radio, bsses } = configurationOf(open);
    const missing = shop.another({ radio, bsses: bsses.map((bss) => ({ ...bss, interface: "wlan9" })) });
    const refusal = await refusalOf(missing.enable());
    assert.ok(refusal instanceof KernelRefusal && refusal.errno === "ENODEV");
    shop.radio.disable();
  });

  test("switched off by rfkill: the message says how to switch it on", async () => {
    const shop = new Workshop();
    shop.driver.switchRfkill(true);
    const refusal = await refusalOf(shop.radio.enable());
    assert.ok(refusal instanceof ConfigurationError);
    assert.match(refusal.message, /wlan0.*rfkill unblock/);
    shop.driver.switchRfkill(false);
    await shop.up();
    shop.radio.disable();
  });

  test("a channel that is not allowed, is not there, or has no band: what would do is named", async () => {
    for (const [configuration, pattern] of [
      [`${open.replace("channel=1", "channel=13")}\ncountry_code=US`, /13.*not allowed.*allowed are 1, 2, .*11$/],
      ["ssid=x\nhw_mode=a\nchannel=52\ncountry_code=DE", /52.*radar.*allowed are 36, 40, 44, 48/],
      ["ssid=x\nhw_mode=a\nchannel=38\ncountry_code=DE", /no channel 38.*allowed are 36/],
    ] as const) {
      const shop = new Workshop(configuration);
      const attempt = refusalOf(shop.radio.enable());
      await shop.pass(200);
      const refusal = await attempt;
      assert.ok(refusal instanceof ConfigurationError);
      assert.match(refusal.message, pattern);
      assert.equal(shop.radio.state, "DISABLED");
      // Everything has been given back.
      shop.radio.configure(configurationOf(open));
      await shop.up();
      shop.radio.disable();
    }
    const shop = new Workshop("ssid=x\nhw_mode=a\nchannel=36");
    shop.whims.capabilities = (real) => ({ ...real, bands: real.bands.slice(0, 1) });
    assert.match((await refusalOf(shop.radio.enable())).message, /hw_mode=a needs 5GHz.*has 2\.4GHz/);
  });

  test("a driver without access point mode", async () => {
    const shop = new Workshop();
    shop.whims.capabilities = (real) => ({ ...real, interfaceTypes: new Set(["station"]) });
    assert.match((await refusalOf(shop.radio.enable())).message, /wlan0.*no access point mode/);
  });

  test("the first BSS of several that the kernel refuses: none stays", async () => {
    const shop = new Workshop(twoBsses);
    shop.whims.startAp = (name) => {
      if (name === "wlan0") throw new KernelRefusal("START_AP", "EINVAL", "no");
    };
    const refusal = await refusalOf(shop.radio.enable());
    assert.ok(refusal instanceof KernelRefusal);
    assert.deepEqual([shop.radio.state, shop.radio.bsses.length], ["DISABLED", 0]);
    await shop.pass(10);
    assert.deepEqual(shop.clock.armed, []);
    delete shop.whims.startAp;
    await shop.up();
    shop.radio.disable();
  });

  test("another BSS of several that the kernel refuses: the others are up, and it is tried again", async () => {
    const shop = new Workshop(twoBsses);
    shop.whims.startAp = (name) => {
      if (name === "wlan0_1") throw new KernelRefusal("START_AP", "EINVAL", "no");
    };
    await shop.up();
    const station = await shop.station();
    assert.deepEqual([shop.radio.state, shop.radio.bsses.length], ["ENABLED", 1]);
    assert.ok(shop.said(/wlan0_1 did not start and is tried again: START_AP: EINVAL \(no\)/));
    await shop.pass(10_000);
    assert.equal(shop.radio.bsses.length, 1);
    delete shop.whims.startAp;
    await shop.pass(20_000);
    assert.equal(shop.radio.bsses[1]?.isBeaconing, true);
    assert.ok(station.isConnected);
    await shop.pass(100_000, 1000);
    assert.equal(shop.radio.bsses.length, 2);
    shop.radio.disable();
    await shop.pass(10);
    assert.deepEqual(shop.clock.armed, []);
  });

  test("a radio that does not start at all is tried again where that is wanted", async () => {
    const shop = new Workshop();
    shop.driver.switchRfkill(true);
    await refusalOf(shop.radio.enable());
    shop.radio.outages.persevere();
    await shop.pass(20_000);
    assert.equal(shop.radio.state, "DISABLED");
    shop.driver.switchRfkill(false);
    await shop.pass(100);
    assert.equal(shop.radio.state, "ENABLED");
    shop.radio.disable();
    await shop.pass(10);
    assert.deepEqual(shop.clock.armed, []);
  });
});

describe("the country", () => {
  test("is waited for, and then counts", async () => {
    const shop = new Workshop(german.replace("channel=1", "channel=13"));
    const enabled = shop.radio.enable();
    assert.equal(shop.radio.state, "COUNTRY_UPDATE");
    await shop.pass(100);
    await enabled;
    assert.deepEqual(shop.news().slice(0, 4), [
      "UNINITIALIZED to COUNTRY_UPDATE",
      "regulatory-changed",
      "channel",
      "COUNTRY_UPDATE to ENABLED",
    ]);
    assert.deepEqual([shop.radio.country, shop.radio.plan?.channel], ["DE", 13]);
    shop.radio.disable();
    // In force already: no wait.
    await shop.radio.enable();
    assert.deepEqual(shop.news().slice(-3), ["channel", "DISABLED to ENABLED", "ap-enabled"]);
    shop.radio.disable();
  });

  test("of somebody else, in force a moment before, is not the one that is waited for", async () => {
    const later: (() => void)[] = [];
    const shop = new Workshop(german.replace("channel=1", "channel=13"));
    shop.whims.setCountry = (real, alpha2) => {
      real("US");
      later.push(() => real(alpha2));
    };
    const enabled = shop.radio.enable();
    await shop.pass(100);
    assert.equal(shop.radio.state, "COUNTRY_UPDATE");
    for (const each of later) each();
    await shop.pass(100);
    await enabled;
    assert.deepEqual([shop.radio.country, shop.radio.plan?.channel], ["DE", 13]);
    shop.radio.disable();
  });

  test("that the kernel does not know: five seconds, a warning, and on with what there is", async () => {
    const shop = new Workshop(`${open}\ncountry_code=ZW`);
    const enabled = shop.radio.enable();
    await shop.pass(4900);
    assert.equal(shop.radio.state, "COUNTRY_UPDATE");
    await shop.pass(200);
    await enabled;
    assert.equal(shop.radio.state, "ENABLED");
    assert.ok(shop.said(/has not put the rules of ZW in force; going on with those of 00/));
    shop.radio.disable();
  });

  test("is the firmware's business where it says so", async () => {
    const shop = new Workshop(german);
    shop.whims.capabilities = (real) => ({ ...real, selfManagedRegulatory: true });
    shop.whims.setCountry = () => assert.fail("nobody asks");
    await shop.radio.enable();
    assert.equal(shop.radio.state, "ENABLED");
    shop.radio.disable();
  });

  test("a kernel that refuses to be told", async () => {
    const shop = new Workshop(german);
    shop.whims.setCountry = () => {
      throw new KernelRefusal("REQ_SET_REG", "EPERM");
    };
    const refusal = await refusalOf(shop.radio.enable());
    assert.ok(refusal instanceof KernelRefusal);
    assert.equal(shop.radio.state, "DISABLED");
    assert.deepEqual(shop.clock.armed, []);
  });

  test("disabled in the wait: the attempt ends at once, and leaves nothing", async () => {
    const shop = new Workshop(`${open}\ncountry_code=ZW`);
    const attempt = refusalOf(shop.radio.enable());
    await shop.pass(100);
    shop.radio.disable();
    assert.match((await attempt).message, /disabled while it came up/);
    assert.equal(shop.radio.state, "DISABLED");
    assert.deepEqual(shop.clock.armed, []);
  });

  test("enabled anew in the wait: the later attempt counts, and has its own wait", async () => {
    const shop = new Workshop(`${open}\ncountry_code=ZW`);
    const first = refusalOf(shop.radio.enable());
    await shop.pass(3000);
    shop.radio.configure(configurationOf(german));
    shop.whims.setCountry = (real, alpha2) => void shop.clock.after("late", milliseconds(3000), () => real(alpha2));
    const second = shop.radio.enable();
    await first;
    await shop.pass(2900);
    assert.equal(shop.radio.state, "COUNTRY_UPDATE");
    await shop.pass(300);
    await second;
    assert.equal(shop.radio.country, "DE");
    assert.ok(!shop.said(/has not put/));
    shop.radio.disable();
  });
});

describe("what comes from outside", () => {
  test("the link goes down and up: who was associated isn't any more, the rest is as before", async () => {
    const shop = await new Workshop().up();
    await shop.station();
    shop.news();
    shop.driver.setLink("wlan0", "down");
    assert.deepEqual(shop.news(), ["station-disconnected", "interface-disabled", "ENABLED to DISABLED"]);
    assert.equal(shop.radio.bsses[0]?.stations.size, 0);
    shop.driver.setLink("wlan0", "down");
    assert.deepEqual(shop.news(), []);
    shop.driver.setLink("wlan0", "up");
    assert.deepEqual(shop.news(), ["DISABLED to ENABLED", "interface-enabled"]);
    await shop.station();
    shop.radio.disable();
  });

  test("the link of one BSS of several: the others notice nothing", async () => {
    const shop = await new Workshop(twoBsses).up();
    const station = await shop.station();
    shop.news();
    shop.driver.setLink("wlan0_1", "down");
    assert.deepEqual(shop.news(), ["interface-disabled wlan0_1"]);
    await shop.radio.reload(configurationOf(twoBsses.replace("second", "other")));
    shop.driver.setLink("wlan0_1", "up");
    await shop.pass(100);
    assert.deepEqual(shop.news(), ["interface-enabled wlan0_1"]);
    assert.deepEqual(shop.radio.bsses[1]?.settings.ssid, utf8("other"));
    shop.driver.setLink("wlan0_1", "removed");
    shop.driver.setLink("wlan0_1", "added");
    await shop.pass(2000);
    assert.deepEqual(shop.news(), [
      "interface-removed wlan0_1",
      "interface-disabled wlan0_1",
      "interface-added wlan0_1",
      "interface-enabled wlan0_1",
    ]);
    assert.ok(station.isConnected && shop.radio.bsses.every((bss) => bss.isBeaconing));
    shop.radio.disable();
  });

  test("up again, and the kernel still refuses: it waits for the next time", async () => {
    const shop = await new Workshop().up();
    shop.driver.setLink("wlan0", "down");
    shop.whims.startAp = () => {
      throw new KernelRefusal("START_AP", "ENETDOWN");
    };
    shop.driver.setLink("wlan0", "up");
    assert.equal(shop.radio.state, "DISABLED");
    delete shop.whims.startAp;
    shop.driver.setLink("wlan0", "up");
    assert.equal(shop.radio.state, "ENABLED");
    shop.radio.disable();
  });

  test("the kernel stops the access point: it starts again", async () => {
    const shop = await new Workshop().up();
    const station = await shop.station();
    shop.news();
    shop.radio.bsses[0]?.port?.stopAp();
    shop.tell.get("wlan0")?.({ type: "stopped" });
    assert.deepEqual([shop.radio.state, shop.radio.bsses[0]?.isBeaconing], ["ENABLED", true]);
    station.join();
    shop.radio.disable();
  });

  test("rfkill, and back", async () => {
    const shop = await new Workshop().up();
    shop.news();
    shop.driver.switchRfkill(true);
    assert.deepEqual([shop.radio.state, shop.news()], ["DISABLED", ["interface-disabled", "ENABLED to DISABLED"]]);
    shop.driver.switchRfkill(false);
    await shop.pass(100);
    assert.equal(shop.radio.state, "ENABLED");
    assert.equal(shop.news().at(-1), "interface-enabled");
    await shop.station();
    shop.radio.disable();
  });

  test("an interface that comes back needs time: it is tried again, longer and longer apart", async () => {
    const shop = await new Workshop().up();
    shop.driver.setLink("wlan0", "removed");
    assert.deepEqual(shop.news().slice(-3), ["interface-removed", "interface-disabled", "ENABLED to DISABLED"]);
    let attempts = 0;
    shop.whims.startAp = () => {
      attempts += 1;
      throw new KernelRefusal("START_AP", "EBUSY");
    };
    const lost = shop.tell.get("wlan0");
    shop.driver.setLink("wlan0", "added");
    await shop.pass(3500);
    assert.equal(attempts, 3, "at once, after 1 s, after 2 s more");
    await shop.pass(120_000, 1000);
    assert.equal(attempts, 7, "after 5, 10, 30 and 60 s more");
    assert.equal(shop.records.filter(({ level, text }) => level === "warning" && /not yet/.test(text)).length, 1);
    assert.equal(shop.radio.state, "DISABLED");

    // Another time is another time.
    delete shop.whims.startAp;
    lost?.({ type: "link", state: "added" });
    await shop.pass(500);
    assert.equal(shop.radio.state, "ENABLED");
    shop.radio.disable();
  });

  test("whoever disables it while it comes back has the last word", async () => {
    const shop = await new Workshop().up();
    shop.driver.setLink("wlan0", "removed");
    shop.radio.configure(configurationOf(`${open}\ncountry_code=ZW`));
    shop.driver.setLink("wlan0", "added");
    await shop.pass(1000);
    assert.equal(shop.radio.state, "COUNTRY_UPDATE");
    shop.radio.disable();
    await shop.pass(60_000, 1000);
    assert.equal(shop.radio.state, "DISABLED");
    assert.deepEqual(shop.clock.armed, []);
  });

  test("a link that is up before the next attempt is enough", async () => {
    const shop = await new Workshop().up();
    shop.driver.switchRfkill(true);
    shop.driver.switchRfkill(false);
    shop.driver.setLink("wlan0", "up");
    assert.equal(shop.radio.state, "ENABLED");
    shop.news();
    await shop.pass(2000);
    assert.deepEqual(shop.news(), [], "nothing starts a second time");
    shop.radio.disable();
  });
});

describe("a reload costs what it has to", () => {
  const loaded = async (more: string, before = open) => {
    const shop = await new Workshop(before).up();
    const station = await shop.station();
    shop.news();
    const beacon = () => textOf(beacons.at(-1) ?? new Uint8Array());
    const beacons: Uint8Array[] = [];
    shop.medium.monitor((frame) => {
      if (frame[0] === 0x80) beacons.push(frame);
    });
    await shop.radio.reload(configurationOf(more));
    await shop.pass(300);
    return { shop, station, beacon };
  };

  test("nothing, where nothing changes, or nothing that is on the air", async () => {
    for (const more of [open, `${open}\nap_max_inactivity=60`, `${open}\nmax_num_sta=7`]) {
      const { shop, station } = await loaded(more);
      assert.deepEqual(shop.news(), []);
      assert.ok(station.isConnected);
      shop.radio.disable();
    }
  });

  test("another beacon", async () => {
    const { shop, station, beacon } = await loaded(
      `${open}\nvendor_elements=dd05${Buffer.from("hello").toString("hex")}`,
    );
    assert.deepEqual(shop.news(), []);
    assert.ok(station.isConnected);
    assert.ok(beacon().includes("hello"));
    shop.radio.disable();
  });

  test("all stations, where the network is another", async () => {
    const { shop, station, beacon } = await loaded(open.replace("somename", "othername"));
    assert.ok(shop.news().includes("station-disconnected"));
    assert.ok(!station.isConnected);
    assert.ok(beacon().includes("othername") && !beacon().includes("somename"));
    assert.equal(shop.radio.state, "ENABLED");
    shop.radio.disable();
  });

  test("of a radio that is down, only the next start", async () => {
    const shop = await new Workshop().up();
    shop.radio.disable();
    await shop.radio.reload(configurationOf(open.replace("channel=1", "channel=6")));
    assert.equal(shop.radio.state, "DISABLED");
    await shop.up();
    assert.equal(shop.radio.plan?.channel, 6);
    shop.radio.disable();
  });

  test("a channel that can't be is refused, and the network goes on as it was", async () => {
    const shop = await new Workshop(`${open}\ncountry_code=US`).up();
    const forbidden = configurationOf(`${open.replace("channel=1", "channel=13")}\ncountry_code=US`);
    await assert.rejects(shop.radio.reload(forbidden), /13.*not allowed.*allowed are 1, 2/);
    assert.equal(shop.radio.state, "ENABLED");
    assert.equal(shop.radio.settings.channel, 1);
    shop.radio.disable();
  });

  test("a country that forbids the channel: its rules are tried, and taken back", async () => {
    const shop = await new Workshop(`${open.replace("channel=1", "channel=13")}\ncountry_code=DE`).up();
    const attempt = refusalOf(
      shop.radio.reload(configurationOf(`${open.replace("channel=1", "channel=13")}\ncountry_code=US`)),
    );
    await shop.pass(500);
    assert.match((await attempt).message, /channel 13.*not allowed/);
    assert.deepEqual([shop.radio.state, shop.radio.country, shop.radio.plan?.channel], ["ENABLED", "DE", 13]);
    assert.equal(shop.radio.running?.port.regulatoryDomain().alpha2, "DE");
    shop.radio.disable();
  });
});

describe("BSSs come and go", () => {
  test("one more on a radio that is up, and away again", async () => {
    const shop = await new Workshop().up();
    const [, second] = configurationOf(twoBsses).bsses;
    assert.ok(second);
    shop.radio.addBss(second);
    assert.deepEqual(
      shop.radio.bsses.map(({ name, isBeaconing }) => [name, isBeaconing]),
      [
        ["wlan0", true],
        ["wlan0_1", true],
      ],
    );
    assert.throws(() => shop.radio.addBss(second), /configured twice/);
    assert.equal(shop.radio.bsses.length, 2);
    shop.whims.startAp = () => {
      throw new KernelRefusal("START_AP", "EINVAL");
    };
    assert.throws(() => shop.radio.addBss({ ...second, interface: "wlan0_2" }), KernelRefusal);
    assert.equal(shop.radio.bsses.length, 2);
    assert.ok(shop.radio.removeBss("wlan0_1"));
    assert.ok(!shop.radio.removeBss("wlan0_1"));
    assert.ok(!shop.radio.removeBss("wlan0"), "the first is the radio's own");
    assert.equal(shop.radio.bsses.length, 1);
    shop.radio.disable();
  });
});
