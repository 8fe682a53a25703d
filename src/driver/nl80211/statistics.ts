/** What the driver counts for a station, out of the kernel's description. Pure. */

import { milliseconds, seconds } from "../../base/duration.ts";
import { stationFlags } from "../../wire/nl80211/generated/enums.ts";
import type { RateInformation, StationInformation } from "../../wire/nl80211/station.ts";
import type { StationFlag, StationStatistics } from "../port.ts";

/** Bits of struct nl80211_sta_flag_update. */
export const flagBits: Readonly<Record<StationFlag, number>> = {
  authorized: 1 << stationFlags.AUTHORIZED,
  "short-preamble": 1 << stationFlags.SHORT_PREAMBLE,
  wme: 1 << stationFlags.WME,
  mfp: 1 << stationFlags.MFP,
  authenticated: 1 << stationFlags.AUTHENTICATED,
  associated: 1 << stationFlags.ASSOCIATED,
};

const allFlags = Object.keys(flagBits) as StationFlag[];

export function statisticsOf(information: StationInformation): StationStatistics {
  const { rxBytes = 0, txBytes = 0, rxRate, txRate } = information;
  const set = information.flags === undefined ? 0 : information.flags.mask & information.flags.set;
  return {
    inactive: milliseconds(information.inactive ?? 0),
    connected: seconds(information.connected ?? 0),
    rxBytes: information.rxBytes64 ?? BigInt(rxBytes),
    txBytes: information.txBytes64 ?? BigInt(txBytes),
    rxPackets: information.rxPackets ?? 0,
    txPackets: information.txPackets ?? 0,
    txRetries: information.txRetries ?? 0,
    txFailed: information.txFailed ?? 0,
    signalDbm: information.signal,
    lastAckSignalDbm: information.ackSignal,
    rxRate: rxRate?.bitrate32 ?? rxRate?.bitrate,
    txRate: txRate?.bitrate32 ?? txRate?.bitrate,
    rxRateInfo: formatRate(rxRate),
    txRateInfo: formatRate(txRate),
    backlogBytes: information.traffic && backlogOf(information.traffic),
    flags: new Set(allFlags.filter((flag) => set & flagBits[flag])),
  };
}

function backlogOf(traffic: NonNullable<StationInformation["traffic"]>): number {
  let octets = 0;
  for (const { queue } of traffic.values()) octets += queue?.backlogBytes ?? 0;
  return octets;
}

/** As hostapd shows what stands behind a rate: ` mcs 7 shortGI`; HE and EHT, of which it shows nothing, in the same way. */
function formatRate(rate: RateInformation | undefined): string {
  if (rate === undefined) return "";
  const { mcs, vhtMcs, vhtNss, heMcs, heNss, ehtMcs, ehtNss, shortGi } = rate;
  return [
    mcs !== undefined && ` mcs ${mcs}`,
    vhtMcs !== undefined && ` vhtmcs ${vhtMcs}`,
    vhtNss !== undefined && ` vhtnss ${vhtNss}`,
    heMcs !== undefined && ` hemcs ${heMcs}`,
    heNss !== undefined && ` henss ${heNss}`,
    ehtMcs !== undefined && ` ehtmcs ${ehtMcs}`,
    ehtNss !== undefined && ` ehtnss ${ehtNss}`,
    shortGi === true && " shortGI",
  ]
    .filter((part) => part !== false)
    .join("");
}
