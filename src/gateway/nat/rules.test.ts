import assert from "node:assert/strict";
import { test } from "node:test";
import { ipv4Mask, parseIpv4Address, unspecifiedIpv4 } from "../../base/ipv4-address.ts";
import { type GatewayRules, gatewayRuleset } from "./rules.ts";

const plain: GatewayRules = {
  interfaceName: "wlan0",
  network: { address: parseIpv4Address("192.168.50.0") ?? unspecifiedIpv4, mask: ipv4Mask(24) },
  prefix: undefined,
  uplink: undefined,
  isGuest: false,
  nearby: [],
};

const lines = (rules: Partial<GatewayRules>): string[] =>
  gatewayRuleset({ ...plain, ...rules })
    .split("\n")
    .map((line) => line.trim());

test("stations are translated on any way out, and nobody outside begins a conversation", () => {
  const rules = lines({ prefix: "fd00:1:2::/64" });
  assert.ok(rules.includes('ip saddr 192.168.50.0/24 oifname != "wlan0" masquerade'));
  assert.ok(rules.includes('ip6 saddr fd00:1:2::/64 oifname != "wlan0" masquerade'));
  assert.ok(rules.includes('iifname != "wlan0" oifname "wlan0" drop'));
  assert.ok(!rules.includes("chain to_us {"));
  assert.ok(!lines({}).some((line) => line.startsWith("ip6 saddr")));
});

test("with one way out there is no other", () => {
  const rules = lines({ uplink: "eth0" });
  assert.ok(rules.includes('iifname "wlan0" oifname != { "wlan0", "eth0" } drop'));
  assert.ok(rules.includes('ip saddr 192.168.50.0/24 oifname "eth0" masquerade'));
});

test("guests reach nothing private and nothing near, and of this machine what they need", () => {
  const rules = lines({ isGuest: true, nearby: ["203.0.113.0/24", "2001:db8:1::/64"] });
  for (const network of ["10.0.0.0/8", "192.168.0.0/16", "203.0.113.0/24"]) {
    assert.ok(rules.includes(`iifname "wlan0" ip daddr ${network} drop`), network);
  }
  for (const network of ["fc00::/7", "2001:db8:1::/64"]) {
    assert.ok(rules.includes(`iifname "wlan0" ip6 daddr ${network} drop`), network);
  }
  assert.ok(rules.indexOf('iifname "wlan0" drop') > rules.indexOf('iifname "wlan0" udp dport { 53, 67 } accept'));
});
