/** Frames from the air: whose they are, whether they are new, and which part of the access point they concern. */

import { MalformedError, Reader } from "../base/bytes.ts";
import { broadcast, isGroupAddress, type MacAddress, zeroAddress } from "../base/mac-address.ts";
import { decodeManagementHeader, type ManagementHeader } from "../wire/ieee80211/frame.ts";
import { reasonCode } from "../wire/ieee80211/reason-code.ts";
import { onAction } from "./action.ts";
import { onAssociationRequest } from "./association.ts";
import { onAuthentication } from "./authentication.ts";
import type { Bss } from "./bss.ts";
import { onFourAddressFrame } from "./four-address.ts";
import { onStationLeaves, tellToGo } from "./leaving.ts";
import { onProbeRequest } from "./probing.ts";
import type { Station } from "./station.ts";

/** Never throws for what is wrong with the frame. @param frame MAC header first */
export function onManagement(bss: Bss, frame: Uint8Array, signalDbm: number | undefined): void {
  const reader = new Reader(frame, ["management frame"]);
  try {
    route(bss, decodeManagementHeader(reader), reader, signalDbm);
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    bss.tally.count("malformed management frame", thrown.message);
  }
}

/** A data frame of somebody who isn't associated. IEEE Std 802.11-2020, 11.3.4.1. */
export function onUnexpectedFrame(bss: Bss, source: MacAddress, fourAddress: boolean): void {
  if (isNobodys(bss, source) || (fourAddress && onFourAddressFrame(bss, source))) return;
  const station = bss.stations.get(source);
  if (station?.link.kind === "associated" || station?.link.kind === "associating") return;
  bss.tally.count("data frame of a station that is not associated", source);
  const subtype = station?.link.kind === "authenticated" ? "disassociation" : "deauthentication";
  tellToGo(bss, source, subtype, reasonCode["invalid-class3-frame"]);
}

/** Whom nobody may answer: in the name of a group it would be meant for everybody, and a refusal would end them all. */
export function isNobodys(bss: Bss, transmitter: MacAddress): boolean {
  const isOwn = transmitter === bss.address;
  if (!isOwn && !isGroupAddress(transmitter) && transmitter !== zeroAddress) return false;
  bss.tally.count(isOwn ? "frame under our own address" : "frame from an address that is nobody's", transmitter);
  return true;
}

function route(bss: Bss, header: ManagementHeader, reader: Reader, signalDbm: number | undefined): void {
  if (!bss.isBeaconing || isNobodys(bss, header.transmitter)) return;
  if (header.subtype === "probe-request") return onProbeRequest(bss, header, reader, signalDbm);
  if (!isForUs(bss, header)) return;
  bss.radio.seen.note(header.transmitter, signalDbm);
  if (bss.settings.notify_mgmt_frames) bss.report({ type: "management-noticed", frame: reader.bytes });
  if (bss.isOffloaded && header.subtype !== "action") {
    return bss.tally.count("management frame that is the firmware's to answer", header.subtype);
  }
  const station = bss.stations.get(header.transmitter);
  if (station && isRepeated(bss, station, header)) return;
  if (station) station.signalDbm = signalDbm ?? station.signalDbm;
  switch (header.subtype) {
    case "authentication":
      onAuthentication(bss, header, reader);
      return noteSignalAtAuthentication(bss, header.transmitter, signalDbm);
    case "association-request":
    case "reassociation-request":
      return onAssociationRequest(bss, header, reader);
    case "deauthentication":
    case "disassociation":
      return onStationLeaves(bss, header, reader);
    case "action":
      return onAction(bss, header, reader);
    default:
      return bss.tally.count("management frame that stations don't send", header.subtype);
  }
}

/** The entry may be a new one. */
function noteSignalAtAuthentication(bss: Bss, address: MacAddress, signalDbm: number | undefined): void {
  const station = bss.stations.get(address);
  if (!station || signalDbm === undefined) return;
  station.signalDbm = signalDbm;
  station.signalAtAuthentication = signalDbm;
}

/** Action frames may be for all, and Public ones come from other networks too. IEEE Std 802.11-2020, 9.3.3.13, 11.20. */
function isForUs({ address }: Bss, { subtype, receiver, bssid }: ManagementHeader): boolean {
  if (subtype !== "action") return receiver === address && bssid === address;
  return [address, broadcast].includes(receiver) && [address, broadcast].includes(bssid);
}

/** Our acknowledgement was lost, so it comes again. IEEE Std 802.11-2020, 10.3.2.14. */
function isRepeated(bss: Bss, station: Station, { subtype, sequence, fragment, retry }: ManagementHeader): boolean {
  const { lastReceived } = station;
  station.lastReceived = { subtype, sequence };
  if (!retry || lastReceived?.subtype !== subtype || lastReceived.sequence !== sequence) return false;
  const kind = subtype.endsWith("association-request") ? "association" : subtype;
  const sequenceControl = ((sequence << 4) | fragment).toString(16);
  const text = `Drop repeated ${kind} frame seq_ctrl=0x${sequenceControl}`;
  bss.log.station(station.address, "IEEE 802.11", "debug", text);
  return true;
}
