/**
 * The EAP server that a BSS's settings describe. Other settings count from the next conversation on; those under way end with the ones that
 * they began with.
 */

import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { sameValue } from "../base/same-value.ts";
import type { BssSettings } from "../config/registry.ts";
import type { EapArithmetic } from "../crypto/eap-arithmetic.ts";
import type { EapConversation, EapPeer, EapServer } from "../eap/contract.ts";
import type { ConversationEvent } from "../eap/conversation.ts";
import { type CountingEapServer, createEapServer, type EapCounters, type EapServerOptions } from "../eap/server.ts";
import type { EapUser, EapUsers } from "../eap/users.ts";
import type { AuthenticationNote } from "../radius/server/authentication.ts";
import { eapTypeName } from "../wire/eap/types.ts";
import { type EapMethods, openEapMethods } from "./eap-methods.ts";
import { EapUserDatabase } from "./eap-user-database.ts";

/** What a server has beside its settings. */
export interface EapServerHost {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Of the methods with Diffie-Hellman groups. */
  readonly arithmetic: EapArithmetic;
}

export class ConfiguredEapServer implements EapServer, EapUsers {
  readonly #host: EapServerHost;
  readonly #server: CountingEapServer;
  #settings: BssSettings;
  #methods: EapMethods;
  #database: EapUserDatabase | undefined;

  /** @throws ConfigurationError where the settings ask for what can't be, as a certificate without its key */
  constructor(settings: BssSettings, host: EapServerHost) {
    this.#host = host;
    this.#settings = settings;
    this.#database = databaseOf(settings, host);
    this.#methods = openEapMethods(settings, host);
    this.#server = createEapServer(this.#options());
  }

  /** @throws ConfigurationError where the settings ask for what can't be; everything is as before then */
  use(settings: BssSettings): void {
    if (sameValue(settings, this.#settings)) {
      // What files of the same name say may be another.
      this.#methods.refresh();
      return;
    }
    const database = databaseOf(settings, this.#host, this.#database);
    const methods = openEapMethods(settings, this.#host, this.#methods);
    if (database !== this.#database) void this.#database?.close();
    this.#database = database;
    this.#methods.retire(methods);
    this.#methods = methods;
    this.#settings = settings;
    this.#server.use(this.#options());
  }

  /** Reads the files of certificates again. */
  refresh(): void {
    this.#methods.refresh();
  }

  converse(peer: EapPeer): EapConversation {
    return this.#server.converse(peer);
  }

  /** In the file first, then in the database. */
  find(identity: Uint8Array, phase: 1 | 2): EapUser | undefined | Promise<EapUser | undefined> {
    return this.#settings.eap_user_file?.users?.find(identity, phase) ?? this.#database?.find(identity, phase);
  }

  /** Where there is a database, its `authlog` keeps it. */
  note(note: AuthenticationNote): void {
    this.#database?.note(note);
  }

  counters(): EapCounters {
    return this.#server.counters();
  }

  /** Keys of ERP: all have to authenticate in full again. */
  forgetKeys(): void {
    this.#server.forgetKeys();
  }

  close(): void {
    this.#server.close();
    this.#methods.retire();
    void this.#database?.close();
    this.#database = undefined;
  }

  #options(): EapServerOptions {
    const { max_auth_rounds, max_auth_rounds_short, server_id, eap_message } = this.#settings;
    const { eap_server_erp: reauthenticates, erp_domain: domain } = this.#settings;
    return {
      users: this,
      methods: this.#methods.list,
      entropy: this.#host.entropy,
      serverId: server_id,
      identityText: eap_message ?? new Uint8Array(),
      ...(reauthenticates && domain !== undefined ? { reauthenticationDomain: domain } : {}),
      mostRounds: max_auth_rounds,
      mostShortRounds: max_auth_rounds_short,
      tell: (event, peer) => this.#tell(event, peer),
    };
  }

  #tell(event: ConversationEvent, { address }: EapPeer): void {
    const { log } = this.#host;
    const who = address === undefined ? "" : ` ${address}`;
    switch (event.type) {
      case "mistake":
        return log.error(`EAP${who}: a mistake of ours: ${messageOf(event.error)}`);
      case "log":
        return log.debug(`EAP${who}: ${event.text}`);
      case "failed":
      case "ignored":
        return log.debug(`EAP${who}: ${event.type}: ${event.reason}`);
      case "proposed":
        return log.debug(`EAP${who}: proposes ${eapTypeName(event.method)}`);
      case "identified":
      case "inside":
      case "picked-up":
      case "refused-by-peer":
      case "started":
      case "succeeded":
        return;
    }
  }
}

function databaseOf(
  { eap_user_file: file }: BssSettings,
  host: EapServerHost,
  before?: EapUserDatabase,
): EapUserDatabase | undefined {
  if (file?.database === undefined) return undefined;
  return before?.path === file.database ? before : new EapUserDatabase(file.database, host);
}
