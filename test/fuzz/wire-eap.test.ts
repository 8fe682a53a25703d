import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Reader } from "../../src/base/bytes.ts";
import {
  decodeExpandedNak,
  decodeLegacyNak,
  encodeExpandedNak,
  encodeLegacyNak,
  type Nak,
} from "../../src/wire/eap/nak.ts";
import { decodeEap, type EapPacket, encodeEap } from "../../src/wire/eap/packet.ts";
import type { EapType } from "../../src/wire/eap/types.ts";
import { codecProperties, unsigned } from "./codec-properties.ts";

const data = fc.uint8Array({ maxLength: 120 });
const legacy: fc.Arbitrary<EapType> = fc.record({
  vendor: fc.constant(0),
  type: fc.integer({ min: 0, max: 253 }),
});
const any: fc.Arbitrary<EapType> = fc.record({ vendor: unsigned(24), type: unsigned(32) });
const identifier = unsigned(8);

const packet: fc.Arbitrary<EapPacket> = fc.oneof(
  fc.record({
    code: fc.constantFrom("request", "response"),
    identifier,
    type: legacy,
    expanded: fc.constant(false),
    data,
  }),
  fc.record({
    code: fc.constantFrom("request", "response"),
    identifier,
    type: any,
    expanded: fc.constant(true),
    data,
  }),
  fc.record({ code: fc.constantFrom("success", "failure"), identifier }),
  fc.record({ code: fc.constantFrom("initiate", "finish"), identifier, type: unsigned(8), data }),
);

codecProperties<EapPacket>({ name: "EAP packet", encode: encodeEap, decode: decodeEap, values: packet });

codecProperties<Nak>({
  name: "EAP-Response/Nak",
  encode: encodeLegacyNak,
  decode: decodeLegacyNak,
  values: fc.record({
    wanted: fc.array(
      fc.integer({ min: 1, max: 253 }).map((type) => ({ vendor: 0, type })),
      { maxLength: 20 },
    ),
    wantsExpanded: fc.boolean(),
  }),
});

const some = any.filter(({ vendor, type }) => vendor !== 0 || type !== 0);
codecProperties<readonly EapType[]>({
  name: "EAP-Response/Expanded Nak",
  encode: encodeExpandedNak,
  decode: (r: Reader) => decodeExpandedNak(r).wanted,
  values: fc.array(some, { maxLength: 20 }),
});

test("no packet is shorter than its header, and none longer than what came", () => {
  for (const code of [1, 2, 3, 4, 5, 6]) {
    const octets = Uint8Array.of(code, 7, 0, 0, 1, 65);
    for (const length of [0, 1, 2, 3, 7, 0xff]) {
      octets[3] = length;
      assert.throws(
        () => decodeEap(new Reader(octets, ["EAP"])),
        length < 4 ? /less than the header/ : /octets wanted/,
        `code ${code}, length ${length}`,
      );
    }
  }
});
