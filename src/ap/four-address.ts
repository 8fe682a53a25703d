/**
 * Stations that bridge: their data frames have four addresses, and each of them has an interface of its own that a
 * bridge of ours can have as a port. Known as WDS; IEEE Std 802.11-2020, 9.3.2.1, leaves its use open.
 */

import type { MacAddress } from "../base/mac-address.ts";
import type { Bss } from "./bss.ts";
import type { Station } from "./station.ts";
import { installWepKeys } from "./wep.ts";

/** Linux's limit for the name of an interface. */
const longestName = 15;

/** A frame of four addresses of somebody whose frames had three until now. @returns whether it is a station's that may */
export function onFourAddressFrame(bss: Bss, address: MacAddress): boolean {
  const station = bss.stations.get(address);
  if (!station || !bss.settings.wds_sta) return false;
  switch (station.link.kind) {
    case "associating":
      // Our answer's acknowledgement is still on its way.
      station.wantsFourAddresses = true;
      return true;
    case "associated":
      openBridgePort(bss, station);
      return true;
    default:
      return false;
  }
}

/** The association stands: what was asked for before that happens now. */
export function onAssociationStands(bss: Bss, station: Station): void {
  if (station.wantsFourAddresses) openBridgePort(bss, station);
  station.wantsFourAddresses = false;
}

function openBridgePort(bss: Bss, station: Station): void {
  const { settings, log } = bss;
  const { address, association } = station;
  if (association?.aid === undefined) return;
  if (station.vlan) return log.station(address, "IEEE 802.11", "info", "it is in a VLAN, and may not bridge");
  const interfaceName = `${bss.name}.sta${association.aid}`;
  if (interfaceName.length > longestName) {
    const text = `it may not bridge: the name '${interfaceName}' is longer than the ${longestName} characters that Linux allows`;
    return log.station(address, "IEEE 802.11", "info", text);
  }
  const { bridgePort } = station;
  if (bridgePort?.interfaceName === interfaceName) {
    bss.attempt((port) => port.assignStation(address, bridgePort));
    return;
  }
  closeBridgePort(bss, station);
  const bridge = settings.wds_bridge ?? settings.bridge;
  bss.attempt((port) => {
    const opened = port.openVlan(
      { interfaceName, fourAddresses: true, ...(bridge === undefined ? {} : { network: { bridge } }) },
      () => closeBridgePort(bss, station),
    );
    station.bridgePort = opened;
    bss.report({ type: "bridge-port-added", station: address, interfaceName });
    port.assignStation(address, opened);
    installWepKeys(bss, opened);
  });
}

/** The association is over. The interface stays for the next one. */
export function leaveBridgePort(bss: Bss, { bridgePort, address, isInDriver }: Station): void {
  // Its last frames may still be on their way.
  if (bridgePort && isInDriver) bss.attempt((port) => port.assignStation(address, undefined));
}

/** The station has gone, or somebody else has removed the interface. */
export function closeBridgePort(bss: Bss, station: Station): void {
  const { bridgePort, address } = station;
  station.wantsFourAddresses = false;
  if (!bridgePort) return;
  leaveBridgePort(bss, station);
  station.bridgePort = undefined;
  bridgePort.close();
  bss.report({ type: "bridge-port-removed", station: address, interfaceName: bridgePort.interfaceName });
}
