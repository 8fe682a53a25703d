/** Protected management frames between an access point and stations, over the virtual air. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ObservedStation, VirtualNetwork } from "../../testing/virtual-network.ts";
import { concat, Reader, utf8 } from "../base/bytes.ts";
import { milliseconds, timeUnits } from "../base/duration.ts";
import { broadcast } from "../base/mac-address.ts";
import { encodeDeauthentication } from "../wire/ieee80211/deauthentication.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { decodeManagementHeader, encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import type { ManagementCipherName } from "../wire/ieee80211/suites.ts";
import type { StationSecurity } from "./options.ts";

const ssid = utf8("castle");
const secret = { passphrase: "correct horse" } as const;
const configuration = (...lines: readonly string[]): string =>
  [
    "ssid=castle",
    "hw_mode=g",
    "channel=1",
    "wpa=2",
    "wpa_key_mgmt=WPA-PSK",
    "rsn_pairwise=CCMP",
    "wpa_passphrase=correct horse",
    ...lines,
  ].join("\n");

async function networkWith(...lines: readonly string[]): Promise<VirtualNetwork> {
  return new VirtualNetwork(configuration(...lines)).start();
}

function joined(network: VirtualNetwork, security: Partial<StationSecurity> = {}): ObservedStation {
  const observed = network.station({
    ssid,
    security: { secret, managementProtection: "required", ...security },
    retries: 2,
    retryDelay: milliseconds(100),
  });
  observed.station.join();
  network.pass(300);
  return observed;
}

const bssOf = (network: VirtualNetwork) => network.radio.bsses[0] ?? assert.fail("there is a BSS");

/** Frames that anybody can hear. */
function listen(network: VirtualNetwork): Uint8Array[] {
  const frames: Uint8Array[] = [];
  network.medium.attach({
    frequency: () => 2412,
    answersTo: () => false,
    receive: (frame) => void frames.push(frame.slice()),
  });
  return frames;
}

const headerOf = (frame: Uint8Array) => decodeManagementHeader(new Reader(frame, ["frame"]));
const isManagement = (frame: Uint8Array): boolean => ((frame[0] ?? 0) & 0x0c) === 0;
const managementMicAt = (frame: Uint8Array, length: number): boolean =>
  frame.at(-length - 2) === elementId.managementMic;

describe("what goes over the air", () => {
  test("a goodbye to a protected station is encrypted, and one to another is not", async () => {
    const network = await networkWith("ieee80211w=1");
    const frames = listen(network);
    const able = joined(network);
    const bare = network.station({ ssid, security: { secret } });
    bare.station.join();
    network.pass(300);
    for (const { station } of [able, bare])
      bssOf(network).deauthenticate(station.address, "unspecified", "deauthentication");
    network.pass(50);
    const goodbyes = frames.filter((frame) => isManagement(frame) && headerOf(frame).subtype === "deauthentication");
    const isProtected = new Map(goodbyes.map((frame) => [headerOf(frame).receiver, headerOf(frame).protected]));
    assert.equal(isProtected.get(able.station.address), true);
    assert.equal(isProtected.get(bare.station.address), false);
    assert.ok(able.types().includes("told-to-leave"));
    network.stop();
  });

  for (const [cipher, length] of [
    ["AES-128-CMAC", 16],
    ["BIP-GMAC-128", 24],
    ["BIP-GMAC-256", 24],
    ["BIP-CMAC-256", 24],
  ] as const satisfies readonly (readonly [ManagementCipherName, number])[]) {
    test(`${cipher}: goodbyes to all and beacons carry a MIC that stations verify, through changes of the keys`, async () => {
      const network = await networkWith("ieee80211w=2", `group_mgmt_cipher=${cipher}`, "beacon_prot=1");
      const frames = listen(network);
      const observed = joined(network, { managementCipher: cipher });
      assert.ok(observed.station.isConnected);
      network.pass(5000);
      bssOf(network).authenticator?.rekeyGroup();
      network.pass(5000);
      assert.ok(observed.station.isConnected, "no beacon was thrown away");
      assert.ok(!observed.types().includes("unprotected-frame-ignored"));
      const beacons = frames.filter((frame) => isManagement(frame) && headerOf(frame).subtype === "beacon");
      assert.ok(beacons.length > 90 && beacons.every((frame) => managementMicAt(frame, length)));
      const forged = encodeManagementFrame(
        {
          subtype: "deauthentication",
          receiver: broadcast,
          transmitter: bssOf(network).address,
          bssid: bssOf(network).address,
        },
        encodeDeauthentication({ reason: 3, elements: [] }),
      );
      const forger = { frequency: () => 2412, answersTo: () => false, receive: () => undefined };
      network.medium.attach(forger);
      network.medium.transmit(forger, forged, 2412);
      network.pass(50);
      assert.ok(observed.station.isConnected);
      assert.ok(observed.types().includes("unprotected-frame-ignored"));
      bssOf(network).deauthenticate(broadcast, "unspecified", "deauthentication");
      network.pass(5);
      assert.ok(observed.types().includes("told-to-leave"));
      network.stop();
    });
  }

  test("a beacon of another day is none: the station that hears nothing else gives up", async () => {
    const network = await networkWith("ieee80211w=2", "beacon_prot=1");
    const frames = listen(network);
    const observed = joined(network);
    const old =
      frames.findLast((frame) => isManagement(frame) && headerOf(frame).subtype === "beacon") ?? assert.fail();
    const forger = { frequency: () => 2412, answersTo: () => false, receive: () => undefined };
    network.medium.attach(forger);
    network.radio.disable();
    for (let i = 0; i < 40; i++) {
      network.medium.transmit(forger, i % 2 === 0 ? old : old.slice(0, -18), 2412);
      network.pass(100);
    }
    assert.ok(!observed.station.isConnected);
    network.driver.close();
  });
});

describe("11.3.5.3: a protected station that has lost its association", () => {
  test("has to come back, is asked under its old key meanwhile, and is let in when it can't answer", async () => {
    const network = await networkWith("ieee80211w=2", "assoc_sa_query_max_timeout=2000");
    const observed = joined(network);
    const bss = bssOf(network);
    const before = network.clock.now();
    observed.station.reassociate();
    network.pass(10);
    assert.deepEqual(bss.stations.get(observed.station.address)?.isAuthorized, true, "the old association is in force");
    const postponed = observed.events.find((event) => event.type === "association-postponed");
    assert.equal(postponed?.type === "association-postponed" && postponed.after, timeUnits(2000));
    network.pass(3000);
    assert.ok(observed.station.isConnected);
    assert.ok(network.clock.now() - before >= timeUnits(2000));
    const asked = network.records.filter(({ text }) => text.startsWith("association SA Query attempt"));
    assert.ok(asked.length >= 9, `${asked.length} requests`);
    assert.equal(bss.stations.get(observed.station.address)?.saQuery.kind, "idle");
    assert.equal(network.eventsOf(observed).filter((type) => type === "station-connected").length, 2);
    network.stop();
  });

  test("one that is there answers at once, so that whoever asked in its name is put off again and again", async () => {
    const network = await networkWith("ieee80211w=2");
    const observed = joined(network);
    const frames = listen(network);
    const request = Uint8Array.from(Buffer.from("310405000006636173746c65010482848b96", "hex"));
    for (let round = 0; round < 5; round++) {
      observed.station.sendManagement("association-request", bssOf(network).address, request);
      network.pass(1500);
    }
    const answers = frames.filter((frame) => isManagement(frame) && headerOf(frame).subtype === "association-response");
    assert.deepEqual(
      answers.map((frame) => frame[26]),
      [30, 30, 30, 30, 30],
    );
    assert.ok(observed.station.isConnected);
    const queries = frames.filter((frame) => isManagement(frame) && headerOf(frame).subtype === "action");
    assert.ok(queries.length >= 10 && queries.every((frame) => headerOf(frame).protected));
    network.stop();
  });
});

test("negotiation on the air: who can't is refused where it is demanded", async () => {
  const network = await networkWith("ieee80211w=2");
  const bare = network.station({ ssid, security: { secret } });
  bare.station.join();
  network.pass(300);
  const refused = bare.events.find((event) => event.type === "association-refused");
  assert.equal(refused?.type === "association-refused" && refused.status, "robust-management-policy-violation");
  network.stop();
});

test("a radio without the cipher: ieee80211w=2 doesn't come up, ieee80211w=1 goes on without and says so", async () => {
  const start = async (lines: readonly string[]): Promise<VirtualNetwork> => {
    const network = new VirtualNetwork(configuration(...lines));
    const { openRadio } = network.driver;
    network.driver.openRadio = (...args) => {
      const port = openRadio.apply(network.driver, args);
      const capabilities = port.capabilities.bind(port);
      port.capabilities = () => ({ ...capabilities(), ciphers: new Set([0x000fac04]) });
      return port;
    };
    return network.start();
  };
  await assert.rejects(start(["ieee80211w=2"]), /the radio has no AES-128-CMAC/);
  const network = await start(["ieee80211w=1"]);
  assert.ok(
    network.records.some(({ level, text }) => level === "warning" && text.includes("ieee80211w=1 has no effect")),
  );
  const observed = joined(network, { managementProtection: "capable" });
  assert.ok(observed.station.isConnected);
  const { agreed } = bssOf(network).stations.get(observed.station.address)?.association?.security ?? assert.fail();
  assert.equal(agreed.managementFrameProtection, false);
  network.stop();
});

test("a Known STA Identification with a wrong MIC identifies nobody", async () => {
  const network = await networkWith("ieee80211w=1", "known_sta_identification=1");
  const observed = joined(network);
  const element = concat(Uint8Array.of(255, 26, 136), new Uint8Array(8).fill(1), Uint8Array.of(16), new Uint8Array(16));
  const request = concat(Uint8Array.from(Buffer.from("310405000006636173746c65010482848b96", "hex")), element);
  observed.station.sendManagement("association-request", bssOf(network).address, request);
  network.pass(3000);
  assert.ok(observed.station.isConnected);
  const asked = network.records.some(({ text }) => text.startsWith("association SA Query attempt"));
  assert.ok(asked);
  network.stop();
});
