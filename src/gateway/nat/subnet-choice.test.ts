import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatIpv4Address,
  type Ipv4Network,
  ipv4AddressOf,
  ipv4Mask,
  parseIpv4Address,
} from "../../base/ipv4-address.ts";
import { gatewayRuleset, tableOf } from "./rules.ts";
import { chooseSubnet } from "./subnet-choice.ts";

const network = (text: string, length: number): Ipv4Network => ({
  address: parseIpv4Address(text) ?? ipv4AddressOf(0),
  mask: ipv4Mask(length),
});

const chosen = (...taken: readonly Ipv4Network[]): string | undefined => {
  const found = chooseSubnet(taken);
  return found && formatIpv4Address(found.address);
};

test("a subnet that no route leads to, larger and smaller ones counted", () => {
  assert.equal(chosen(), "192.168.50.0");
  assert.equal(chosen(network("192.168.50.128", 25)), "192.168.51.0");
  assert.equal(chosen(network("192.168.0.0", 16)), "10.50.0.0");
  assert.equal(chosen(network("192.168.0.0", 16), network("10.0.0.0", 8)), "172.16.0.0");
  assert.equal(chosen(network("192.168.0.0", 16), network("10.0.0.0", 8), network("172.16.0.0", 12)), undefined);
});

test("an interface's name can't become a rule", () => {
  const rules = { network: network("10.50.0.0", 24), uplink: undefined, isGuest: false, prefix: undefined, nearby: [] };
  const text = gatewayRuleset({ ...rules, interfaceName: 'w"; drop; "' });
  assert.ok(!text.includes('"; drop'));
  assert.match(tableOf("wlan0.5"), /^beacond_wlan0_5$/);
});
