/** What beacons and probe responses say while a change of channel is on its way. */

import type { RadioSettings } from "../config/registry.ts";
import type { ChannelDefinition } from "../driver/port.ts";
import {
  type BandwidthIndication,
  channelSwitchCountAt,
  encodeBandwidthIndication,
  encodeChannelSwitchAnnouncement,
  encodeExtendedChannelSwitchAnnouncement,
  encodeSecondaryChannelOffset,
  encodeWideBandwidthChannelSwitch,
  extendedChannelSwitchCountAt,
  type WideBandwidthChannelSwitch,
} from "../wire/ieee80211/channel-switch.ts";
import { type Element, elementExtension, elementId, encodeElements } from "../wire/ieee80211/element.ts";
import { type ChannelPlan, channelOf } from "./channel-plan.ts";
import { operatingClassOf } from "./operating-class.ts";
import { withoutPuncturing } from "./puncturing.ts";

/** A change of channel that stations are told of. */
export interface SwitchAnnouncement {
  readonly target: ChannelPlan;
  /** In force from the switch on. */
  readonly settings: RadioSettings;
  /** In beacons. */
  readonly count: number;
  readonly blockTransmission: boolean;
}

/** After the Power Constraint. IEEE Std 802.11-2020, 9.3.3.2, 11.8.8. */
export function switchElements(announcement: SwitchAnnouncement | undefined, radio: RadioSettings): Element[] {
  if (!announcement) return [];
  const { target, settings } = announcement;
  const plain = {
    id: elementId.channelSwitchAnnouncement,
    data: encodeChannelSwitchAnnouncement({ ...announcement, channel: target.channel }),
  };
  const isPlain = !radio.ecsa_ie_only || operatingClassOf(legacyPart(target.definition)) === undefined;
  return [
    ...(isPlain ? [plain] : []),
    ...(settings.ieee80211n && target.secondary !== "none"
      ? [{ id: elementId.secondaryChannelOffset, data: encodeSecondaryChannelOffset(target.secondary) }]
      : []),
  ];
}

/** Before the Supported Operating Classes. IEEE Std 802.11-2020, 11.9. */
export function extendedSwitchElements(announcement: SwitchAnnouncement | undefined, radio: RadioSettings): Element[] {
  if (!announcement || radio.csa_ie_only) return [];
  const { target } = announcement;
  const operatingClass = operatingClassOf(legacyPart(target.definition));
  if (operatingClass === undefined) return [];
  const data = encodeExtendedChannelSwitchAnnouncement({ ...announcement, operatingClass, channel: target.channel });
  return [{ id: elementId.extendedChannelSwitchAnnouncement, data }];
}

/**
 * After the Transmit Power Envelope: the new width, for VHT stations and later ones.
 * IEEE Std 802.11-2020, 9.4.2.161; IEEE Std 802.11be-2024, 9.4.2.321.
 */
export function switchWrapper(announcement: SwitchAnnouncement | undefined): Element[] {
  if (!announcement) return [];
  const { definition, modes, band } = announcement.target;
  if (band.name === "2.4GHz" || (!modes.vht && !modes.he)) return [];
  const wide = wideBandwidth(legacyPart(definition));
  const elements: Element[] = [
    { id: elementId.wideBandwidthChannelSwitch, data: encodeWideBandwidthChannelSwitch(wide) },
  ];
  if (modes.eht && (definition.width === "320" || definition.punctured)) {
    const data = encodeBandwidthIndication(bandwidthIndication(definition));
    elements.push({ id: elementId.extension, extension: elementExtension.bandwidthIndication, data });
  }
  return [{ id: elementId.channelSwitchWrapper, data: encodeElements(elements) }];
}

/** What stations before EHT can use of a channel: the widest part around the primary channel that is whole. */
function legacyPart(definition: ChannelDefinition): ChannelDefinition {
  const whole = withoutPuncturing(definition);
  if (whole.width !== "320") return whole;
  const { frequency, centerFrequency1 } = whole;
  return { frequency, width: "160", centerFrequency1: centerFrequency1 + (frequency < centerFrequency1 ? -80 : 80) };
}

function bandwidthIndication(definition: ChannelDefinition): BandwidthIndication {
  const { frequency, width, centerFrequency1, punctured } = definition;
  const center = channelOf(centerFrequency1).channel;
  const towardsPrimary = frequency < centerFrequency1 ? -1 : 1;
  const disabled = { disabledSubchannels: punctured || undefined };
  switch (width) {
    case "320":
      return {
        width: 4,
        centerFrequencySegment0: center + 16 * towardsPrimary,
        centerFrequencySegment1: center,
        ...disabled,
      };
    case "160":
      return {
        width: 3,
        centerFrequencySegment0: center + 8 * towardsPrimary,
        centerFrequencySegment1: center,
        ...disabled,
      };
    case "80":
    case "80+80":
      return { width: 2, centerFrequencySegment0: center, centerFrequencySegment1: 0, ...disabled };
    case "40":
      return { width: 1, centerFrequencySegment0: center, centerFrequencySegment1: 0, ...disabled };
    case "20":
    case "20-no-ht":
      return { width: 0, centerFrequencySegment0: center, centerFrequencySegment1: 0, ...disabled };
  }
}

/** As VHT Operation has it. IEEE Std 802.11-2020, table 9-274. */
function wideBandwidth(definition: ChannelDefinition): WideBandwidthChannelSwitch {
  const { frequency, width, centerFrequency1, centerFrequency2 } = definition;
  const center = channelOf(centerFrequency1).channel;
  switch (width) {
    case "20-no-ht":
    case "20":
    case "40":
      return { channelWidth: 0, centerFrequencySegment0: center, centerFrequencySegment1: 0 };
    case "80":
      return { channelWidth: 1, centerFrequencySegment0: center, centerFrequencySegment1: 0 };
    case "320":
    case "160": {
      const primary80 = center + (frequency < centerFrequency1 ? -8 : 8);
      return { channelWidth: 1, centerFrequencySegment0: primary80, centerFrequencySegment1: center };
    }
    case "80+80": {
      const second = centerFrequency2 === undefined ? 0 : channelOf(centerFrequency2).channel;
      return { channelWidth: 1, centerFrequencySegment0: center, centerFrequencySegment1: second };
    }
  }
}

const countPlaces = new Map<number, number>([
  [elementId.channelSwitchAnnouncement, channelSwitchCountAt],
  [elementId.extendedChannelSwitchAnnouncement, extendedChannelSwitchCountAt],
]);

/** Where the counts are that the radio counts down. @param base octets before the first of the elements */
export function countdownOffsets(elements: readonly Element[], base = 0): readonly number[] {
  const offsets: number[] = [];
  let at = base;
  for (const { id, extension, data } of elements) {
    // Of a change of colour it comes first, after the octet that extends the id.
    const isColorChange = extension === elementExtension.bssColorChangeAnnouncement;
    const place = isColorChange ? 1 : countPlaces.get(id);
    if (place !== undefined) offsets.push(at + 2 + place);
    at += 2 + (extension === undefined ? 0 : 1) + data.length;
  }
  return offsets;
}
