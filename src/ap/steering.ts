/** Stations that are told in time that they had better go elsewhere. IEEE Std 802.11-2020, 11.21.7. */

import { milliseconds } from "../base/duration.ts";
import { encodeBssTransitionRequest } from "../wire/ieee80211/bss-transition-request.ts";
import type { Bss } from "./bss.ts";
import { sendAway } from "./leaving.ts";
import type { Station } from "./station.ts";

export interface Warning {
  /** Until it is disassociated, in beacons; 0 where nobody knows. */
  readonly beacons: number;
  /** A page that says more, of up to 255 octets; with it the whole network is to be left, and in time the station is sent away. */
  readonly url?: Uint8Array;
}

const anyToken = 1;
const timeUnit = 1.024;

/** @returns whether the radio has taken the frame */
export function warnOfDisassociation(bss: Bss, station: Station, { beacons, url }: Warning): boolean {
  const frame = encodeBssTransitionRequest({
    dialogToken: anyToken,
    abridged: false,
    disassociationImminent: true,
    disassociationTimer: beacons,
    validityInterval: url ? 1 : 0,
    termination: undefined,
    url,
    candidates: new Uint8Array(),
  });
  if (!bss.sendManagement({ subtype: "action", receiver: station.address }, frame)) return false;
  if (!url || beacons === 0) return true;
  // It is not to come back with a key from before.
  bss.authenticator?.options.pmksa.removeAll(station.address);
  const time = milliseconds(beacons * bss.radio.settings.beacon_int * timeUnit);
  station.timers.arm("warned", time, () => {
    if (station.isAssociated) sendAway(bss, station.address, "invalid-authentication", "disassociation");
  });
  return true;
}
