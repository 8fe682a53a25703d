/** Wireless network management: what stations tell of their own accord. IEEE Std 802.11-2020, 11.21. */

import type { Reader } from "../base/bytes.ts";
import { decodeWnmNotification, wnmAction, wnmNotificationType } from "../wire/ieee80211/wnm-notification.ts";
import type { Bss } from "./bss.ts";
import { protectsBeacons } from "./management-protection.ts";
import type { Station } from "./station.ts";

/** @param body from the category on */
export function onWnm(bss: Bss, station: Station, body: Reader): void {
  if (body.bytes[1] !== wnmAction.wnmNotificationRequest) return;
  const { notification } = decodeWnmNotification(body);
  if (notification !== wnmNotificationType.beaconProtectionFailure) return;
  if (!station.isAuthorized || !protectsBeacons(bss.settings, bss.radio.capabilities)) return;
  bss.log.station(station.address, "IEEE 802.11", "info", "Beacon protection failure reported");
  bss.reportRefusal({ type: "unprotected-beacon", reporter: station.address });
}
