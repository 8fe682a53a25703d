import type { Reader } from "../../base/bytes.ts";
import { type BitName, decodeBits, encodeBits } from "./named-bits.ts";

/** IEEE Std 802.11-2020, figure 9-83; names of bits reserved since are those of IEEE Std 802.11-2012. */
export const capabilityBits = {
  ess: 0,
  ibss: 1,
  cfPollable: 2,
  cfPollRequest: 3,
  privacy: 4,
  shortPreamble: 5,
  pbcc: 6,
  channelAgility: 7,
  spectrumManagement: 8,
  qos: 9,
  shortSlotTime: 10,
  apsd: 11,
  radioMeasurement: 12,
  dsssOfdm: 13,
  delayedBlockAck: 14,
  immediateBlockAck: 15,
} as const;

export type Capability = BitName<typeof capabilityBits>;

/** Capability Information field. IEEE Std 802.11-2020, 9.4.1.4. */
export type CapabilityInformation = ReadonlySet<Capability>;

/** As the number that crosses little-endian. */
export const encodeCapabilityInformation = (capabilities: CapabilityInformation): number =>
  encodeBits(capabilityBits, capabilities);

export const decodeCapabilityInformation = (r: Reader): CapabilityInformation =>
  decodeBits(capabilityBits, r.u16le()).names;
