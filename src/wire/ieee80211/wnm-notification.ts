import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { actionCategory } from "./action.ts";

/** WNM Action field. IEEE Std 802.11-2020, table 9-427. */
export const wnmAction = { wnmNotificationRequest: 26 } as const;

/** Notification Type field. IEEE Std 802.11-2020, table 9-435. */
export const wnmNotificationType = { firmwareUpdate: 0, beaconProtectionFailure: 2, vendorSpecific: 221 } as const;

/** WNM Notification Request frame's body. IEEE Std 802.11-2020, 9.6.13.29. */
export interface WnmNotification {
  readonly dialogToken: number;
  /** See {@link wnmNotificationType}. */
  readonly notification: number;
  readonly subelements: Uint8Array;
}

/** With the category: a whole Action frame body. */
export const encodeWnmNotification = ({ dialogToken, notification, subelements }: WnmNotification): Uint8Array =>
  concat(
    new Writer().u8(actionCategory.wnm).u8(wnmAction.wnmNotificationRequest).u8(dialogToken).u8(notification).finish(),
    subelements,
  );

/** From the category on. @throws MalformedError when it is cut, or no such frame */
export function decodeWnmNotification(r: Reader): WnmNotification {
  const category = r.u8();
  const action = r.u8();
  if (category !== actionCategory.wnm || action !== wnmAction.wnmNotificationRequest) {
    r.fail(`category ${category}, action ${action}`);
  }
  return { dialogToken: r.u8(), notification: r.u8(), subelements: r.rest().slice() };
}
