/**
 * Stations that the radio's firmware has authenticated and associated by itself: looked at afterwards, sent away where
 * they don't fit. From the handshake on they are like any other.
 */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { BssEvent } from "../driver/port.ts";
import { decodeElements } from "../wire/ieee80211/element.ts";
import { type ReasonName, reasonCode } from "../wire/ieee80211/reason-code.ts";
import { type StatusName, statusCode } from "../wire/ieee80211/status-code.ts";
import { admitTo, listedVlans, notAdmittedBecause } from "./admission.ts";
import { onAssociated } from "./association.ts";
import { type AssociationVerdict, checkOffloadedAssociation } from "./association-check.ts";
import type { Bss } from "./bss.ts";
import { dropStation, tellToGo } from "./leaving.ts";
import { advance } from "./linking.ts";
import { adoptGrant } from "./radius/granting.ts";
import { rsnPolicyOf } from "./security.ts";
import { enterVlan } from "./vlans.ts";

export function onStationAssociated(bss: Bss, event: BssEvent & { readonly type: "station-associated" }): void {
  const { station: address, elements, reassociation = false } = event;
  if (bss.countermeasures.inForce) {
    tellToGo(bss, address, "deauthentication", reasonCode["mic-failure"]);
    return;
  }
  const verdict = judge(bss, address, elements);
  if (!verdict.accepted) return refuse(bss, address, verdict.status, verdict.explanation, elements);
  const station = bss.stationOf(address);
  advance(bss, station, { type: "associatedByFirmware" });
  adoptGrant(bss, station);
  station.isInDriver = true;
  // Some firmware would let data through from the association on.
  if (verdict.offered.security) bss.attempt((port) => port.setStation(address, { flags: { authorized: false } }));
  // The identifier is the firmware's, which doesn't tell it.
  const vlans = listedVlans(bss.settings, address) ?? station.grant?.vlans;
  station.association = { ...verdict.offered, aid: undefined, again: reassociation, vlans, at: bss.clock.now() };
  if (!enterVlan(bss, station)) {
    return refuse(bss, address, "unspecified-failure", "there is no interface for its VLAN");
  }
  bss.radio.refreshBeacons();
  onAssociated(bss, station, station.association);
}

/** It is associated no more, and the firmware has no entry of it. */
export function onStationDisassociated(bss: Bss, address: MacAddress): void {
  const station = bss.stations.get(address);
  if (!station) return;
  station.isInDriver = false;
  bss.log.station(address, "IEEE 802.11", "info", "disassociated");
  bss.report({ type: "station-left", station: address, by: "driver", reason: "unspecified" });
  dropStation(bss, station);
}

/** Events were lost. Whoever has come meanwhile has to come again: what it asked for is lost with them. */
export function resynchronizeOffloaded(bss: Bss): void {
  const present = bss.attempt((port) => port.stations());
  if (!present) return;
  const associated = new Set(present);
  for (const address of [...bss.stations.keys()]) if (!associated.has(address)) onStationDisassociated(bss, address);
  for (const address of associated) {
    if (bss.stations.has(address)) continue;
    bss.log.station(address, "IEEE 802.11", "info", "associated unnoticed: sent away, to come again");
    tellToGo(bss, address, "deauthentication", reasonCode["invalid-authentication"]);
  }
}

function judge(bss: Bss, address: MacAddress, octets: Uint8Array): AssociationVerdict {
  const { settings, radio, stations } = bss;
  if (!stations.has(address) && stations.size >= settings.max_num_sta) {
    bss.reportRefusal({ type: "rejected-max-stations", station: address });
    return no("no-more-stations", `there are ${stations.size} stations, as many as max_num_sta allows`);
  }
  const admission = admitTo(bss, address);
  if (admission.admitted === "unknown") {
    // It has come in already, and finds the answer when it comes again.
    bss.radius.addresses.ask(address, () => undefined);
    return no("unspecified-failure", "a RADIUS server is asked about its address first");
  }
  if (!admission.admitted) {
    bss.reportRefusal({ type: "rejected-blocked-station", station: address, because: admission.because });
    return no("unspecified-failure", notAdmittedBecause(admission));
  }
  try {
    return checkOffloadedAssociation(
      { settings, radio: radio.settings, plan: radio.plan, rsn: rsnPolicyOf(settings, radio.capabilities) },
      decodeElements(new Reader(octets, ["association request"])),
    );
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return no("unspecified-failure", `its request is malformed: ${thrown.message}`);
  }
}

const no = (status: StatusName, explanation: string): AssociationVerdict => ({ accepted: false, status, explanation });

/** Too late for a status code. What hostapd says instead. */
const reasonFor: Partial<Readonly<Record<StatusName, ReasonName>>> = {
  "no-more-stations": "no-more-stations",
  "invalid-element": "invalid-element",
  "invalid-group-cipher": "invalid-group-cipher",
  "invalid-pairwise-cipher": "invalid-pairwise-cipher",
  "invalid-akmp": "invalid-akmp",
  "unsupported-rsne-version": "unsupported-rsne-version",
  "invalid-rsne-capabilities": "invalid-rsne-capabilities",
  "cipher-rejected-per-policy": "cipher-out-of-policy",
};

function refuse(bss: Bss, address: MacAddress, status: StatusName, explanation: string, elements?: Uint8Array): void {
  const reason = reasonCode[reasonFor[status] ?? "unspecified"];
  bss.log.station(address, "IEEE 802.11", "info", `association refused: ${explanation} (status ${statusCode[status]})`);
  bss.reportRefusal({ type: "station-refused", station: address, at: "association", status, explanation, elements });
  tellToGo(bss, address, "disassociation", reason);
  // What it may have had before, the firmware has replaced.
  const station = bss.stations.get(address);
  if (station) dropStation(bss, station);
}
