import { concat, type Reader, Writer } from "../../base/bytes.ts";

/** Packet Type field. IEEE Std 802.1X-2020, table 11-3. */
const packetTypes = ["eap-packet", "start", "logoff", "key", "encapsulated-asf-alert"] as const;

export type EapolType = (typeof packetTypes)[number];

/** An EAPOL PDU, what follows EtherType 0x888e. IEEE Std 802.1X-2020, 11.3. */
export interface EapolPdu {
  /** 1 to 3; any is accepted. */
  readonly version: number;
  readonly type: EapolType | "unknown";
  readonly body: Uint8Array;
}

export const eapolHeaderLength = 4;

export const encodeEapol = (pdu: EapolPdu & { readonly type: EapolType }): Uint8Array =>
  concat(new Writer().u8(pdu.version).u8(packetTypes.indexOf(pdu.type)).u16be(pdu.body.length).finish(), pdu.body);

/** What follows the body is a link's padding, and dropped. @throws MalformedError when the body is cut */
export function decodeEapol(r: Reader): EapolPdu {
  const version = r.u8();
  const type = packetTypes[r.u8()] ?? "unknown";
  return { version, type, body: r.take(r.u16be()).slice() };
}
