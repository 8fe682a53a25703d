import assert from "node:assert/strict";
import { test } from "node:test";
import type { WmmTspec } from "../wire/ieee80211/wmm.ts";
import { judgeTspec } from "./traffic-admission.ts";

/** A call: 50 frames of 208 octets each second. */
const call: WmmTspec = {
  tsInfo: 0x2856,
  nominalMsduSize: 208,
  maximumMsduSize: 208,
  minimumServiceInterval: 20_000,
  maximumServiceInterval: 20_000,
  inactivityInterval: 0,
  suspensionInterval: 0xffff_ffff,
  serviceStartTime: 0,
  minimumDataRate: 83_200,
  meanDataRate: 83_200,
  peakDataRate: 83_200,
  maximumBurstSize: 0,
  delayBound: 0,
  minimumPhyRate: 6_000_000,
  surplusBandwidthAllowance: 0x2666,
  mediumTime: 0,
};

test("how much medium time traffic takes", () => {
  // 50 frames a second of 277 us on the air (208 octets at 6 Mb/s) and 50 us around each, 1.2 times: 19.6 ms in units of 32 us.
  assert.deepEqual(judgeTspec(call), { status: 0, mediumTime: 613 });
  assert.deepEqual(judgeTspec({ ...call, meanDataRate: 100 * call.meanDataRate }), { status: 3 });
});

test("what can't be judged", () => {
  for (const wrong of [{ nominalMsduSize: 0 }, { minimumPhyRate: 999_999 }, { surplusBandwidthAllowance: 0x2000 }]) {
    assert.deepEqual(judgeTspec({ ...call, ...wrong }), { status: 1 });
  }
});
