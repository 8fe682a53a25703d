import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../../base/bytes.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { encodeRadiusPacket } from "../../wire/radius/packet.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import { threadOf } from "./dispatch.ts";

const request = (list: AttributeList, identifier = 1): Uint8Array =>
  encodeRadiusPacket({ code: 1, identifier, authenticator: new Uint8Array(16), attributes: list.list });
const station = (i: number): string =>
  `02-00-00-00-${(i >> 8).toString(16).padStart(2, "0")}-${(i & 255).toString(16)}`;

test("State names the thread, whatever else there is", () => {
  const list = new AttributeList().add(radius.callingStationId, station(1)).add(radius.state, Uint8Array.of(3, 9, 9));
  assert.equal(threadOf(request(list), 4), 3);
  assert.equal(threadOf(request(new AttributeList().add(radius.state, Uint8Array.of(4))), 4), 4);
});

test("a station comes to the same thread each time, under whatever name", () => {
  const of = (user: string, i: number) =>
    threadOf(
      request(new AttributeList().add(radius.userName, utf8(user)).add(radius.callingStationId, station(i)), i & 255),
      4,
    );
  assert.equal(of("anonymous", 7), of("keyname@realm", 7));
  const byName = (user: string, i: number) =>
    threadOf(request(new AttributeList().add(radius.userName, utf8(user)), i), 4);
  assert.equal(byName("user", 1), byName("user", 2));
});

test("stations are shared out evenly", () => {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const thread = threadOf(request(new AttributeList().add(radius.callingStationId, station(i))), 4);
    counts[thread] = (counts[thread] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 800 && count < 1200, counts.join());
});

test("any octets have a thread", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => Number.isInteger(threadOf(octets, 3))));
});
