import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedError, Reader } from "../../src/base/bytes.ts";
import { macAddressOf } from "../../src/base/mac-address.ts";
import { decodeIcmpv6Frame, encodeIcmpv6Frame, type Icmpv6Frame } from "../../src/wire/ip/icmpv6.ts";
import {
  decodeRouterAdvertisement,
  decodeRouterSolicitation,
  encodeRouterAdvertisement,
  type RouterAdvertisement,
} from "../../src/wire/ip/router-discovery.ts";
import { codecProperties } from "./codec-properties.ts";

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u32 = fc.nat({ max: 0xffff_ffff });
const hardware = octets(6).map(macAddressOf);

const advertisement: fc.Arbitrary<RouterAdvertisement> = fc
  .record({
    hopLimit: fc.nat({ max: 255 }),
    routerLifetime: fc.nat({ max: 0xffff }),
    hardware: fc.option(hardware, { nil: undefined }),
    mtu: fc.option(u32, { nil: undefined }),
    prefixes: fc.array(
      fc.record({ prefix: octets(16), length: fc.nat({ max: 128 }), validLifetime: u32, preferredLifetime: u32 }),
      { maxLength: 3 },
    ),
    nameServers: fc.array(octets(16), { maxLength: 4 }),
    nameServerLifetime: u32,
  })
  .map((value) => (value.nameServers.length === 0 ? { ...value, nameServerLifetime: 0 } : value));

codecProperties({
  name: "Router Advertisement",
  encode: encodeRouterAdvertisement,
  decode: (r) => decodeRouterAdvertisement(r) ?? r.fail("another message"),
  values: advertisement,
});

const frame: fc.Arbitrary<Icmpv6Frame> = fc.record({
  source: hardware,
  destination: hardware,
  sourceAddress: octets(16),
  destinationAddress: octets(16),
  message: fc.uint8Array({ minLength: 4, maxLength: 99 }),
});

test("ICMPv6: what is sent comes back, and a frame with another octet of the message does not", () => {
  fc.assert(
    fc.property(frame, fc.nat(), (value, at) => {
      const sent = encodeIcmpv6Frame(value);
      const decoded = decodeIcmpv6Frame(new Reader(sent, []));
      assert.deepEqual(decoded?.message.subarray(4), value.message.subarray(4));
      assert.deepEqual(decoded?.sourceAddress, value.sourceAddress);
      const place = 54 + (at % value.message.length);
      sent[place] = (sent[place] ?? 0) ^ 1;
      assert.throws(() => decodeIcmpv6Frame(new Reader(sent, [])), MalformedError);
    }),
  );
});

test("solicitations: whatever comes is read or malformed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (message, isFromNobody) => {
      if (message[0] !== undefined) message[0] = 133;
      try {
        decodeRouterSolicitation(new Reader(message, []), isFromNobody);
      } catch (thrown) {
        assert.ok(thrown instanceof MalformedError);
      }
    }),
  );
});
