/** Transition Disable, told in message 3. Wi-Fi Alliance, WPA3 Specification 3.3, 8. */

import { concat, Writer } from "../base/bytes.ts";
import { type Element, elementId, oui } from "../wire/ieee80211/element.ts";

const kdeType = 0x20;

/** The KDE, which has the form of an element. @param bits as transition_disable says @returns nothing for no bits */
export function transitionDisableKde(bits: number): readonly Element[] {
  if (bits === 0) return [];
  const selector = new Writer().u24be(oui.wifiAlliance).u8(kdeType).finish();
  return [{ id: elementId.vendorSpecific, data: concat(selector, Uint8Array.of(bits)) }];
}
