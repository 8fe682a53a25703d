import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../base/bytes.ts";
import { radius } from "../wire/radius/attributes.ts";
import { AttributeList } from "../wire/radius/values.ts";
import { grantsOf, tunnelPasswordsOf } from "./grants.ts";
import { hideSalted } from "./hiding.ts";

const tunnel = (tag: number, vlanId: string, type = 13, medium = 6) =>
  new AttributeList()
    .add(radius.tunnelType, { tag, value: type })
    .add(radius.tunnelMediumType, { tag, value: medium })
    .add(radius.tunnelPrivateGroupId, { tag, value: utf8(vlanId) }).list;
const egress = (octet: number, vlanId: number) =>
  new AttributeList().add(radius.egressVlanId, octet * 2 ** 24 + vlanId).list;

test("VLANs: the tunnel of the smallest tag, and tagged ones", () => {
  assert.equal(grantsOf([]).vlan, undefined);
  assert.deepEqual(grantsOf(tunnel(0, "7")).vlan, { untagged: 7, tagged: [] });
  assert.deepEqual(grantsOf([...tunnel(3, "30"), ...tunnel(2, "20")]).vlan, { untagged: 20, tagged: [] });
  assert.equal(grantsOf(tunnel(0, "7", 3)).vlan, undefined, "L2TP");
  assert.equal(grantsOf(tunnel(0, "7", 13, 1)).vlan, undefined, "IPv4");
  assert.equal(grantsOf(tunnel(0, "guests")).vlan, undefined);
  const tagged = [...egress(0x31, 9), ...egress(0x31, 4), ...egress(0x31, 9), ...egress(0x32, 5)];
  assert.deepEqual(grantsOf(tagged).vlan, { untagged: 5, tagged: [4, 9] });
  assert.deepEqual(grantsOf([...tagged, ...tunnel(0, "6")]).vlan, { untagged: 6, tagged: [4, 9] });
  assert.deepEqual(grantsOf(egress(0x31, 4)).vlan, { untagged: undefined, tagged: [4] });
});

test("sessions, and what is broken counts as absent", () => {
  const { list } = new AttributeList()
    .add(radius.sessionTimeout, 3600)
    .add(radius.terminationAction, 1)
    .add(radius.class, utf8("one"))
    .add(radius.class, utf8("two"))
    .add(radius.replyMessage, utf8("Hello"));
  const grants = grantsOf([{ type: 85, value: Uint8Array.of(1, 2) }, ...list]);
  assert.equal(grants.sessionTimeout, 3600);
  assert.equal(grants.terminationAction, "reauthenticate");
  assert.deepEqual(
    grants.classes.map((value) => Buffer.from(value).toString()),
    ["one", "two"],
  );
  assert.deepEqual(grants.replyMessages, ["Hello"]);
  assert.equal(grants.interimInterval, undefined);
});

test("passwords", () => {
  const [secret, authenticator] = [utf8("radius"), new Uint8Array(16).fill(7)];
  const hidden = (text: string, salt: number) =>
    new AttributeList().add(radius.tunnelPassword, {
      tag: 0,
      value: hideSalted(secret, authenticator, salt, utf8(text)),
    }).list;
  const attributes = [
    ...hidden("12345678", 0x8001),
    { type: 69, value: Uint8Array.of(0, 1, 2) },
    ...hidden("x".repeat(64), 0x8002),
  ];
  const revealed = tunnelPasswordsOf(attributes, secret, authenticator).map((value) => Buffer.from(value).toString());
  assert.deepEqual(revealed, ["12345678", "x".repeat(64)]);
});

test("whatever the attributes are, nothing is thrown", () => {
  const attribute = fc.record({ type: fc.integer({ min: 1, max: 255 }), value: fc.uint8Array({ maxLength: 40 }) });
  fc.assert(
    fc.property(fc.array(attribute, { maxLength: 20 }), (attributes) => {
      grantsOf(attributes);
      tunnelPasswordsOf(attributes, utf8("radius"), new Uint8Array(16));
    }),
    { numRuns: 1000 },
  );
});
