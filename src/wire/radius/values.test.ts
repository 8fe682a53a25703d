import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesOfHex, hexOf, MalformedError, Reader, utf8 } from "../../base/bytes.ts";
import { radius, vendors } from "./attributes.ts";
import { decodeRadiusPacket, encodeRadiusPacket, longestRadiusPacket, type RadiusAttribute } from "./packet.ts";
import {
  AttributeList,
  allOf,
  attributesOf,
  firstOf,
  joinEapMessage,
  splitEapMessage,
  vendorAttribute,
  vendorAttributes,
} from "./values.ts";

const hex = (text: string): Uint8Array => bytesOfHex(text.replaceAll(/\s/g, "")) ?? assert.fail(text);
const authenticator = "00112233445566778899aabbccddeeff";
const decode = (text: string) => decodeRadiusPacket(new Reader(hex(text), ["RADIUS"]));
const refused = (text: string, problem: RegExp): void =>
  assert.throws(
    () => decode(text),
    (thrown) => thrown instanceof MalformedError && problem.test(thrown.message),
  );

describe("packets", () => {
  test("attributes of length 0 and 1, cut, and too long", () => {
    refused(`01000016${authenticator}0100`, /attributes at 2: attribute 1 of 0 octets/);
    refused(`01000016${authenticator}0101`, /attribute 1 of 1 octets/);
    refused(`01000018${authenticator}0105aabb`, /3 octets wanted, 2 left/);
    refused(`01000015${authenticator}01`, /1 octets wanted, 0 left/);
  });

  test("a length below the header's, beyond the datagram, beyond what may be", () => {
    refused(`01000013${authenticator}`, /a packet of 19 octets/);
    refused(`01000000${authenticator}`, /a packet of 0 octets/);
    refused(`01000015${authenticator}`, /1 octets wanted, 0 left/);
    refused(`01001001${authenticator}`, /4097 octets, 4096 may be/);
    refused("010000", /2 octets wanted/);
    refused("", /1 octets wanted/);
  });

  test("padding is ignored, an empty attribute is one", () => {
    const packet = decode(`0b070016${authenticator}1802ffffffff`);
    assert.deepEqual(packet.attributes, [{ type: 24, value: new Uint8Array() }]);
    assert.equal(hexOf(encodeRadiusPacket(packet)), `0b070016${authenticator}1802`);
  });

  test("what can't be written is not", () => {
    const packet = { code: 1, identifier: 0, authenticator: hex(authenticator) };
    const long: RadiusAttribute = { type: 1, value: new Uint8Array(254) };
    assert.throws(() => encodeRadiusPacket({ ...packet, attributes: [long] }), RangeError);
    const full = Array.from({ length: 16 }, () => ({ type: 79, value: new Uint8Array(253) }));
    assert.throws(() => encodeRadiusPacket({ ...packet, attributes: full }), RangeError);
    assert.equal(encodeRadiusPacket({ ...packet, attributes: full.slice(1) }).length, 20 + 15 * 255);
    assert.ok(encodeRadiusPacket({ ...packet, attributes: full }, 65535).length > longestRadiusPacket);
    assert.throws(() => encodeRadiusPacket({ ...packet, authenticator: new Uint8Array(15), attributes: [] }));
  });
});

describe("values", () => {
  test("each kind, in octets", () => {
    const cases = [
      [attributesOf(radius.nasPort, 0x01020304), "01020304"],
      [attributesOf(radius.nasIpAddress, "192.0.2.1"), "c0000201"],
      [attributesOf(radius.nasIpv6Address, "2001:db8::1"), "20010db8000000000000000000000001"],
      [attributesOf(radius.framedIpv6Prefix, "2001:db8::/32"), "002020010db8"],
      [attributesOf(radius.connectInfo, "CONNECT 11Mbps"), hexOf(utf8("CONNECT 11Mbps"))],
      [attributesOf(radius.tunnelType, { tag: 1, value: 13 }), "0100000d"],
      [attributesOf(radius.tunnelPrivateGroupId, { tag: 0, value: utf8("7") }), "37"],
      [attributesOf(radius.tunnelPrivateGroupId, { tag: 2, value: utf8("7") }), "0237"],
      [attributesOf(radius.msMppeEncryptionTypes, 6), "00000137080600000006"],
      [attributesOf(radius.freeRadiusAnonce, hex("aabb")), "1a0000002c5001aabb"],
    ] as const;
    for (const [list, octets] of cases) assert.equal(hexOf(list[0]?.value ?? hex("")), octets);
    const list = cases.flatMap(([each]) => each);
    assert.equal(firstOf(list, radius.nasPort), 0x01020304);
    assert.equal(firstOf(list, radius.nasIpAddress), "192.0.2.1");
    assert.equal(firstOf(list, radius.nasIpv6Address), "2001:db8::1");
    assert.equal(firstOf(list, radius.framedIpv6Prefix), "2001:db8::/32");
    assert.deepEqual(firstOf(list, radius.tunnelType), { tag: 1, value: 13 });
    assert.deepEqual(allOf(list, radius.tunnelPrivateGroupId), [
      { tag: 0, value: utf8("7") },
      { tag: 2, value: utf8("7") },
    ]);
    assert.equal(firstOf(list, radius.msMppeEncryptionTypes), 6);
    assert.deepEqual(firstOf(list, radius.freeRadiusAnonce), hex("aabb"));
    assert.equal(firstOf(list, radius.freeRadiusEapolKeyMsg), undefined);
    assert.equal(firstOf(list, radius.state), undefined);
  });

  test("a value of another length is malformed where it is asked for, not before", () => {
    const list = [
      { type: 5, value: hex("010203") },
      { type: 4, value: hex("0102030405") },
    ];
    assert.throws(() => firstOf(list, radius.nasPort), /RADIUS > NAS-Port at 0: 4 octets wanted, 3 left/);
    assert.throws(() => firstOf(list, radius.nasIpAddress), /1 octets too many/);
    assert.throws(() => attributesOf(radius.userName, new Uint8Array(254)), RangeError);
    assert.throws(() => attributesOf(radius.nasIpAddress, "192.0.2"), RangeError);
    assert.throws(() => attributesOf(radius.nasIpv6Address, "192.0.2.1"), RangeError);
  });

  test("a tag above 31 is none: RFC 2868, sections 3.1 and 3.6", () => {
    assert.deepEqual(firstOf([{ type: 64, value: hex("2000000d") }], radius.tunnelType), { tag: 0, value: 13 });
    const vlan = { type: 81, value: utf8("vlan") };
    assert.deepEqual(firstOf([vlan], radius.tunnelPrivateGroupId), { tag: 0, value: utf8("vlan") });
    assert.deepEqual(firstOf([{ type: 81, value: hex("") }], radius.tunnelPrivateGroupId), { tag: 0, value: hex("") });
  });

  test("a builder leaves out what isn't there", () => {
    const { list } = new AttributeList().add(radius.state, undefined).add(radius.class, hex("01"));
    assert.deepEqual(list, [{ type: 25, value: hex("01") }]);
  });
});

describe("vendors' attributes", () => {
  test("several in one, and those of others left alone", () => {
    const list = [
      { type: 26, value: hex("00000137 0703 01 0803 02") },
      vendorAttribute(vendors.cisco, 1, utf8("x=y")),
      { type: 26, value: hex("00000137 0704 0304") },
    ];
    assert.deepEqual(
      vendorAttributes(list, vendors.microsoft).map(({ type, value }) => [type, hexOf(value)]),
      [
        [7, "01"],
        [8, "02"],
        [7, "0304"],
      ],
    );
    assert.deepEqual(firstOf(list, radius.ciscoAvPair), utf8("x=y"));
    assert.throws(() => vendorAttribute(9, 1, new Uint8Array(248)), RangeError);
  });

  test("cut ones", () => {
    for (const text of ["000001", "00000137 07", "00000137 0700", "00000137 0701", "00000137 0705 0102"]) {
      assert.throws(() => vendorAttributes([{ type: 26, value: hex(text) }], 311), MalformedError, text);
    }
    // Whose vendor doesn't write them so is nobody's business but its own.
    assert.deepEqual(vendorAttributes([{ type: 26, value: hex("00000009 0700") }], 311), []);
  });
});

describe("what one attribute doesn't hold", () => {
  test("EAP packets", () => {
    for (const length of [1, 253, 254, 506, 1500]) {
      const packet = Uint8Array.from({ length }, (_, i) => i & 0xff);
      const parts = splitEapMessage(packet);
      assert.equal(parts.length, Math.ceil(length / 253));
      assert.deepEqual(joinEapMessage([{ type: 1, value: hex("00") }, ...parts]), packet);
    }
    assert.equal(joinEapMessage([{ type: 1, value: hex("00") }]), undefined);
    assert.deepEqual(splitEapMessage(hex("")), []);
  });

  test("long extended attributes: RFC 6929, section 2.2", () => {
    const data = Uint8Array.from({ length: 600 }, (_, i) => i & 0xff);
    const list = attributesOf(radius.freeRadiusEapolKeyMsg, data);
    assert.deepEqual(
      list.map(({ type, value }) => [type, value.length, value[1]]),
      [
        [245, 253, 0x80],
        [245, 253, 0x80],
        [245, 105, 0],
      ],
    );
    assert.deepEqual(allOf([...list, ...list], radius.freeRadiusEapolKeyMsg), [data, data]);
    // A last part that never comes.
    assert.deepEqual(allOf(list.slice(0, 2), radius.freeRadiusEapolKeyMsg), []);
    for (const text of ["", "1a", "1a00", "1a0000002c50"]) {
      const cut = [{ type: 245, value: hex(text) }];
      assert.throws(() => allOf(cut, radius.freeRadiusEapolKeyMsg), MalformedError, text);
    }
  });
});
