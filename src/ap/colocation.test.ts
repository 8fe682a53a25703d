/** What BSSs of one program tell of each other, in their beacons. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationOf } from "../../testing/observed-radio.ts";
import { Workshop, withHe } from "../../testing/radio-workshop.ts";
import { Reader, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { decodeBeacon } from "../wire/ieee80211/beacon.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { decodeManagementHeader } from "../wire/ieee80211/frame.ts";
import { decodeReducedNeighborReport } from "../wire/ieee80211/reduced-neighbor-report.ts";
import type { Radio } from "./radio.ts";

const low = "ssid=house\nhw_mode=g\nchannel=1\ncountry_code=DE";
const six = `interface=wlan1
ssid=house
country_code=DE
hw_mode=a
channel=5
op_class=133
ieee80211ax=1
he_oper_chwidth=1
he_oper_centr_freq_seg0_idx=7
wpa=2
wpa_key_mgmt=SAE
rsn_pairwise=CCMP
ieee80211w=2
sae_pwe=1
sae_password=secret`;

async function house(lowText = low, sixText = six) {
  const shop = new Workshop(lowText);
  shop.whims.capabilities = withHe;
  const sixGHz = shop.another(sixText);
  const heard = new Map<MacAddress, readonly string[]>();
  const frames = new Map<MacAddress, number>();
  shop.medium.monitor((frame) => {
    if (frame[0] !== 0x80) return;
    const reader = new Reader(frame, ["beacon"]);
    const { transmitter } = decodeManagementHeader(reader);
    const reports = decodeBeacon(reader).elements.filter(({ id }) => id === elementId.reducedNeighborReport);
    frames.set(transmitter, reports.length);
    heard.set(
      transmitter,
      reports.flatMap(({ data }) =>
        decodeReducedNeighborReport(new Reader(data, ["RNR"])).flatMap(({ operatingClass, channel, aps }) =>
          aps.map(({ bssid, parameters }) => [operatingClass, channel, bssid, ...parameters].join(" ")),
        ),
      ),
    );
  });
  const start = async (radio: Radio): Promise<void> => {
    const enabled = radio.enable();
    await shop.pass(200);
    await enabled;
  };
  await start(shop.radio);
  const toldBy = async (radio: Radio, nth = 0): Promise<readonly string[]> => {
    await shop.pass(300);
    return heard.get(radio.bsses[nth]?.address ?? assert.fail()) ?? assert.fail("no beacon");
  };
  return { shop, sixGHz, start, toldBy, elementsOf: (address: MacAddress) => frames.get(address) };
}

const addressOf = (radio: Radio, nth = 0): MacAddress => radio.bsses[nth]?.address ?? assert.fail();

test("a network in 6 GHz is told of from below while it is there, and not the other way round", async () => {
  const { shop, sixGHz, start, toldBy } = await house();
  assert.deepEqual(await toldBy(shop.radio), []);
  await start(sixGHz);
  assert.deepEqual(await toldBy(shop.radio), [`133 5 ${addressOf(sixGHz)} sameSsid colocatedAp`]);
  assert.deepEqual(await toldBy(sixGHz), []);
  sixGHz.disable();
  assert.deepEqual(await toldBy(shop.radio), []);
  shop.radio.disable();
});

test("what stations are told follows a reload and another channel", async () => {
  const { shop, sixGHz, start, toldBy } = await house();
  await start(sixGHz);
  const reload = async (text: string): Promise<void> => {
    const reloaded = sixGHz.reload(configurationOf(text));
    await shop.pass(2000);
    await reloaded;
  };
  await reload(six.replace("ssid=house", "ssid=annex"));
  assert.deepEqual(await toldBy(shop.radio), [`133 5 ${addressOf(sixGHz)} colocatedAp`]);
  await reload(six.replace("ssid=house", "ssid=annex\nignore_broadcast_ssid=1"));
  assert.deepEqual(await toldBy(shop.radio), []);
  await reload(six.replace("channel=5", "channel=9"));
  assert.deepEqual(await toldBy(shop.radio), [`133 9 ${addressOf(sixGHz)} sameSsid colocatedAp`]);
});

test("probe responses say it too", async () => {
  const { shop, sixGHz, start } = await house();
  await start(sixGHz);
  const answers: number[] = [];
  shop.medium.monitor((frame) => {
    if (frame[0] !== 0x50) return;
    const reader = new Reader(frame, ["probe response"]);
    decodeManagementHeader(reader);
    answers.push(decodeBeacon(reader).elements.filter(({ id }) => id === elementId.reducedNeighborReport).length);
  });
  const station = await shop.station({ ssid: utf8("house") });
  assert.ok(answers.length > 0 && answers.every((count) => count === 1), `${answers}`);
  station.close();
});

test("rnr=1 tells of the same radio's BSSs, of those that aren't hidden", async () => {
  const further = (i: number): string => `bss=wlan0_${i}\nssid=guests${i}`;
  const { shop, toldBy } = await house(`${low}\nrnr=1\n${further(1)}\n${further(2)}\nignore_broadcast_ssid=1\nrnr=1`);
  assert.deepEqual(await toldBy(shop.radio, 0), [`81 1 ${addressOf(shop.radio, 1)} colocatedAp`]);
  assert.deepEqual(await toldBy(shop.radio, 1), [], "it has no rnr=1");
  const [first, second] = [addressOf(shop.radio, 0), addressOf(shop.radio, 1)];
  assert.deepEqual(await toldBy(shop.radio, 2), [`81 1 ${first} colocatedAp`, `81 1 ${second} colocatedAp`]);
});

test("eight BSSs of a radio stand together", async () => {
  const guests = Array.from(
    { length: 7 },
    (_, i) =>
      `bss=wlan1_${i}\nssid=guests${i}\nwpa=2\nwpa_key_mgmt=SAE\nrsn_pairwise=CCMP\nieee80211w=2\nsae_pwe=1\nsae_password=secret`,
  );
  const { shop, sixGHz, start, toldBy, elementsOf } = await house(low, [six, ...guests].join("\n"));
  await start(sixGHz);
  assert.equal((await toldBy(shop.radio)).length, 8);
  assert.equal(elementsOf(addressOf(shop.radio)), 1);
});
