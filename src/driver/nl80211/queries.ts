/** What the kernel is asked about an interface. */

import { milliseconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { decodeChannel } from "../../wire/nl80211/channel.ts";
import { getInterface, interfaceDescription } from "../../wire/nl80211/interface.ts";
import { getScan, scanResult } from "../../wire/nl80211/scan.ts";
import { getSurvey, surveyResult } from "../../wire/nl80211/survey.ts";
import type { ChannelDefinition, ChannelSurvey, ScanResult } from "../port.ts";
import type { Kernel } from "./kernel.ts";

/** @returns undefined where the kernel answers with this one error */
export function unless<T>(errno: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof KernelRefusal && error.errno === errno) return undefined;
    throw error;
  }
}

/** Of the channel that is in use. */
export function surveyOf(kernel: Kernel, ifIndex: number): ChannelSurvey | undefined {
  for (const answer of kernel.commands.dump(getSurvey.build({ ifIndex }))) {
    const { survey } = surveyResult.decode(answer);
    if (survey?.inUse !== true || survey.time === undefined || survey.busy === undefined) continue;
    const { time, busy, noise } = survey;
    return { time: milliseconds(Number(time)), busy: milliseconds(Number(busy)), noiseDbm: noise };
  }
  return undefined;
}

export function scanResultsOf(kernel: Kernel, ifIndex: number): readonly ScanResult[] {
  return kernel.commands.dump(getScan.build({ ifIndex })).flatMap((answer) => {
    const { bss } = scanResult.decode(answer);
    if (bss === undefined) return [];
    const { bssid, frequency, elements, beaconElements } = bss;
    return [{ bssid, frequency, elements: (elements ?? beaconElements ?? new Uint8Array()).slice() }];
  });
}

/** undefined while no access point runs. */
export function channelOf(kernel: Kernel, ifIndex: number): ChannelDefinition | undefined {
  const answer = unless("ENODEV", () => kernel.commands.query(getInterface.build({ ifIndex })));
  return answer && decodeChannel(interfaceDescription.decode(answer));
}

/** The kernel tells an access point's SSID only while it runs. */
export function isBeaconing(kernel: Kernel, ifIndex: number): boolean {
  const answer = unless("ENODEV", () => kernel.commands.query(getInterface.build({ ifIndex })));
  return answer !== undefined && interfaceDescription.decode(answer).ssid !== undefined;
}
