import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { textOf, utf8 } from "../../base/bytes.ts";
import { ipv4AddressOf, ipv4Mask, parseIpv4Address } from "../../base/ipv4-address.ts";
import { parseDhcpdConf } from "../../config/dhcpd/parser.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { describe, isError } from "../../config/problem.ts";
import type { Band } from "../../driver/port.ts";
import { virtualCapabilities } from "../../driver/virtual/capabilities.ts";
import { chooseChannel } from "./choose-channel.ts";
import { dhcpdConf, hostapdConf, joinText, type UpNetwork } from "./network-file.ts";
import { parseUpOptions } from "./options.ts";

const capabilities = virtualCapabilities("phy0", "DE");
const bandNamed = (name: Band["name"]): Band => {
  const band = capabilities.bands.find((each) => each.name === name) ?? capabilities.bands[0];
  assert.ok(band);
  return { ...band, name };
};

const network: UpNetwork = {
  interfaceName: "wlan0",
  ssid: "meadow",
  passphrase: "correct horse",
  band: bandNamed("2.4GHz"),
  frequency: 2412,
  isGuest: false,
  country: undefined,
  controlDirectory: "/run/hostapd",
};

const noFiles = (): Uint8Array => new Uint8Array();

test("whatever SSID and passphrase are, the file says the same", () => {
  const ssids = fc
    .string({ minLength: 1, maxLength: 8, unit: "binary" })
    .filter((text) => Buffer.byteLength(text) <= 32);
  const passphrases = fc.string({ minLength: 8, maxLength: 63, unit: "grapheme-ascii" });
  fc.assert(
    fc.property(ssids, passphrases, (ssid, passphrase) => {
      const { configuration, problems } = parseConfiguration(
        utf8(hostapdConf({ ...network, ssid, passphrase })),
        "x",
        noFiles,
      );
      assert.deepEqual(problems.filter(isError).map(describe), []);
      const [bss] = configuration?.bsses ?? [];
      assert.equal(textOf(bss?.ssid ?? new Uint8Array()), textOf(utf8(ssid)));
      assert.equal(textOf(bss?.wpa_passphrase ?? new Uint8Array()), passphrase);
    }),
  );
});

for (const [what, change] of [
  ["with a password", {}],
  ["open", { passphrase: undefined }],
  ["for guests", { isGuest: true }],
  ["in 5 GHz", { band: bandNamed("5GHz"), frequency: 5180, country: "DE" }],
  ["in 6 GHz", { band: bandNamed("6GHz"), frequency: 5975, country: "DE" }],
  ["open in 6 GHz", { band: bandNamed("6GHz"), frequency: 5975, country: "DE", passphrase: undefined }],
] as const) {
  test(`a network ${what} gives nothing to doubt`, () => {
    const { problems } = parseConfiguration(utf8(hostapdConf({ ...network, ...change })), "x", noFiles);
    assert.deepEqual(problems.map(describe), []);
  });
}

test("the addresses' file has no errors", () => {
  const subnet = { address: parseIpv4Address("192.168.50.0") ?? ipv4AddressOf(0), mask: ipv4Mask(24) };
  const { problems } = parseDhcpdConf(utf8(dhcpdConf(subnet)), "x", noFiles);
  assert.deepEqual(problems, []);
});

test("what a camera reads is escaped", () => {
  assert.equal(
    joinText({ ...network, ssid: 'a;b:"c,\\', passphrase: "p;ass word" }),
    'WIFI:T:WPA;S:a\\;b\\:\\"c\\,\\\\;P:p\\;ass word;;',
  );
  assert.equal(joinText({ ...network, passphrase: undefined }), "WIFI:T:nopass;S:meadow;;");
});

test("channels: what was asked for, or why not", () => {
  const none = { channel: undefined, band: undefined };
  assert.equal(chooseChannel(capabilities, none).band.name, "2.4GHz");
  assert.equal(chooseChannel(capabilities, { ...none, channel: 6 }).frequency, 2437);
  assert.throws(
    () => chooseChannel(capabilities, { ...none, channel: 99 }),
    /channel 99 can't be used; allowed are 1, 2/,
  );
});

test("a wrong command line is told before anything is done", () => {
  for (const [args, complaint] of [
    [["--passphrase", "short"], /at least 8/],
    [["--passphrase", "12345678", "--open"], /exclude/],
    [["--ssid", "x".repeat(33)], /32 octets/],
    [["--band", "7"], /none of 2\.4, 5, 6/],
    [["--country", "de"], /capital/],
    [["--channel", "x"], /no number/],
  ] as const) {
    const parsed = parseUpOptions(args);
    assert.match("refused" in parsed ? parsed.refused : "", complaint);
  }
});
