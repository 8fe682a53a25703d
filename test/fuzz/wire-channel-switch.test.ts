/** Announcements of another channel, width or colour. */

import fc from "fast-check";
import {
  decodeBandwidthIndication,
  decodeChannelSwitchAnnouncement,
  decodeExtendedChannelSwitchAnnouncement,
  decodeMaxChannelSwitchTime,
  decodeSecondaryChannelOffset,
  decodeWideBandwidthChannelSwitch,
  encodeBandwidthIndication,
  encodeChannelSwitchAnnouncement,
  encodeExtendedChannelSwitchAnnouncement,
  encodeMaxChannelSwitchTime,
  encodeSecondaryChannelOffset,
  encodeWideBandwidthChannelSwitch,
} from "../../src/wire/ieee80211/channel-switch.ts";
import { decodeColorChange, encodeColorChange } from "../../src/wire/ieee80211/color-change.ts";
import { codecProperties, unsigned } from "./codec-properties.ts";

const switchAnnouncement = { blockTransmission: fc.boolean(), channel: unsigned(8), count: unsigned(8) };
codecProperties({
  name: "Channel Switch Announcement",
  encode: encodeChannelSwitchAnnouncement,
  decode: decodeChannelSwitchAnnouncement,
  values: fc.record(switchAnnouncement),
});
codecProperties({
  name: "Extended Channel Switch Announcement",
  encode: encodeExtendedChannelSwitchAnnouncement,
  decode: decodeExtendedChannelSwitchAnnouncement,
  values: fc.record({ ...switchAnnouncement, operatingClass: unsigned(8) }),
});
codecProperties({
  name: "Secondary Channel Offset",
  encode: encodeSecondaryChannelOffset,
  decode: decodeSecondaryChannelOffset,
  values: fc.constantFrom("none" as const, "above" as const, "below" as const),
});
codecProperties({
  name: "Wide Bandwidth Channel Switch",
  encode: encodeWideBandwidthChannelSwitch,
  decode: decodeWideBandwidthChannelSwitch,
  values: fc.record({
    channelWidth: unsigned(8),
    centerFrequencySegment0: unsigned(8),
    centerFrequencySegment1: unsigned(8),
  }),
});
codecProperties({
  name: "Bandwidth Indication",
  encode: encodeBandwidthIndication,
  decode: decodeBandwidthIndication,
  values: fc.record({
    width: unsigned(3),
    centerFrequencySegment0: unsigned(8),
    centerFrequencySegment1: unsigned(8),
    disabledSubchannels: fc.option(unsigned(16), { nil: undefined }),
  }),
});
codecProperties({
  name: "BSS Color Change Announcement",
  encode: encodeColorChange,
  decode: decodeColorChange,
  values: fc.record({ countdown: unsigned(8), color: unsigned(6) }),
});
codecProperties({
  name: "Max Channel Switch Time",
  encode: encodeMaxChannelSwitchTime,
  decode: decodeMaxChannelSwitchTime,
  values: unsigned(24),
});
