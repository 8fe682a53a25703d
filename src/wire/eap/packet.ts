import { type Reader, Writer } from "../../base/bytes.ts";
import { type EapType, expandedType } from "./types.ts";

/** Code field. RFC 3748, section 4; RFC 6696, section 5.3 for the last two. */
export const eapCodes = { request: 1, response: 2, success: 3, failure: 4, initiate: 5, finish: 6 } as const;

/** What asks a peer for something, or answers it. RFC 3748, section 4.1. */
export interface EapExchange {
  readonly code: "request" | "response";
  readonly identifier: number;
  readonly type: EapType;
  /** It came in the expanded form, which any type may have. What it is made of says nothing of it but for a Nak. */
  readonly expanded: boolean;
  /** Type-Data. */
  readonly data: Uint8Array;
}

/** RFC 3748, section 4.2. */
export interface EapResult {
  readonly code: "success" | "failure";
  readonly identifier: number;
}

/** EAP-Initiate and EAP-Finish. RFC 6696, section 5.3. */
export interface EapReauthentication {
  readonly code: "initiate" | "finish";
  readonly identifier: number;
  /** 1: Re-auth-Start, 2: Re-auth. */
  readonly type: number;
  readonly data: Uint8Array;
}

export type EapPacket = EapExchange | EapResult | EapReauthentication;

export const eapHeaderLength = 4;
const vendorPartLength = 7;

export function encodeEap(packet: EapPacket): Uint8Array {
  const length = lengthOf(packet);
  const w = new Writer(length).u8(eapCodes[packet.code]).u8(packet.identifier).u16be(length);
  switch (packet.code) {
    case "success":
    case "failure":
      return w.finish();
    case "initiate":
    case "finish":
      return w.u8(packet.type).put(packet.data).finish();
    case "request":
    case "response": {
      const { type, data } = packet;
      if (!isExpanded(packet)) return w.u8(type.type).put(data).finish();
      return w.u8(expandedType).u24be(type.vendor).u32be(type.type).put(data).finish();
    }
  }
}

function lengthOf(packet: EapPacket): number {
  switch (packet.code) {
    case "success":
    case "failure":
      return eapHeaderLength;
    case "initiate":
    case "finish":
      return eapHeaderLength + 1 + packet.data.length;
    case "request":
    case "response":
      return eapHeaderLength + 1 + (isExpanded(packet) ? vendorPartLength : 0) + packet.data.length;
  }
}

const isExpanded = ({ type, expanded }: EapExchange): boolean =>
  expanded || type.vendor !== 0 || type.type >= expandedType;

/**
 * What follows the packet is the link's padding, and dropped. RFC 3748, section 4.1.
 * @throws MalformedError when it is cut, when a field is missing, or the code is none
 */
export function decodeEap(r: Reader): EapPacket {
  const code = r.u8();
  const identifier = r.u8();
  const length = r.u16be();
  if (length < eapHeaderLength) r.fail(`a length of ${length} octets, which is less than the header has`);
  const body = r.field("body", length - eapHeaderLength);
  switch (code) {
    case eapCodes.request:
    case eapCodes.response:
      return decodeExchange(code === eapCodes.request ? "request" : "response", identifier, body);
    case eapCodes.success:
    case eapCodes.failure:
      if (body.remaining > 0) body.fail(`${body.remaining} octets, where none may be`);
      return { code: code === eapCodes.success ? "success" : "failure", identifier };
    case eapCodes.initiate:
    case eapCodes.finish: {
      const type = body.u8();
      return { code: code === eapCodes.initiate ? "initiate" : "finish", identifier, type, data: body.rest().slice() };
    }
    default:
      return r.fail(`unknown code ${code}`);
  }
}

function decodeExchange(code: EapExchange["code"], identifier: number, body: Reader): EapExchange {
  const first = body.u8();
  const expanded = first === expandedType;
  const type = expanded ? { vendor: body.u24be(), type: body.u32be() } : { vendor: 0, type: first };
  return { code, identifier, type, expanded, data: body.rest().slice() };
}

/** Octets of a request. */
export const encodeEapRequest = (identifier: number, type: EapType, data: Uint8Array): Uint8Array =>
  encodeEap({ code: "request", identifier, type, expanded: false, data });
