/** What a BSS has to do with RADIUS servers: it asks, it tells, and it lets itself be told. */

import { BeaconError } from "../../base/errors.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { AccountingJournal } from "../../radius/accounting-journal.ts";
import { RadiusClient } from "../../radius/client/client.ts";
import type { Bss } from "../bss.ts";
import { Accounting } from "./accounting.ts";
import { AddressAccess } from "./address-access.ts";
import type { AttributeDatabase } from "./attribute-database.ts";
import { DynamicAuthorization } from "./dynamic-authorization.ts";
import { clientSettings } from "./servers.ts";
import type { RadiusShared } from "./shared.ts";

export class BssRadius {
  readonly authentication: RadiusClient;
  readonly accountingClient: RadiusClient;
  readonly accounting: Accounting;
  readonly addresses: AddressAccess;
  readonly authorization: DynamicAuthorization;
  #database: { readonly path: string; readonly open: AttributeDatabase } | undefined;
  #journal: { readonly path: string; readonly open: AccountingJournal } | undefined;

  constructor(
    readonly bss: Bss,
    readonly shared: RadiusShared,
  ) {
    const { clock, entropy, log } = bss.options;
    const { network } = shared;
    const parts = { clock, entropy, log, network };
    this.authentication = new RadiusClient({ ...parts, kind: "Authentication" });
    this.accountingClient = new RadiusClient({ ...parts, kind: "Accounting" });
    this.accounting = new Accounting(bss, this.accountingClient);
    this.addresses = new AddressAccess(bss, this.authentication);
    this.authorization = new DynamicAuthorization(bss, network);
  }

  /** The network is on the air. */
  start(): void {
    this.shared.reclaim(this.accountingClient);
    this.onSettings();
    this.accounting.start();
  }

  onSettings(): void {
    const { settings, isBeaconing } = this.bss;
    if (!isBeaconing) return;
    this.authentication.configure(clientSettings(settings, "Authentication"));
    this.accountingClient.configure(clientSettings(settings, "Accounting"));
    this.#openDatabase(settings.radius_req_attr_sqlite);
    this.#openJournal(settings.radius_acct_journal);
    this.accounting.onServers();
    this.authorization.update();
  }

  /** Attributes for single stations, where the settings have any. */
  get database(): AttributeDatabase | undefined {
    return this.#database?.open;
  }

  /** Where accounting records outlive the process, where the settings say so. */
  get journal(): AccountingJournal | undefined {
    return this.#journal?.open;
  }

  #openJournal(path: string | undefined): void {
    if (this.#journal?.path === path) return;
    this.#journal = undefined;
    if (path !== undefined)
      this.#attempt("radius_acct_journal", () => {
        this.#journal = { path, open: this.shared.journal(path) };
      });
  }

  #openDatabase(path: string | undefined): void {
    if (this.#database?.path === path) return;
    this.#database?.open.close();
    this.#database = undefined;
    if (path !== undefined)
      this.#attempt("radius_req_attr_sqlite", () => {
        this.#database = { path, open: this.shared.files.openDatabase(path) };
      });
  }

  /** A file that can't be opened costs what is in it, not the network. */
  #attempt(key: string, open: () => void): void {
    try {
      open();
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      this.bss.log.error(`${key}: ${thrown.message}`);
    }
  }

  /** The stations are about to be sent away, since the network leaves the air. */
  expectEnd(): void {
    this.accounting.expectEnd();
  }

  /** The network has left the air. */
  stop(): void {
    this.accounting.stop();
    this.addresses.clear();
    this.authorization.stop();
    this.#openDatabase(undefined);
    this.authentication.close();
    this.shared.linger(this.accountingClient);
  }

  onLeft(station: MacAddress, how: Parameters<Accounting["noteLeaving"]>[1]): void {
    this.accounting.noteLeaving(station, how);
  }
}
