/** Channels: where they are, what is known of them, what has been measured. */

import type { Duration } from "../base/duration.ts";

/** MHz, the centre of a 20 MHz channel. */
export type Frequency = number;

export type BandName = "2.4GHz" | "5GHz" | "6GHz" | "60GHz";

export interface RadioChannel {
  readonly frequency: Frequency;
  readonly disabled: boolean;
  /** May not initiate radiation: no access point here. */
  readonly noIr: boolean;
  /** Radar detection is required. */
  readonly radar: boolean;
  readonly noHt40Minus: boolean;
  readonly noHt40Plus: boolean;
  readonly no80MHz: boolean;
  readonly no160MHz: boolean;
  readonly maxPowerDbm: number;
}

export type ChannelWidth = "20-no-ht" | "20" | "40" | "80" | "80+80" | "160" | "320";

export interface ChannelDefinition {
  readonly frequency: Frequency;
  readonly width: ChannelWidth;
  /** Centre of the whole width; `frequency` itself where it is 20. */
  readonly centerFrequency1: Frequency;
  readonly centerFrequency2?: Frequency;
  /** 20 MHz channels that are left out, the lowest in the least significant bit. IEEE Std 802.11be-2024, 35.15.2. */
  readonly punctured?: number;
}

/** What the radio has measured of a channel, since some time in the past. */
export interface ChannelSurvey {
  /** How long it was there. */
  readonly time: Duration;
  readonly busy: Duration;
  readonly noiseDbm: number | undefined;
}
