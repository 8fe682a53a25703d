import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Reader, utf8 } from "../base/bytes.ts";
import { radius } from "../wire/radius/attributes.ts";
import { decodeRadiusPacket, type RadiusAttribute, radiusCodes } from "../wire/radius/packet.ts";
import { AttributeList, allOf, firstOf } from "../wire/radius/values.ts";
import {
  type AuthorizationSettings,
  answerAuthorizationRequest,
  readAuthorizationRequest,
} from "./dynamic-authorization.ts";
import { checkMessageAuthenticator, sealChecksummedRequest, verifyResponseAuthenticator } from "./sealing.ts";

const secret = utf8("sesame");
const now = 1_700_000_000;
const settings: AuthorizationSettings = {
  client: "192.0.2.1",
  secret,
  timeWindow: 300,
  requiresTimestamp: false,
  requiresMessageAuthenticator: false,
};

const request = (
  attributes: readonly RadiusAttribute[],
  code: number = radiusCodes["Disconnect-Request"],
  key = secret,
) => sealChecksummedRequest(key, { code, identifier: 7, attributes }, true);
const list = () => new AttributeList();
const read = (octets: Uint8Array, more: Partial<AuthorizationSettings> = {}, from = "192.0.2.1") =>
  readAuthorizationRequest({ ...settings, ...more }, octets, from, now);
const kind = (...given: Parameters<typeof read>): string => {
  const result = read(...given);
  return result.kind === "refused" ? result.cause : result.kind;
};

test("from whom it is taken", () => {
  const octets = request(list().add(radius.userName, utf8("alice")).list);
  assert.equal(kind(octets), "disconnect");
  assert.equal(kind(octets, {}, "192.0.2.2"), "dropped");
  assert.equal(kind(octets, { client: "0.0.0.0" }, "192.0.2.2"), "disconnect");
  assert.equal(kind(octets, { client: "2001:db8:0::1" }, "2001:db8::1"), "disconnect");
  assert.equal(kind(octets, { client: "::" }, "2001:db8::1"), "disconnect");
  assert.equal(kind(request([], 40, utf8("other"))), "dropped");
  assert.equal(kind(request([], radiusCodes["Accounting-Request"])), "dropped");
});

test("addresses in all notations", () => {
  for (const text of ["02:00:00:00:01:00", "02-00-00-00-01-00", "020000000100", "0200.0000.0100"]) {
    const result = read(request(list().add(radius.callingStationId, text).list));
    assert.equal(result.kind === "disconnect" && result.session.station, "02:00:00:00:01:00", text);
  }
  for (const text of ["02:00:00:00:01", "02:00:00:00:01:0g", "02:00:00:00:01:00:00", ""]) {
    const attribute = { type: 31, value: utf8(text) };
    assert.equal(kind(request([attribute])), "invalid-attribute-value", text);
  }
});

test("Event-Timestamp", () => {
  const at = (time: number) => request(list().add(radius.eventTimestamp, time).list);
  assert.equal(kind(at(now - 300)), "disconnect");
  assert.equal(kind(at(now + 300)), "disconnect");
  assert.equal(kind(at(now - 301)), "dropped");
  assert.equal(kind(at(now + 301)), "dropped");
  assert.equal(kind(request([]), { requiresTimestamp: true }), "dropped");
  assert.equal(kind(request([{ type: 55, value: Uint8Array.of(1) }])), "dropped");
});

test("an answer carries the proxies' state and the cause, and is sealed for its request", () => {
  const proxies = [utf8("p1"), utf8("p2")].map((value) => ({ type: 33, value }));
  const octets = request([...proxies, ...list().add(radius.userName, utf8("alice")).list], radiusCodes["CoA-Request"]);
  const packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
  const answer = answerAuthorizationRequest(settings, packet, "session-context-not-found", now);
  assert.ok(verifyResponseAuthenticator(secret, packet.authenticator, answer));
  assert.equal(checkMessageAuthenticator(secret, answer, packet.authenticator), "right");
  const { code, identifier, attributes } = decodeRadiusPacket(new Reader(answer, ["RADIUS"]));
  assert.deepEqual([code, identifier], [radiusCodes["CoA-NAK"], 7]);
  assert.equal(firstOf(attributes, radius.errorCause), 503);
  assert.equal(firstOf(attributes, radius.eventTimestamp), now);
  assert.equal(allOf(attributes, radius.proxyState).length, 2);
});

test("whatever comes, nothing is thrown", () => {
  const attribute = fc.record({
    type: fc.oneof(fc.constantFrom(1, 4, 31, 32, 44, 50, 55, 64, 65, 81, 56, 89, 95), fc.integer({ min: 1, max: 255 })),
    value: fc.uint8Array({ maxLength: 40 }),
  });
  const code = fc.constantFrom(radiusCodes["Disconnect-Request"], radiusCodes["CoA-Request"]);
  fc.assert(
    fc.property(fc.array(attribute, { maxLength: 10 }), code, (attributes, of) => {
      const result = read(
        request(
          attributes.filter(({ type }) => type !== 80),
          of,
        ),
      );
      if (result.kind !== "dropped") answerAuthorizationRequest(settings, result.packet, "unsupported-attribute", now);
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => void read(octets)),
    { numRuns: 1000 },
  );
});
