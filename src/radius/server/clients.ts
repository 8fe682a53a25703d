/** Who may ask the RADIUS server, found by address in a time that does not grow with their number. */

import { parseIpAddress, unmappedIpAddress } from "../../base/ip-address.ts";
import { maskedAddress, type RadiusClient } from "../../config/radius-clients.ts";
import { secretOverTls } from "../../wire/radius/over-tls.ts";

export interface KnownClient extends RadiusClient {
  /** Its place in the file. */
  readonly index: number;
}

/** Addresses that were looked up are remembered, as long as there aren't too many. */
const mostRemembered = 4096;

export class ClientTable {
  readonly all: readonly KnownClient[];
  /** By family and length of the prefix, then by the address within it. */
  readonly #byPrefix: {
    readonly length: number;
    readonly bits: number;
    readonly byAddress: Map<string, KnownClient>;
  }[] = [];
  readonly #remembered = new Map<string, KnownClient | undefined>();
  /** The same clients, with the secret that they have over TLS. */
  readonly #overTls: readonly KnownClient[];

  constructor(clients: readonly RadiusClient[]) {
    this.all = clients.map((client, index) => ({ ...client, index }));
    this.#overTls = this.all.map((client) => ({ ...client, secret: secretOverTls }));
    for (const client of this.all) {
      const { address, prefixLength: bits } = client;
      let group = this.#byPrefix.find((each) => each.length === address.length && each.bits === bits);
      if (!group) {
        group = { length: address.length, bits, byAddress: new Map() };
        this.#byPrefix.push(group);
      }
      const key = address.join(".");
      if (!group.byAddress.has(key)) group.byAddress.set(key, client);
    }
  }

  /**
   * The first in the file that has the address.
   * @param source an address as text, where one of IPv4 that is written as IPv6 is that of IPv4; over TLS, with its connection
   */
  find({ address, connection }: { readonly address: string; readonly connection?: number }): KnownClient | undefined {
    const client = this.#find(address);
    return client === undefined || connection === undefined ? client : this.#overTls[client.index];
  }

  #find(address: string): KnownClient | undefined {
    if (this.#remembered.has(address)) return this.#remembered.get(address);
    const found = this.#search(address);
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(address, found);
    return found;
  }

  #search(text: string): KnownClient | undefined {
    const parsed = parseIpAddress(text);
    if (!parsed) return undefined;
    const address = unmappedIpAddress(parsed.octets);
    let best: KnownClient | undefined;
    for (const { length, bits, byAddress } of this.#byPrefix) {
      if (length !== address.length) continue;
      const found = byAddress.get(maskedAddress(address, bits).join("."));
      if (found && (best === undefined || found.index < best.index)) best = found;
    }
    return best;
  }
}
