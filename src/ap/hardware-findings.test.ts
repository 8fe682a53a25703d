import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "../config/parser.ts";
import type { RadioCapabilities } from "../driver/port.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { cipherSuite } from "../wire/ieee80211/suites.ts";
import { hardwareFindings, type RadioOnMachine } from "./hardware-findings.ts";

const capabilities = virtualCapabilities("phy0", "DE");

function found(
  lines: readonly string[],
  change: Partial<RadioOnMachine> = {},
  radio: Partial<RadioCapabilities> = {},
): string[] {
  const text = ["interface=wlan0", "ssid=x", "hw_mode=g", "channel=1", ...lines].join("\n");
  const { configuration } = parseConfiguration(utf8(text), "x", () => new Uint8Array());
  assert.ok(configuration);
  const machine = {
    capabilities: { ...capabilities, ...radio },
    isBlocked: false,
    interfaces: [],
    country: "DE",
    ...change,
  };
  return hardwareFindings(configuration, machine).map(
    ({ severity, property, message }) => `${severity} ${property}: ${message}`,
  );
}

const wpa2 = ["wpa=2", "wpa_passphrase=12345678", "rsn_pairwise=CCMP"];

test("what fits", () => {
  assert.deepEqual(found(wpa2), []);
});

test("a radio without access point mode, or switched off", () => {
  assert.match(
    found([], {}, { interfaceTypes: new Set(["station"]) })[0] ?? "",
    /^error interface: .*no access point mode/,
  );
  assert.match(found([], { isBlocked: true })[0] ?? "", /^warning interface: .*switched off: 'rfkill unblock wifi'/);
});

test("channels: what is forbidden, and by whose rules", () => {
  const [band] = capabilities.bands;
  assert.ok(band);
  const forbidden = {
    bands: [
      {
        ...band,
        channels: band.channels.map((each) => (each.frequency === 2467 ? { ...each, disabled: true } : each)),
      },
    ],
  };
  assert.match(
    found(["channel=12"], {}, forbidden)[0] ?? "",
    /^error channel: channel 12 .*disables it; allowed are 1, 2/,
  );
  const other = found(["channel=12", "country_code=US"], { country: "DE" }, forbidden);
  assert.match(other[0] ?? "", /^warning channel: .*These are the rules of DE; those of US are asked for at the start/);
  assert.match(
    found(["hw_mode=a", "channel=36"], {}, forbidden)[0] ?? "",
    /^error hw_mode: hw_mode=a needs 5GHz, and this radio has 2\.4GHz/,
  );
});

test("another interface of the radio on another channel, where it can be on one only", () => {
  const limits = [{ max: 2, types: ["ap", "station"] as const }];
  const combinations = [{ maxInterfaces: 2, maxChannels: 1, limits }];
  const interfaces = [{ name: "wlan1", type: "station", frequency: 2437 }];
  const [finding = ""] = found([], { interfaces }, { combinations });
  assert.match(
    finding,
    /^error channel: wlan1 is on channel 6 \(2437 MHz\), and this radio is on one channel at a time: channel=6, or take wlan1 down/,
  );
  assert.deepEqual(found(["channel=6"], { interfaces }, { combinations }), []);
  assert.deepEqual(found([], { interfaces }, { combinations: [{ maxInterfaces: 2, maxChannels: 2, limits }] }), []);
  assert.deepEqual(found([], { interfaces: [{ name: "wlan0", type: "ap", frequency: 2437 }] }, { combinations }), []);
});

test("more networks than the radio can be", () => {
  const combinations = [{ maxInterfaces: 4, maxChannels: 1, limits: [{ max: 2, types: ["ap"] as const }] }];
  const two = ["bss=wlan0_1", "ssid=b"];
  assert.deepEqual(found(two, {}, { combinations }), []);
  assert.match(
    found([...two, "bss=wlan0_2", "ssid=c"], {}, { combinations })[0] ?? "",
    /^error interface: 3 networks are configured, and phy0 can be 2 access points/,
  );
  assert.match(found(two, {}, { combinations: [] })[0] ?? "", /can be one access point at once/);
});

test("ciphers that the radio hasn't got", () => {
  const ciphers = new Set<number>([cipherSuite.CCMP]);
  assert.match(
    found(["wpa=2", "wpa_passphrase=12345678", "rsn_pairwise=GCMP-256"], {}, { ciphers })[0] ?? "",
    /^error rsn_pairwise: the radio has no GCMP-256, which is the cipher for broadcast/,
  );
  assert.match(
    found([...wpa2, "rsn_pairwise=CCMP GCMP"], {}, { ciphers })[0] ?? "",
    /^warning rsn_pairwise: the radio has no GCMP: stations/,
  );
  assert.match(
    found([...wpa2, "ieee80211w=1"], {}, { ciphers })[0] ?? "",
    /^warning ieee80211w: .*ieee80211w=1 has no effect/,
  );
  assert.match(
    found([...wpa2, "ieee80211w=2"], {}, { ciphers })[0] ?? "",
    /^error ieee80211w: .*ieee80211w=2 can't be/,
  );
});
