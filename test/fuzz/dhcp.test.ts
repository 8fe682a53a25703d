import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedError, Reader } from "../../src/base/bytes.ts";
import { ipv4AddressOf } from "../../src/base/ipv4-address.ts";
import { macAddressOf } from "../../src/base/mac-address.ts";
import { parseDhcpdConf } from "../../src/config/dhcpd/parser.ts";
import { octetsOf } from "../../src/config/octets.ts";
import { type DhcpMessage, decodeDhcpMessage, encodeDhcpMessage } from "../../src/wire/dhcp/message.ts";
import { optionCode } from "../../src/wire/dhcp/option-code.ts";
import { decodeUdpFrame, encodeUdpFrame } from "../../src/wire/ip/udp.ts";
import { codecProperties } from "./codec-properties.ts";

const address = fc.nat({ max: 0xffff_ffff }).map(ipv4AddressOf);
const octet = fc.nat({ max: 255 });
const text = (maxLength: number) => fc.uint8Array({ maxLength, min: 1 });

/** Pad, end, overload and type have no place among the options. */
const code = octet.filter((each) => ![0, 255, optionCode.overload, optionCode.messageType].includes(each as 0));

const message = (maxOption: number): fc.Arbitrary<DhcpMessage> =>
  fc.record({
    op: fc.constantFrom("request", "reply"),
    hardwareType: octet,
    hops: octet,
    xid: fc.nat({ max: 0xffff_ffff }),
    seconds: fc.nat({ max: 0xffff }),
    broadcast: fc.boolean(),
    ciaddr: address,
    yiaddr: address,
    siaddr: address,
    giaddr: address,
    chaddr: fc.uint8Array({ maxLength: 16 }),
    serverName: text(64),
    file: text(128),
    type: fc.option(fc.constantFrom("discover", "offer", "request", "ack", "nak", "leasequery"), { nil: undefined }),
    options: fc
      .dictionary(code.map(String), fc.uint8Array({ maxLength: maxOption }), { maxKeys: 6 })
      .map((all) => new Map(Object.entries(all).map(([name, value]) => [Number(name), value]))),
  });

const sorted = (value: DhcpMessage): DhcpMessage => ({
  ...value,
  options: new Map([...value.options].sort(([a], [b]) => a - b)),
});

codecProperties({
  name: "DHCP",
  encode: (value) => encodeDhcpMessage(value, 1500),
  decode: (r) => sorted(decodeDhcpMessage(r)),
  values: message(40).map(sorted),
});

test("DHCP: long options go in pieces and come back whole", () => {
  fc.assert(
    fc.property(message(600), (value) => {
      const decoded = decodeDhcpMessage(new Reader(encodeDhcpMessage(value, 9000), []));
      assert.deepEqual(structuredClone(sorted(decoded)), structuredClone(sorted(value)));
    }),
  );
});

test("DHCP: an answer is never longer than the client takes, and what has room in its other fields is not lost", () => {
  fc.assert(
    fc.property(message(90), fc.integer({ min: 300, max: 700 }), (value, limit) => {
      const free: DhcpMessage = { ...value, serverName: new Uint8Array(), file: new Uint8Array() };
      const encoded = encodeDhcpMessage(free, limit);
      assert.ok(encoded.length <= Math.max(limit, 300));
      const decoded = decodeDhcpMessage(new Reader(encoded, []));
      for (const [code, data] of decoded.options) assert.deepEqual(data, free.options.get(code));
      assert.equal(decoded.type, free.type);
    }),
  );
});

codecProperties({
  name: "UDP",
  encode: encodeUdpFrame,
  decode: (r) => decodeUdpFrame(r) ?? r.fail("no UDP"),
  values: fc.record({
    source: fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macAddressOf),
    destination: fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macAddressOf),
    sourceAddress: address,
    destinationAddress: address,
    sourcePort: fc.nat({ max: 0xffff }),
    destinationPort: fc.nat({ max: 0xffff }),
    payload: fc.uint8Array({ maxLength: 600 }),
  }),
});

const words = [
  ..."subnet netmask range option host hardware ethernet fixed-address { } ; , = ( ) ! class match if substring".split(
    " ",
  ),
  ..."10.0.0.0 255.255.255.0 10.0.0.9 routers domain-name code array of integer 8 group pool shared-network".split(" "),
  ...'"text" 00:11:22:33:44:55 include not authoritative and or exists allow deny members # \n infinite - 7'.split(" "),
];

test("dhcpd.conf: whatever stands in it is read to its end, with problems at places in the file", () => {
  const noise = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 80 }).map((all) => all.join(" ")),
    fc.string({ maxLength: 200, unit: "binary-ascii" }),
  );
  fc.assert(
    fc.property(noise, (written) => {
      const { problems } = parseDhcpdConf(octetsOf(written), "dhcpd.conf", () => octetsOf("host"));
      const lines = written.split("\n").length;
      for (const { line, column } of problems) assert.ok(line >= 1 && line <= lines && column >= 1);
    }),
    { numRuns: 2000 },
  );
});

test("DHCP: noise is refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        decodeDhcpMessage(new Reader(bytes, []));
      } catch (thrown) {
        assert.ok(thrown instanceof MalformedError);
      }
    }),
  );
});
