import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  acctServer,
  addressOf,
  joins,
  open,
  records,
  startNetwork,
  takes,
  value,
  vlanAttributes,
} from "../../../testing/radius-access-point.ts";
import type { VirtualNetwork } from "../../../testing/virtual-network.ts";
import { utf8 } from "../../base/bytes.ts";
import { radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, firstOf } from "../../wire/radius/values.ts";
import { terminateCauses } from "./accounting-records.ts";

describe("dynamic authorization", () => {
  const das = `${open}\nradius_das_port=3799\nradius_das_client=127.0.0.1 sesame`;
  const list = () => new AttributeList();
  const who = (n: number) => list().add(radius.callingStationId, addressOf(n)).list;
  const ask = (
    network: VirtualNetwork,
    code: "Disconnect-Request" | "CoA-Request",
    attributes: readonly RadiusAttribute[],
    more = {},
  ) => {
    const answer = network.radius.ask(3799, code, attributes, { secret: "sesame", ...more });
    return answer && [answer.code, firstOf(answer.attributes, radius.errorCause)];
  };

  test("a session is found by whatever names it, and ended", async () => {
    const network = await startNetwork(`${das}\n${acctServer}`, undefined, takes);
    const one = joins(network, 1);
    const other = joins(network, 2);
    const session = value(records(network, "start")[0] ?? assert.fail(), radius.acctSessionId);
    const wrong = list().add(radius.acctSessionId, utf8("0123456789ABCDEF")).list;
    assert.deepEqual(ask(network, "Disconnect-Request", wrong), [42, 503]);
    assert.deepEqual(ask(network, "Disconnect-Request", []), [42, 503]);
    assert.deepEqual(ask(network, "Disconnect-Request", who(7)), [42, 503]);
    const named = list()
      .add(radius.acctSessionId, session)
      .add(radius.nasIdentifier, utf8("ap.example"))
      .add(radius.nasIpAddress, "192.0.2.7").list;
    assert.deepEqual(ask(network, "Disconnect-Request", named), [41, undefined]);
    network.pass(100);
    assert.ok(one.types().includes("deauthenticated") || !one.station.isConnected);
    assert.ok(other.station.isConnected);
    assert.deepEqual(
      records(network, "stop").map((record) => value(record, radius.acctTerminateCause)),
      [6],
    );
    assert.deepEqual(
      ask(network, "Disconnect-Request", list().add(radius.userName, utf8("020000000102")).list, { identifier: 9 }),
      [41, undefined],
    );
    network.stop();
  });

  test("what can't be is refused with its cause, what is nobody's business is dropped", async () => {
    const network = await startNetwork(das);
    joins(network, 1);
    const disconnect = (attributes: readonly RadiusAttribute[], more = {}) =>
      ask(network, "Disconnect-Request", attributes, more);
    assert.deepEqual(disconnect([...who(1), { type: 2, value: new Uint8Array(16) }]), [42, 401]);
    assert.deepEqual(disconnect(list().add(radius.callingStationId, "foo").list), [42, 407]);
    assert.deepEqual(disconnect([...who(1), ...list().add(radius.nasIpAddress, "192.0.2.8").list]), [42, 403]);
    assert.deepEqual(disconnect([...who(1), ...list().add(radius.nasIdentifier, utf8("other")).list]), [42, 403]);
    assert.deepEqual(disconnect([{ type: 4, value: Uint8Array.of(1) }]), [42, 407]);
    assert.deepEqual(ask(network, "CoA-Request", who(1)), [45, 402]);
    assert.equal(disconnect(who(1), { secret: "wrong" }), undefined);
    const old = list().add(radius.eventTimestamp, 123456789).list;
    assert.equal(disconnect([...who(1), ...old]), undefined);
    assert.equal(network.radius.request(3799, Uint8Array.of(40, 1, 0, 20)).length, 0);
    assert.ok(network.radio.bsses[0]?.stations.get(addressOf(1))?.isAuthorized);
    network.stop();
    assert.ok(!network.radius.isListening(3799));
  });

  test("a request that comes again gets the same answer, though its session is gone", async () => {
    const network = await startNetwork(das);
    joins(network, 1);
    assert.deepEqual(ask(network, "Disconnect-Request", who(1)), [41, undefined]);
    network.pass(100);
    assert.deepEqual(ask(network, "Disconnect-Request", who(1)), [41, undefined]);
    assert.deepEqual(ask(network, "Disconnect-Request", who(1), { identifier: 2 }), [42, 503]);
    network.stop();
  });

  test("a session changes: its limit, its VLAN, how often it is told of", async () => {
    const network = await startNetwork(`${das}\n${acctServer}\ndynamic_vlan=1`, undefined, takes);
    const one = joins(network, 1);
    const changes = list()
      .add(radius.sessionTimeout, 200)
      .add(radius.acctInterimInterval, 60)
      .put(...vlanAttributes(6)).list;
    assert.deepEqual(ask(network, "CoA-Request", [...who(1), ...changes]), [44, undefined]);
    const station = network.radio.bsses[0]?.stations.get(addressOf(1));
    assert.equal(station?.vlan?.id, 6);
    network.pass(190_000);
    assert.equal(records(network, "interimUpdate").length, 3);
    assert.ok(one.station.isConnected);
    network.pass(15_000);
    assert.equal(records(network, "stop").length, 1);
    assert.deepEqual(ask(network, "CoA-Request", [...who(2), ...changes], { identifier: 3 }), [45, 503]);
    const idle = list().add(radius.idleTimeout, 50).list;
    joins(network, 2);
    assert.deepEqual(ask(network, "CoA-Request", [...who(2), ...idle], { identifier: 4 }), [44, undefined]);
    network.pass(60_000);
    const [last] = records(network, "stop").slice(-1);
    assert.equal(last && value(last, radius.acctTerminateCause), terminateCauses["idle-timeout"]);
    network.stop();
  });

  test("time, and Message-Authenticator, where they are demanded", async () => {
    const network = await startNetwork(
      `${das}\nradius_das_require_event_timestamp=1\nradius_das_require_message_authenticator=1\nradius_das_time_window=10`,
    );
    joins(network, 1);
    const now = Math.floor(network.clock.unixTime());
    const at = (time: number) => [...who(1), ...list().add(radius.eventTimestamp, time).list];
    assert.equal(ask(network, "Disconnect-Request", who(1)), undefined);
    assert.equal(ask(network, "Disconnect-Request", at(now - 50)), undefined);
    assert.equal(ask(network, "Disconnect-Request", at(now), { hasMessageAuthenticator: false }), undefined);
    assert.deepEqual(ask(network, "Disconnect-Request", at(now)), [41, undefined]);
    network.stop();
  });
});
