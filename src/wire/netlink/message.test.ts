import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { acknowledgements, controller as controllerVectors, links } from "../../../test/vectors/nl80211.ts";
import { bytesOfHex, MalformedError } from "../../base/bytes.ts";
import { decodeFamily, decodeGeneric, encodeGeneric, encodeGetFamily } from "./generic.ts";
import {
  decodeAcknowledgement,
  decodeMessages,
  encodeAcknowledgement,
  encodeMessage,
  messageFlags,
  messageTypes,
  type NetlinkMessage,
} from "./message.ts";
import { decodeLink, encodeLink, linkFlags } from "./route.ts";

const octetsOf = (text: string): Uint8Array => bytesOfHex(text) ?? assert.fail(text);

function only(text: string): NetlinkMessage {
  const [message, ...more] = decodeMessages(octetsOf(text));
  assert.equal(more.length, 0);
  return message ?? assert.fail("no message");
}

const nothing = { reason: undefined, offset: undefined, missing: undefined, cookie: undefined };

test("messages are read and written as they were", () => {
  for (const text of [...Object.values(acknowledgements), ...Object.values(links), controllerVectors.family]) {
    assert.deepEqual(encodeMessage(only(text)), octetsOf(text));
  }
});

test("several messages in one datagram, the last without padding", () => {
  const [first, second] = [
    { type: 3, payload: Uint8Array.of(1) },
    { type: 4, payload: Uint8Array.of(2, 3) },
  ].map((part) => ({ flags: 2, sequence: 7, port: 9, ...part }));
  assert.ok(first && second);
  const both = new Uint8Array([...encodeMessage(first), ...encodeMessage(second)]);
  assert.deepEqual(decodeMessages(both.subarray(0, both.length - 2)), [first, second]);
});

test("a message that claims less than its header or more than there is", () => {
  assert.throws(() => decodeMessages(octetsOf("0f0000000300000000000000000000")), MalformedError);
  assert.throws(() => decodeMessages(octetsOf("14000000030000000000000000000000")), MalformedError);
});

test("acknowledgements of the kernel", () => {
  assert.deepEqual(decodeAcknowledgement(only(acknowledgements.success)), { errno: 0, ...nothing });
  assert.deepEqual(decodeAcknowledgement(only(acknowledgements.enoent)), { errno: 2, ...nothing });
  assert.deepEqual(decodeAcknowledgement(only(acknowledgements.reason)), {
    ...nothing,
    errno: 114,
    reason: "Match already configured",
  });
  assert.deepEqual(decodeAcknowledgement(only(acknowledgements.cookie)), {
    ...nothing,
    errno: 0,
    cookie: octetsOf("0400000000000000"),
  });
});

test("an acknowledgement with the whole request in it", () => {
  assert.deepEqual(decodeAcknowledgement(only(acknowledgements.uncapped)), {
    ...nothing,
    errno: 95,
    reason: "Device does not allow enslaving to a bridge",
  });
});

test("the end of a dump says its error, or nothing", () => {
  const done = { type: messageTypes.done, flags: messageFlags.multi, sequence: 1, port: 0 };
  assert.equal(decodeAcknowledgement({ ...done, payload: new Uint8Array() }).errno, 0);
  assert.equal(decodeAcknowledgement({ ...done, payload: octetsOf("f0ffffff") }).errno, 16);
});

test("our own acknowledgements read like the kernel's", () => {
  const request = { type: 22, flags: 5, sequence: 3, port: 0, payload: new Uint8Array(8) };
  const cookie = Uint8Array.of(1, 2);
  assert.deepEqual(decodeAcknowledgement(encodeAcknowledgement(request, { errno: 16, reason: "held", cookie })), {
    ...nothing,
    errno: 16,
    reason: "held",
    cookie,
  });
});

test("the request for a family is the one that libnl sends", () => {
  const golden = only(controllerVectors.getFamily);
  assert.deepEqual(decodeGeneric(golden.payload), decodeGeneric(encodeGetFamily("nl80211")));
});

test("a family and its multicast groups", () => {
  assert.deepEqual(decodeFamily(only(controllerVectors.family).payload), {
    id: 22,
    version: 1,
    groups: new Map([
      ["config", 5],
      ["scan", 6],
      ["regulatory", 7],
      ["mlme", 8],
      ["vendor", 9],
      ["nan", 10],
    ]),
  });
});

test("links as the kernel reports them", () => {
  const changed = decodeLink(only(links.changed).payload);
  assert.equal(changed.index, 3);
  assert.equal(changed.name, "wlan0");
  assert.equal(changed.flags & linkFlags.up, linkFlags.up);
  assert.deepEqual(changed.address, octetsOf("020000000000"));
  assert.equal(changed.master, undefined);
  assert.equal(decodeLink(only(links.removed).payload).name, "wlan0");
});

test("setting an address is what iproute2 sends", () => {
  const address = octetsOf("020000000077");
  const ours = encodeLink({ family: 0, index: 3, flags: 0, change: 0, address });
  assert.deepEqual(ours, only(links.setAddress).payload);
});

test("nothing but MalformedError comes of any bytes", () => {
  const goldens = [...Object.values(acknowledgements), ...Object.values(links), controllerVectors.family].map(octetsOf);
  const damaged = fc
    .tuple(fc.constantFrom(...goldens), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 8 }))
    .map(([golden, changes]) => {
      const copy = golden.slice();
      for (const [at, octet] of changes) copy[at % copy.length] = octet;
      return copy;
    });
  const decoders = [decodeAcknowledgement, ({ payload }: NetlinkMessage) => decodeFamily(payload)];
  const readers = [...decoders, ({ payload }: NetlinkMessage) => decodeLink(payload)];
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), damaged), fc.constantFrom(...readers), (input, decode) => {
      try {
        for (const message of decodeMessages(input)) decode(message);
        decode({ type: 2, flags: messageFlags.ackAttributes, sequence: 1, port: 0, payload: input });
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test("a generic message is its header and its attributes", () => {
  const message = { command: 15, version: 1, attributes: Uint8Array.of(1, 2, 3, 4) };
  assert.deepEqual(encodeGeneric(message), octetsOf("0f01000001020304"));
  assert.deepEqual(decodeGeneric(encodeGeneric(message)), message);
});
