// lab: radios=3, no-capture
/** A real station whose association requests claim too much: the kernel, the access point and others bear it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { station } from "../../lab/guest/station.ts";
import { accessPoint, addressOf, apAddress, cidr, joined, wpa2Config, wpa2Network } from "./networks.ts";

const ff = (octets: number): string => "ff".repeat(octets);
/** Elements for wpa_supplicant to add to its association requests, as octets in hexadecimal. */
const claims: Readonly<Record<string, string>> = {
  "HT of all capabilities, again": `2d1a${ff(26)}`,
  "VHT of all capabilities, again": `bf0c${ff(12)}`,
  "HE of all capabilities, too long": `ffff23${ff(254)}`,
  "HE and EHT without anything": "ff0123ff016c",
  "HE and EHT of all capabilities": `ff3d23${ff(60)}ff3d6c${ff(60)}`,
  "Extended Capabilities of 255 octets, again": `7fff${ff(255)}`,
  "another SSID, of 0 octets, then of 255": `000000ff${ff(255)}`,
  "another RSNE, of all capabilities": `300e0100000fac040100000fac04${"0100"}`,
  "rates by the dozen": `01ff${"82".repeat(255)}32ff${"30".repeat(255)}`,
  "empty elements of every kind": Array.from(
    { length: 100 },
    (_, i) => `${(100 + i).toString(16).padStart(2, "0")}00`,
  ).join(""),
  "unknown elements, 255 octets each": `c8ff${ff(255)}c8ff${ff(255)}c8ff${ff(255)}`,
  "operating classes, power and channels of nothing": "3b00210024004600",
  "WMM information with all bits, again": "dd070050f2020001ff",
};

test("whatever a station adds, it is in or it is told why; others are not disturbed", async (t) => {
  const config = wpa2Config("castle", "ieee80211n=1", "ieee80211ac=1", "ieee80211ax=1", "wmm_enabled=1");
  const ap = await accessPoint(t, config);
  const honest = await joined(t, 2, wpa2Network("castle"));
  const boaster = await station(t, { radio: 1 });
  const network = await boaster.cli("add_network");
  for (const [key, value] of [
    ["ssid", '"castle"'],
    ["psk", '"correct horse"'],
    ["scan_freq", "2412"],
  ] as const) {
    assert.equal(await boaster.cli("set_network", network, key, value), "OK");
  }
  for (const [what, elements] of Object.entries(claims)) {
    assert.equal(await boaster.cli("vendor_elem_remove", "13", "*"), "OK", what);
    assert.equal(await boaster.cli("vendor_elem_add", "13", elements), "OK", what);
    await boaster.cli("select_network", network);
    const outcome = await Promise.race([
      boaster.connected().then(() => "in"),
      boaster.log.waitFor(/CTRL-EVENT-ASSOC-REJECT .*status_code=(\d+)/).then(([, status]) => `refused: ${status}`),
    ]);
    t.diagnostic(`${what}: ${outcome}`);
    if (outcome === "in") {
      assert.match(await ap.cli("sta", boaster.address), /\[AUTHORIZED\]/, what);
      await boaster.setAddress(cidr(addressOf(1)));
      await boaster.ping(apAddress);
      await boaster.cli("disconnect");
      await boaster.disconnected();
    } else {
      await ap.log.waitFor(new RegExp(`${boaster.address}.*(associat|refus|reject|not )`, "i"));
      await boaster.cli("disconnect");
    }
    await honest.ping(apAddress);
  }
  assert.equal(await boaster.cli("vendor_elem_remove", "13", "*"), "OK");
  await boaster.cli("select_network", network);
  await boaster.connected();
  assert.match(await ap.cli("status"), /^num_sta\[0\]=2$/m);
});
