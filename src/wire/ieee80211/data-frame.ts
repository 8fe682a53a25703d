import { type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { frameFlags, frameKinds } from "./frame.ts";

/** Who sends to whom through what; To DS and From DS follow from it. IEEE Std 802.11-2020, table 9-30. */
export type DataAddresses =
  | {
      readonly direction: "to-ap" | "from-ap" | "direct";
      readonly bssid: MacAddress;
      readonly source: MacAddress;
      readonly destination: MacAddress;
    }
  | {
      readonly direction: "four-address";
      readonly receiver: MacAddress;
      readonly transmitter: MacAddress;
      readonly source: MacAddress;
      readonly destination: MacAddress;
    };

/** QoS Control field. IEEE Std 802.11-2020, 9.2.4.5. */
export interface QosControl {
  /** Traffic identifier, 0 to 15. */
  readonly tid: number;
  readonly endOfServicePeriod: boolean;
  /** 0 normal, 1 none, 2 no explicit, 3 block. */
  readonly ackPolicy: number;
  readonly amsdu: boolean;
  /** Bits 8 to 15, whose meaning depends on the sender. */
  readonly upper: number;
}

/** Data frame's MAC header. IEEE Std 802.11-2020, 9.3.2.1. */
export interface DataHeader {
  readonly addresses: DataAddresses;
  readonly retry: boolean;
  readonly moreFragments: boolean;
  readonly powerManagement: boolean;
  readonly moreData: boolean;
  /** The body is encrypted. */
  readonly protected: boolean;
  /** Null and QoS Null: without a body. */
  readonly empty: boolean;
  readonly qos: QosControl | undefined;
  /** 0 to 4095. */
  readonly sequence: number;
  /** 0 to 15. */
  readonly fragment: number;
}

const dataType = frameKinds.indexOf("data") << 2;
const emptySubtype = 0x40;
const qosSubtype = 0x80;
const toDs = frameFlags.toDs;
const fromDs = frameFlags.fromDs;
const htControlLength = 4;

/** The plainest header: what is not given is false or 0. */
export const dataHeader = (
  addresses: DataAddresses,
  rest: Partial<Omit<DataHeader, "addresses">> = {},
): DataHeader => ({
  addresses,
  retry: false,
  moreFragments: false,
  powerManagement: false,
  moreData: false,
  protected: false,
  empty: false,
  qos: undefined,
  sequence: 0,
  fragment: 0,
  ...rest,
});

export function encodeDataHeader(header: DataHeader): Uint8Array {
  let control = dataType;
  if (header.empty) control |= emptySubtype;
  if (header.qos) control |= qosSubtype;
  if (header.moreFragments) control |= frameFlags.moreFragments;
  if (header.retry) control |= frameFlags.retry;
  if (header.powerManagement) control |= frameFlags.powerManagement;
  if (header.moreData) control |= frameFlags.moreData;
  if (header.protected) control |= frameFlags.protected;

  const a = header.addresses;
  const w = new Writer();
  switch (a.direction) {
    case "to-ap":
      addresses(toDs, a.bssid, a.source, a.destination);
      break;
    case "from-ap":
      addresses(fromDs, a.destination, a.bssid, a.source);
      break;
    case "direct":
      addresses(0, a.destination, a.source, a.bssid);
      break;
    case "four-address":
      addresses(toDs | fromDs, a.receiver, a.transmitter, a.destination);
      break;
  }
  w.u16le((header.sequence << 4) | header.fragment);
  if (a.direction === "four-address") w.put(encodeMacAddress(a.source));
  if (header.qos) w.u16le(encodeQos(header.qos));
  return w.finish();

  function addresses(direction: number, ...three: readonly [MacAddress, MacAddress, MacAddress]): void {
    w.u16le(control | direction).u16le(0);
    for (const address of three) w.put(encodeMacAddress(address));
  }
}

/**
 * Leaves `r` at the frame body.
 * @throws MalformedError when it is too short or no data frame
 */
export function decodeDataHeader(r: Reader): DataHeader {
  const control = r.u16le();
  if ((control & 3) !== 0) r.fail(`protocol version ${control & 3}`);
  const kind = frameKinds[(control >>> 2) & 3];
  if (kind !== "data") r.fail(`a ${kind} frame`);
  r.u16le(); // Duration
  const one = decodeMacAddress(r);
  const two = decodeMacAddress(r);
  const three = decodeMacAddress(r);
  const sequenceControl = r.u16le();
  const addresses = addressesOf();
  const hasQos = (control & qosSubtype) !== 0;
  const qos = hasQos ? decodeQos(r.u16le()) : undefined;
  if (hasQos && control & frameFlags.order) r.take(htControlLength);
  return {
    addresses,
    retry: (control & frameFlags.retry) !== 0,
    moreFragments: (control & frameFlags.moreFragments) !== 0,
    powerManagement: (control & frameFlags.powerManagement) !== 0,
    moreData: (control & frameFlags.moreData) !== 0,
    protected: (control & frameFlags.protected) !== 0,
    empty: (control & emptySubtype) !== 0,
    qos,
    sequence: sequenceControl >>> 4,
    fragment: sequenceControl & 0xf,
  };

  function addressesOf(): DataAddresses {
    switch (control & (toDs | fromDs)) {
      case toDs:
        return { direction: "to-ap", bssid: one, source: two, destination: three };
      case fromDs:
        return { direction: "from-ap", destination: one, bssid: two, source: three };
      case toDs | fromDs:
        return {
          direction: "four-address",
          receiver: one,
          transmitter: two,
          destination: three,
          source: decodeMacAddress(r),
        };
      default:
        return { direction: "direct", destination: one, source: two, bssid: three };
    }
  }
}

const encodeQos = (qos: QosControl): number =>
  qos.tid | (qos.endOfServicePeriod ? 0x10 : 0) | (qos.ackPolicy << 5) | (qos.amsdu ? 0x80 : 0) | (qos.upper << 8);

const decodeQos = (value: number): QosControl => ({
  tid: value & 0xf,
  endOfServicePeriod: (value & 0x10) !== 0,
  ackPolicy: (value >>> 5) & 3,
  amsdu: (value & 0x80) !== 0,
  upper: value >>> 8,
});
