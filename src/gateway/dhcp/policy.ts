/** What the configuration has in store for a client: classes, host, pools, parameters. */

import { hexOf, sameBytes, Writer } from "../../base/bytes.ts";
import {
  broadcastOf,
  type Ipv4Address,
  type Ipv4Network,
  ipv4AddressOf,
  isInNetwork,
} from "../../base/ipv4-address.ts";
import type {
  ClientClass,
  DhcpConfiguration,
  Host,
  Parameters,
  Permit,
  Pool,
  SharedNetwork,
  Subnet,
} from "../../config/dhcpd/configuration.ts";
import { type ClientFacts, evaluate, holds } from "../../config/dhcpd/expressions.ts";
import { combined } from "../../config/dhcpd/parameters.ts";
import type { DhcpMessage } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { AddressSpace } from "./address-space.ts";
import { type ClientKey, clientKeyOf } from "./lease.ts";

export interface Client {
  readonly key: ClientKey;
  readonly host: Host | undefined;
  readonly classes: readonly { readonly name: string; readonly parameters: Parameters }[];
}

/** A pool with the addresses that it has to give. */
export interface PoolInUse {
  readonly pool: Pool;
  readonly space: AddressSpace;
}

export interface NetworkInUse {
  readonly network: SharedNetwork;
  readonly pools: readonly PoolInUse[];
}

export class Policy {
  readonly networks: readonly NetworkInUse[];
  readonly #byHardware: ReadonlyMap<string, Host>;
  readonly #byIdentifier: ReadonlyMap<string, Host>;

  constructor(readonly configuration: DhcpConfiguration) {
    const { networks, hosts } = configuration;
    this.networks = networks.map((network) => ({
      network,
      pools: [...network.subnets.flatMap(({ pools }) => pools), ...network.pools].map((pool) => ({
        pool,
        space: new AddressSpace(pool.ranges),
      })),
    }));
    // The first that fits counts.
    const backwards = [...hosts].reverse();
    this.#byHardware = new Map(backwards.flatMap((host) => (host.hardware ? [[host.hardware, host]] : [])));
    this.#byIdentifier = new Map(
      backwards.flatMap((host) => (host.clientIdentifier ? [[hexOf(host.clientIdentifier), host]] : [])),
    );
  }

  get spaces(): readonly AddressSpace[] {
    return this.networks.flatMap(({ pools }) => pools.map(({ space }) => space));
  }

  get fixedAddresses(): ReadonlySet<Ipv4Address> {
    return new Set(this.configuration.hosts.flatMap(({ fixedAddresses }) => fixedAddresses));
  }

  /** The network that this address is part of. */
  networkOf(address: Ipv4Address): NetworkInUse | undefined {
    return this.networks.find((each) => subnetOf(each, address) !== undefined);
  }

  client(message: DhcpMessage): Client {
    const identifier = message.options.get(optionCode.clientIdentifier);
    const hardware = new Writer().u8(message.hardwareType).put(message.chaddr).finish();
    const host =
      (identifier && this.#byIdentifier.get(hexOf(identifier))) ?? this.#byHardware.get(hexOf(message.chaddr, ":"));
    const facts: ClientFacts = {
      option: (code) => message.options.get(code),
      hardware,
      isKnown: host !== undefined,
    };
    const classes = this.configuration.classes.flatMap((each) => membership(each, facts));
    return { key: clientKeyOf(identifier, hardware), host, classes };
  }

  /** The client's fixed address in this network. */
  fixedAddress({ host }: Client, network: NetworkInUse): Ipv4Address | undefined {
    return host?.fixedAddresses.find((address) => subnetOf(network, address) !== undefined);
  }

  /** Pools that the client may have an address of. */
  poolsFor(client: Client, { network, pools }: NetworkInUse): readonly PoolInUse[] {
    const unknown = parametersAround(this.configuration, network).unknownClients;
    if (unknown === false && client.host === undefined) return [];
    return pools.filter(({ pool }) => isPermitted(pool.permits, client));
  }

  /** From the outermost to the innermost that says something: file, subnet, pool, class, host. */
  parameters(client: Client, subnet: Subnet, pool: Pool | undefined): Parameters {
    const parts = [
      this.configuration.parameters,
      subnet.parameters,
      pool?.parameters ?? {},
      ...client.classes.map(({ parameters }) => parameters),
      client.host?.parameters ?? {},
    ];
    return parts.reduce(combined);
  }
}

export const subnetOf = ({ network }: NetworkInUse, address: Ipv4Address): Subnet | undefined =>
  network.subnets.find((subnet) => isInNetwork(address, subnet.network));

/** Its first and its last address are nobody's. RFC 1122, section 3.2.1.3. */
export const isHostAddress = (address: Ipv4Address, network: Ipv4Network): boolean =>
  network.mask >= ipv4AddressOf(0xffff_fffe) || (address !== network.address && address !== broadcastOf(network));

function parametersAround({ parameters }: DhcpConfiguration, { subnets }: SharedNetwork): Parameters {
  return combined(parameters, subnets[0]?.parameters ?? {});
}

function membership(each: ClientClass, facts: ClientFacts): Client["classes"] {
  const { name, condition, key, subclasses, parameters } = each;
  const value = key && evaluate(key, facts);
  const subclass = value && subclasses.find((one) => sameBytes(one.key, value));
  if (subclass) return [{ name, parameters: combined(parameters, subclass.parameters) }];
  return condition !== undefined && holds(condition, facts) ? [{ name, parameters }] : [];
}

/** A `deny` that fits keeps out; where there are `allow`s, one has to fit. dhcpd.conf(5). */
function isPermitted(permits: readonly Permit[], client: Client): boolean {
  const fits = ({ who }: Permit): boolean => {
    switch (who.kind) {
      case "all-clients":
        return true;
      case "known-clients":
        return client.host !== undefined;
      case "unknown-clients":
        return client.host === undefined;
      case "members":
        return client.classes.some(({ name }) => name === who.className);
    }
  };
  if (permits.some((permit) => permit.action === "deny" && fits(permit))) return false;
  const allowed = permits.filter(({ action }) => action === "allow");
  return allowed.length === 0 || allowed.some(fits);
}
