import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "./parser.ts";

const parse = (text: string) =>
  parseConfiguration(utf8(`interface=wlan0\nssid=a\nchannel=36\nhw_mode=a\n${text}\n`), "test.conf", () =>
    assert.fail(),
  );

describe("beacon_rate", () => {
  const rateOf = (text: string) => parse(`beacon_rate=${text}`).configuration?.bsses[0]?.beacon_rate;
  test("as hostapd reads it", () => {
    assert.deepEqual(rateOf("60"), { kind: "legacy", rate: 60 });
    assert.deepEqual(rateOf("ht:0"), { kind: "ht", mcs: 0 });
    assert.deepEqual(rateOf("vht:9"), { kind: "vht", mcs: 9 });
    assert.deepEqual(rateOf("he:3"), { kind: "he", mcs: 3 });
  });
  for (const text of ["5", "10001", "ht:32", "vht:10", "he:-1"]) {
    test(`refused: ${text}`, () => assert.equal(parse(`beacon_rate=${text}`).configuration, undefined));
  }
});

test("weights of stations add up over lines", () => {
  const weights = parse(
    "airtime_mode=1\nairtime_sta_weight=02:00:00:00:00:01 512\nairtime_sta_weight=02:00:00:00:00:02 64",
  ).configuration?.bsses[0]?.airtime_sta_weight;
  assert.deepEqual(
    [...(weights ?? [])],
    [
      ["02:00:00:00:00:01", 512],
      ["02:00:00:00:00:02", 64],
    ],
  );
  for (const wrong of ["02:00:00:00:00:01", "02:00:00:00:00:01 0", "somebody 7"]) {
    assert.equal(parse(`airtime_sta_weight=${wrong}`).configuration, undefined, wrong);
  }
});

describe("what goes only with something else, in hostapd's words", () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ["ieee80211h=1", /Cannot enable IEEE 802.11h without IEEE 802.11d enabled/],
    ["local_pwr_constraint=3", /Cannot add Power Constraint element without Country element/],
    ["country_code=FI\nieee80211d=1\nspectrum_mgmt_required=1", /Cannot set Spectrum Management bit without/],
    ["airtime_mode=2\nairtime_update_interval=0", /Airtime update interval cannot be zero/],
  ];
  for (const [text, pattern] of refusals) {
    test(text, () => {
      const { configuration, problems } = parse(text);
      assert.equal(configuration, undefined);
      assert.ok(problems.some(({ hostapd }) => hostapd !== undefined && pattern.test(hostapd)));
    });
  }
});
