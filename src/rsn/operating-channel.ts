/** Is a station on the channel that we are on? Pure. IEEE Std 802.11-2020, 12.2.9. */

import { Reader } from "../base/bytes.ts";
import { decodeOci, encodeOci, ociLength } from "../wire/ieee80211/oci.ts";
import {
  channelOfOperatingClass,
  type OperatingClassChannel,
  operatingClassOfChannel,
} from "../wire/ieee80211/operating-class.ts";

export interface OperatingChannel extends OperatingClassChannel {
  /** Channel number of the second segment of 80+80 MHz, 0 elsewhere. */
  readonly segment1: number;
}

/** What we send to a station with, at the most. */
export interface TransmitWidth {
  /** MHz. */
  readonly width: number;
  readonly segment1: number;
}

/** What we tell stations. @param frequency to claim instead of the channel's own @returns undefined where no class has it */
export function ociOf(channel: OperatingChannel, frequency: number = channel.frequency): Uint8Array | undefined {
  const found = operatingClassOfChannel({ ...channel, frequency });
  if (!found) return undefined;
  const { operatingClass, channel: primaryChannel } = found;
  return encodeOci({ operatingClass, primaryChannel, frequencySegment1: channel.segment1 });
}

export const missingOci = "did not receive mandatory OCI";

/** @returns what is wrong with a station's OCI, in hostapd's words, or undefined */
export function faultOfOci(
  oci: Uint8Array | undefined,
  channel: OperatingChannel,
  transmit: TransmitWidth,
): string | undefined {
  if (oci === undefined) return missingOci;
  if (oci.length !== ociLength) return `received OCI of unexpected length (${oci.length})`;
  const { operatingClass, primaryChannel, frequencySegment1 } = decodeOci(new Reader(oci, ["OCI"]));
  const theirs = channelOfOperatingClass(operatingClass, primaryChannel);
  if (!theirs) return "unable to interpret received OCI";
  const mismatch = (what: string, we: number, they: string): string =>
    `${what} mismatch in received OCI (we use ${we} but receiver ${they})`;
  if (theirs.frequency !== channel.frequency) {
    return mismatch("primary channel", channel.frequency, `is using ${theirs.frequency}`);
  }
  // It may be capable of less than the network, but not of less than what is sent to it.
  if (transmit.width > theirs.width) {
    return mismatch("channel bandwidth", transmit.width, `only supports ${theirs.width}`);
  }
  // In other bands the primary channel tells where the other half is.
  if (transmit.width === 40 && channel.frequency < 2500 && channel.secondary !== theirs.secondary) {
    return mismatch("secondary channel", side[channel.secondary], `is using ${side[theirs.secondary]}`);
  }
  if (channel.split && transmit.segment1 !== frequencySegment1) {
    return mismatch("frequency segment 1", transmit.segment1, `is using ${frequencySegment1}`);
  }
  return undefined;
}

const side = { above: 1, below: -1, none: 0 } as const;
