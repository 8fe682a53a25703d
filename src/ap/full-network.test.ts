/** As many stations as a BSS has identifiers for, and one more. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { Reader, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { Antenna } from "../driver/virtual/medium.ts";
import { associationElements, networkOf } from "../virtual/network.ts";
import { encodeAssociationRequest } from "../wire/ieee80211/association-request.ts";
import { decodeAssociationResponse } from "../wire/ieee80211/association-response.ts";
import {
  authenticationAlgorithm,
  decodeAuthentication,
  encodeAuthentication,
} from "../wire/ieee80211/authentication.ts";
import { encodeDeauthentication } from "../wire/ieee80211/deauthentication.ts";
import { decodeManagementHeader, encodeManagementFrame, type ManagementHeader } from "../wire/ieee80211/frame.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";

const ssid = utf8("full house");
const addressOf = (n: number): MacAddress =>
  `02:00:00:01:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}` as MacAddress;

/** One antenna that is all the stations. */
class Crowd implements Antenna {
  readonly network: VirtualNetwork;
  readonly bssid: MacAddress;
  readonly answers: { readonly header: ManagementHeader; readonly reader: Reader }[] = [];
  #beacon: { readonly header: ManagementHeader; readonly body: Uint8Array } | undefined;

  constructor(network: VirtualNetwork) {
    this.network = network;
    network.medium.attach(this);
    network.pass(200);
    this.bssid = this.#beacon?.header.bssid ?? assert.fail("no beacon");
  }

  frequency = (): number => 2412;
  answersTo = (address: MacAddress): boolean => address !== this.bssid;

  receive(frame: Uint8Array): void {
    const reader = new Reader(frame, ["frame"]);
    const header = decodeManagementHeader(reader);
    if (header.subtype === "beacon") this.#beacon = { header, body: reader.rest().slice() };
    else this.answers.push({ header, reader });
  }

  send(
    transmitter: MacAddress,
    subtype: "authentication" | "association-request" | "deauthentication",
    body: Uint8Array,
  ): Reader {
    this.answers.length = 0;
    const frame = encodeManagementFrame({ subtype, receiver: this.bssid, transmitter, bssid: this.bssid }, body);
    this.network.medium.transmit(this, frame, 2412);
    this.network.pass(2);
    return this.answers.find(({ header }) => header.receiver === transmitter)?.reader ?? new Reader(frame, []);
  }

  /** @returns its status */
  authenticate(station: MacAddress): number {
    const request = { algorithm: authenticationAlgorithm.open, transaction: 1, status: 0, elements: [] };
    return decodeAuthentication(this.send(station, "authentication", encodeAuthentication(request))).status;
  }

  associate(station: MacAddress) {
    const { header, body } = this.#beacon ?? assert.fail();
    const network = networkOf(header, new Reader(body, ["beacon"]), 2412);
    const elements = associationElements({ ssid }, network);
    const request = encodeAssociationRequest({
      capabilities: new Set(["ess", "shortSlotTime", "shortPreamble"]),
      listenInterval: 5,
      elements,
    });
    return decodeAssociationResponse(this.send(station, "association-request", request));
  }
}

test("2007 stations and one more: refused with a status, told of, and let in when there is room", async () => {
  const network = await new VirtualNetwork(
    `ssid=full house\nhw_mode=g\nchannel=1\nbeacon_int=100\nap_max_inactivity=86400`,
  ).start();
  const crowd = new Crowd(network);
  const bss = network.radio.bsses[0] ?? assert.fail();
  const aids = new Set<number>();
  const began = process.cpuUsage();
  let firstHalf = 0;
  for (let n = 0; n < 2007; n++) {
    assert.equal(crowd.authenticate(addressOf(n)), 0);
    const { status, aid } = crowd.associate(addressOf(n));
    assert.equal(status, 0);
    aids.add(aid & 0x3fff);
    if (n === 1003) firstHalf = process.cpuUsage(began).user;
  }
  const secondHalf = process.cpuUsage(began).user - firstHalf;
  assert.ok(secondHalf < 3 * firstHalf, `the second half took ${secondHalf} µs, the first ${firstHalf}`);
  assert.deepEqual([aids.size, Math.min(...aids), Math.max(...aids)], [2007, 1, 2007]);
  assert.equal(bss.associatedCount, 2007);

  network.events.length = 0;
  const late = addressOf(2007);
  assert.equal(crowd.authenticate(late), statusCode["no-more-stations"]);
  assert.deepEqual(
    network.events.map((event) => ("station" in event ? `${event.type} ${event.station}` : event.type)),
    [`rejected-max-stations ${late}`, `station-refused ${late}`],
  );
  assert.ok(network.records.some(({ text }) => /no more room for new STAs \(2007\/2007\)/.test(text)));
  assert.equal(bss.associatedCount, 2007, "nobody gives way who is in");

  crowd.send(addressOf(500), "deauthentication", encodeDeauthentication({ reason: 3, elements: [] }));
  assert.equal(crowd.authenticate(late), 0);
  assert.deepEqual(crowd.associate(late).aid & 0x3fff, 501, "the identifier that has become free");
  network.stop();
});
