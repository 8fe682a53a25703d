import type { Reader } from "../../base/bytes.ts";

const widths = ["20", "40", "80", "160"] as const;

/** Operating Mode field. IEEE Std 802.11-2020, 9.4.1.53. */
export interface OperatingMode {
  /** Widest that it receives; 160 stands for 80+80 too. */
  readonly width: (typeof widths)[number];
  /** Spatial streams that it receives, 1 to 8; with beamforming, where `beamforming` says so. */
  readonly spatialStreams: number;
  readonly noLdpc: boolean;
  readonly beamforming: boolean;
}

/** One octet: the element's body, and what a driver takes. */
export const encodeOperatingMode = (mode: OperatingMode): number =>
  (mode.width === "160" ? widths.indexOf("80") | (1 << 2) : widths.indexOf(mode.width)) |
  (mode.noLdpc ? 1 << 3 : 0) |
  ((mode.spatialStreams - 1) << 4) |
  (mode.beamforming ? 1 << 7 : 0);

/** @throws MalformedError when it is missing */
export function decodeOperatingMode(r: Reader): OperatingMode {
  const octet = r.u8();
  const width = widths[octet & 3] ?? "20";
  return {
    // 160 MHz has a bit of its own beside 80; the value 3 is how it was told before.
    width: width === "80" && octet & (1 << 2) ? "160" : width,
    spatialStreams: ((octet >>> 4) & 7) + 1,
    noLdpc: (octet & (1 << 3)) !== 0,
    beamforming: (octet & (1 << 7)) !== 0,
  };
}
