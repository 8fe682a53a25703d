import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LinesInMemory } from "../../../testing/line-journal.ts";
import {
  accepts,
  acctServer,
  authServer,
  joins,
  open,
  records,
  startNetwork,
  takes,
  text,
  value,
} from "../../../testing/radius-access-point.ts";
import { type NetworkOptions, VirtualNetwork } from "../../../testing/virtual-network.ts";
import { utf8 } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { AccountingJournal } from "../../radius/accounting-journal.ts";
import { radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, allOf } from "../../wire/radius/values.ts";
import { terminateCauses } from "./accounting-records.ts";

describe("accounting", () => {
  const accounted = `${open}\n${acctServer}`;

  test("On, Start, Stop, Off: sessions and their numbers", async () => {
    const network = await startNetwork(accounted, undefined, takes);
    const one = joins(network, 1);
    network.pass(60_000);
    one.station.leave();
    network.pass(1000);
    one.station.join();
    network.pass(2000);
    network.stop();
    const kinds = records(network).map((record) => value(record, radius.acctStatusType));
    assert.deepEqual(kinds, [7, 1, 2, 1, 2, 8]);
    const [begun] = records(network, "start");
    const [ended, last] = records(network, "stop");
    assert.ok(begun && ended && last);
    assert.equal(text(value(begun, radius.userName)), "020000000101");
    assert.match(text(value(begun, radius.acctSessionId)) ?? "", /^[0-9A-F]{16}$/);
    assert.deepEqual(value(ended, radius.acctSessionId), value(begun, radius.acctSessionId));
    assert.notDeepEqual(value(last, radius.acctSessionId), value(begun, radius.acctSessionId));
    assert.equal(value(begun, radius.nasPort), 1);
    assert.equal(value(begun, radius.serviceType), 2);
    assert.equal(value(begun, radius.connectInfo), "CONNECT 54Mbps 802.11g");
    assert.equal(value(begun, radius.acctAuthentic), 2);
    assert.equal(value(begun, radius.acctDelayTime), 0);
    assert.ok((value(begun, radius.eventTimestamp) ?? 0) >= 1_700_000_000);
    assert.ok((value(ended, radius.acctSessionTime) ?? 0) >= 60);
    assert.equal(value(ended, radius.acctTerminateCause), 1, "User-Request");
    assert.equal(value(last, radius.acctTerminateCause), 7, "Admin-Reboot");
    assert.ok(value(ended, radius.acctInputPackets) !== undefined);
    assert.ok(value(ended, radius.acctOutputGigawords) !== undefined);
  });

  test("updates, as often as was set, or as the server asks", async () => {
    const network = await startNetwork(`${accounted}\nradius_acct_interim_interval=100`, undefined, takes);
    joins(network, 1);
    network.pass(501_000);
    const times = records(network, "interimUpdate").map((record) => value(record, radius.acctSessionTime));
    assert.equal(times.length, 5);
    assert.deepEqual(
      times.map((time) => Math.round((time ?? 0) / 100)),
      [1, 2, 3, 4, 5],
    );
    network.stop();
    const asks = new AttributeList().add(radius.acctInterimInterval, 60).add(radius.class, utf8("gold")).list;
    const other = await startNetwork(`${accounted}\n${authServer}\nmacaddr_acl=2`, accepts(asks), takes);
    joins(other, 1);
    other.pass(181_000);
    assert.equal(records(other, "interimUpdate").length, 3);
    assert.equal(text(value(records(other, "interimUpdate")[0] ?? assert.fail(), radius.class)), "gold");
    other.stop();
  });

  test("an update that gets lost is made anew, with what was counted since", async () => {
    const network = await startNetwork(`${accounted}\nradius_acct_interim_interval=100`, undefined, takes);
    joins(network, 1);
    network.radius.servers.set("192.0.2.1:1813", undefined);
    network.pass(120_000);
    const lost = records(network, "interimUpdate");
    assert.ok(lost.length >= 3);
    assert.equal(new Set(lost.map((record) => value(record, radius.acctSessionTime))).size, lost.length);
    network.stop();
  });

  test("records that nobody has taken outlive the BSS", async () => {
    const network = await startNetwork(accounted);
    const one = joins(network, 1);
    one.station.leave();
    network.pass(1000);
    const bss = network.radio.bsses[0] ?? assert.fail();
    network.driver.setLink("wlan0", "down");
    network.pass(1000);
    network.driver.setLink("wlan0", "up");
    network.radius.servers.set("192.0.2.1:1813", takes);
    network.pass(130_000);
    const kinds = new Set(records(network).map((record) => value(record, radius.acctStatusType)));
    assert.deepEqual(kinds, new Set([7, 1, 2, 8]));
    assert.equal(bss.radius.accountingClient.pendingCount, 0);
    network.stop();
  });

  describe("with a journal", () => {
    const journaled = `${accounted}\nradius_acct_journal=/var/lib/records`;
    const on = (lines: LinesInMemory): NetworkOptions => ({
      radiusFiles: {
        openDatabase: () => assert.fail(),
        openJournal: () => new AccountingJournal(lines, () => undefined),
      },
    });
    const told = (network: VirtualNetwork) =>
      records(network).map((record) => [
        value(record, radius.acctStatusType),
        text(value(record, radius.acctSessionId)),
        value(record, radius.acctTerminateCause),
      ]);

    test("what a process that was killed has left is told by the next one, once", async () => {
      const lines = new LinesInMemory();
      const killed = await startNetwork(journaled, undefined, undefined, on(lines));
      const one = joins(killed, 1);
      joins(killed, 2);
      one.station.leave();
      killed.pass(1000);
      const before = new Set(told(killed).map(([, id]) => id));
      // Nobody has takes, and nothing is ended in good order: the process is gone.
      const left = new LinesInMemory([...lines.lines]);
      const next = await startNetwork(journaled, undefined, takes, on(left));
      next.pass(1000);
      const kinds = told(next).map(([kind, , cause]) => [kind, cause]);
      assert.deepEqual(kinds, [
        [7, undefined],
        [1, undefined],
        [1, undefined],
        [2, terminateCauses["user-request"]],
        [2, terminateCauses["nas-reboot"]],
        [7, undefined],
      ]);
      assert.ok(
        told(next)
          .slice(0, 5)
          .every(([, id]) => before.has(id)),
      );
      next.stop();
      const third = await startNetwork(journaled, undefined, takes, on(new LinesInMemory([...left.lines])));
      assert.deepEqual(
        told(third).map(([kind]) => kind),
        [8, 7],
        "only the last one's Accounting-Off had no answer in time",
      );
      third.stop();
    });

    test("a session's last counters are those that were read last, and how long ago that was", async () => {
      const lines = new LinesInMemory();
      const killed = await startNetwork(`${journaled}\nradius_acct_interim_interval=100`, undefined, takes, on(lines));
      joins(killed, 1);
      killed.pass(350_000);
      const next = new VirtualNetwork(journaled, on(new LinesInMemory([...lines.lines])));
      next.radius.servers.set("192.0.2.1:1813", takes);
      next.pass(500_000);
      await next.start();
      const [stop] = records(next, "stop");
      assert.ok(stop);
      assert.ok(Math.abs((value(stop, radius.acctSessionTime) ?? 0) - 300) <= 2);
      assert.ok((value(stop, radius.acctDelayTime) ?? 0) >= 190);
      next.stop();
    });
  });

  test("a database of attributes is ready before the network is there, and asked in turn", async () => {
    let becomeReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      becomeReady = resolve;
    });
    const asked: string[] = [];
    const attributesFor = async (station: MacAddress, kind: string): Promise<RadiusAttribute[]> => {
      asked.push(`${station} ${kind}`);
      return [{ type: 126, value: utf8("Operator") }];
    };
    const network = new VirtualNetwork(`${accounted}\nradius_req_attr_sqlite=/attributes`, {
      radiusFiles: {
        openDatabase: () => ({ ready, attributesFor, close: () => undefined }),
        openJournal: () => assert.fail(),
      },
    });
    network.radius.servers.set("192.0.2.1:1813", takes);
    const up = network.radio.enable();
    await new Promise(setImmediate);
    network.pass(100);
    assert.notEqual(network.radio.state, "ENABLED");
    becomeReady();
    await new Promise(setImmediate);
    network.pass(100);
    await up;
    joins(network, 1);
    await new Promise(setImmediate);
    network.pass(100);
    assert.deepEqual(asked, ["02:00:00:00:01:01 acct"]);
    const [begun] = records(network, "start");
    assert.equal(begun && text(value(begun, radius.operatorName)), "Operator");
    network.stop();
  });

  test("attributes of the configuration are added, or take another's place", async () => {
    const more = "radius_acct_req_attr=126:s:Operator\nradius_acct_req_attr=77:s:testing\nradius_acct_req_attr=62:d:1";
    const network = await startNetwork(`${accounted}\n${more}`, undefined, takes);
    joins(network, 1);
    const [begun] = records(network, "start");
    assert.ok(begun);
    assert.deepEqual(allOf(begun.packet.attributes, radius.connectInfo), ["testing"]);
    assert.equal(text(value(begun, radius.operatorName)), "Operator");
    assert.deepEqual([...(begun.packet.attributes.find(({ type }) => type === 62)?.value ?? [])], [0, 0, 0, 1]);
    network.stop();
  });
});
