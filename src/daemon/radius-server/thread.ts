/** What a thread of the RADIUS server does: EAP conversations, from the first request to the end. The process's own thread can do it too. */

import type { Clock } from "../../base/clock.ts";
import type { Entropy } from "../../base/entropy.ts";
import { ConfigurationError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { EapUserTable } from "../../config/eap-user-table.ts";
import { type EapUserSource, parseEapUsers } from "../../config/eap-users.ts";
import { isError } from "../../config/problem.ts";
import type { RadiusClient } from "../../config/radius-clients.ts";
import type { BssSettings } from "../../config/registry.ts";
import { eapArithmeticHere } from "../../crypto/eap-arithmetic.ts";
import { type AddressUser, AuthenticationServer } from "../../radius/server/authentication.ts";
import { ClientTable } from "../../radius/server/clients.ts";
import { ServerCounters } from "../../radius/server/counters.ts";
import type { RadiusSource } from "../../radius/server/source.ts";
import type { StrangerLog } from "../../radius/server/strangers.ts";
import { eapGroups } from "../eap-groups.ts";
import { ConfiguredEapServer } from "../eap-server.ts";
import { files, logProblems } from "../read-configuration.ts";
import { MskFile } from "./msk-file.ts";

/** What a thread is told at its start: plain data only. */
export interface ThreadOptions {
  /** Its number; it marks the State of its conversations. */
  readonly thread: number;
  readonly clients: readonly RadiusClient[];
  /** Of ServerCounters, for all to read. */
  readonly counters: ArrayBufferLike;
  readonly eap: EapSettings;
}

/** The settings of the BSS, with the users by the name of their file. */
export interface EapSettings {
  readonly settings: Omit<BssSettings, "eap_user_file">;
  readonly source: Omit<EapUserSource, "users"> | undefined;
}

export function eapSettingsOf({ eap_user_file: given, ...settings }: BssSettings): EapSettings {
  if (given === undefined) return { settings, source: undefined };
  const { users: _users, ...source } = given;
  return { settings, source };
}

export interface ThreadParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly strangers: StrangerLog;
  readonly send: (packet: Uint8Array, to: RadiusSource) => void;
}

/** The users of a file. @throws ConfigurationError where it can't be read or has errors */
export type EapUsersOf = (file: string, log: Log, before: EapUserTable | undefined) => EapUserTable | undefined;

/** Reads the file: a thread has no other way to the users. */
export const readUsers: EapUsersOf = (file, log, before) => {
  const contents = files(file);
  if (before?.isOf(contents)) return before;
  const { users, problems } = parseEapUsers(contents, file);
  if (!problems.some(isError)) return users;
  logProblems(problems.filter(isError), log);
  throw new ConfigurationError(`'${file}' has errors`);
};

export class ServerThread {
  readonly #server: AuthenticationServer;
  readonly #eap: ConfiguredEapServer;
  #users: EapUserTable | undefined;
  #mskPath: string | undefined;

  /** @throws ConfigurationError where the settings can't be */
  constructor(
    readonly options: ThreadOptions,
    readonly parts: ThreadParts,
    readonly usersOf: EapUsersOf = readUsers,
  ) {
    const { clock, entropy, log, strangers, send } = parts;
    const { clients, counters, thread, eap } = options;
    // A thread of the server's has nothing else to do meanwhile.
    const arithmetic = eapArithmeticHere(eapGroups);
    this.#eap = new ConfiguredEapServer(this.#settingsOf(eap), { clock, entropy, log, arithmetic });
    this.#mskPath = eap.settings.dump_msk_file;
    const mskFile = new MskFile(clock, log);
    this.#server = new AuthenticationServer({
      clients: new ClientTable(clients),
      eap: this.#eap,
      findAddressUser: (name) => this.#findAddressUser(name),
      note: (note) => this.#eap.note(note),
      counters: new ServerCounters(clients.length, counters),
      strangers,
      clock,
      entropy,
      log,
      thread,
      send,
      onMsk: (msk) => {
        if (this.#mskPath !== undefined) mskFile.append(this.#mskPath, msk);
      },
    });
  }

  receive(octets: Uint8Array, from: RadiusSource): void {
    this.#server.receive(octets, from);
  }

  /** Conversations that begin from now on have these settings. @throws ConfigurationError; they keep the old ones then */
  configure(eap: EapSettings): void {
    this.#eap.use(this.#settingsOf(eap));
    this.#mskPath = eap.settings.dump_msk_file;
  }

  /** Keys of ERP. */
  forgetKeys(): void {
    this.#eap.forgetKeys();
  }

  close(): void {
    this.#server.close();
    this.#eap.close();
  }

  #settingsOf({ settings, source }: EapSettings): BssSettings {
    this.#users = source?.file === undefined ? undefined : this.usersOf(source.file, this.parts.log, this.#users);
    const users = this.#users;
    return { ...settings, eap_user_file: source && { ...source, users } };
  }

  async #findAddressUser(name: Uint8Array): Promise<AddressUser | undefined> {
    const user = await this.#eap.find(name, 1);
    return user?.macAcl && user.credential?.kind === "password"
      ? { password: user.credential.password, attributes: user.attributes }
      : undefined;
  }
}
