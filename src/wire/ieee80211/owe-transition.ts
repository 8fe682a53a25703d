import { type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { type Element, oui, vendorElement } from "./element.ts";

/** OWE Transition Mode element: where the other half of a network is. Wi-Fi Alliance, OWE Specification 1.1, 2.2.1. */
export interface OweTransition {
  readonly bssid: MacAddress;
  readonly ssid: Uint8Array;
}

export const oweTransitionType = 0x1c;

export const oweTransitionElement = ({ bssid, ssid }: OweTransition): Element =>
  vendorElement(
    oui.wifiAlliance,
    oweTransitionType,
    new Writer().put(encodeMacAddress(bssid)).u8(ssid.length).put(ssid).finish(),
  );

/** What follows OUI and type; a band and channel after it are left alone. @throws MalformedError when a field is cut */
export function decodeOweTransition(r: Reader): OweTransition {
  const bssid = decodeMacAddress(r);
  return { bssid, ssid: r.take(r.u8()).slice() };
}
