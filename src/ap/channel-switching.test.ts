/** A radio on its way to another channel, with stations that go along. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { configurationOf } from "../../testing/observed-radio.ts";
import { Workshop } from "../../testing/radio-workshop.ts";
import { Reader, utf8 } from "../base/bytes.ts";
import { ConfigurationError, KernelRefusal } from "../base/errors.ts";
import type { ChannelDefinition, ChannelSwitch } from "../driver/port.ts";
import type { VirtualStation } from "../virtual/station.ts";
import { decodeBeacon } from "../wire/ieee80211/beacon.ts";
import {
  decodeChannelSwitchAnnouncement,
  decodeExtendedChannelSwitchAnnouncement,
} from "../wire/ieee80211/channel-switch.ts";
import { elementId, findElement } from "../wire/ieee80211/element.ts";
import { decodeManagementHeader } from "../wire/ieee80211/frame.ts";
import { settingsFor } from "./channel-settings.ts";
import type { ChannelSwitchRequest } from "./channel-switching.ts";
import { channelDefinitionOf, parseFrequencyRequest } from "./frequency-request.ts";

const meadow = "ssid=meadow\nhw_mode=g\nchannel=1";
const twoBsses = `${meadow}\nbss=wlan0_1\nssid=second`;

class SwitchingWorkshop extends Workshop {
  readonly switches: ChannelSwitch[] = [];
  /** What the driver says of a switch; it does as it is told where this is undefined. */
  onSwitch: (() => "silent" | undefined) | undefined;
  /** Where the driver says that it is, if not where it is. */
  present: ChannelDefinition | undefined;

  constructor(configuration = meadow) {
    super(configuration);
    this.whims.channel = () => this.present;
    this.whims.switchChannel = (_, change) => {
      this.switches.push(change);
      return this.onSwitch?.();
    };
  }

  request(text: string, count = 5, more: Partial<ChannelSwitchRequest> = {}): ChannelSwitchRequest {
    const asked = parseFrequencyRequest(text);
    const definition = channelDefinitionOf(asked);
    return { settings: settingsFor(this.radio.settings, definition, asked), definition, count, ...more };
  }

  newsOfChannels(): string[] {
    return this.news().filter((what) => what.startsWith("channel"));
  }

  wanderer(): Promise<VirtualStation> {
    return this.station({ ssid: utf8("meadow"), frequencies: [2412, 2437, 2462] });
  }
}

describe("to another channel", () => {
  test("stations go along, and both sides still hear each other", async () => {
    const shop = await new SwitchingWorkshop().up();
    const station = await shop.wanderer();
    const heard: string[] = [];
    shop.medium.monitor((frame, { frequency }) => {
      if (frame[0] !== 0x80) return;
      const reader = new Reader(frame, ["beacon"]);
      decodeManagementHeader(reader);
      const { elements } = decodeBeacon(reader);
      const plain = findElement(elements, elementId.channelSwitchAnnouncement)?.data;
      const extended = findElement(elements, elementId.extendedChannelSwitchAnnouncement)?.data;
      if (!plain || !extended) return void heard.push(`${frequency}`);
      const csa = decodeChannelSwitchAnnouncement(new Reader(plain, ["CSA"]));
      const ecsa = decodeExtendedChannelSwitchAnnouncement(new Reader(extended, ["ECSA"]));
      assert.deepEqual(ecsa, { ...csa, operatingClass: 81 });
      heard.push(`${frequency} to ${csa.channel} in ${csa.count}`);
    });
    shop.newsOfChannels();
    shop.radio.switchChannel(shop.request("2437", 4));
    await shop.pass(800);
    assert.deepEqual(heard.slice(0, 5), ["2412 to 6 in 3", "2412 to 6 in 2", "2412 to 6 in 1", "2437", "2437"]);
    assert.deepEqual(shop.newsOfChannels(), [
      "channel-switch-started",
      "channel",
      "channel-switched",
      "channel-switch-finished",
    ]);
    await shop.pass(10_000);
    assert.ok(station.isConnected);
    assert.equal(station.frequency(), 2437);
    assert.equal(shop.radio.plan?.channel, 6);
    assert.equal(shop.radio.settings.channel, 6);
    assert.equal(shop.radio.configuration.radio.channel, 1);
    shop.radio.disable();
    station.close();
    await shop.pass(100);
    assert.deepEqual(shop.clock.armed, []);
  });

  test("all BSSs of the radio, the beacons of both with the counts where the driver looks", async () => {
    const shop = await new SwitchingWorkshop(twoBsses).up();
    shop.newsOfChannels();
    shop.radio.switchChannel(shop.request("2462 ht", 10, { blockTransmission: true }));
    assert.equal(shop.switches.length, 2);
    for (const { during, beaconCounts, after, blockTransmission } of shop.switches) {
      assert.ok(blockTransmission);
      assert.deepEqual(
        beaconCounts.map((at) => during.tail[at]),
        [10, 10],
      );
      assert.ok(after.tail.length < during.tail.length);
    }
    await shop.pass(1500);
    assert.deepEqual(
      shop.newsOfChannels().filter((what) => what.startsWith("channel-switch-finished")),
      ["channel-switch-finished", "channel-switch-finished wlan0_1"],
    );
    assert.equal(shop.radio.settings.ieee80211n, true);
    shop.radio.disable();
  });

  test("what is refused changes nothing", async () => {
    const shop = await new SwitchingWorkshop(`${meadow}\ncountry_code=US`).up();
    shop.newsOfChannels();
    const refused = (text: string, count?: number) =>
      assert.throws(() => shop.radio.switchChannel(shop.request(text, count)), ConfigurationError, text);
    refused("2472");
    refused("2413");
    refused("2437", 256);
    refused("2437", -1);
    refused("2462 bandwidth=40 sec_channel_offset=1 ht");
    shop.onSwitch = () => {
      throw new KernelRefusal("CHANNEL_SWITCH", "EOPNOTSUPP");
    };
    assert.throws(() => shop.radio.switchChannel(shop.request("2437")), KernelRefusal);
    await shop.pass(6000);
    assert.deepEqual(shop.newsOfChannels(), []);
    assert.equal(shop.radio.plan?.channel, 1);
    shop.onSwitch = undefined;
    shop.radio.switchChannel(shop.request("2437"));
    assert.throws(() => shop.radio.switchChannel(shop.request("2462")), /on its way/);
    shop.radio.disable();
    assert.throws(() => shop.radio.switchChannel(shop.request("2462")), /no access point is up/);
  });

  test("beacons wait with other news until it is there", async () => {
    const shop = await new SwitchingWorkshop(`${meadow}\nbss_load_update_period=10`).up();
    shop.radio.switchChannel(shop.request("2437", 20));
    const station = await shop.wanderer();
    await shop.pass(3000);
    assert.equal(shop.radio.plan?.channel, 6);
    assert.ok(station.isConnected);
    assert.ok(!shop.records.some(({ text }) => text.includes("EBUSY")));
    shop.radio.disable();
    station.close();
  });
});

describe("a switch that comes to nothing, or to something else", () => {
  test("the driver never says that it is done", async () => {
    const shop = await new SwitchingWorkshop().up();
    shop.onSwitch = () => "silent";
    shop.radio.switchChannel(shop.request("2437", 5));
    await shop.pass(8000);
    assert.ok(shop.records.some(({ text }) => /has not switched/.test(text)));
    assert.equal(shop.radio.plan?.channel, 1);
    shop.onSwitch = undefined;
    shop.radio.switchChannel(shop.request("2437", 5));
    await shop.pass(1000);
    assert.equal(shop.radio.plan?.channel, 6);
    shop.radio.disable();
  });

  test("the word that it is done was lost", async () => {
    const shop = await new SwitchingWorkshop().up();
    const real = shop.tell.get("wlan0");
    assert.ok(real);
    shop.onSwitch = () => "silent";
    shop.radio.switchChannel(shop.request("2437", 5));
    shop.present = { frequency: 2412, width: "20-no-ht", centerFrequency1: 2412 };
    real({ type: "events-lost" });
    assert.equal(shop.radio.plan?.channel, 1);
    shop.present = { frequency: 2437, width: "20-no-ht", centerFrequency1: 2437 };
    real({ type: "events-lost" });
    assert.equal(shop.radio.plan?.channel, 6);
    shop.radio.disable();
  });

  test("disabled meanwhile: it comes up where it was", async () => {
    const shop = await new SwitchingWorkshop().up();
    shop.radio.switchChannel(shop.request("2437", 10));
    shop.radio.disable();
    assert.ok(!shop.clock.armed.includes("channel switch"));
    await shop.up();
    assert.equal(shop.radio.plan?.channel, 1);
    shop.radio.disable();
  });

  test("the kernel takes it somewhere by itself", async () => {
    const shop = await new SwitchingWorkshop().up();
    shop.newsOfChannels();
    const channel = { frequency: 2462, width: "20", centerFrequency1: 2462 } as const;
    shop.tell.get("wlan0")?.({ type: "channel-switched", channel });
    assert.deepEqual(shop.newsOfChannels(), ["channel", "channel-switched"]);
    assert.deepEqual([shop.radio.plan?.channel, shop.radio.settings.ieee80211n], [11, true]);
    const nowhere = { frequency: 7000, width: "20", centerFrequency1: 7000 } as const;
    shop.tell.get("wlan0")?.({ type: "channel-switched", channel: nowhere });
    assert.deepEqual(shop.newsOfChannels(), []);
    assert.equal(shop.radio.plan?.channel, 11);
    shop.radio.disable();
  });

  test("it stays there until another channel is configured", async () => {
    const shop = await new SwitchingWorkshop().up();
    shop.radio.switchChannel(shop.request("2437", 2));
    await shop.pass(500);
    shop.radio.reload(configurationOf(`${meadow}\nmax_num_sta=3`));
    assert.equal(shop.radio.plan?.channel, 6);
    shop.radio.disable();
    await shop.up();
    assert.equal(shop.radio.plan?.channel, 6);
    shop.radio.disable();
    shop.radio.configure(configurationOf(meadow.replace("channel=1", "channel=11")));
    await shop.up();
    assert.equal(shop.radio.plan?.channel, 11);
    shop.radio.disable();
  });
});
