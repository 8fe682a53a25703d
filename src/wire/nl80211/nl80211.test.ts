import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answers, events, requests, wiphyParts } from "../../../test/vectors/nl80211.ts";
import { bytesOfHex, MalformedError, Reader, textOf } from "../../base/bytes.ts";
import { walkAttributes } from "../netlink/attributes.ts";
import { decodeGeneric } from "../netlink/generic.ts";
import { decodeMessages } from "../netlink/message.ts";
import { channelSwitched, radarDetected, setBeacon, setBss, startAp, stopAp } from "./access-point.ts";
import { decodeChannel, encodeChannel, type WireChannel } from "./channel.ts";
import {
  connectionQuality,
  controlPortFrame,
  controlPortStatus,
  cookieReply,
  frameStatus,
  probeStatus,
  receivedFrame,
  registerFrame,
  sendFrame,
  unexpectedFrame,
} from "./frame.ts";
import { commands } from "./generated/commands.ts";
import { extendedFeatures } from "./generated/enums.ts";
import { getInterface, interfaceDescription, setInterface } from "./interface.ts";
import { delKey, getKey, keyDescription, newKey, setKey } from "./key.ts";
import { regulatoryChange, regulatoryDescription } from "./regulatory.ts";
import { delStation, getStation, newStation, setStation, stationDescription } from "./station.ts";
import { hasExtendedFeature, mergeWiphy, setWiphy, wiphyPart } from "./wiphy.ts";

const octetsOf = (text: string): Uint8Array => bytesOfHex(text) ?? assert.fail(text);

function generic(text: string) {
  const [message] = decodeMessages(octetsOf(text));
  return decodeGeneric((message ?? assert.fail()).payload);
}

/** Each attribute by itself, for senders who order them differently. */
function attributesOf(encoded: Uint8Array): string[] {
  const found: string[] = [];
  walkAttributes(new Reader(encoded, ["test"]), (id, data) => found.push(`${id} ${Buffer.from(data).toString("hex")}`));
  return found.sort();
}

test("commands are numbered as hostapd numbers them", () => {
  assert.equal(generic(requests.startAp).command, startAp.command);
  assert.equal(generic(requests.setStationAssociated).command, setStation.command);
  assert.equal(generic(requests.controlPortFrame).command, controlPortFrame.command);
  assert.equal(generic(events.stopAp).command, stopAp.command);
  assert.equal(startAp.name, "NL80211_CMD_START_AP");
});

const requestTypes = [
  ["registerAuthentication", registerFrame],
  ["registerPublicAction", registerFrame],
  ["unexpectedFrame", unexpectedFrame],
  ["flushStations", delStation],
  ["delStation", delStation],
  ["startAp", startAp],
  ["setBss", setBss],
  ["sendFrame", sendFrame],
  ["newStation", newStation],
  ["setStationAssociated", setStation],
  ["controlPortFrame", controlPortFrame],
  ["getKey", getKey],
] as const;

for (const [name, type] of requestTypes) {
  test(`hostapd's ${name} is read whole and written again`, () => {
    const { attributes } = generic(requests[name]);
    const values = type.decode(attributes);
    assert.deepEqual(values.others, []);
    const encode = type.attributes.encode as (given: unknown) => Uint8Array;
    assert.deepEqual(attributesOf(encode(values)), attributesOf(attributes));
  });
}

test("START_AP in hostapd's words", () => {
  const values = startAp.decode(generic(requests.startAp).attributes);
  assert.equal(textOf(values.ssid ?? assert.fail()), "golden");
  assert.equal(values.beaconInterval, 100);
  assert.equal(values.dtimPeriod, 2);
  assert.deepEqual(values.akmSuites, [0x000fac02]);
  assert.deepEqual(values.pairwiseCiphers, [0x000fac04]);
  assert.equal(values.groupCipher, 0x000fac04);
  assert.equal(values.wpaVersions, 2);
  assert.equal(values.socketOwner, true);
  assert.equal(values.controlPortOverNl80211, true);
});

test("keys in hostapd's words", () => {
  const group = newKey.decode(generic(requests.newGroupKey).attributes).key;
  assert.deepEqual([group.index, group.cipher, group.data?.length], [1, 0x000fac04, 16]);
  const use = setKey.decode(generic(requests.defaultGroupKey).attributes).key;
  assert.deepEqual([use.index, use.default, use.defaultTypes], [1, true, new Set([2])]);
  const gone = delKey.decode(generic(requests.delPairwiseKey).attributes);
  assert.deepEqual([gone.station, gone.key.index], ["02:00:00:00:01:00", 0]);
});

test("transmit queues in hostapd's words", () => {
  const { txqParameters } = setWiphy.decode(generic(requests.setQueue).attributes);
  const [{ queue, aifs, cwMin, cwMax, txop } = assert.fail("no queue")] = txqParameters ?? [];
  assert.deepEqual({ queue, aifs, cwMin, cwMax, txop }, { queue: 0, aifs: 1, cwMin: 3, cwMax: 7, txop: 47 });
});

test("an interface, before and after its access point has started", () => {
  const before = interfaceDescription.decode(generic(answers.interface).attributes);
  assert.deepEqual([before.name, before.ifIndex, before.wiphy, before.type], ["wlan0", 3, 0, 2]);
  assert.equal(before.ssid, undefined);
  assert.equal(decodeChannel(before), undefined);
  const after = interfaceDescription.decode(generic(answers.startedInterface).attributes);
  assert.equal(textOf(after.ssid ?? assert.fail()), "golden");
  assert.deepEqual(decodeChannel(after), { frequency: 2412, width: "20", centerFrequency1: 2412 });
});

test("a station's counters", () => {
  const { station, information } = stationDescription.decode(generic(answers.station).attributes);
  assert.equal(station, "02:00:00:00:01:00");
  assert.equal(information?.rxBytes64, 1201n);
  assert.equal(information?.signal, -20);
  assert.equal(information?.rxRate?.bitrate32, 195);
  assert.equal(information?.rxRate?.mcs, 2);
  assert.deepEqual(information?.flags, { mask: 0xfe, set: 0xae });
});

test("cookies, key counters, the country", () => {
  assert.equal(cookieReply.decode(generic(answers.frameCookie).attributes).cookie, 1n);
  assert.deepEqual(keyDescription.decode(generic(answers.key).attributes).sequence, new Uint8Array(6));
  assert.equal(regulatoryDescription.decode(generic(answers.regulatory).attributes).alpha2, "US");
});

test("a radio out of the pieces of its split dump", () => {
  const wiphy = mergeWiphy(wiphyParts.map((part) => wiphyPart.decode(generic(part).attributes))) ?? assert.fail();
  assert.equal(wiphy.name, "phy0");
  assert.deepEqual([...wiphy.bands.keys()], [0, 1, 3, 4]);
  const band = wiphy.bands.get(0);
  assert.equal(band?.frequencies?.length, 14);
  assert.deepEqual(band?.frequencies?.map(({ frequency }) => frequency).slice(0, 3), [2412, 2417, 2422]);
  assert.equal(band?.rates?.length, 12);
  assert.equal(band?.htMcsSet?.length, 16);
  assert.ok(wiphy.ciphers?.includes(0x000fac04));
  assert.ok(hasExtendedFeature(wiphy.extendedFeatures, extendedFeatures.CONTROL_PORT_OVER_NL80211));
  assert.ok(!hasExtendedFeature(wiphy.extendedFeatures, extendedFeatures.SAE_OFFLOAD_AP));
  assert.ok(!hasExtendedFeature(undefined, 0));
});

test("no pieces, no radio", () => {
  assert.equal(mergeWiphy([]), undefined);
});

test("channel definitions of each width", () => {
  const channels: WireChannel[] = [
    { frequency: 2412, width: "20-no-ht", centerFrequency1: 2412 },
    { frequency: 2412, width: "20", centerFrequency1: 2412 },
    { frequency: 2412, width: "40", centerFrequency1: 2422 },
    { frequency: 5180, width: "80", centerFrequency1: 5210 },
    { frequency: 5180, width: "80+80", centerFrequency1: 5210, centerFrequency2: 5775 },
    { frequency: 5180, width: "160", centerFrequency1: 5250 },
  ];
  for (const channel of channels) assert.deepEqual(decodeChannel(encodeChannel(channel)), channel);
  assert.equal(encodeChannel({ frequency: 2412, width: "40", centerFrequency1: 2422 }).channelType, 3);
  assert.equal(encodeChannel({ frequency: 2432, width: "40", centerFrequency1: 2422 }).channelType, 2);
  assert.equal(decodeChannel({ frequency: 2412, channelWidth: 6 }), undefined);
});

test("simple requests, octet for octet", () => {
  assert.deepEqual(
    setInterface.build({ ifIndex: 3, type: 3 }).attributes,
    octetsOf("08000300030000000800050003000000"),
  );
  assert.deepEqual(getInterface.build({ ifIndex: 3 }).attributes, octetsOf("0800030003000000"));
  assert.equal(getStation.build({ ifIndex: 1 }).command, commands.GET_STATION);
});

test("nothing but MalformedError comes of any bytes", () => {
  const decoders = [
    startAp,
    setBeacon,
    setBss,
    stopAp,
    channelSwitched,
    radarDetected,
    receivedFrame,
    frameStatus,
    controlPortFrame,
    controlPortStatus,
    probeStatus,
    connectionQuality,
    interfaceDescription,
    newKey,
    keyDescription,
    newStation,
    stationDescription,
    delStation,
    regulatoryChange,
    wiphyPart,
    setWiphy,
  ].map((type) => (input: Uint8Array): void => {
    const values: object = type.decode(input);
    if (type === wiphyPart) mergeWiphy([wiphyPart.decode(input)]);
    assert.ok("others" in values);
  });
  const goldens = [...Object.values(requests), ...Object.values(answers), ...Object.values(events), ...wiphyParts];
  const damaged = fc
    .tuple(fc.constantFrom(...goldens), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 8 }))
    .map(([golden, changes]) => {
      const copy = generic(golden).attributes.slice();
      for (const [at, octet] of changes) if (copy.length > 0) copy[at % copy.length] = octet;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), fc.constantFrom(...decoders), (input, decode) => {
      try {
        decode(input);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});
