/** IEEE Std 802.11-2020, 12.2.9, in hostapd's words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hexOf } from "../base/bytes.ts";
import { faultOfOci, type OperatingChannel, ociOf } from "./operating-channel.ts";

const channel6: OperatingChannel = { frequency: 2437, width: 20, split: false, secondary: "none", segment1: 0 };
const wide6: OperatingChannel = { ...channel6, width: 40, secondary: "above" };
const wide36: OperatingChannel = { ...channel6, frequency: 5180, width: 40, secondary: "above" };
const split36: OperatingChannel = { ...channel6, frequency: 5180, width: 160, split: true, segment1: 106 };

const oci = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const whole = ({ width, segment1 }: OperatingChannel) => ({ width, segment1 });

test("we tell class, primary channel and the second segment", () => {
  const told = (channel: OperatingChannel, frequency?: number): string => hexOf(ociOf(channel, frequency) ?? oci());
  assert.equal(told(channel6), "510600");
  assert.equal(told(wide6), "530600");
  assert.equal(told(wide36), "742400");
  assert.equal(told(split36), "82246a");
  assert.equal(told(channel6, 2462), "510b00");
  assert.equal(ociOf({ ...channel6, frequency: 1000 }), undefined);
});

test("a station on our channel, also one that receives more than is sent to it", () => {
  const agree = [
    [oci(81, 6, 0), channel6, 20],
    [oci(83, 6, 0), wide6, 40],
    [oci(84, 6, 0), wide6, 20],
    [oci(81, 6, 0), wide6, 20],
    [oci(128, 36, 0), wide36, 40],
    [oci(117, 36, 0), wide36, 40],
    [oci(130, 36, 106), split36, 160],
  ] as const;
  for (const [told, channel, width] of agree) {
    assert.equal(faultOfOci(told, channel, { width, segment1: channel.segment1 }), undefined);
  }
});

test("a station elsewhere, or one that doesn't say", () => {
  const faults = [
    [undefined, channel6, "did not receive mandatory OCI"],
    [oci(81, 6), channel6, "received OCI of unexpected length (2)"],
    [oci(), channel6, "received OCI of unexpected length (0)"],
    [oci(0, 6, 0), channel6, "unable to interpret received OCI"],
    [oci(81, 15, 0), channel6, "unable to interpret received OCI"],
    [oci(81, 1, 0), channel6, "primary channel mismatch in received OCI (we use 2437 but receiver is using 2412)"],
    [oci(81, 6, 0), wide6, "channel bandwidth mismatch in received OCI (we use 40 but receiver only supports 20)"],
    [oci(84, 6, 0), wide6, "secondary channel mismatch in received OCI (we use 1 but receiver is using -1)"],
    [oci(130, 36, 0), split36, "frequency segment 1 mismatch in received OCI (we use 106 but receiver is using 0)"],
  ] as const;
  for (const [told, channel, fault] of faults) assert.equal(faultOfOci(told, channel, whole(channel)), fault);
});
