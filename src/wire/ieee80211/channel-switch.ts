/** Elements that tell of a change of channel before it happens. */

import { type Reader, Writer } from "../../base/bytes.ts";

/** Channel Switch Announcement element. IEEE Std 802.11-2020, 9.4.2.18. */
export interface ChannelSwitchAnnouncement {
  /** Nobody may transmit until the switch (Channel Switch Mode 1). */
  readonly blockTransmission: boolean;
  readonly channel: number;
  /** Beacons until the switch; 0 for at any time now. */
  readonly count: number;
}

export const encodeChannelSwitchAnnouncement = (announcement: ChannelSwitchAnnouncement): Uint8Array =>
  Uint8Array.of(Number(announcement.blockTransmission), announcement.channel, announcement.count);

/** @throws MalformedError when it is cut */
export const decodeChannelSwitchAnnouncement = (r: Reader): ChannelSwitchAnnouncement => ({
  blockTransmission: r.u8() === 1,
  channel: r.u8(),
  count: r.u8(),
});

/** Extended Channel Switch Announcement element. IEEE Std 802.11-2020, 9.4.2.52. */
export interface ExtendedChannelSwitchAnnouncement extends ChannelSwitchAnnouncement {
  /** Annex E, table E-4. */
  readonly operatingClass: number;
}

export const encodeExtendedChannelSwitchAnnouncement = (announcement: ExtendedChannelSwitchAnnouncement): Uint8Array =>
  Uint8Array.of(
    Number(announcement.blockTransmission),
    announcement.operatingClass,
    announcement.channel,
    announcement.count,
  );

/** @throws MalformedError when it is cut */
export const decodeExtendedChannelSwitchAnnouncement = (r: Reader): ExtendedChannelSwitchAnnouncement => ({
  blockTransmission: r.u8() === 1,
  operatingClass: r.u8(),
  channel: r.u8(),
  count: r.u8(),
});

/** Places of the count within an element's body: what the radio counts down. */
export const channelSwitchCountAt = 2;
export const extendedChannelSwitchCountAt = 3;

const offsets = { none: 0, above: 1, below: 3 } as const;

/** Secondary Channel Offset element. IEEE Std 802.11-2020, 9.4.2.19. */
export const encodeSecondaryChannelOffset = (secondary: keyof typeof offsets): Uint8Array =>
  Uint8Array.of(offsets[secondary]);

/** @throws MalformedError when it is empty */
export function decodeSecondaryChannelOffset(r: Reader): keyof typeof offsets {
  const octet = r.u8();
  return octet === offsets.above ? "above" : octet === offsets.below ? "below" : "none";
}

/** Wide Bandwidth Channel Switch element: as in VHT Operation. IEEE Std 802.11-2020, 9.4.2.160. */
export interface WideBandwidthChannelSwitch {
  /** 0 for 20 or 40 MHz, 1 for 80 and more. */
  readonly channelWidth: number;
  /** Channel numbers of the centres. */
  readonly centerFrequencySegment0: number;
  readonly centerFrequencySegment1: number;
}

export const encodeWideBandwidthChannelSwitch = (wide: WideBandwidthChannelSwitch): Uint8Array =>
  Uint8Array.of(wide.channelWidth, wide.centerFrequencySegment0, wide.centerFrequencySegment1);

/** @throws MalformedError when it is cut */
export const decodeWideBandwidthChannelSwitch = (r: Reader): WideBandwidthChannelSwitch => ({
  channelWidth: r.u8(),
  centerFrequencySegment0: r.u8(),
  centerFrequencySegment1: r.u8(),
});

/** Bandwidth Indication element, without its extension octet. IEEE Std 802.11be-2024, 9.4.2.321. */
export interface BandwidthIndication {
  /** 0 to 4 for 20, 40, 80, 160, 320 MHz. */
  readonly width: number;
  /** Channel numbers of the centres. */
  readonly centerFrequencySegment0: number;
  readonly centerFrequencySegment1: number;
  /** Bitmap of 20 MHz channels, the lowest in the least significant bit. */
  readonly disabledSubchannels: number | undefined;
}

const disabledSubchannelsPresent = 0x02;

export function encodeBandwidthIndication(indication: BandwidthIndication): Uint8Array {
  const { width, centerFrequencySegment0, centerFrequencySegment1, disabledSubchannels } = indication;
  const w = new Writer().u8(disabledSubchannels === undefined ? 0 : disabledSubchannelsPresent);
  w.u8(width & 7)
    .u8(centerFrequencySegment0)
    .u8(centerFrequencySegment1);
  return (disabledSubchannels === undefined ? w : w.u16le(disabledSubchannels)).finish();
}

/** @throws MalformedError when it is cut */
export function decodeBandwidthIndication(r: Reader): BandwidthIndication {
  const parameters = r.u8();
  return {
    width: r.u8() & 7,
    centerFrequencySegment0: r.u8(),
    centerFrequencySegment1: r.u8(),
    disabledSubchannels: parameters & disabledSubchannelsPresent ? r.u16le() : undefined,
  };
}

/**
 * Max Channel Switch Time element, without its extension octet: from the last beacon on the old channel to the first
 * on the new one at most, in time units. IEEE Std 802.11-2020, 9.4.2.219.
 */
export const encodeMaxChannelSwitchTime = (timeUnits: number): Uint8Array =>
  new Writer()
    .u16le(timeUnits & 0xffff)
    .u8(timeUnits >>> 16)
    .finish();

/** @throws MalformedError when it is cut */
export const decodeMaxChannelSwitchTime = (r: Reader): number => r.u16le() | (r.u8() << 16);
