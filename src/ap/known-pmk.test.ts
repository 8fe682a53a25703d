/** Keys that a station has from another BSS of the process (okc), named at association. IEEE Std 802.11-2020, 12.6.10.3; WPA3's as they are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { Reader, utf8 } from "../base/bytes.ts";
import { type MacAddress, macAddressOf } from "../base/mac-address.ts";
import { encodeAssociationRequest } from "../wire/ieee80211/association-request.ts";
import { decodeAssociationResponse } from "../wire/ieee80211/association-response.ts";
import { encodeAuthentication } from "../wire/ieee80211/authentication.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { encodeManagementFrame, managementHeaderLength } from "../wire/ieee80211/frame.ts";
import { encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";
import { akmSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";

const station = "02:00:00:00:05:05" as MacAddress;
const ssid = utf8("castle");
const pmkid = new Uint8Array(16).fill(5);
const pmk = new Uint8Array(32).fill(6);
const wpa3 = ["ssid=castle", "wpa=2", "rsn_pairwise=CCMP", "ieee80211w=2", "sae_password=secret"];

/** Two BSSs, of which the first knows the station by this AKM; the station comes to the second and names the key. @returns the answer's status code */
async function comesToSecond(
  akm: "SAE" | "OWE",
  { first = [], second = [], name = pmkid }: { first?: string[]; second?: string[]; name?: Uint8Array },
): Promise<number> {
  const own = [...wpa3, `wpa_key_mgmt=${akm}`];
  const lines = ["hw_mode=g", "channel=1", ...own, ...first, "bss=wlan0_1", ...own, ...second];
  const network = await new VirtualNetwork(lines.join("\n")).start();
  const [one, two] = network.radio.bsses;
  assert.ok(one?.authenticator && two);
  one.authenticator.options.pmksa.add({ station, akm, pmkid, pmk });
  let status: number | undefined;
  network.medium.attach({
    frequency: () => 2412,
    answersTo: (receiver) => receiver === station,
    receive: (frame) => {
      if (frame[0] !== 0x10 || macAddressOf(frame.subarray(4, 10)) !== station) return;
      const body = new Reader(frame.subarray(managementHeaderLength), ["Association Response"]);
      status = decodeAssociationResponse(body).status;
    },
  });
  send(two, "authentication", encodeAuthentication({ algorithm: 0, transaction: 1, status: 0, elements: [] }));
  network.pass(10);
  const rsne = encodeRsne({
    ...rsneDefaults,
    akm: [akmSuite[akm]],
    capabilities: new Set(["mfpCapable"]),
    pmkids: [name],
  });
  const elements = [
    { id: elementId.ssid, data: ssid },
    { id: elementId.supportedRates, data: Uint8Array.of(0x82, 0x84, 0x8b, 0x96, 0x0c, 0x12, 0x18, 0x24) },
    { id: elementId.rsn, data: rsne },
  ];
  const request = { capabilities: new Set(["ess", "privacy"] as const), listenInterval: 5, elements };
  send(two, "association-request", encodeAssociationRequest(request));
  network.pass(10);
  network.stop();
  return status ?? assert.fail("no answer");
}

function send(bss: Bss, subtype: "authentication" | "association-request", body: Uint8Array): void {
  const addresses = { receiver: bss.address, transmitter: station, bssid: bss.address };
  const frame = encodeManagementFrame({ subtype, ...addresses }, body);
  bss.onEvent({ type: "management", frame, frequency: 2412, signalDbm: -40 });
}

const okc = ["okc=1"];
const unknown = statusCode["invalid-pmkid"];

test("what a station proved to one BSS counts for the others of the same name, where both say okc=1", async () => {
  assert.equal(await comesToSecond("SAE", { first: okc, second: okc }), statusCode.success);
  assert.equal(await comesToSecond("SAE", { first: okc }), unknown);
  assert.equal(await comesToSecond("SAE", { second: okc }), unknown);
  assert.equal(await comesToSecond("SAE", {}), unknown);
  const elsewhere = [...okc, "ssid=another"];
  assert.equal(await comesToSecond("SAE", { first: elsewhere, second: okc }), unknown, "another network's key");
  const uncached = [...okc, "disable_pmksa_caching=1"];
  assert.equal(await comesToSecond("SAE", { first: okc, second: uncached }), unknown);
});

test("a name that nobody knows, and a key of OWE, which belongs to the two that agreed on it", async () => {
  const name = pmkid.with(0, 1);
  assert.equal(await comesToSecond("SAE", { first: okc, second: okc, name }), unknown);
  assert.notEqual(await comesToSecond("OWE", { first: okc, second: okc }), statusCode.success);
});
