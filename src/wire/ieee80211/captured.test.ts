/** Frames that hostapd and wpa_supplicant sent: what they mean, and that the same bytes come out again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pmfAir, pskAir, sharedKeyAir, wpaAir } from "../../../test/vectors/air.ts";
import { bytesOfHex, concat, hexOf, Reader, textOf } from "../../base/bytes.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import { actionCategory, decodeAction, encodeAction } from "./action.ts";
import {
  decodeAssociationRequest,
  decodeReassociationRequest,
  encodeAssociationRequest,
} from "./association-request.ts";
import { decodeAssociationResponse, encodeAssociationResponse } from "./association-response.ts";
import { authenticationAlgorithm, decodeAuthentication, encodeAuthentication } from "./authentication.ts";
import { decodeBeacon, encodeBeacon } from "./beacon.ts";
import { decodeBssLoad, encodeBssLoad } from "./bss-load.ts";
import { decodeCountry, encodeCountry } from "./country.ts";
import { decodeDataHeader, encodeDataHeader } from "./data-frame.ts";
import { decodeDeauthentication, encodeDeauthentication } from "./deauthentication.ts";
import { decodeDsParameterSet, encodeDsParameterSet } from "./ds-parameter-set.ts";
import { type Element, elementId, encodeElements, findElement, findVendor, isVendor, oui } from "./element.ts";
import { decodeErp, encodeErp } from "./erp.ts";
import { decodeExtendedCapabilities, encodeExtendedCapabilities } from "./extended-capabilities.ts";
import { decodeManagementHeader, encodeManagementFrame, frameKind, managementHeaderLength } from "./frame.ts";
import { decodeHtCapabilities, encodeHtCapabilities } from "./ht-capabilities.ts";
import { decodeHtOperation, encodeHtOperation } from "./ht-operation.ts";
import { decodeMsdu, encodeMsdu, etherType } from "./llc-snap.ts";
import { decodePowerConstraint, encodePowerConstraint } from "./power-constraint.ts";
import { decodeProbeRequest, encodeProbeRequest } from "./probe-request.ts";
import { reasonCode } from "./reason-code.ts";
import { decodeRsne, encodeRsne } from "./rsne.ts";
import { statusCode } from "./status-code.ts";
import { akmSuite, cipherSuite, wpaAkmSuite, wpaCipherSuite } from "./suites.ts";
import { joinRates, splitRates } from "./supported-rates.ts";
import { decodeTim, encodeTim } from "./tim.ts";
import { decodeVhtCapabilities, encodeVhtCapabilities } from "./vht-capabilities.ts";
import { decodeVhtOperation, encodeVhtOperation } from "./vht-operation.ts";
import {
  decodeWmmInformation,
  decodeWmmParameter,
  encodeWmmInformation,
  encodeWmmParameter,
  wmmSubtype,
  wmmType,
} from "./wmm.ts";
import { decodeWpaIe, encodeWpaIe, wpaIeType } from "./wpa-ie.ts";

const accessPoint = "02:00:00:00:00:00" as MacAddress;
const station = "02:00:00:00:01:00" as MacAddress;

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail("no hexadecimal");

/** Decodes a captured frame's body, and checks that encoding gives the captured body back. */
function body<T>(hex: string, decode: (r: Reader) => T, encode: (value: T) => Uint8Array): T {
  const r = new Reader(bytes(hex), ["frame"]);
  decodeManagementHeader(r);
  const value = decode(r);
  assert.equal(r.remaining, 0);
  assert.equal(hexOf(encode(value)), hex.slice(2 * managementHeaderLength));
  return value;
}

/** The same for the element of an ID. */
function element<T>(
  all: readonly Element[],
  id: number,
  decode: (r: Reader) => T,
  encode: (value: T) => Uint8Array,
): T {
  return contents(findElement(all, id) ?? assert.fail(`no element ${id}`), decode, encode);
}

function contents<T>({ id, data }: Element, decode: (r: Reader) => T, encode: (value: T) => Uint8Array): T {
  const value = decode(new Reader(data, [`element ${id}`]));
  assert.equal(hexOf(encode(value)), hexOf(data), `element ${id}`);
  return value;
}

test("management headers", () => {
  const header = decodeManagementHeader(new Reader(bytes(pskAir.associationRequest), ["frame"]));
  assert.deepEqual(header, {
    subtype: "association-request",
    retry: false,
    protected: false,
    receiver: accessPoint,
    transmitter: station,
    bssid: accessPoint,
    sequence: 3,
    fragment: 0,
  });
  assert.equal(frameKind(bytes(pskAir.beacon)), "management");
  assert.equal(frameKind(bytes(pskAir.message1)), "data");
  const beacon = decodeManagementHeader(new Reader(bytes(pskAir.beacon), ["frame"]));
  assert.deepEqual([beacon.subtype, beacon.receiver], ["beacon", broadcast]);
  assert.ok(decodeManagementHeader(new Reader(bytes(pmfAir.saQueryRequest), ["frame"])).protected);

  // The radio fills in duration and sequence number; the rest is ours.
  const ours = encodeManagementFrame({ ...header, subtype: "association-request" }, new Uint8Array());
  const theirs = bytes(pskAir.associationRequest).slice(0, managementHeaderLength);
  theirs.fill(0, 2, 4);
  theirs.fill(0, 22, 24);
  assert.equal(hexOf(ours), hexOf(theirs));
});

test("a data frame's header and EAPOL below LLC/SNAP", () => {
  for (const [hex, direction] of [
    [pskAir.message1, "from-ap"],
    [pskAir.message2, "to-ap"],
    [wpaAir.message1, "from-ap"],
  ] as const) {
    const r = new Reader(bytes(hex), ["frame"]);
    const header = decodeDataHeader(r);
    assert.equal(header.addresses.direction, direction);
    assert.deepEqual(header.qos?.tid, hex === wpaAir.message1 ? undefined : 7);
    const msdu = decodeMsdu(r);
    assert.equal(msdu.etherType, etherType.eapol);
    const again = concat(encodeDataHeader(header), encodeMsdu(msdu));
    again.set(bytes(hex).subarray(2, 4), 2); // the duration is the radio's
    assert.equal(hexOf(again), hex);
  }
  const r = new Reader(bytes(pskAir.message2), ["frame"]);
  const { addresses } = decodeDataHeader(r);
  assert.deepEqual(addresses, { direction: "to-ap", bssid: accessPoint, source: station, destination: accessPoint });
});

test("beacon of an HT network", () => {
  const beacon = body(pskAir.beacon, decodeBeacon, encodeBeacon);
  assert.equal(beacon.interval, 100);
  assert.deepEqual(beacon.capabilities, new Set(["ess", "privacy", "shortSlotTime"]));
  const all = beacon.elements;
  assert.equal(textOf(findElement(all, elementId.ssid)?.data ?? new Uint8Array()), "somename");
  assert.equal(element(all, elementId.dsParameterSet, decodeDsParameterSet, encodeDsParameterSet), 10);
  assert.deepEqual(element(all, elementId.tim, decodeTim, encodeTim), {
    dtimCount: 1,
    dtimPeriod: 2,
    groupTraffic: false,
    aids: new Set(),
  });
  assert.deepEqual(element(all, elementId.country, decodeCountry, encodeCountry), {
    alpha2: "US",
    environment: 0x20,
    triplets: [{ kind: "channels", firstChannel: 1, count: 11, maxPowerDbm: 30 }],
  });
  assert.deepEqual(element(all, elementId.erp, decodeErp, encodeErp), {
    nonErpPresent: false,
    useProtection: false,
    barkerPreamble: true,
  });
  assert.deepEqual(element(all, elementId.bssLoad, decodeBssLoad, encodeBssLoad), {
    stationCount: 0,
    channelUtilization: 0,
    availableAdmissionCapacity: 0,
  });

  const rates = joinRates(all);
  assert.deepEqual(
    rates.rates.filter(({ basic }) => basic).map(({ rate }) => rate / 2),
    [1, 2, 5.5, 11],
  );
  assert.equal(rates.rates.at(-1)?.rate, 108);
  const [first, second] = splitRates(rates);
  assert.deepEqual(first, findElement(all, elementId.supportedRates));
  assert.deepEqual(second, findElement(all, elementId.extendedSupportedRates));

  const rsne = element(all, elementId.rsn, decodeRsne, encodeRsne);
  assert.deepEqual(rsne, {
    group: cipherSuite.CCMP,
    pairwise: [cipherSuite.CCMP],
    akm: [akmSuite["WPA-PSK"]],
    capabilities: new Set(),
    ptksaReplayCounters: 16,
    gtksaReplayCounters: 1,
    otherCapabilities: 0,
    pmkids: [],
    groupManagement: undefined,
  });

  const ht = element(all, elementId.htCapabilities, decodeHtCapabilities, encodeHtCapabilities);
  assert.ok(ht.information.width40 && ht.information.shortGi20 && ht.information.shortGi40);
  assert.equal(ht.information.smPowerSave, "disabled");
  assert.equal(hexOf(ht.mcsSet.subarray(0, 4)), "ffff0000");
  const operation = element(all, elementId.htOperation, decodeHtOperation, encodeHtOperation);
  assert.deepEqual([operation.primaryChannel, operation.secondaryChannelOffset], [10, "below"]);
  assert.deepEqual([operation.anyWidth, operation.protection], [true, "none"]);

  const extended = element(all, elementId.extendedCapabilities, decodeExtendedCapabilities, (value) =>
    encodeExtendedCapabilities(value, 8),
  );
  assert.ok(extended.names.has("extendedChannelSwitching"));

  const wmm = findVendor(all, oui.microsoft, wmmType, wmmSubtype.parameter) ?? assert.fail("no WMM");
  const parameter = contents(wmm, decodeWmmParameter, encodeWmmParameter);
  assert.deepEqual(parameter.categories.voice, {
    aifsn: 2,
    acm: false,
    cwMinExponent: 2,
    cwMaxExponent: 3,
    txopLimit: 47,
  });
});

test("beacon of a VHT network with protected management frames", () => {
  const { elements: all } = body(pmfAir.beacon, decodeBeacon, encodeBeacon);
  const rsne = element(all, elementId.rsn, decodeRsne, encodeRsne);
  assert.deepEqual(rsne.capabilities, new Set(["mfpRequired", "mfpCapable"]));
  assert.deepEqual(new Set(rsne.akm), new Set([akmSuite["WPA-PSK"], akmSuite["WPA-PSK-SHA256"]]));
  assert.equal(element(all, elementId.powerConstraint, decodePowerConstraint, encodePowerConstraint), 3);
  const country = element(all, elementId.country, decodeCountry, encodeCountry);
  assert.deepEqual(country.triplets[0], { kind: "channels", firstChannel: 36, count: 4, maxPowerDbm: 23 });
  const capabilities = element(all, elementId.vhtCapabilities, decodeVhtCapabilities, encodeVhtCapabilities);
  assert.equal(capabilities.mcsSet.length, 8);
  const operation = element(all, elementId.vhtOperation, decodeVhtOperation, encodeVhtOperation);
  assert.deepEqual([operation.channelWidth, operation.centerFrequencySegment0], [1, 42]);
  const extended = element(all, elementId.extendedCapabilities, decodeExtendedCapabilities, encodeExtendedCapabilities);
  assert.ok(extended.names.has("bssTransition") && extended.names.has("beaconProtection"));
  assert.ok(findElement(all, elementId.managementMic), "beacon protection adds a MIC");
});

test("beacon of a mixed WPA network", () => {
  const { elements: all } = body(wpaAir.beacon, decodeBeacon, encodeBeacon);
  const wpa = findVendor(all, oui.microsoft, wpaIeType) ?? assert.fail("no WPA element");
  const tkip = { group: wpaCipherSuite.TKIP, pairwise: [wpaCipherSuite.TKIP], akm: [wpaAkmSuite["WPA-PSK"]] };
  assert.deepEqual(contents(wpa, decodeWpaIe, encodeWpaIe), { ...tkip, capabilities: undefined });
  const rsne = element(all, elementId.rsn, decodeRsne, encodeRsne);
  assert.deepEqual([rsne.group, rsne.pairwise], [cipherSuite.TKIP, [cipherSuite.CCMP]]);
});

test("probing", () => {
  const request = body(pskAir.probeRequest, decodeProbeRequest, encodeProbeRequest);
  assert.equal(findElement(request.elements, elementId.ssid)?.data.length, 0);
  const response = body(pskAir.probeResponse, decodeBeacon, encodeBeacon);
  assert.equal(findElement(response.elements, elementId.tim), undefined);
});

test("open authentication", () => {
  const codec = [decodeAuthentication, encodeAuthentication] as const;
  const open = authenticationAlgorithm.open;
  const success = statusCode.success;
  assert.deepEqual(body(pskAir.authenticationRequest, ...codec), {
    algorithm: open,
    transaction: 1,
    status: success,
    elements: [],
  });
  assert.equal(body(pskAir.authenticationResponse, ...codec).transaction, 2);
});

test("shared key authentication", () => {
  const challenge = body(sharedKeyAir.challenge, decodeAuthentication, encodeAuthentication);
  assert.equal(challenge.algorithm, authenticationAlgorithm["shared-key"]);
  assert.equal(challenge.challenge?.length, 128);
  const result = body(sharedKeyAir.result, decodeAuthentication, encodeAuthentication);
  assert.deepEqual([result.transaction, result.status], [4, 0]);
});

test("association and reassociation", () => {
  const request = body(pskAir.associationRequest, decodeAssociationRequest, encodeAssociationRequest);
  assert.equal(request.listenInterval, 5);
  assert.ok(request.capabilities.has("privacy"));
  const wmm = request.elements.find((one) => isVendor(one, oui.microsoft, wmmType, wmmSubtype.information));
  assert.deepEqual(contents(wmm ?? assert.fail("no WMM"), decodeWmmInformation, encodeWmmInformation), {
    uapsd: new Set(),
    maxServicePeriod: 0,
  });

  const response = body(pskAir.associationResponse, decodeAssociationResponse, encodeAssociationResponse);
  assert.deepEqual([response.status, response.aid], [statusCode.success, 1]);

  const again = body(pskAir.reassociationRequest, decodeReassociationRequest, encodeAssociationRequest);
  assert.equal(again.currentAp, accessPoint);
  body(pskAir.reassociationResponse, decodeAssociationResponse, encodeAssociationResponse);

  const protectedRequest = body(pmfAir.associationRequest, decodeAssociationRequest, encodeAssociationRequest);
  const rsne = element(protectedRequest.elements, elementId.rsn, decodeRsne, encodeRsne);
  assert.equal(rsne.groupManagement, cipherSuite["AES-128-CMAC"]);
  body(wpaAir.associationRequest, decodeAssociationRequest, encodeAssociationRequest);
});

test("deauthentication", () => {
  const left = body(pskAir.deauthentication, decodeDeauthentication, encodeDeauthentication);
  assert.deepEqual(left, { reason: reasonCode["leaving-network-deauthentication"], elements: [] });
  const all = body(pmfAir.broadcastDeauthentication, decodeDeauthentication, encodeDeauthentication);
  assert.deepEqual(
    all.elements.map(({ id }) => id),
    [elementId.managementMic],
  );
});

test("action", () => {
  const action = body(pskAir.addBlockAck, decodeAction, encodeAction);
  assert.equal(action.category, actionCategory.blockAck);
});

test("all elements of all captured frames survive as they are", () => {
  for (const hex of [pskAir.loadedBeacon, pmfAir.beacon, wpaAir.beacon, sharedKeyAir.beacon]) {
    const beacon = body(hex, decodeBeacon, encodeBeacon);
    assert.ok(hex.endsWith(hexOf(encodeElements(beacon.elements))));
  }
});
