/** What a dhcpd.conf asks for, with nothing of its text left in it. */

import type { Ipv4Address, Ipv4Network } from "../../base/ipv4-address.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { Condition, DataExpression } from "./expressions.ts";

/** How a client is served; what an inner part of the file says stands above what an outer one says. */
export interface Parameters {
  /** Seconds. */
  readonly defaultLeaseTime?: number;
  readonly maxLeaseTime?: number;
  readonly minLeaseTime?: number;
  /** Clients with an address that is wrong here are told so. */
  readonly authoritative?: boolean;
  /** A new address is asked for on the network before it is given. */
  readonly pingCheck?: boolean;
  /** How long the answer is waited for, in seconds. */
  readonly pingTimeout?: number;
  readonly nextServer?: Ipv4Address;
  /** Octets. */
  readonly fileName?: Uint8Array;
  readonly serverName?: Uint8Array;
  readonly serverIdentifier?: Ipv4Address;
  /** Clients that no `host` names may have an address. */
  readonly unknownClients?: boolean;
  readonly booting?: boolean;
  readonly declines?: boolean;
  readonly duplicates?: boolean;
  /** A client that asks for a second lease gives its first back. */
  readonly oneLeasePerClient?: boolean;
  /** The name of a `host` is given as its host-name. */
  readonly useHostNames?: boolean;
  readonly alwaysBroadcast?: boolean;
  /** By code: octets as they are sent. */
  readonly options?: ReadonlyMap<number, Uint8Array>;
}

export interface AddressRange {
  readonly first: Ipv4Address;
  /** Included. */
  readonly last: Ipv4Address;
}

/** Who may have an address of a pool: any `deny` that fits keeps out, and where there are `allow`s, one has to fit. */
export interface Permit {
  readonly action: "allow" | "deny";
  readonly who:
    | { readonly kind: "known-clients" | "unknown-clients" | "all-clients" }
    | { readonly kind: "members"; readonly className: string };
}

export interface Pool {
  readonly ranges: readonly AddressRange[];
  readonly permits: readonly Permit[];
  readonly parameters: Parameters;
}

export interface Subnet {
  readonly network: Ipv4Network;
  readonly pools: readonly Pool[];
  readonly parameters: Parameters;
}

/** Subnets on one wire; one that stands alone is a shared network of itself. */
export interface SharedNetwork {
  readonly name: string;
  readonly subnets: readonly Subnet[];
  /** Of pools that stand beside the subnets. */
  readonly pools: readonly Pool[];
}

export interface Host {
  readonly name: string;
  readonly hardware: MacAddress | undefined;
  /** Octets of the option. */
  readonly clientIdentifier: Uint8Array | undefined;
  readonly fixedAddresses: readonly Ipv4Address[];
  /** `deny booting;`: it gets nothing at all. */
  readonly parameters: Parameters;
}

export interface ClientClass {
  readonly name: string;
  /** `match if`. */
  readonly condition: Condition | undefined;
  /** `match`: what is compared with the subclasses. */
  readonly key: DataExpression | undefined;
  readonly subclasses: readonly Subclass[];
  readonly parameters: Parameters;
}

export interface Subclass {
  /** Octets. */
  readonly key: Uint8Array;
  readonly parameters: Parameters;
}

/** `if`: parameters that hold where the condition is met. */
export interface DhcpConfiguration {
  readonly networks: readonly SharedNetwork[];
  readonly hosts: readonly Host[];
  readonly classes: readonly ClientClass[];
  /** Those outside of everything. */
  readonly parameters: Parameters;
}
