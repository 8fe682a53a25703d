/** Moves a station's link and does what that asks of the driver and of the rest. */

import type { StationParameters } from "../driver/port.ts";
import { encodeCapabilityInformation } from "../wire/ieee80211/capability-information.ts";
import { uapsdQueueBits } from "../wire/ieee80211/wmm.ts";
import type { Bss } from "./bss.ts";
import { endAssociation } from "./leaving.ts";
import * as link from "./link.ts";
import type { Association, Station } from "./station.ts";
import { driverModes } from "./station-modes.ts";

/** @returns false where the driver refused: the station is left as one that nothing was granted */
export function advance(bss: Bss, station: Station, input: link.Input): boolean {
  const { state, effects } = link.step(station.link, input);
  station.link = state;
  noteStanding(bss, station);
  for (const effect of effects) {
    if (perform(bss, station, effect)) continue;
    if (link.isAssociated(state)) endAssociation(bss, station);
    bss.attempt((port) => port.removeStation(station.address));
    station.isInDriver = false;
    station.link = { kind: "new" };
    noteStanding(bss, station);
    return false;
  }
  return true;
}

/** Who is heard of again without being associated goes to the end of the queue. */
function noteStanding(bss: Bss, station: Station): void {
  bss.unassociated.delete(station);
  if (!link.isAssociated(station.link) && bss.stations.get(station.address) === station) bss.unassociated.add(station);
}

function perform(bss: Bss, station: Station, effect: link.Effect): boolean {
  const { address } = station;
  switch (effect.type) {
    case "endAssociation":
      endAssociation(bss, station);
      return true;

    case "addToDriver": {
      if (station.isInDriver) bss.attempt((port) => port.removeStation(address));
      const added = bss.attempt((port) => {
        port.addStation(address, unassociated(bss));
        return true;
      });
      station.isInDriver = added ?? false;
      return station.isInDriver;
    }

    case "markAuthenticated":
      bss.attempt((port) => port.setStation(address, { flags: { authenticated: true } }));
      return true;

    case "markAssociated": {
      const { association } = station;
      if (!association) return false;
      const marked = bss.attempt((port) => {
        if (!station.isInDriver) port.addStation(address, unassociated(bss));
        station.isInDriver = true;
        port.setStation(address, associated(bss, association));
        return true;
      });
      return marked ?? false;
    }

    case "removeFromDriver":
      bss.attempt((port) => port.removeStation(address));
      station.isInDriver = false;
      return true;
  }
}

/** Mandatory ones in units of 500 kb/s. IEEE Std 802.11-2020, 17.2.3.3. */
const mandatoryOfdm = Uint8Array.of(12, 24, 48);

/**
 * The driver wants an identifier even of a station that has none yet. Which rates every station has it knows itself,
 * but Linux not for 6 GHz.
 */
const unassociated = ({ radio }: Bss): StationParameters => ({
  aid: 1,
  listenInterval: 0,
  supportedRates: radio.plan.band.name === "6GHz" ? mandatoryOfdm : new Uint8Array(),
  flags: { authenticated: false, associated: false },
});

const associated = ({ radio }: Bss, association: Association): StationParameters => ({
  ...(association.aid === undefined ? {} : { aid: association.aid }),
  listenInterval: association.listenInterval,
  supportedRates: association.supportedRates,
  capability: encodeCapabilityInformation(association.capabilities),
  ...driverModes(radio.settings, radio.plan, association),
  ...(association.extendedCapabilities ? { extendedCapabilities: association.extendedCapabilities } : {}),
  ...(association.wmm
    ? {
        wme: {
          uapsdQueues: uapsdQueueBits(association.wmm.uapsd),
          maxServicePeriod: association.wmm.maxServicePeriod,
        },
      }
    : {}),
  flags: {
    authenticated: true,
    associated: true,
    wme: association.wmm !== undefined,
    mfp: association.security?.agreed.managementFrameProtection === true,
    "short-preamble": association.traits.shortPreamble,
  },
});
