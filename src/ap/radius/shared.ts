/** What all BSSs share of RADIUS: the network, and records of BSSs that are gone which nobody has acknowledged yet. */

import type { RadiusClient } from "../../radius/client/client.ts";
import type { RadiusNetwork } from "../../radius/client/port.ts";
import type { AttributeDatabase, OpenAttributeDatabase } from "./attribute-database.ts";

const nothing: AttributeDatabase = { attributesFor: async () => [], close: () => undefined };

export class RadiusShared {
  readonly #lingering = new Set<RadiusClient>();

  constructor(
    readonly network: RadiusNetwork,
    readonly openDatabase: OpenAttributeDatabase = () => nothing,
  ) {}

  /** Clients that only wait for their last answers. */
  get lingering(): number {
    return this.#lingering.size;
  }

  /** Closes the client when all its requests are answered. */
  linger(client: RadiusClient): void {
    if (client.pendingCount === 0) return client.close();
    this.#lingering.add(client);
    client.onIdle = () => {
      if (this.#lingering.delete(client)) client.close();
    };
  }

  /** It has new work. */
  reclaim(client: RadiusClient): void {
    this.#lingering.delete(client);
    client.onIdle = undefined;
  }

  /** The program ends: what is not acknowledged by now is lost. */
  close(): void {
    for (const client of this.#lingering) client.close();
    this.#lingering.clear();
  }
}
