import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answers, events, requests } from "../../../test/vectors/nl80211.ts";
import { bytesOfHex, MalformedError, Reader, utf8 } from "../../base/bytes.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { walkAttributes } from "../../wire/netlink/attributes.ts";
import { decodeGeneric } from "../../wire/netlink/generic.ts";
import { decodeMessages } from "../../wire/netlink/message.ts";
import { channelSwitch, startAp } from "../../wire/nl80211/access-point.ts";
import { connectionQuality, probeStatus, unexpectedFrame } from "../../wire/nl80211/frame.ts";
import { attributes as ids } from "../../wire/nl80211/generated/attributes.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { keyAttributes } from "../../wire/nl80211/generated/nested.ts";
import { setKey } from "../../wire/nl80211/key.ts";
import type { Nl80211Message } from "../../wire/nl80211/message.ts";
import { newStation, setStation, stationDescription } from "../../wire/nl80211/station.ts";
import { setWiphy } from "../../wire/nl80211/wiphy.ts";
import type { ApParameters } from "../port.ts";
import * as build from "./commands.ts";
import { decodeEapolFrame, decodeEvent } from "./events.ts";
import { statisticsOf } from "./statistics.ts";

const octetsOf = (text: string): Uint8Array => bytesOfHex(text) ?? assert.fail(text);

function vector(text: string) {
  const [message] = decodeMessages(octetsOf(text));
  return decodeGeneric((message ?? assert.fail()).payload);
}

/** Attributes by themselves, nested ones too: senders order them differently. */
function attributesOf(encoded: Uint8Array, nestedIds: readonly number[] = [ids.KEY, ids.STA_WME]): string[] {
  const found: string[] = [];
  walkAttributes(new Reader(encoded, ["test"]), (id, data) => {
    const text = nestedIds.includes(id) ? attributesOf(data, []).join(",") : Buffer.from(data).toString("hex");
    found.push(`${id}=${text}`);
  });
  return found.sort();
}

function assertSameAs(text: string, message: Nl80211Message, but: readonly number[] = []): void {
  const golden = vector(text);
  assert.equal(message.command, golden.command);
  const wanted = (encoded: Uint8Array): string[] =>
    attributesOf(encoded).filter((line) => !but.some((id) => line.startsWith(`${id}=`)));
  assert.deepEqual(wanted(message.attributes), wanted(golden.attributes));
}

const station = "02:00:00:00:01:00" as MacAddress;
const full = { fullStationState: true, controlPort: true, inactivityTimer: false };
const associated = vector(requests.setStationAssociated);

/** What hostapd's network `golden` is in our words. */
const golden = (): ApParameters => {
  const theirs = startAp.decode(vector(requests.startAp).attributes);
  return {
    ssid: utf8("golden"),
    hiddenSsid: "no",
    beaconInterval: 100,
    dtimPeriod: 2,
    channel: { frequency: 2412, width: "20", centerFrequency1: 2412 },
    beacon: {
      head: theirs.beaconHead,
      tail: theirs.beaconTail ?? assert.fail(),
      beaconElements: theirs.beaconElements ?? assert.fail(),
      probeResponseElements: theirs.probeResponseElements ?? assert.fail(),
      associationResponseElements: theirs.associationResponseElements ?? assert.fail(),
    },
    security: {
      privacy: true,
      wpaVersions: [2],
      akmSuites: [0x000fac02],
      pairwiseCiphers: [0x000fac04],
      groupCipher: 0x000fac04,
    },
    protection: { shortPreamble: false, shortSlot: true, ctsProtection: false, htOperationMode: 0 },
    basicRates: [10, 20, 55, 110],
    isolate: false,
    maxInactivity: seconds(300),
  };
};

test("an access point is started as hostapd starts it", () => {
  // hostapd set the channel before, allowed shared keys too, and leaves out that the port is controlled.
  const but = [ids.WIPHY_FREQ, ids.CHANNEL_WIDTH, ids.WIPHY_CHANNEL_TYPE, ids.CENTER_FREQ1, ids.AUTH_TYPE];
  assertSameAs(requests.startAp, build.buildStartAp(3, golden(), full), [...but, ids.CONTROL_PORT]);
});

test("protection, basic rates and isolation as hostapd sets them", () => {
  const { protection, basicRates, isolate } = golden();
  assertSameAs(requests.setBss, build.buildSetBss(3, protection, basicRates, isolate));
});

test("a station as hostapd adds it, associates it, authorizes it", () => {
  const rates = Uint8Array.of(2, 4, 11, 22);
  const added = { aid: 1, listenInterval: 0, supportedRates: rates, capability: 0 };
  assertSameAs(requests.newStation, build.buildNewStation(3, station, added, full));

  const theirs = setStation.decode(associated.attributes);
  const request = build.buildSetStation(
    3,
    station,
    {
      aid: 1,
      listenInterval: 5,
      supportedRates: theirs.supportedRates ?? assert.fail(),
      capability: 0x0431,
      htCapabilities: theirs.htCapabilities ?? assert.fail(),
      wme: { uapsdQueues: 0, maxServicePeriod: 0 },
      flags: { authenticated: true, associated: true, wme: true, "short-preamble": true },
    },
    full,
  );
  assertSameAs(requests.setStationAssociated, request, [ids.STA_SUPPORT_P2P_PS]);

  const authorized = build.buildSetStation(3, station, { flags: { authorized: true } }, full);
  assertSameAs(requests.setStationAuthorized, authorized, [ids.STA_FLAGS]);
});

test("flags that a driver without these states doesn't know are left out", () => {
  const simple = { ...full, fullStationState: false };
  const added = build.buildNewStation(3, station, { flags: { associated: true, wme: true } }, simple);
  assert.deepEqual(newStation.decode(added.attributes).flags, { mask: 1 << 3, set: 1 << 3 });
  const changed = build.buildSetStation(3, station, { flags: { authenticated: true } }, simple);
  assert.equal(setStation.decode(changed.attributes).flags, undefined);
  const unauthorized = build.buildSetStation(3, station, { flags: { authorized: false } }, simple);
  assert.deepEqual(setStation.decode(unauthorized.attributes).flags, { mask: 2, set: 0 });
});

test("keys as hostapd installs, uses and removes them", () => {
  const keyOf = (text: string): Uint8Array => {
    let key: Uint8Array | undefined;
    walkAttributes(new Reader(vector(text).attributes, ["test"]), (id, data) => {
      if (id !== ids.KEY) return;
      walkAttributes(new Reader(data, ["key"]), (inner, octets) => {
        if (inner === keyAttributes.DATA) key = octets;
      });
    });
    return key ?? assert.fail("no key");
  };
  const cipher = 0x000fac04;
  assertSameAs(requests.newGroupKey, build.buildNewKey(3, { cipher, key: keyOf(requests.newGroupKey), index: 1 }));
  const pairwise = { cipher, key: keyOf(requests.newPairwiseKey), index: 0, station };
  assertSameAs(requests.newPairwiseKey, build.buildNewKey(3, pairwise));
  assertSameAs(requests.delPairwiseKey, build.buildDelKey(3, 0, station));
  const use = setKey.decode(build.buildDefaultKey(3, 1, "multicast").attributes).key;
  const theirs = setKey.decode(vector(requests.defaultGroupKey).attributes).key;
  assert.deepEqual(use, theirs);
  assert.equal(setKey.decode(build.buildDefaultKey(3, 4, "management").attributes).key.defaultManagement, true);
  assert.equal(setKey.decode(build.buildDefaultKey(3, 6, "beacon").attributes).key.defaultBeacon, true);
  assert.deepEqual(setKey.decode(build.buildDefaultKey(3, 0, "unicast").attributes).key.defaultTypes, new Set([1]));
});

test("queues and frames as hostapd sends them", () => {
  const queue = build.buildSetQueue(3, "voice", { aifs: 1, cwMin: 3, cwMax: 7, txop: 47 });
  assert.deepEqual(setWiphy.decode(queue.attributes), setWiphy.decode(vector(requests.setQueue).attributes));
  const deauthentication = octetsOf("c0000000ffffffffffff02000000000002000000000000000200");
  assertSameAs(requests.sendFrame, build.buildSendFrame(3, deauthentication, { frequency: 2412 }), [
    ids.OFFCHANNEL_TX_OK,
  ]);
  const frames = attributesOf(vector(requests.controlPortFrame).attributes);
  const message1 = frames.find((line) => line.startsWith(`${ids.FRAME}=`))?.split("=")[1] ?? assert.fail();
  assertSameAs(requests.controlPortFrame, build.buildSendEapol(3, station, octetsOf(message1), false));
});

test("the counters of a station as hostapd would show them", () => {
  const { information } = stationDescription.decode(vector(answers.station).attributes);
  assert.deepEqual(statisticsOf(information ?? assert.fail()), {
    inactive: milliseconds(1640),
    connected: seconds(4),
    rxBytes: 1201n,
    txBytes: 524n,
    rxPackets: 12,
    txPackets: 5,
    txRetries: 0,
    txFailed: 0,
    signalDbm: -20,
    lastAckSignalDbm: undefined,
    rxRate: 195,
    txRate: 10,
    rxRateInfo: " mcs 2",
    txRateInfo: "",
    flags: new Set(["authorized", "short-preamble", "wme", "authenticated", "associated"]),
    backlogBytes: 0,
  });
  const fast = { bitrate: 65535, bitrate32: 8667, vhtMcs: 9, vhtNss: 2, shortGi: true };
  const { rxRate, rxRateInfo, rxBytes } = statisticsOf({ rxRate: fast, rxBytes: 7 });
  assert.deepEqual([rxRate, rxRateInfo, rxBytes], [8667, " vhtmcs 9 vhtnss 2 shortGI", 7n]);
});

test("events that the kernel has reported", () => {
  const authentication = decodeEvent(vector(events.authentication));
  assert.deepEqual(authentication, {
    scope: "bss",
    ifIndex: 3,
    event: {
      type: "management",
      frame: octetsOf("b0003a010200000000000200000001000200000000001000000001000000"),
      frequency: 2412,
      signalDbm: -20,
    },
  });
  assert.deepEqual(decodeEvent(vector(events.frameStatus)), {
    scope: "bss",
    ifIndex: 3,
    event: {
      type: "management-status",
      cookie: 2n,
      frame: octetsOf("b00000000200000001000200000000000200000000000000000002000000"),
      acknowledged: true,
    },
  });
  const eapol = decodeEvent(vector(events.eapol));
  assert.ok(eapol?.scope === "bss" && eapol.event.type === "eapol");
  assert.deepEqual([eapol.event.source, eapol.event.payload.length, eapol.event.encrypted], [station, 121, false]);
  assert.deepEqual(decodeEvent(vector(events.eapolStatus)), {
    scope: "bss",
    ifIndex: 3,
    event: { type: "eapol-status", cookie: 4n, station, acknowledged: true },
  });
  assert.deepEqual(decodeEvent(vector(events.delStation)), {
    scope: "bss",
    ifIndex: 3,
    event: { type: "station-removed", station },
  });
  assert.deepEqual(decodeEvent(vector(events.stopAp)), { scope: "bss", ifIndex: 3, event: { type: "stopped" } });
  assert.deepEqual(decodeEvent(vector(events.newStation)), {
    scope: "bss",
    ifIndex: 3,
    event: { type: "station-associated", station, elements: new Uint8Array(), reassociation: undefined },
  });
});

test("events that the captures lack", () => {
  const decode = ({ command, attributes }: Nl80211Message) => decodeEvent({ command, attributes, version: 1 });
  const event = (message: Nl80211Message) => {
    const decoded = decode(message);
    return decoded?.scope === "bss" ? decoded.event : undefined;
  };
  assert.deepEqual(event(probeStatus.build({ ifIndex: 3, station })), {
    type: "probe-status",
    station,
    acknowledged: false,
  });
  assert.deepEqual(event(connectionQuality.build({ ifIndex: 3, station, quality: { lostPackets: 50 } })), {
    type: "low-acknowledgement",
    station,
  });
  assert.equal(event(connectionQuality.build({ ifIndex: 3, station, quality: {} })), undefined);
  assert.deepEqual(event(unexpectedFrame.build({ ifIndex: 3, station })), {
    type: "unexpected-frame",
    source: station,
    fourAddress: false,
  });
  const fourAddress = { ...unexpectedFrame.build({ ifIndex: 3, station }), command: commands.UNEXPECTED_4ADDR_FRAME };
  assert.deepEqual(event(fourAddress), { type: "unexpected-frame", source: station, fourAddress: true });
});

test("nothing but MalformedError comes of any event", () => {
  const texts = Object.values(events);
  const damaged = fc
    .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }))
    .map(([text, changes]) => {
      const { command, attributes } = vector(text);
      const copy = attributes.slice();
      for (const [at, octet] of changes) copy[at % copy.length] = octet;
      return { command, version: 1, attributes: copy };
    });
  const any = fc
    .tuple(fc.nat({ max: 160 }), fc.uint8Array({ maxLength: 80 }))
    .map(([command, attributes]) => ({ command, version: 1, attributes }));
  fc.assert(
    fc.property(fc.oneof(damaged, any), (message) => {
      try {
        decodeEvent(message);
        decodeEapolFrame(message.attributes);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a channel switch: the counts by their place, the new beacon outside and the old one inside", () => {
  const { beacon: after } = golden();
  const during = { ...after, tail: Uint8Array.of(37, 3, 0, 6, 5, ...after.tail) };
  const channel = { frequency: 2437, width: "20", centerFrequency1: 2437 } as const;
  const message = build.buildChannelSwitch(7, {
    channel,
    count: 5,
    blockTransmission: true,
    during,
    beaconCounts: [4],
    probeResponseCounts: [60],
    after,
  });
  const sent = channelSwitch.decode(message.attributes);
  assert.deepEqual([sent.ifIndex, sent.count, sent.blockTransmission, sent.frequency], [7, 5, true, 2437]);
  assert.deepEqual([sent.beaconTail, sent.during.beaconTail], [after.tail, during.tail]);
  assert.deepEqual(sent.during.beaconCounts, [4]);
  assert.equal(sent.during.probeResponseCounts, undefined, "there is no probe response for the driver");
  const counts = new Map<number, Uint8Array>();
  walkAttributes(new Reader(message.attributes, ["test"]), (id, data) => counts.set(id, data));
  const inside = new Map<number, Uint8Array>();
  walkAttributes(new Reader(counts.get(ids.CSA_IES) ?? assert.fail(), ["test"]), (id, data) => inside.set(id, data));
  assert.deepEqual(inside.get(ids.CNTDWN_OFFS_BEACON), Uint8Array.of(4, 0));
});
