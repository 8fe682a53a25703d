import assert from "node:assert/strict";
import { test } from "node:test";
import { hexOf, utf8 } from "../../base/bytes.ts";
import { ConfigurationError } from "../../base/errors.ts";
import { formatIpv4Address } from "../../base/ipv4-address.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { describe, isError, type Problem } from "../problem.ts";
import type { DhcpConfiguration } from "./configuration.ts";
import { holds } from "./expressions.ts";
import { parseDhcpdConf } from "./parser.ts";

const noFiles = (path: string): Uint8Array => {
  throw new ConfigurationError(`${path}: there is no such file`);
};

const parse = (text: string) => parseDhcpdConf(utf8(text), "dhcpd.conf", noFiles);

function good(text: string): DhcpConfiguration {
  const { configuration, problems } = parse(text);
  assert.deepEqual(problems.filter(isError).map(describe), []);
  return configuration;
}

const errors = (text: string): Problem[] => parse(text).problems.filter(isError);

const home = (hardware: string): string => `ddns-update-style none;
option domain-name-servers 8.8.8.8, 4.2.2.4;
default-lease-time 600;
max-lease-time 7200;
log-facility local7;
subnet 192.168.2.0 netmask 255.255.255.0 {
range 192.168.2.100 192.168.2.200;
default-lease-time 86400;
max-lease-time 86400;
option routers 192.168.2.1;
#option subnet-mask 255.255.255.0;
option broadcast-address 192.168.2.255;
option domain-name-servers 8.8.8.8, 4.2.2.4;
# option netbios-name-servers 192.168.2.1;
# option netbios-node-type 2;
host MyHost {
hardware ethernet ${hardware};
fixed-address 192.168.2.101;
}
}
`;

test("a home network's file is read as dhcpd reads it", () => {
  const { networks, hosts, parameters } = good(home("00:11:22:33:44:55"));
  const [subnet] = networks[0]?.subnets ?? [];
  assert.equal(networks.length, 1);
  assert.deepEqual(
    subnet?.pools.map(({ ranges }) => ranges.map((r) => [formatIpv4Address(r.first), formatIpv4Address(r.last)])),
    [[["192.168.2.100", "192.168.2.200"]]],
  );
  assert.equal(parameters.defaultLeaseTime, 600);
  assert.equal(subnet?.parameters.defaultLeaseTime, 86400);
  assert.equal(
    hexOf(subnet?.parameters.options?.get(optionCode.domainNameServers) ?? new Uint8Array()),
    "0808080804020204",
  );
  const [host] = hosts;
  assert.equal(host?.hardware, "00:11:22:33:44:55");
  assert.deepEqual(host?.fixedAddresses.map(formatIpv4Address), ["192.168.2.101"]);
});

test("an address that is still to be filled in is explained at its place", () => {
  const [error, ...more] = errors(home("XX:XX:XX:XX:XX:XX"));
  assert.equal(more.length, 0);
  assert.equal(error?.line, 17);
  assert.equal(error?.column, 19);
  assert.match(error?.message ?? "", /stands for an address.*beacon cli all_sta/);
});

test("all errors are told at once, each at its place", () => {
  const found = errors(`option routers 192.168.2.300;
option rooters 192.168.2.1;
defualt-lease-time 600;
subnet 192.168.2.1 netmask 255.255.255.0 {
  range 192.168.3.1 192.168.3.9;
  range 192.168.2.20 192.168.2.10;
  option domain-name example.org;
}
default-lease-time 600
max-lease-time 7200;
host x { hardware ethernet 1:2:3:4:5:6 }
subnet 10.0.0.0 netmask 255.0.255.0 { }
`);
  assert.deepEqual(
    found.map(({ line, column, fix }) => [line, column, fix]),
    [
      [1, 16, undefined],
      [2, 8, "routers"],
      [3, 1, "default-lease-time"],
      [4, 8, "192.168.2.0"],
      [6, 22, undefined],
      [7, 22, '"example.org"'],
      [5, 9, undefined],
      [9, 23, ";"],
      [11, 40, undefined],
      [12, 25, undefined],
    ],
  );
});

test("a block that is never closed is told where it was opened", () => {
  const [error] = errors("subnet 10.0.0.0 netmask 255.0.0.0 {\n  range 10.0.0.2 10.0.0.9;\n");
  assert.equal(error?.line, 1);
  assert.match(error?.message ?? "", /never closed/);
});

test("groups, shared networks and pools hand their parameters on", () => {
  const { networks, hosts, classes } = good(`
class "phones" { match if substring(option vendor-class-identifier, 0, 5) = "phone" and not known; }
class "keyed" { match hardware; }
subclass "keyed" 1:aa:bb:cc:dd:ee:ff { default-lease-time 5; }
group {
  max-lease-time 100;
  host a { hardware ethernet 0:1:2:3:4:5; default-lease-time 50; }
}
shared-network "house" {
  option domain-name "house";
  subnet 10.1.0.0 netmask 255.255.0.0 { option routers 10.1.0.1; }
  subnet 10.2.0.0 netmask 255.255.0.0 { }
  pool { allow members of "phones"; deny unknown-clients; range 10.1.0.10 10.1.0.20; range 10.2.0.7; }
}`);
  assert.deepEqual(hosts[0]?.parameters, { maxLeaseTime: 100, defaultLeaseTime: 50 });
  assert.equal(hosts[0]?.hardware, "00:01:02:03:04:05");
  const [network] = networks;
  assert.equal(network?.subnets.length, 2);
  assert.equal(network?.pools[0]?.ranges.length, 2);
  assert.deepEqual(network?.pools[0]?.permits, [
    { action: "allow", who: { kind: "members", className: "phones" } },
    { action: "deny", who: { kind: "unknown-clients" } },
  ]);
  assert.equal(network?.subnets[0]?.parameters.options?.has(optionCode.domainName), true);
  const phones = classes.find(({ name }) => name === "phones")?.condition;
  assert.ok(phones);
  const facts = (vendor: string, isKnown: boolean) => ({
    option: (code: number) => (code === optionCode.vendorClassIdentifier ? utf8(vendor) : undefined),
    hardware: new Uint8Array(7),
    isKnown,
  });
  assert.equal(holds(phones, facts("phone 9", false)), true);
  assert.equal(holds(phones, facts("phone 9", true)), false);
  assert.equal(holds(phones, facts("tv", false)), false);
  assert.equal(
    hexOf(classes.find(({ name }) => name === "keyed")?.subclasses[0]?.key ?? new Uint8Array()),
    "01aabbccddeeff",
  );
});

test("options of one's own and those without a name", () => {
  const { parameters } = good(`
option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
option rfc3442-classless-static-routes 24, 192, 168, 9, 10, 0, 0, 1;
option pair code 200 = { ip-address, unsigned integer 16 };
option pair 10.0.0.1 0x100;
option option-222 "x\\101\\x42";
option domain-search "a.example", "b.example";
option slp-directory-agent true 10.0.0.1, 10.0.0.2;
option time-offset -3600;
`);
  const value = (code: number): string => hexOf(parameters.options?.get(code) ?? new Uint8Array());
  assert.equal(value(121), "18c0a8090a000001");
  // Without a comma a record takes what follows.
  assert.equal(value(200), "0a0000010100");
  assert.equal(value(222), "784142");
  assert.equal(value(119), "0161076578616d706c6500" + "0162076578616d706c6500");
  assert.equal(value(78), "010a0000010a000002");
  assert.equal(value(2), "fffff1f0");
});

test("what can't be honoured is named", () => {
  const { problems } = parse(`failover peer "x" { primary; port 647; }
if option x = "y" { max-lease-time 5; }
ddns-update-style none;
default-lease-time 60;
`);
  assert.deepEqual(
    problems.map(({ line, severity, key }) => [line, severity, key]),
    [
      [1, "warning", "failover"],
      [2, "warning", "if"],
      [3, "note", "ddns-update-style"],
    ],
  );
});

test("a file that includes itself ends", () => {
  const text = 'include "dhcpd.conf";\n';
  const { problems } = parseDhcpdConf(utf8(text), "dhcpd.conf", () => utf8(text));
  assert.match(problems[0]?.message ?? "", /16th file/);
});

test("parentheses without end are no trouble", () => {
  const { problems } = parse(`class "x" { match if ${"(".repeat(100_000)}`);
  assert.equal(problems.some(isError), true);
});
