/**
 * Which address is whose. What it costs to ask doesn't depend on how many there are, and nothing here grows beyond the addresses of
 * the pools and those that are fixed.
 */

import type { Duration } from "../../base/duration.ts";
import type { Ipv4Address } from "../../base/ipv4-address.ts";
import type { AddressSpace } from "./address-space.ts";
import type { ClientKey, Lease } from "./lease.ts";

export class Addresses {
  readonly #leases = new Map<Ipv4Address, Lease>();
  /** Leases that are over: their clients get the same again as long as nobody else has needed it. */
  readonly #past = new Map<Ipv4Address, Lease>();
  /** Addresses that a client has or had last. */
  readonly #byClient = new Map<ClientKey, Set<Ipv4Address>>();
  /** Addresses that somebody else was found to use, and until when they are left alone. */
  readonly #declined = new Map<Ipv4Address, Duration>();
  readonly #offers = new Map<Ipv4Address, ClientKey>();
  readonly #offerOf = new Map<ClientKey, Ipv4Address>();

  /** @param fixed addresses that are somebody's by configuration: no pool gives them away */
  constructor(
    readonly spaces: readonly AddressSpace[],
    readonly fixed: ReadonlySet<Ipv4Address>,
  ) {}

  /** All that are in force. */
  get leases(): ReadonlyMap<Ipv4Address, Lease> {
    return this.#leases;
  }

  get declined(): ReadonlyMap<Ipv4Address, Duration> {
    return this.#declined;
  }

  /** The one in force. */
  lease(address: Ipv4Address): Lease | undefined {
    return this.#leases.get(address);
  }

  /** What the client has or had last, of the addresses that are asked about. */
  of(client: ClientKey, isMeant: (address: Ipv4Address) => boolean): Lease | undefined {
    for (const address of this.#byClient.get(client) ?? []) {
      const lease = this.#leases.get(address) ?? this.#past.get(address);
      if (lease !== undefined && isMeant(address)) return lease;
    }
    return undefined;
  }

  offered(client: ClientKey): Ipv4Address | undefined {
    return this.#offerOf.get(client);
  }

  /** Nobody has it, and it is nobody else's by configuration. What was offered to somebody else is free until that one takes it. */
  isFree(address: Ipv4Address, client: ClientKey): boolean {
    const holder = this.#leases.get(address);
    const isOthers = holder !== undefined && holder.client !== client;
    return !isOthers && !this.fixed.has(address) && !this.#declined.has(address);
  }

  /** One of the space that nobody has: never given before, else free for longest, else offered longest ago. */
  next(space: AddressSpace): Ipv4Address | undefined {
    return space.next((address) => this.#leases.has(address) || this.fixed.has(address) || this.#declined.has(address));
  }

  offer(address: Ipv4Address, client: ClientKey): void {
    this.withdraw(client);
    const other = this.#offers.get(address);
    if (other !== undefined) this.withdraw(other);
    this.#offers.set(address, client);
    this.#offerOf.set(client, address);
    this.#spaceOf(address)?.offer(address);
  }

  withdraw(client: ClientKey): void {
    const address = this.#offerOf.get(client);
    if (address === undefined) return;
    this.#offerOf.delete(client);
    this.#offers.delete(address);
    if (!this.#leases.has(address)) this.#spaceOf(address)?.giveBack(address);
  }

  bind(lease: Lease): void {
    const { address, client } = lease;
    const before = this.#leases.get(address) ?? this.#past.get(address);
    if (before !== undefined) this.#forget(before);
    this.withdraw(client);
    const other = this.#offers.get(address);
    if (other !== undefined) this.withdraw(other);
    this.#leases.set(address, lease);
    this.#spaceOf(address)?.take(address);
    const own = this.#byClient.get(client);
    if (own) own.add(address);
    else this.#byClient.set(client, new Set([address]));
  }

  /** Released, or over. */
  end({ address, client }: Lease): void {
    const lease = this.#leases.get(address);
    if (lease?.client !== client) return;
    this.#leases.delete(address);
    this.#past.set(address, lease);
    this.#spaceOf(address)?.giveBack(address);
  }

  decline(address: Ipv4Address, until: Duration): void {
    const lease = this.#leases.get(address) ?? this.#past.get(address);
    if (lease !== undefined) this.#forget(lease);
    const offered = this.#offers.get(address);
    if (offered !== undefined) this.withdraw(offered);
    this.#spaceOf(address)?.take(address);
    this.#declined.set(address, until);
  }

  /** A declined one may be tried again. */
  restore(address: Ipv4Address): void {
    if (this.#declined.delete(address)) this.#spaceOf(address)?.giveBack(address);
  }

  #forget({ address, client }: Lease): void {
    this.#leases.delete(address);
    this.#past.delete(address);
    const own = this.#byClient.get(client);
    own?.delete(address);
    if (own?.size === 0) this.#byClient.delete(client);
  }

  #spaceOf(address: Ipv4Address): AddressSpace | undefined {
    return this.spaces.find((space) => space.has(address));
  }
}
