import { type Reader, Writer } from "../../base/bytes.ts";

/** Whom stations of this group may talk over. IEEE Std 802.11ax-2021, 9.4.2.252. */
export interface SpatialReuseGroup {
  /** In dB above -82 dBm. */
  readonly obssPdMinOffset: number;
  readonly obssPdMaxOffset: number;
  /** 8 octets each; a bit for a BSS colour, and for six bits of a BSSID. */
  readonly bssColors: Uint8Array;
  readonly partialBssids: Uint8Array;
}

/** Spatial Reuse Parameter Set element. IEEE Std 802.11ax-2021, 9.4.2.252. */
export interface SpatialReuse {
  /** Parameterized spatial reuse is not allowed. */
  readonly psrDisallowed: boolean;
  readonly nonSrgObssPdDisallowed: boolean;
  /** HESIGA_Spatial_reuse_value15_allowed. */
  readonly value15Allowed: boolean;
  /** In dB above -82 dBm. */
  readonly nonSrgObssPdMaxOffset: number | undefined;
  readonly group: SpatialReuseGroup | undefined;
}

export function encodeSpatialReuse(sr: SpatialReuse): Uint8Array {
  const control =
    bit(0, sr.psrDisallowed) |
    bit(1, sr.nonSrgObssPdDisallowed) |
    bit(2, sr.nonSrgObssPdMaxOffset !== undefined) |
    bit(3, sr.group !== undefined) |
    bit(4, sr.value15Allowed);
  const w = new Writer().u8(control);
  if (sr.nonSrgObssPdMaxOffset !== undefined) w.u8(sr.nonSrgObssPdMaxOffset);
  if (sr.group !== undefined) {
    w.u8(sr.group.obssPdMinOffset).u8(sr.group.obssPdMaxOffset).put(sr.group.bssColors).put(sr.group.partialBssids);
  }
  return w.finish();
}

/** @param r the body after the extension ID @throws MalformedError when it is cut */
export function decodeSpatialReuse(r: Reader): SpatialReuse {
  const control = r.u8();
  const has = (at: number): boolean => (control & (1 << at)) !== 0;
  return {
    psrDisallowed: has(0),
    nonSrgObssPdDisallowed: has(1),
    value15Allowed: has(4),
    nonSrgObssPdMaxOffset: has(2) ? r.u8() : undefined,
    group: has(3) ? decodeGroup(r) : undefined,
  };
}

const decodeGroup = (r: Reader): SpatialReuseGroup => ({
  obssPdMinOffset: r.u8(),
  obssPdMaxOffset: r.u8(),
  bssColors: r.take(8).slice(),
  partialBssids: r.take(8).slice(),
});

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
