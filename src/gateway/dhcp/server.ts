/** A DHCP server for the networks of one interface. RFC 2131, section 4.3; what dhcpd.conf(5) leaves to it is done as ISC's does. */

import type { Clock, Timer } from "../../base/clock.ts";
import { type Duration, inSeconds, milliseconds, seconds } from "../../base/duration.ts";
import { messageOf } from "../../base/errors.ts";
import { formatIpv4Address, type Ipv4Address, unspecifiedIpv4 } from "../../base/ipv4-address.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { DhcpConfiguration, Parameters } from "../../config/dhcpd/configuration.ts";
import type { DhcpMessage } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { Addresses } from "./addresses.ts";
import { buildAnswer, buildRefusal, destinationOf, type Grant, hardwareOf } from "./answer.ts";
import type { LeaseJournal, LeaseRecord } from "./journal.ts";
import { type ClientKey, infiniteTime, type Lease } from "./lease.ts";
import { type Client, isHostAddress, type NetworkInUse, Policy, type PoolInUse, subnetOf } from "./policy.ts";
import type { DhcpPort } from "./port.ts";
import { leaseOf, recordOf } from "./records.ts";
import { addressOption, leaseTime, nameOf } from "./request.ts";

export interface DhcpServerOptions {
  readonly configuration: DhcpConfiguration;
  /** Of the interface. */
  readonly address: Ipv4Address;
  readonly port: DhcpPort;
  readonly journal: LeaseJournal;
  readonly clock: Clock;
}

/** How long a station is waited for that has the address already; on one link an answer takes a few milliseconds, and some sleep. */
const probeTime = 400;

/** How long an address is left alone that somebody uses without having it from us. */
const declineTime = seconds(86_400);

/** How often what is over is looked for. */
const sweepTime = seconds(30);

export class DhcpServer {
  readonly addresses: Addresses;
  readonly #policy: Policy;
  readonly #options: DhcpServerOptions;
  /** Clients for whom an address is being looked at. */
  readonly #probing = new Set<ClientKey>();
  #sweep: Timer | undefined;

  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#policy = new Policy(options.configuration);
    this.addresses = new Addresses(this.#policy.spaces, this.#policy.fixedAddresses);
    for (const record of options.journal.records) this.#recall(record);
    this.#sweepLater();
  }

  close(): void {
    this.#sweep?.cancel();
    this.#options.journal.close();
  }

  /** What comes to the server's port; never throws. */
  async receive(message: DhcpMessage): Promise<void> {
    if (message.op !== "request") return;
    const relayed = message.giaddr !== unspecifiedIpv4;
    const network = this.#policy.networkOf(relayed ? message.giaddr : this.#options.address);
    if (network === undefined) return;
    const client = this.#policy.client(message);
    if (client.host?.parameters.booting === false) return;
    switch (message.type) {
      case undefined:
        return this.#onBootp(message, client, network);
      case "discover":
        return this.#onDiscover(message, client, network);
      case "request":
        return this.#onRequest(message, client, network);
      case "decline":
        return this.#onDecline(message, client, network);
      case "release":
        return this.#onRelease(message, client);
      case "inform":
        return this.#onInform(message, client, network);
      case "offer":
      case "ack":
      case "nak":
      case "forcerenew":
      case "leasequery":
        return;
    }
  }

  #onBootp(message: DhcpMessage, client: Client, network: NetworkInUse): void {
    const address = this.#policy.fixedAddress(client, network);
    if (address === undefined) return;
    const grant = this.#grant(message, client, network, address);
    if (grant) this.#answer(message, buildAnswer(message, undefined, grant), grant.parameters);
  }

  async #onDiscover(message: DhcpMessage, client: Client, network: NetworkInUse): Promise<void> {
    if (this.#probing.has(client.key)) return;
    const address = await this.#addressFor(message, client, network);
    if (address === undefined) return;
    const grant = this.#grant(message, client, network, address);
    if (grant === undefined) return;
    if (!this.addresses.fixed.has(address)) this.addresses.offer(address, client.key);
    this.#answer(message, buildAnswer(message, "offer", grant), grant.parameters);
  }

  /** RFC 2131, section 4.3.1: its own, what it had, what it wishes for, any. */
  async #addressFor(message: DhcpMessage, client: Client, network: NetworkInUse): Promise<Ipv4Address | undefined> {
    const fixed = this.#policy.fixedAddress(client, network);
    if (fixed !== undefined) return fixed;
    const pools = this.#policy.poolsFor(client, network);
    const isMeant = (address: Ipv4Address): boolean => pools.some(({ space }) => space.has(address));
    const lease = this.addresses.of(client.key, isMeant);
    if (lease !== undefined && this.addresses.isFree(lease.address, client.key)) return lease.address;
    const offered = this.addresses.offered(client.key);
    if (offered !== undefined && isMeant(offered) && this.addresses.isFree(offered, client.key)) return offered;
    const wish = addressOption(message, optionCode.requestedAddress);
    if (wish !== undefined && isMeant(wish) && this.#isGivable(wish, client.key, network)) {
      if (await this.#isUnused(wish, client, network, pools)) return wish;
    }
    return this.#anyAddress(message, client, network, pools);
  }

  async #anyAddress(
    message: DhcpMessage,
    client: Client,
    network: NetworkInUse,
    pools: readonly PoolInUse[],
  ): Promise<Ipv4Address | undefined> {
    // Each round rules one address out; somebody who uses them all is not waited for.
    for (let round = 0; round < 4; round++) {
      const address = this.#next(client.key, network, pools);
      if (address === undefined) break;
      if (await this.#isUnused(address, client, network, pools)) return address;
    }
    this.#options.port.report({ type: "exhausted", hardware: hardwareOf(message) });
    return undefined;
  }

  #next(key: ClientKey, network: NetworkInUse, pools: readonly PoolInUse[]): Ipv4Address | undefined {
    for (const { space } of pools) {
      const address = this.addresses.next(space);
      if (address === undefined) continue;
      if (this.#isGivable(address, key, network)) return address;
      // The first or last of its subnet, or our own.
      this.addresses.decline(address, milliseconds(Number.POSITIVE_INFINITY));
      return this.#next(key, network, pools);
    }
    return undefined;
  }

  #isGivable(address: Ipv4Address, key: ClientKey, network: NetworkInUse): boolean {
    const subnet = subnetOf(network, address);
    if (subnet === undefined || address === this.#options.address) return false;
    return isHostAddress(address, subnet.network) && this.addresses.isFree(address, key);
  }

  /** Before an address is given for the first time, or to another than before. */
  async #isUnused(
    address: Ipv4Address,
    client: Client,
    network: NetworkInUse,
    pools: readonly PoolInUse[],
  ): Promise<boolean> {
    const pool = pools.find(({ space }) => space.has(address))?.pool;
    const subnet = subnetOf(network, address);
    if (subnet === undefined) return false;
    const { pingCheck, pingTimeout } = this.#policy.parameters(client, subnet, pool);
    if (pingCheck === false) return true;
    this.addresses.offer(address, client.key);
    this.#probing.add(client.key);
    const isInUse = await this.#options.port.isInUse(
      address,
      pingTimeout === undefined ? probeTime : pingTimeout * 1000,
    );
    this.#probing.delete(client.key);
    if (!isInUse) return this.addresses.isFree(address, client.key);
    this.#leaveAlone(address, undefined);
    return false;
  }

  async #onRequest(message: DhcpMessage, client: Client, network: NetworkInUse): Promise<void> {
    const chosen = addressOption(message, optionCode.serverIdentifier);
    const wish = addressOption(message, optionCode.requestedAddress);
    if (chosen !== undefined && !this.#isOurs(chosen, client, network)) {
      // It has taken another server's offer.
      this.addresses.withdraw(client.key);
      return;
    }
    const address = wish ?? message.ciaddr;
    if (address === unspecifiedIpv4) return;
    const refusal = this.#refusalOf(address, client, network, chosen !== undefined);
    if (refusal === undefined) return this.#bind(message, client, network, address);
    const { authoritative } = this.#parametersHere(client, network);
    // What is wrong in another network, only its server knows; unless it was us whom it asked.
    if (chosen === undefined && authoritative !== true && !refusal.isCertain) return;
    this.#options.port.report({ type: "refused", hardware: hardwareOf(message), reason: refusal.reason });
    const answer = buildRefusal(message, this.#serverAddress(this.#parametersHere(client, network)), refusal.reason);
    this.#answer(message, answer, {});
  }

  /** Why the client can't have this address. */
  #refusalOf(
    address: Ipv4Address,
    client: Client,
    network: NetworkInUse,
    isSelecting: boolean,
  ): { readonly reason: string; readonly isCertain: boolean } | undefined {
    const shown = formatIpv4Address(address);
    const fixed = this.#policy.fixedAddress(client, network);
    if (fixed !== undefined) {
      if (address === fixed) return undefined;
      return { reason: `${shown} is not its address, ${formatIpv4Address(fixed)} is`, isCertain: true };
    }
    if (subnetOf(network, address) === undefined) return { reason: `${shown} is of another network`, isCertain: false };
    const isPermitted = this.#policy.poolsFor(client, network).some(({ space }) => space.has(address));
    if (!isPermitted) return { reason: `${shown} is not for it to have`, isCertain: false };
    if (!this.#isGivable(address, client.key, network)) return { reason: `${shown} is in use`, isCertain: true };
    const isKnown = this.addresses.of(client.key, (each) => each === address) !== undefined;
    if (isKnown || isSelecting) return undefined;
    return { reason: `nothing is known of its having ${shown}`, isCertain: false };
  }

  async #bind(message: DhcpMessage, client: Client, network: NetworkInUse, address: Ipv4Address): Promise<void> {
    const { clock, journal, port } = this.#options;
    const grant = this.#grant(message, client, network, address);
    if (grant?.leaseTime === undefined) return;
    const before = this.addresses.lease(address);
    const lease: Lease = {
      address,
      client: client.key,
      hardware: hardwareOf(message),
      hostName: nameOf(message),
      until: grant.leaseTime === infiniteTime ? undefined : after(clock, seconds(grant.leaseTime)),
      since: clock.now(),
    };
    this.addresses.bind(lease);
    if (grant.parameters.oneLeasePerClient === true) this.#endOthers(lease);
    try {
      await journal.append(recordOf(lease, "bound", clock));
    } catch (thrown) {
      // What isn't on the disk might be given twice after a restart: the client comes again.
      if (this.addresses.lease(address) === lease && before === undefined) this.addresses.end(lease);
      port.report({ type: "unwritten", reason: messageOf(thrown) });
      return;
    }
    // Given back, or asked for once more, while it was written: what is acknowledged now might be somebody else's already.
    if (this.addresses.lease(address) !== lease) return;
    port.report({ type: "leased", lease, again: before?.client === lease.client });
    this.#answer(message, buildAnswer(message, "ack", grant), grant.parameters);
  }

  #endOthers({ client, address }: Lease): void {
    const other = this.addresses.of(client, (each) => each !== address && this.addresses.lease(each) !== undefined);
    if (other) this.#release(other);
  }

  #onDecline(message: DhcpMessage, client: Client, network: NetworkInUse): void {
    const address = addressOption(message, optionCode.requestedAddress);
    if (address === undefined || this.#parametersHere(client, network).declines === false) return;
    const lease = this.addresses.lease(address);
    const wasOffered = this.addresses.offered(client.key) === address;
    if (lease?.client === client.key || wasOffered) this.#leaveAlone(address, hardwareOf(message));
  }

  #leaveAlone(address: Ipv4Address, hardware: MacAddress | undefined): void {
    const { clock, journal, port } = this.#options;
    const until = after(clock, declineTime);
    this.addresses.decline(address, until);
    port.report({ type: "in-use", address, hardware });
    const now = clock.unixTime();
    const record: LeaseRecord = {
      address: formatIpv4Address(address),
      client: "",
      state: "declined",
      since: now,
      until: now + inSeconds(declineTime),
    };
    this.#note(journal.append(record));
  }

  #onRelease(message: DhcpMessage, client: Client): void {
    const lease = this.addresses.lease(message.ciaddr);
    if (lease?.client === client.key) this.#release(lease);
  }

  #release(lease: Lease): void {
    this.addresses.end(lease);
    this.#options.port.report({ type: "released", lease });
    this.#note(this.#options.journal.append(recordOf(lease, "released", this.#options.clock)));
  }

  #onInform(message: DhcpMessage, client: Client, network: NetworkInUse): void {
    if (message.ciaddr === unspecifiedIpv4) return;
    const grant = this.#grant(message, client, network, message.ciaddr);
    if (grant === undefined) return;
    this.#answer(message, buildAnswer(message, "ack", { ...grant, leaseTime: undefined }), grant.parameters);
  }

  /** @returns undefined where the address lies in none of the network's subnets */
  #grant(message: DhcpMessage, client: Client, network: NetworkInUse, address: Ipv4Address): Grant | undefined {
    const subnet = subnetOf(network, address);
    if (subnet === undefined) return undefined;
    const pool = network.pools.find(({ space }) => space.has(address))?.pool;
    const parameters = this.#policy.parameters(client, subnet, pool);
    return {
      address,
      subnet,
      parameters,
      leaseTime: leaseTime(message, parameters),
      hostName: parameters.useHostNames === true ? client.host?.name : undefined,
      server: this.#serverAddress(parameters),
    };
  }

  #parametersHere(client: Client, network: NetworkInUse): Parameters {
    const subnet = subnetOf(network, this.#options.address) ?? network.network.subnets[0];
    return subnet === undefined ? {} : this.#policy.parameters(client, subnet, undefined);
  }

  #serverAddress = ({ serverIdentifier }: Parameters): Ipv4Address => serverIdentifier ?? this.#options.address;

  #isOurs(chosen: Ipv4Address, client: Client, network: NetworkInUse): boolean {
    return chosen === this.#options.address || chosen === this.#parametersHere(client, network).serverIdentifier;
  }

  #answer(request: DhcpMessage, answer: DhcpMessage, { alwaysBroadcast = false }: Parameters): void {
    const size = request.options.get(optionCode.maxMessageSize);
    // It counts the headers of IP and UDP. RFC 2132, section 9.10.
    const maxLength = size?.length === 2 ? (((size[0] ?? 0) << 8) | (size[1] ?? 0)) - 28 : undefined;
    this.#options.port.send(answer, destinationOf(request, answer, alwaysBroadcast), maxLength);
  }

  #note(written: Promise<void>): void {
    written.catch((thrown: unknown) => this.#options.port.report({ type: "unwritten", reason: messageOf(thrown) }));
  }

  #recall(record: LeaseRecord): void {
    const { clock } = this.#options;
    const recalled = leaseOf(record, clock);
    if (recalled === undefined) return;
    const { lease, isOver } = recalled;
    if (record.state === "declined") {
      if (!isOver && lease.until !== undefined) this.addresses.decline(lease.address, lease.until);
      return;
    }
    this.addresses.bind(lease);
    if (record.state === "released" || isOver) this.addresses.end(lease);
  }

  #sweepLater(): void {
    this.#sweep = this.#options.clock.after("DHCP leases", sweepTime, () => {
      this.#expire();
      this.#sweepLater();
    });
  }

  #expire(): void {
    const now = this.#options.clock.now();
    for (const lease of this.addresses.leases.values()) {
      if (lease.until === undefined || lease.until > now) continue;
      this.addresses.end(lease);
      this.#options.port.report({ type: "expired", lease });
    }
    for (const [address, until] of this.addresses.declined) if (until <= now) this.addresses.restore(address);
  }
}

const after = (clock: Clock, delay: Duration): Duration => milliseconds(clock.now() + delay);
