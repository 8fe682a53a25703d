/** CCMP over whole MPDUs, as the virtual radio does it. IEEE Std 802.11-2020, 12.5.3. */

import { concat, Writer } from "../base/bytes.ts";
import { ccmOpen, ccmSeal } from "./backend/node.ts";

export interface CcmpFrame {
  /** MAC header, 24 to 32 octets, with its QoS Control field if it has one. */
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

const ccmpHeaderLength = 8;
const micLength = 8;

/** @param packetNumber 48 bits @returns the body with CCMP header and MIC around it */
export function ccmpEncrypt(key: Uint8Array, keyId: number, packetNumber: bigint, frame: CcmpFrame): Uint8Array {
  const pn = packetNumberOctets(packetNumber);
  const { data, mic } = ccmSeal(key, nonce(frame.header, pn), additionalData(frame.header), frame.body, micLength);
  const octet = (i: number): number => pn[i] ?? 0;
  const header = Uint8Array.of(octet(5), octet(4), 0, (keyId << 6) | 0x20, octet(3), octet(2), octet(1), octet(0));
  return concat(header, data, mic);
}

/** @returns undefined where the frame is cut or its MIC is wrong */
export function ccmpDecrypt(key: Uint8Array, frame: CcmpFrame): { body: Uint8Array; packetNumber: bigint } | undefined {
  const { header, body } = frame;
  if (body.length < ccmpHeaderLength + micLength) return undefined;
  const octet = (i: number): number => body[i] ?? 0;
  const pn = Uint8Array.of(octet(7), octet(6), octet(5), octet(4), octet(1), octet(0));
  const sealed = { data: body.subarray(ccmpHeaderLength, -micLength), mic: body.subarray(-micLength) };
  const plain = ccmOpen(key, nonce(header, pn), additionalData(header), sealed);
  return plain && { body: plain, packetNumber: pn.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
}

/** Key ID of a protected body, from its CCMP header. */
export const ccmpKeyId = (body: Uint8Array): number => (body[3] ?? 0) >>> 6;

/** Most significant octet first. */
const packetNumberOctets = (packetNumber: bigint): Uint8Array => new Writer().u64be(packetNumber).finish().subarray(2);

const isQos = (header: Uint8Array): boolean => ((header[0] ?? 0) & 0x8c) === 0x88;
const hasFourAddresses = (header: Uint8Array): boolean => ((header[1] ?? 0) & 0x03) === 0x03;
const qosOffset = (header: Uint8Array): number => (hasFourAddresses(header) ? 30 : 24);

/** 12.5.3.3.4. */
function nonce(header: Uint8Array, pn: Uint8Array): Uint8Array {
  const isManagement = ((header[0] ?? 0) & 0x0c) === 0;
  const tid = isQos(header) ? (header[qosOffset(header)] ?? 0) & 0x0f : 0;
  return concat(Uint8Array.of(tid | (isManagement ? 0x10 : 0)), header.subarray(10, 16), pn);
}

/** 12.5.3.3.3: what may change on a retransmission is masked out. */
function additionalData(header: Uint8Array): Uint8Array {
  const out = header.slice(0, hasFourAddresses(header) ? 30 : 24);
  const isData = ((header[0] ?? 0) & 0x0c) === 0x08;
  if (isData) out[0] = (out[0] ?? 0) & 0x8f;
  out[1] = ((out[1] ?? 0) & 0xc7) | 0x40;
  if (isQos(header)) out[1] &= 0x7f;
  out[22] = (out[22] ?? 0) & 0x0f;
  out[23] = 0;
  // The duration is not part of it.
  const withoutDuration = concat(out.subarray(0, 2), out.subarray(4));
  return isQos(header)
    ? concat(withoutDuration, Uint8Array.of((header[qosOffset(header)] ?? 0) & 0x0f, 0))
    : withoutDuration;
}
