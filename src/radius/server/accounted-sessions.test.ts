import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { textOf, utf8 } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import { AccountedSessions } from "./accounted-sessions.ts";

const anna = "02:00:00:00:00:01" as MacAddress;
const authenticator = new Uint8Array(16);

function scene() {
  const sessions = new AccountedSessions();
  const note = (status: keyof typeof acctStatusTypes, nas: string, session = "", station = anna, name = "ap"): void => {
    const list = new AttributeList()
      .add(radius.acctStatusType, acctStatusTypes[status])
      .add(radius.nasIdentifier, utf8(name));
    if (session !== "") {
      list
        .add(radius.callingStationId, `${station.replaceAll(":", "-").toUpperCase()}:lobby`)
        .add(radius.acctSessionId, utf8(session));
    }
    sessions.note({
      packet: { code: 4, identifier: 0, authenticator, attributes: list.list },
      from: { address: nas, port: 1 },
    });
  };
  const at = (station = anna): string | undefined => {
    const found = sessions.find(station);
    return found && `${found.nas.address} ${textOf(found.sessionId ?? authenticator)}`;
  };
  return { sessions, note, at };
}

test("a station is where it was told of last, until it has left there", () => {
  const { note, at } = scene();
  assert.equal(at(), undefined);
  note("start", "10.0.0.1", "A");
  assert.equal(at(), "10.0.0.1 A");
  note("start", "10.0.0.2", "B");
  note("stop", "10.0.0.1", "A");
  assert.equal(at(), "10.0.0.2 B", "it was told late that it had left the first");
  note("interimUpdate", "10.0.0.2", "B");
  note("stop", "10.0.0.2", "B");
  assert.equal(at(), undefined);
});

test("an access point that begins anew has nobody, others of its address have", () => {
  const { note, at } = scene();
  const bert = "02:00:00:00:00:02" as MacAddress;
  note("start", "10.0.0.1", "A");
  note("start", "10.0.0.1", "B", bert, "another");
  note("accountingOn", "10.0.0.1");
  assert.deepEqual([at(), at(bert)], [undefined, "10.0.0.1 B"]);
  note("start", "10.0.0.1", "C");
  assert.equal(at(), "10.0.0.1 C");
});

test("memory has an end, and whatever is told, nothing is thrown", () => {
  const { sessions, note, at } = scene();
  for (let i = 0; i < 66_000; i++) {
    note(
      "start",
      "10.0.0.1",
      "S",
      `02:00:00:${[16, 8, 0].map((bits) => ((i >> bits) & 255).toString(16).padStart(2, "0")).join(":")}` as MacAddress,
    );
  }
  assert.equal(at("02:00:00:00:00:00" as MacAddress), undefined);
  assert.notEqual(at("02:00:00:01:01:00" as MacAddress), undefined);
  const attribute = fc.record({
    type: fc.constantFrom(31, 32, 40, 44),
    value: fc.uint8Array({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(attribute), (attributes) =>
      sessions.note({
        packet: { code: 4, identifier: 0, authenticator, attributes },
        from: { address: "10.0.0.1", port: 1 },
      }),
    ),
  );
});
