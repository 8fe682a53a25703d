/** What IEEE 802.1X's authenticator has to tell of one supplicant, as the access point's events and in its log. */

import type { MacAddress } from "../base/mac-address.ts";
import type { AuthenticatorNote } from "../dot1x/authenticator-state.ts";
import { isPassThrough } from "./backend.ts";
import type { Bss } from "./bss.ts";
import { printable } from "./ssid-text.ts";

export function tellOfEap(bss: Bss, station: MacAddress, note: AuthenticatorNote): void {
  const passThrough = isPassThrough(bss.settings);
  switch (note.type) {
    case "started":
      return bss.report({ type: "eap-started", station });
    case "identity":
      return bss.log.station(station, "IEEE 802.1X", "debug", `STA identity '${printable(note.identity)}'`);
    case "proposed":
      return bss.report({ type: "eap-method-proposed", station, vendor: note.method.vendor, method: note.method.type });
    case "repeated":
      return bss.reportRefusal({ type: "eap-request-repeated", station, passThrough: passThrough && note.byServer });
    case "unanswered":
      return bss.reportRefusal({ type: "eap-timed-out", station, passThrough: passThrough && note.byServer });
    case "eap-succeeded":
      return bss.report({ type: "eap-succeeded", station, passThrough });
    case "eap-failed":
      bss.log.station(station, "IEEE 802.1X", "info", `EAP failed: ${note.reason}`);
      return bss.reportRefusal({ type: "eap-failed", station, passThrough, reason: note.reason });
    case "unreachable":
      bss.reportRefusal({ type: "eap-unreachable", station, reason: note.reason });
      return bss.log.station(station, "IEEE 802.1X", "warning", `nobody authenticates it: ${note.reason}`);
  }
}
