/** The RADIUS servers of a daemon: one for each BSS whose settings name clients. */

import type { Services } from "../../ap/services.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { sameValue } from "../../base/same-value.ts";
import type { BssSettings } from "../../config/registry.ts";
import { RadiusServer, type RadiusServerParts } from "./server.ts";

interface Present {
  readonly radio: string;
  settings: BssSettings;
  readonly server: RadiusServer;
}

/** A change of one of these begins the server anew; a change of anything else is for conversations that begin later. */
const ofTheServer = [
  "radius_server_clients",
  "radius_server_auth_port",
  "radius_server_acct_port",
  "radius_server_acct_log",
  "radius_server_acct_file",
  "radius_server_acct_file_size",
  "radius_server_acct_files",
  "radius_server_ipv6",
  "radius_server_tls_port",
  "radius_server_dictionary",
  "radius_server_workers",
] as const satisfies readonly (keyof BssSettings)[];

export class RadiusServers implements Services {
  /** By interface. */
  readonly #present = new Map<string, Present>();
  /** One change after the other. */
  #following: Promise<void> = Promise.resolve();

  constructor(readonly parts: RadiusServerParts) {}

  follow(radio: string, bsses: readonly BssSettings[]): Promise<void> {
    const following = this.#following.then(() => this.#follow(radio, bsses));
    this.#following = following.catch(() => undefined);
    return following;
  }

  /** @returns undefined where the BSS has none */
  mibOf(interfaceName: string): string | undefined {
    return this.#present.get(interfaceName)?.server.mib();
  }

  /** @returns false where no server there knows of the station's session */
  disconnect(interfaceName: string, station: MacAddress): boolean {
    return this.#present.get(interfaceName)?.server.disconnect(station) ?? false;
  }

  /** Those of ERP. */
  forgetKeysOf(interfaceName: string): void {
    this.#present.get(interfaceName)?.server.forgetKeys();
  }

  /** Whether somebody sees debug lines may have changed. */
  onVerbosity(): void {
    for (const { server } of this.#present.values()) server.onVerbosity();
  }

  closeAll(): void {
    for (const { server } of this.#present.values()) void server.close();
    this.#present.clear();
  }

  async #follow(radio: string, bsses: readonly BssSettings[]): Promise<void> {
    const wanted = new Map(
      bsses.filter((bss) => bss.radius_server_clients !== undefined).map((bss) => [bss.interface, bss]),
    );
    for (const [name, present] of this.#present) {
      if (present.radio === radio && !wanted.has(name)) await this.#end(name, present);
    }
    for (const [name, settings] of wanted) await this.#become(radio, name, settings);
  }

  async #become(radio: string, name: string, settings: BssSettings): Promise<void> {
    const present = this.#present.get(name);
    if (!present) return this.#start(radio, name, settings);
    if (present.settings === settings) return;
    if (ofTheServer.every((key) => sameValue(present.settings[key], settings[key]))) {
      present.server.configure(settings);
      present.settings = settings;
      return;
    }
    // The ports may be the same: the old one has to go first.
    await this.#end(name, present);
    try {
      await this.#start(radio, name, settings);
    } catch (thrown) {
      await this.#start(radio, name, present.settings);
      throw thrown;
    }
  }

  async #start(radio: string, name: string, settings: BssSettings): Promise<void> {
    const { radius_server_clients: clients } = settings;
    if (!clients) return;
    const server = new RadiusServer(clients, { ...this.parts, log: this.parts.log.for(name) });
    await server.start(settings);
    this.#present.set(name, { radio, settings, server });
  }

  async #end(name: string, { server }: Present): Promise<void> {
    this.#present.delete(name);
    await server.close();
  }
}
