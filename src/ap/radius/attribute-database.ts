/** Attributes for single stations, from a database that another program writes: radius_req_attr_sqlite, with hostapd's table. */

import type { MacAddress } from "../../base/mac-address.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";

export interface AttributeDatabase {
  /** When there is a table that other programs can write to, or there can be none, which has been told then. Never rejects. */
  readonly ready: Promise<void>;
  /** In the database's order; what is none is left out. Never rejects. */
  attributesFor(station: MacAddress, kind: "auth" | "acct"): Promise<readonly RadiusAttribute[]>;
  close(): void;
}

/** @throws ConfigurationError where there can be none */
export type OpenAttributeDatabase = (path: string) => AttributeDatabase;
