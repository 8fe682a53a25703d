import { type Reader, Writer } from "../../base/bytes.ts";
import { type Element, elementExtension, elementId } from "./element.ts";

/** OWE Diffie-Hellman Parameter element. RFC 8110, section 4.1; IEEE Std 802.11-2020, 9.4.2.234 (reserved for it). */
export interface OweDiffieHellman {
  readonly group: number;
  /** Of elliptic-curve groups the x coordinate only. */
  readonly publicKey: Uint8Array;
}

/** @throws MalformedError when it has no group */
export const decodeOweDiffieHellman = (r: Reader): OweDiffieHellman => ({
  group: r.u16le(),
  publicKey: r.rest().slice(),
});

export const oweDiffieHellmanElement = ({ group, publicKey }: OweDiffieHellman): Element => ({
  id: elementId.extension,
  extension: elementExtension.oweDiffieHellman,
  data: new Writer().u16le(group).put(publicKey).finish(),
});
