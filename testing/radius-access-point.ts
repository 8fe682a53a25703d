/** An access point of the virtual radio whose RADIUS servers a test plays. */

import { textOf, utf8 } from "../src/base/bytes.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import { hideSalted } from "../src/radius/hiding.ts";
import { type AttributeType, acctStatusTypes, radius } from "../src/wire/radius/attributes.ts";
import type { RadiusAttribute } from "../src/wire/radius/packet.ts";
import { AttributeList, firstOf } from "../src/wire/radius/values.ts";
import type { PlayedServer, ReceivedRequest } from "./radius-network.ts";
import { type NetworkOptions, type ObservedStation, VirtualNetwork } from "./virtual-network.ts";

/** With both servers. */
export const secret = utf8("radius");
const channel = "ssid=test\nhw_mode=g\nchannel=1";
/** Lines of the configuration. */
export const authServer = "auth_server_addr=192.0.2.1\nauth_server_shared_secret=radius";
export const acctServer = "acct_server_addr=192.0.2.1\nacct_server_shared_secret=radius";
export const open = `${channel}\nown_ip_addr=192.0.2.7\nnas_identifier=ap.example`;
export const psk = `${open}\nwpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP`;

export const addressOf = (n: number): MacAddress => `02:00:00:00:01:0${n}` as MacAddress;

/** A network on the air, with the servers of {@link authServer} and {@link acctServer}. */
export async function startNetwork(
  configuration: string,
  auth?: PlayedServer,
  acct?: PlayedServer,
  options: NetworkOptions = {},
): Promise<VirtualNetwork> {
  const network = new VirtualNetwork(configuration, options);
  network.radius.servers.set("192.0.2.1:1812", auth);
  network.radius.servers.set("192.0.2.1:1813", acct);
  return network.start();
}

/** A station of {@link addressOf} that has had two seconds to get in. */
export function joins(network: VirtualNetwork, n: number, passphrase?: string): ObservedStation {
  const observed = network.station({
    ssid: utf8("test"),
    address: addressOf(n),
    ...(passphrase === undefined ? {} : { security: { secret: { passphrase } } }),
    retries: 5,
  });
  observed.station.join();
  network.pass(2000);
  return observed;
}

/** Of the first attribute of the type. */
export const value = <T>({ packet }: ReceivedRequest, type: AttributeType<T>): T | undefined =>
  firstOf(packet.attributes, type);
export const text = (octets: Uint8Array | undefined): string | undefined => octets && textOf(octets);
/** Accounting-Requests in their order. */
export const records = (network: VirtualNetwork, status?: keyof typeof acctStatusTypes): ReceivedRequest[] =>
  network.radius.requests.filter(
    (request) =>
      request.endpoint.port === 1813 &&
      (status === undefined || value(request, radius.acctStatusType) === acctStatusTypes[status]),
  );
export const accepts =
  (attributes: readonly RadiusAttribute[] = []): PlayedServer =>
  (request) =>
    request.answer("Access-Accept", attributes);
export const takes: PlayedServer = (request) => request.answer("Accounting-Response");
/** Access-Accept with a Tunnel-Password. */
export const acceptsWithPassword =
  (password: string, more: readonly RadiusAttribute[] = []): PlayedServer =>
  (request) => {
    const hidden = hideSalted(secret, request.packet.authenticator, 0x8123, utf8(password));
    request.answer("Access-Accept", [
      ...new AttributeList().add(radius.tunnelPassword, { tag: 0, value: hidden }).list,
      ...more,
    ]);
  };
export const vlanAttributes = (id: number): readonly RadiusAttribute[] =>
  new AttributeList()
    .add(radius.tunnelType, { tag: 0, value: 13 })
    .add(radius.tunnelMediumType, { tag: 0, value: 6 })
    .add(radius.tunnelPrivateGroupId, { tag: 0, value: utf8(String(id)) }).list;
