import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { textOf } from "../../base/bytes.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { configurationOf, configurationText, newNetwork, randomLetters } from "./network.ts";

const rest = { interfaceName: "wlan0", controlDirectory: "/tmp/x", handshakeAttempts: undefined };

test("the configuration has no problem of any kind, on either band", () => {
  for (const channel of [
    { band: "2.4GHz", frequency: 2437 },
    { band: "5GHz", frequency: 5180 },
  ] as const) {
    const network = newNetwork(channel, new FixedEntropy(), rest);
    const text = new TextEncoder().encode(configurationText(network));
    const { problems } = parseConfiguration(text, "start", () => new Uint8Array());
    assert.deepEqual(problems, []);
    const { radio, bsses } = configurationOf(network);
    assert.equal(radio.hw_mode, channel.frequency < 3000 ? "g" : "a");
    assert.equal(textOf(bsses[0]?.ssid ?? new Uint8Array()), network.ssid);
  }
});

test("SSID and passphrase are new each time, and can be typed", () => {
  const first = newNetwork({ band: "2.4GHz", frequency: 2412 }, new FixedEntropy(0), rest);
  const second = newNetwork({ band: "2.4GHz", frequency: 2412 }, new FixedEntropy(1), rest);
  assert.notEqual(first.passphrase, second.passphrase);
  assert.match(first.passphrase, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  assert.match(first.ssid, /^Beacond-[a-z2-9]{4}$/);
});

test("no letter is likelier than another", () => {
  const all = randomLetters(new FixedEntropy(), 31 * 8);
  const counts = new Map<string, number>();
  for (const letter of all) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  assert.deepEqual(new Set(counts.values()), new Set([8]));
});
