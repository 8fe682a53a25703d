import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";

/** Type subfield of Frame Control. IEEE Std 802.11-2020, 9.2.4.1.3. */
export const frameKinds = ["management", "control", "data", "extension"] as const;

export type FrameKind = (typeof frameKinds)[number];

/** Subtype subfield where the type is Management. IEEE Std 802.11-2020, table 9-1. */
const subtypes = {
  "association-request": 0,
  "association-response": 1,
  "reassociation-request": 2,
  "reassociation-response": 3,
  "probe-request": 4,
  "probe-response": 5,
  "timing-advertisement": 6,
  beacon: 8,
  atim: 9,
  disassociation: 10,
  authentication: 11,
  deauthentication: 12,
  action: 13,
  "action-no-ack": 14,
} as const;

export type ManagementSubtype = keyof typeof subtypes | "unknown";

const subtypeNames = new Map<number, ManagementSubtype>(
  Object.entries(subtypes).map(([name, value]) => [value, name as ManagementSubtype]),
);

/** Flags subfields of Frame Control. IEEE Std 802.11-2020, 9.2.4.1.4 to 9.2.4.1.10. */
export const frameFlags = {
  toDs: 0x0100,
  fromDs: 0x0200,
  moreFragments: 0x0400,
  retry: 0x0800,
  powerManagement: 0x1000,
  moreData: 0x2000,
  protected: 0x4000,
  /** HT Control follows, in management and QoS data frames. */
  order: 0x8000,
} as const;

export const managementHeaderLength = 24;
const htControlLength = 4;

/** Management frame's MAC header. IEEE Std 802.11-2020, 9.3.3.1. */
export interface ManagementHeader {
  readonly subtype: ManagementSubtype;
  readonly retry: boolean;
  /** The body is encrypted. */
  readonly protected: boolean;
  readonly receiver: MacAddress;
  readonly transmitter: MacAddress;
  readonly bssid: MacAddress;
  /** 0 to 4095. */
  readonly sequence: number;
  /** 0 to 15. */
  readonly fragment: number;
}

/** What a sender decides; the sequence number is the radio's. */
export interface ManagementAddressing {
  readonly subtype: Exclude<ManagementSubtype, "unknown">;
  readonly receiver: MacAddress;
  readonly transmitter: MacAddress;
  readonly bssid: MacAddress;
}

/** @returns undefined where there is no whole Frame Control field, or its protocol version is not 0 */
export function frameKind(frame: Uint8Array): FrameKind | undefined {
  const [control] = frame;
  if (frame.length < 2 || control === undefined || (control & 3) !== 0) return undefined;
  return frameKinds[(control >>> 2) & 3];
}

/** Sequence number and fragment number stay 0 for the radio to fill in. */
export function encodeManagementFrame(header: ManagementAddressing, body: Uint8Array): Uint8Array {
  const w = new Writer()
    .u16le(subtypes[header.subtype] << 4)
    .u16le(0) // Duration is the radio's too
    .put(encodeMacAddress(header.receiver))
    .put(encodeMacAddress(header.transmitter))
    .put(encodeMacAddress(header.bssid))
    .u16le(0);
  return concat(w.finish(), body);
}

/**
 * Leaves `r` at the frame body.
 * @throws MalformedError when it is too short or no management frame
 */
export function decodeManagementHeader(r: Reader): ManagementHeader {
  const control = r.u16le();
  if ((control & 3) !== 0) r.fail(`protocol version ${control & 3}`);
  const kind = frameKinds[(control >>> 2) & 3];
  if (kind !== "management") r.fail(`a ${kind} frame`);
  r.u16le(); // Duration
  const receiver = decodeMacAddress(r);
  const transmitter = decodeMacAddress(r);
  const bssid = decodeMacAddress(r);
  const sequenceControl = r.u16le();
  if (control & frameFlags.order) r.take(htControlLength);
  return {
    subtype: subtypeNames.get((control >>> 4) & 0xf) ?? "unknown",
    retry: (control & frameFlags.retry) !== 0,
    protected: (control & frameFlags.protected) !== 0,
    receiver,
    transmitter,
    bssid,
    sequence: sequenceControl >>> 4,
    fragment: sequenceControl & 0xf,
  };
}
