/** A channel as control commands name it: `<frequency> [sec_channel_offset=] [center_freq1=] [bandwidth=] [ht] ...`. */

import { ConfigurationError } from "../base/errors.ts";
import type { ChannelDefinition, Frequency } from "../driver/port.ts";

/** Centre frequencies are 0 where they were not given. */
export interface FrequencyRequest {
  readonly frequency: Frequency;
  readonly bandwidth: number;
  /** 1: the second half of 40 MHz lies above; -1: below. */
  readonly secondaryOffset: number;
  readonly centerFrequency1: Frequency;
  readonly centerFrequency2: Frequency;
  readonly punctured: number;
  readonly ht: boolean;
  readonly vht: boolean;
  readonly he: boolean;
  readonly eht: boolean;
}

/** As hostapd reads it: what it doesn't know is left out. @throws ConfigurationError without a frequency */
export function parseFrequencyRequest(text: string): FrequencyRequest {
  const frequency = Number.parseInt(text, 10);
  if (!(frequency > 0)) throw new ConfigurationError("no frequency in MHz is given");
  const value = (name: string): number => Number(new RegExp(` ${name}=([+-]?\\d+)`).exec(text)?.[1] ?? 0);
  const has = (word: string): boolean => text.includes(` ${word}`);
  const eht = has("eht");
  return {
    frequency,
    bandwidth: value("bandwidth") || 20,
    secondaryOffset: value("sec_channel_offset"),
    centerFrequency1: value("center_freq1"),
    centerFrequency2: value("center_freq2"),
    punctured: value("punct_bitmap"),
    ...generationsOf(frequency, { ht: has("ht"), vht: has("vht"), he: has("he") || eht, eht }),
  };
}

type Generations = Pick<FrequencyRequest, "ht" | "vht" | "he" | "eht">;

/**
 * VHT stations are HT stations. HE stations are VHT stations in 5 GHz, and HT stations below 6 GHz, where all are HE.
 * IEEE Std 802.11-2020, 4.3.15, 802.11ax-2021, 4.3.15a.
 */
function generationsOf(frequency: Frequency, asked: Generations): Generations {
  if (frequency >= 5955) return { ...asked, he: true };
  if (!asked.he) return { ...asked, ht: asked.ht || asked.vht };
  return { ...asked, ht: true, vht: asked.vht || frequency > 4000 };
}

/** @throws ConfigurationError where the parts contradict each other */
export function channelDefinitionOf(request: FrequencyRequest): ChannelDefinition {
  const { frequency } = request;
  const fail = (why: string): never => {
    throw new ConfigurationError(`${frequency} MHz: ${why}`);
  };
  if (request.punctured !== 0 && !request.eht) fail("punct_bitmap needs eht");
  const definition = wholeDefinitionOf(request, fail);
  return request.punctured === 0 ? definition : { ...definition, punctured: request.punctured };
}

function wholeDefinitionOf(request: FrequencyRequest, fail: (why: string) => never): ChannelDefinition {
  const { frequency, bandwidth, secondaryOffset, centerFrequency1, centerFrequency2 } = request;
  switch (bandwidth) {
    case 20: {
      if (centerFrequency1 !== 0 && centerFrequency1 !== frequency)
        fail(`${centerFrequency1} MHz is not the centre of 20 MHz`);
      if (centerFrequency2 !== 0 || secondaryOffset !== 0) fail("20 MHz have no second part");
      const usesHt = request.ht || request.vht || request.he;
      return { frequency, width: usesHt ? "20" : "20-no-ht", centerFrequency1: frequency };
    }
    case 40: {
      if (!request.ht && !request.vht && !request.he) fail("40 MHz need ht");
      if (centerFrequency2 !== 0) fail("40 MHz have one centre");
      const center = centerFrequency1 || frequency + 10 * Math.sign(secondaryOffset);
      checkPlace(request, center, fail);
      return { frequency, width: "40", centerFrequency1: center };
    }
    case 80:
      if (!request.vht && !request.he) fail("80 MHz need vht or he");
      checkPlace(request, centerFrequency1, fail);
      if (centerFrequency2 === 0) return { frequency, width: "80", centerFrequency1 };
      if (Math.abs(centerFrequency1 - centerFrequency2) <= 80) fail("the two parts of 80+80 MHz touch each other");
      return { frequency, width: "80+80", centerFrequency1, centerFrequency2 };
    case 160:
      if (!request.vht && !request.he) fail("160 MHz need vht or he");
      if (centerFrequency2 !== 0) fail("160 MHz have one centre");
      checkPlace(request, centerFrequency1, fail);
      return { frequency, width: "160", centerFrequency1 };
    case 320:
      if (!request.eht) fail("320 MHz need eht");
      if (centerFrequency2 !== 0) fail("320 MHz have one centre");
      checkPlace(request, centerFrequency1, fail);
      return { frequency, width: "320", centerFrequency1 };
    default:
      return fail(`there is no bandwidth of ${bandwidth} MHz here`);
  }
}

/** The primary channel has to be one of those that the width is made of, on the side that the offset says. */
function checkPlace(request: FrequencyRequest, center: Frequency, fail: (why: string) => never): void {
  const { frequency, bandwidth, secondaryOffset } = request;
  const is6GHz = frequency >= 5955;
  if (center === 0) fail("center_freq1 is missing");
  const place = (frequency - center + bandwidth / 2 - 10) / 20;
  const isInside = Number.isInteger(place) && place >= 0 && place < bandwidth / 20;
  if (!isInside) fail(`it is not one of the channels of ${bandwidth} MHz around ${center} MHz`);
  if (is6GHz && secondaryOffset === 0) return;
  const expected = place % 2 === 0 ? 1 : -1;
  if (secondaryOffset !== expected) fail(`sec_channel_offset is ${secondaryOffset}, which should be ${expected}`);
}
