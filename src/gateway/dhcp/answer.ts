/** Answers of the server, and where they go. RFC 2131, sections 4.1, 4.3. */

import { Writer } from "../../base/bytes.ts";
import { broadcastIpv4, type Ipv4Address, unspecifiedIpv4 } from "../../base/ipv4-address.ts";
import { type MacAddress, macAddressOf } from "../../base/mac-address.ts";
import type { Parameters, Subnet } from "../../config/dhcpd/configuration.ts";
import { type DhcpMessage, type DhcpMessageType, etherHardware } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { infiniteTime } from "./lease.ts";
import type { Destination } from "./port.ts";

/** undefined where the hardware has other addresses than Ethernet's. */
export const hardwareOf = ({ hardwareType, chaddr }: DhcpMessage): MacAddress | undefined =>
  hardwareType === etherHardware && chaddr.length === 6 ? macAddressOf(chaddr) : undefined;

export interface Grant {
  readonly address: Ipv4Address;
  readonly subnet: Subnet;
  readonly parameters: Parameters;
  /** Seconds; undefined for an answer that gives no address (DHCPINFORM). */
  readonly leaseTime: number | undefined;
  readonly hostName: string | undefined;
  readonly server: Ipv4Address;
}

/** @param type undefined for BOOTP */
export function buildAnswer(request: DhcpMessage, type: DhcpMessageType | undefined, grant: Grant): DhcpMessage {
  const { parameters } = grant;
  return {
    ...echoed(request),
    op: "reply",
    type,
    ciaddr: type === "offer" ? unspecifiedIpv4 : request.ciaddr,
    yiaddr: grant.leaseTime === undefined && type !== undefined ? unspecifiedIpv4 : grant.address,
    siaddr: parameters.nextServer ?? unspecifiedIpv4,
    serverName: parameters.serverName ?? new Uint8Array(),
    file: parameters.fileName ?? new Uint8Array(),
    options: type === undefined ? bootpOptions(grant) : dhcpOptions(request, grant),
  };
}

/** "Begin anew." RFC 2131, table 3. @param reason for people */
export function buildRefusal(request: DhcpMessage, server: Ipv4Address, reason: string): DhcpMessage {
  return {
    ...echoed(request),
    op: "reply",
    type: "nak",
    ciaddr: unspecifiedIpv4,
    yiaddr: unspecifiedIpv4,
    siaddr: unspecifiedIpv4,
    serverName: new Uint8Array(),
    file: new Uint8Array(),
    options: new Map([
      [optionCode.serverIdentifier, u32(server)],
      [optionCode.message, new TextEncoder().encode(reason)],
      ...returned(request),
    ]),
  };
}

const echoed = ({ hardwareType, xid, broadcast, giaddr, chaddr }: DhcpMessage) => ({
  hardwareType,
  hops: 0,
  xid,
  seconds: 0,
  broadcast,
  giaddr,
  chaddr,
});

/** RFC 2131, section 4.1: how to reach who may have no address yet. */
export function destinationOf(request: DhcpMessage, answer: DhcpMessage, alwaysBroadcast: boolean): Destination {
  if (request.giaddr !== unspecifiedIpv4) return { kind: "relay", address: request.giaddr };
  const hardware = hardwareOf(request);
  if (answer.type === "nak" || hardware === undefined) return { kind: "everybody" };
  if (request.ciaddr !== unspecifiedIpv4) return { kind: "client", address: request.ciaddr, hardware };
  if (request.broadcast || alwaysBroadcast || answer.yiaddr === broadcastIpv4) return { kind: "everybody" };
  return { kind: "client", address: answer.yiaddr, hardware };
}

function dhcpOptions(request: DhcpMessage, grant: Grant): Map<number, Uint8Array> {
  const configured = configuredOptions(grant);
  const options = new Map([[optionCode.serverIdentifier as number, u32(grant.server)]]);
  const { leaseTime } = grant;
  if (leaseTime !== undefined) {
    options.set(optionCode.leaseTime, u32(leaseTime));
    if (leaseTime !== infiniteTime) {
      // RFC 2131, section 4.4.5
      configured.set(optionCode.renewalTime, configured.get(optionCode.renewalTime) ?? u32(leaseTime / 2));
      configured.set(optionCode.rebindingTime, configured.get(optionCode.rebindingTime) ?? u32((leaseTime * 7) / 8));
    }
  }
  const asked = request.options.get(optionCode.parameterRequestList);
  const wanted = asked === undefined ? configured.keys() : asked;
  // A client without a mask takes a wrong one, whether it has asked for one or not.
  for (const code of [optionCode.subnetMask, ...wanted]) {
    const value = configured.get(code);
    if (value !== undefined && !options.has(code)) options.set(code, value);
  }
  for (const [code, value] of returned(request)) options.set(code, value);
  return options;
}

/** BOOTP clients can't ask for anything. */
const bootpOptions = (grant: Grant): Map<number, Uint8Array> => configuredOptions(grant);

function configuredOptions({ parameters, subnet, hostName }: Grant): Map<number, Uint8Array> {
  const options = new Map(parameters.options);
  // What says whose a `host` is, is nothing to tell the client.
  options.delete(optionCode.clientIdentifier);
  if (!options.has(optionCode.subnetMask)) options.set(optionCode.subnetMask, u32(subnet.network.mask));
  if (hostName !== undefined && !options.has(optionCode.hostName)) {
    options.set(optionCode.hostName, new TextEncoder().encode(hostName));
  }
  return options;
}

/** Relay agents and clients get back what is theirs. RFC 3046, section 2.2; RFC 6842, section 3. */
function returned({ options }: DhcpMessage): [number, Uint8Array][] {
  return [optionCode.clientIdentifier, optionCode.relayAgentInformation].flatMap((code) => {
    const value = options.get(code);
    return value === undefined ? [] : [[code, value] as [number, Uint8Array]];
  });
}

const u32 = (value: number): Uint8Array => new Writer().u32be(Math.floor(value)).finish();
