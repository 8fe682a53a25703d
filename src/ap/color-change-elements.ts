import { encodeColorChange } from "../wire/ieee80211/color-change.ts";
import { type Element, elementExtension, elementId } from "../wire/ieee80211/element.ts";

/** A change of the BSS's colour that stations are told of. */
export interface ColorAnnouncement {
  readonly color: number;
  /** In beacons. */
  readonly countdown: number;
}

/** After HE Operation. IEEE Std 802.11ax-2021, 9.3.3.2. */
export function colorChangeElements(announcement: ColorAnnouncement | undefined): Element[] {
  if (!announcement) return [];
  const extension = elementExtension.bssColorChangeAnnouncement;
  return [{ id: elementId.extension, extension, data: encodeColorChange(announcement) }];
}
