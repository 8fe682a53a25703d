import { hexOf } from "../../base/bytes.ts";
import type { Duration } from "../../base/duration.ts";
import type { Ipv4Address } from "../../base/ipv4-address.ts";
import type { MacAddress } from "../../base/mac-address.ts";

/** Who a client is: its client identifier, or else type and hardware address. RFC 2131, section 2, 4.2. */
export type ClientKey = string & { readonly __brand: "ClientKey" };

/** @param identifier octets of option 61 @param hardware type and address */
export const clientKeyOf = (identifier: Uint8Array | undefined, hardware: Uint8Array): ClientKey =>
  (identifier !== undefined && identifier.length > 0
    ? `id ${hexOf(identifier)}`
    : `hw ${hexOf(hardware)}`) as ClientKey;

/** An address that a client has, or had. */
export interface Lease {
  readonly address: Ipv4Address;
  readonly client: ClientKey;
  readonly hardware: MacAddress | undefined;
  /** As the client calls itself, octets that are letters, digits, hyphens and dots. */
  readonly hostName: string | undefined;
  /** On the clock; undefined for one without an end. */
  readonly until: Duration | undefined;
  /** When it was given or renewed last. */
  readonly since: Duration;
}

/** Lasts for ever. RFC 2131, section 3.3. */
export const infiniteTime = 0xffff_ffff;
