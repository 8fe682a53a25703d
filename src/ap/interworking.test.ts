import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "../config/parser.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { interworkingElements, isLookedFor } from "./interworking.ts";

function settingsOf(text: string) {
  const parsed = parseConfiguration(utf8(`interface=wlan0\nssid=a\nchannel=1\n${text}\n`), "test.conf", () =>
    assert.fail(),
  );
  const settings = parsed.configuration?.bsses[0];
  assert.ok(settings, JSON.stringify(parsed.problems));
  return settings;
}

const full =
  "interworking=1\naccess_network_type=3\ninternet=1\nasra=1\nvenue_group=7\nvenue_type=1\nhessid=02:03:04:05:06:07";

test("what a network says of itself", () => {
  assert.deepEqual(interworkingElements(settingsOf("internet=1")), []);
  assert.deepEqual(interworkingElements(settingsOf("interworking=1")), [
    { id: elementId.interworking, data: Uint8Array.of(0) },
  ]);
  assert.deepEqual(interworkingElements(settingsOf(full)), [
    { id: elementId.interworking, data: Uint8Array.of(0x33, 7, 1, 2, 3, 4, 5, 6, 7) },
  ]);
});

test("who looks for a certain kind of network", () => {
  const wants = (...data: number[]) => ({ id: elementId.interworking, data: Uint8Array.from(data) });
  const settings = settingsOf(full);
  assert.ok(isLookedFor(settings, undefined));
  assert.ok(isLookedFor(settings, wants(15)));
  assert.ok(isLookedFor(settings, wants(3)));
  assert.ok(!isLookedFor(settings, wants(2)));
  assert.ok(isLookedFor(settings, wants(15, 255, 255, 255, 255, 255, 255)));
  assert.ok(isLookedFor(settings, wants(15, 2, 3, 4, 5, 6, 7)));
  assert.ok(!isLookedFor(settings, wants(15, 2, 3, 4, 5, 6, 8)));
  assert.ok(isLookedFor(settingsOf(""), wants(2)), "a network that says nothing is looked for by all");
});
