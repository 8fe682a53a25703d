/** A block of dhcpd.conf that is being read, and what it has of the blocks around it. */

import {
  broadcastOf,
  formatIpv4Address,
  type Ipv4Address,
  type Ipv4Network,
  isInNetwork,
} from "../../base/ipv4-address.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { AddressRange, Parameters, Permit, Pool, Subnet } from "./configuration.ts";
import type { Cursor } from "./cursor.ts";
import type { Condition, DataExpression } from "./expressions.ts";
import { combined } from "./parameters.ts";
import type { Place } from "./tokens.ts";

export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A block that is being read. Parts that a kind of block can't have are undefined there. */
export interface Scope {
  readonly kind: "file" | "group" | "shared-network" | "subnet" | "pool" | "host" | "class" | "subclass";
  readonly parameters: Draft<Parameters> & { options?: Map<number, Uint8Array> };
  /** Of the groups around it, which don't exist otherwise. */
  readonly inherited: Parameters;
  readonly network?: Ipv4Network;
  readonly ranges: { readonly range: AddressRange; readonly at: Place }[];
  readonly permits: Permit[];
  readonly pools: Pool[];
  readonly subnets: Subnet[];
  hardware?: MacAddress;
  readonly fixedAddresses: Ipv4Address[];
  readonly match: { condition?: Condition; key?: DataExpression };
}

export const newScope = (kind: Scope["kind"], inherited: Parameters, network?: Ipv4Network): Scope => ({
  kind,
  parameters: {},
  inherited,
  ...(network === undefined ? {} : { network }),
  ranges: [],
  permits: [],
  pools: [],
  subnets: [],
  fixedAddresses: [],
  match: {},
});

/** A group's parameters are its members'; whatever else lies around has a place of its own. */
export const inheritedBy = (scope: Scope): Parameters =>
  scope.kind === "group" ? combined(scope.inherited, scope.parameters) : {};

export function rangesOf({ ranges }: Scope, cursor: Cursor, network: Ipv4Network | undefined): AddressRange[] {
  if (network === undefined) return ranges.map(({ range }) => range);
  const good: AddressRange[] = [];
  for (const { range, at } of ranges) {
    if (!isInNetwork(range.first, network) || !isInNetwork(range.last, network)) {
      const subnet = `${formatIpv4Address(network.address)} to ${formatIpv4Address(broadcastOf(network))}`;
      cursor.note(at, `the range leaves its subnet, ${subnet}`);
      continue;
    }
    good.push(range);
  }
  return good;
}
