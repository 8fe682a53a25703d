import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Reader, utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "../config/parser.ts";
import type { ChannelDefinition } from "../driver/port.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { decodeElements, elementExtension, elementId, findElement } from "../wire/ieee80211/element.ts";
import { isRefusal, planChannel } from "./channel-plan.ts";
import {
  countdownOffsets,
  extendedSwitchElements,
  type SwitchAnnouncement,
  switchElements,
  switchWrapper,
} from "./channel-switch-elements.ts";
import { secondaryOf } from "./channel-width.ts";

const parsed = parseConfiguration(
  utf8("interface=wlan0\nssid=a\nhw_mode=a\nchannel=36\nieee80211n=1\nht_capab=[HT40+]\n"),
  "test.conf",
  () => assert.fail(),
);
const settings = parsed.configuration?.radio ?? assert.fail(JSON.stringify(parsed.problems));
const plan = planChannel(settings, virtualCapabilities("phy0", "US"));
assert.ok(!isRefusal(plan));
const { ht, ...others } = plan.modes;

/** To a channel that is used as VHT and later stations do. */
function announcementOf(definition: ChannelDefinition, eht = false): SwitchAnnouncement {
  const vht = { capabilities: 0, mcsSet: new Uint8Array(8) };
  const target = {
    ...(plan as Exclude<typeof plan, { problem: unknown }>),
    definition,
    channel: (definition.frequency - (definition.frequency > 5950 ? 5950 : 5000)) / 5,
    secondary: secondaryOf(definition),
    modes: { ...others, ht, vht, eht },
  };
  return { target, settings, count: 7, blockTransmission: true };
}

const to80: ChannelDefinition = { frequency: 5765, width: "80", centerFrequency1: 5775 };

describe("what stations are told of a switch", () => {
  test("channel, class, side of the second half, and the counts", () => {
    const announcement = announcementOf(to80);
    const elements = [...switchElements(announcement, settings), ...extendedSwitchElements(announcement, settings)];
    assert.deepEqual(elements, [
      { id: elementId.channelSwitchAnnouncement, data: Uint8Array.of(1, 153, 7) },
      { id: elementId.secondaryChannelOffset, data: Uint8Array.of(3) },
      { id: elementId.extendedChannelSwitchAnnouncement, data: Uint8Array.of(1, 128, 153, 7) },
    ]);
    // After id, length, mode and channel; the second: 5 + 3 octets before it, id, length, mode, class and channel.
    assert.deepEqual(countdownOffsets(elements), [4, 13]);
    assert.deepEqual(countdownOffsets(elements, 100), [104, 113]);
  });

  test("one of the two only, for tests", () => {
    const announcement = announcementOf(to80);
    assert.equal(switchElements(announcement, { ...settings, ecsa_ie_only: true }).length, 1);
    assert.deepEqual(extendedSwitchElements(announcement, { ...settings, csa_ie_only: true }), []);
  });

  const widthOf = (definition: ChannelDefinition, eht = false) => {
    const [wrapper] = switchWrapper(announcementOf(definition, eht));
    assert.ok(wrapper);
    return decodeElements(new Reader(wrapper.data, ["wrapper"]));
  };
  const wide = (definition: ChannelDefinition) =>
    [...(findElement(widthOf(definition), elementId.wideBandwidthChannelSwitch)?.data ?? [])].join(" ");

  // Channel numbers of the centres, IEEE Std 802.11-2020, annex E.
  test("the width", () => {
    assert.equal(wide(to80), "1 155 0");
    assert.equal(wide({ frequency: 5180, width: "40", centerFrequency1: 5190 }), "0 38 0");
    assert.equal(wide({ frequency: 5180, width: "160", centerFrequency1: 5250 }), "1 42 50");
    assert.equal(wide({ frequency: 5260, width: "160", centerFrequency1: 5250 }), "1 58 50");
    assert.equal(wide({ frequency: 5180, width: "80+80", centerFrequency1: 5210, centerFrequency2: 5775 }), "1 42 155");
    assert.equal(wide({ frequency: 5955, width: "320", centerFrequency1: 6105 }), "1 7 15");
  });

  test("what only EHT stations understand", () => {
    const bandwidth = (definition: ChannelDefinition) =>
      findElement(widthOf(definition, true), elementId.extension, elementExtension.bandwidthIndication)?.data;
    assert.deepEqual(bandwidth({ frequency: 5955, width: "320", centerFrequency1: 6105 }), Uint8Array.of(0, 4, 15, 31));
    const punctured = { ...to80, punctured: 0b0100 };
    assert.deepEqual(bandwidth(punctured), Uint8Array.of(2, 2, 155, 0, 4, 0));
    assert.equal(bandwidth(to80), undefined);
    // The others are told of the part that is whole.
    assert.equal(wide(punctured), "0 151 0");
  });

  test("nothing where nothing is on its way, or stations know no such width", () => {
    assert.deepEqual(switchWrapper(undefined), []);
    const announcement = announcementOf(to80);
    const narrow = { ...announcement.target, modes: { ...announcement.target.modes, vht: undefined } };
    assert.deepEqual(switchWrapper({ ...announcement, target: narrow }), []);
  });
});
