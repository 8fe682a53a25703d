/** What all BSSs share of RADIUS: the network, and records of BSSs that are gone which nobody has acknowledged yet. */

import type { Clock } from "../../base/clock.ts";
import { milliseconds } from "../../base/duration.ts";
import { BeaconError, ConfigurationError } from "../../base/errors.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { AccountingJournal } from "../../radius/accounting-journal.ts";
import type { RadiusClient } from "../../radius/client/client.ts";
import type { RadiusNetwork } from "../../radius/client/port.ts";
import type { AttributeDatabase, OpenAttributeDatabase } from "./attribute-database.ts";

/** What lies on this machine's disk. */
export interface RadiusFiles {
  readonly openDatabase: OpenAttributeDatabase;
  /** @throws ConfigurationError where there can be none */
  readonly openJournal: (path: string) => AccountingJournal;
}

const patience = milliseconds(500);

const nothing: AttributeDatabase = {
  ready: Promise.resolve(),
  attributesFor: async () => [],
  close: () => undefined,
};
const noFiles: RadiusFiles = {
  openDatabase: () => nothing,
  openJournal: (path) => {
    throw new ConfigurationError(`${path}: there are no files here`);
  },
};

export class RadiusShared {
  readonly #lingering = new Set<RadiusClient>();
  /** By path: several BSSs may have one. They stay open, since records outlive their BSS. */
  readonly #journals = new Map<string, AccountingJournal>();
  #onSettled: (() => void) | undefined;

  constructor(
    readonly network: RadiusNetwork,
    readonly files: RadiusFiles = noFiles,
  ) {}

  /** @throws ConfigurationError where there can be none */
  journal(path: string): AccountingJournal {
    const journal = this.#journals.get(path) ?? this.files.openJournal(path);
    this.#journals.set(path, journal);
    return journal;
  }

  /** Whether {@link prepare} has something to do. */
  needsPreparation(bsses: readonly BssSettings[]): boolean {
    return bsses.some(({ radius_req_attr_sqlite: path }) => path !== undefined);
  }

  /** What other programs rely on as soon as the networks are there. */
  async prepare(bsses: readonly BssSettings[]): Promise<void> {
    for (const path of new Set(bsses.flatMap(({ radius_req_attr_sqlite: path }) => path ?? []))) {
      try {
        const database = this.files.openDatabase(path);
        await database.ready;
        database.close();
      } catch (thrown) {
        // The BSS says so when it opens it.
        if (!(thrown instanceof BeaconError)) throw thrown;
      }
    }
  }

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
      if (this.#lingering.size === 0) this.#onSettled?.();
    };
  }

  /** It has new work. */
  reclaim(client: RadiusClient): void {
    this.#lingering.delete(client);
    client.onIdle = undefined;
  }

  /** Gives servers a moment for the last records, so that they needn't hear them again after the next start; where nothing is kept, there is no use in waiting. */
  async settle(clock: Clock): Promise<void> {
    if (this.#journals.size === 0 || this.#lingering.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = clock.after("last accounting records", patience, resolve);
      this.#onSettled = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  /** The program ends: what is not acknowledged by now is lost, where no journal has it. */
  close(): void {
    for (const client of this.#lingering) client.close();
    this.#lingering.clear();
    for (const journal of this.#journals.values()) journal.close();
    this.#journals.clear();
  }
}
