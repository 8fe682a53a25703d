import type { Reader } from "../../base/bytes.ts";

/** BSS Color Change Announcement element, without its extension octet. IEEE Std 802.11ax-2021, 9.4.2.256. */
export interface ColorChangeAnnouncement {
  /** Beacons until the change. */
  readonly countdown: number;
  /** 0 to 63. */
  readonly color: number;
}

export const encodeColorChange = ({ countdown, color }: ColorChangeAnnouncement): Uint8Array =>
  Uint8Array.of(countdown, color & 0x3f);

/** @throws MalformedError when it is cut */
export const decodeColorChange = (r: Reader): ColorChangeAnnouncement => ({ countdown: r.u8(), color: r.u8() & 0x3f });
