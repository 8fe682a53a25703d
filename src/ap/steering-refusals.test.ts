/** Who is refused because of where it is. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { Reader, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { decodeElements, type Element, elementId } from "../wire/ieee80211/element.ts";
import { frameKind } from "../wire/ieee80211/frame.ts";

const open = "ssid=somename\nhw_mode=g\nchannel=1";
const ssid = utf8("somename");
const address = "02:00:00:00:0a:01" as MacAddress;
/** The virtual medium brings every frame with -30 dBm. */
const subtypeOf = (frame: Uint8Array): number => (frame[0] ?? 0) >>> 4;

async function attempt(config: string) {
  const network = await new VirtualNetwork(config).start();
  const answers: Uint8Array[] = [];
  network.medium.monitor((frame) => {
    if (frameKind(frame) === "management" && frame[4] === 2 && frame[8] === 0x0a) answers.push(frame);
  });
  const station = network.station({ ssid, address });
  station.station.join();
  network.pass(500);
  const elementsIn = (subtype: number, fixed: number): readonly Element[] => {
    const frame = answers.find((each) => subtypeOf(each) === subtype) ?? assert.fail("no such answer");
    return decodeElements(new Reader(frame.subarray(24 + fixed), ["answer"]));
  };
  return { network, ...station, elementsIn };
}

describe("signal", () => {
  test("rssi_ignore_probe_request: who is too far away isn't told of the network", async () => {
    assert.ok((await attempt(`${open}\nrssi_ignore_probe_request=-20`)).types().includes("network-not-found"));
    assert.ok((await attempt(`${open}\nrssi_ignore_probe_request=-40`)).types().includes("connected"));
  });

  test("rssi_reject_assoc_rssi: it is refused, and told how much nearer to come and when", async () => {
    const { types, elementsIn, events } = await attempt(
      `${open}\nrssi_reject_assoc_rssi=-20\nrssi_reject_assoc_timeout=7`,
    );
    assert.ok(types().includes("association-refused"));
    assert.ok(
      events.some((event) => event.type === "association-refused" && event.status === "poor-channel-conditions"),
    );
    const [rejection] = elementsIn(1, 6).filter(({ id, data }) => id === elementId.vendorSpecific && data[3] === 0x16);
    // OUI and type of MBO/OCE, attribute 102 of two octets: 10 dB, 7 s.
    assert.deepEqual([...(rejection?.data ?? [])], [0x50, 0x6f, 0x9a, 0x16, 102, 2, 10, 7]);
    assert.ok((await attempt(`${open}\nrssi_reject_assoc_rssi=-40`)).types().includes("connected"));
  });
});

describe("seen on another interface", () => {
  const two = (more: string) => `${open}\ntrack_sta_max_num=10\n${more}\nbss=wlan0_1\nssid=other`;

  test("no_probe_resp_if_seen_on: a probe to all is not answered", async () => {
    assert.ok((await attempt(two("no_probe_resp_if_seen_on=wlan0_1"))).types().includes("network-not-found"));
    assert.ok((await attempt(two("no_probe_resp_if_seen_on=wlan9"))).types().includes("connected"));
    const without = two("no_probe_resp_if_seen_on=wlan0_1").replace("track_sta_max_num=10", "track_sta_max_num=0");
    assert.ok((await attempt(without)).types().includes("connected"), "nobody is remembered");
  });

  test("no_auth_if_seen_on: refused, with where to go", async () => {
    const { types, elementsIn, network } = await attempt(two("no_auth_if_seen_on=wlan0_1"));
    assert.ok(types().includes("authentication-refused"));
    const [report] = elementsIn(11, 6).filter(({ id }) => id === elementId.neighborReport);
    const other = network.radio.bsses[1]?.address ?? assert.fail();
    const bssid = Array.from(report?.data.subarray(0, 6) ?? [], (octet) => octet.toString(16).padStart(2, "0")).join(
      ":",
    );
    assert.equal(bssid, other);
    // No information, operating class 81, channel 1, ERP.
    assert.deepEqual([...(report?.data.subarray(6) ?? [])], [0, 0, 0, 0, 81, 1, 6]);
  });
});
