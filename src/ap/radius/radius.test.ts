import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LinesInMemory } from "../../../testing/line-journal.ts";
import type { PlayedServer, ReceivedRequest } from "../../../testing/radius-network.ts";
import { type NetworkOptions, type ObservedStation, VirtualNetwork } from "../../../testing/virtual-network.ts";
import { textOf, utf8 } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { AccountingJournal } from "../../radius/accounting-journal.ts";
import { hideSalted, revealPassword } from "../../radius/hiding.ts";
import { type AttributeType, acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, allOf, firstOf } from "../../wire/radius/values.ts";

import { terminateCauses } from "./accounting.ts";

const secret = utf8("radius");
const channel = "ssid=test\nhw_mode=g\nchannel=1";
const authServer = "auth_server_addr=192.0.2.1\nauth_server_shared_secret=radius";
const acctServer = "acct_server_addr=192.0.2.1\nacct_server_shared_secret=radius";
const open = `${channel}\nown_ip_addr=192.0.2.7\nnas_identifier=ap.example`;
const psk = `${open}\nwpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP`;

const addressOf = (n: number): MacAddress => `02:00:00:00:01:0${n}` as MacAddress;

async function start(
  configuration: string,
  auth?: PlayedServer,
  acct?: PlayedServer,
  options: NetworkOptions = {},
): Promise<VirtualNetwork> {
  const network = new VirtualNetwork(configuration, options);
  network.radius.servers.set("192.0.2.1:1812", auth);
  network.radius.servers.set("192.0.2.1:1813", acct);
  return network.start();
}

function join(network: VirtualNetwork, n: number, passphrase?: string): ObservedStation {
  const observed = network.station({
    ssid: utf8("test"),
    address: addressOf(n),
    ...(passphrase === undefined ? {} : { security: { secret: { passphrase } } }),
    retries: 5,
  });
  observed.station.join();
  network.pass(2000);
  return observed;
}

const value = <T>({ packet }: ReceivedRequest, type: AttributeType<T>): T | undefined =>
  firstOf(packet.attributes, type);
const text = (octets: Uint8Array | undefined): string | undefined => octets && textOf(octets);
const records = (network: VirtualNetwork, status?: keyof typeof acctStatusTypes): ReceivedRequest[] =>
  network.radius.requests.filter(
    (request) =>
      request.endpoint.port === 1813 &&
      (status === undefined || value(request, radius.acctStatusType) === acctStatusTypes[status]),
  );
const accept =
  (attributes: readonly RadiusAttribute[] = []): PlayedServer =>
  (request) =>
    request.answer("Access-Accept", attributes);
const answered: PlayedServer = (request) => request.answer("Accounting-Response");
const withPassword =
  (password: string, more: readonly RadiusAttribute[] = []): PlayedServer =>
  (request) => {
    const hidden = hideSalted(secret, request.packet.authenticator, 0x8123, utf8(password));
    request.answer("Access-Accept", [
      ...new AttributeList().add(radius.tunnelPassword, { tag: 0, value: hidden }).list,
      ...more,
    ]);
  };
const vlan = (id: number): readonly RadiusAttribute[] =>
  new AttributeList()
    .add(radius.tunnelType, { tag: 0, value: 13 })
    .add(radius.tunnelMediumType, { tag: 0, value: 6 })
    .add(radius.tunnelPrivateGroupId, { tag: 0, value: utf8(String(id)) }).list;

describe("macaddr_acl=2", () => {
  const asked = `${open}\n${authServer}\nmacaddr_acl=2`;

  test("the server is asked once, with what hostapd tells, and its word counts", async () => {
    const network = await start(asked, accept());
    const one = join(network, 1);
    assert.ok(one.station.isConnected);
    const [request, ...more] = network.radius.requests;
    assert.ok(request && more.length === 0);
    assert.equal(text(value(request, radius.userName)), "020000000101");
    const hidden = value(request, radius.userPassword) ?? assert.fail();
    assert.equal(text(revealPassword(secret, request.packet.authenticator, hidden)), "020000000101");
    assert.equal(value(request, radius.nasIpAddress), "192.0.2.7");
    assert.equal(text(value(request, radius.nasIdentifier)), "ap.example");
    assert.match(value(request, radius.calledStationId) ?? "", /^([0-9A-F]{2}-){5}[0-9A-F]{2}:test$/);
    assert.equal(value(request, radius.nasPortType), 19);
    assert.equal(value(request, radius.callingStationId), "02-00-00-00-01-01");
    assert.equal(value(request, radius.connectInfo), "CONNECT 11Mbps 802.11b");
    one.station.leave();
    network.pass(100);
    one.station.join();
    network.pass(2000);
    assert.ok(one.station.isConnected);
    assert.equal(network.radius.requests.length, 1, "what was said is remembered");
    one.station.leave();
    network.pass(31_000);
    one.station.join();
    network.pass(2000);
    assert.equal(network.radius.requests.length, 2, "for half a minute");
    network.stop();
  });

  test("who is refused stays out, and the server's words are told", async () => {
    const reply = new AttributeList().add(radius.replyMessage, utf8("Unknown device")).list;
    const network = await start(asked, (request) => request.answer("Access-Reject", reply));
    const one = join(network, 1);
    assert.ok(!one.station.isConnected);
    const refused = network.events.find(({ type }) => type === "station-refused");
    assert.match(JSON.stringify(refused), /the RADIUS server refuses its address: Unknown device/);
    assert.ok(network.records.some(({ text }) => text === `Station ${addressOf(1)} not allowed to authenticate`));
    network.stop();
  });

  test("nobody answers: nobody gets in; and then somebody does", async () => {
    const network = await start(asked);
    const one = join(network, 1);
    assert.ok(!one.station.isConnected);
    network.radius.servers.set("192.0.2.1:1812", accept());
    network.pass(4000);
    network.pass(20_000);
    assert.ok(one.station.isConnected);
    network.stop();
  });

  test("lists are asked before the server", async () => {
    const files = { "/accept": `${addressOf(1)}\n`, "/deny": `${addressOf(2)}\n` };
    const network = new VirtualNetwork(`${asked}\naccept_mac_file=/accept\ndeny_mac_file=/deny`, { files });
    await network.start();
    assert.ok(join(network, 1).station.isConnected);
    assert.ok(!join(network, 2).station.isConnected);
    assert.equal(network.radius.requests.length, 0);
    network.stop();
  });

  test("a session that is limited ends", async () => {
    const limit = new AttributeList().add(radius.sessionTimeout, 60).list;
    const network = await start(`${asked}\n${acctServer}`, accept(limit), answered);
    const one = join(network, 1);
    assert.ok(one.station.isConnected);
    network.pass(59_000);
    assert.deepEqual(
      records(network, "stop").map((record) => value(record, radius.acctTerminateCause)),
      [5],
    );
    assert.ok(network.records.some(({ text }) => text === "deauthenticated due to session timeout"));
    network.stop();
  });

  test("a session in which nothing is sent ends, one in which something is sent goes on", async () => {
    const limit = new AttributeList().add(radius.idleTimeout, 80).list;
    const network = await start(`${asked}\n${acctServer}`, accept(limit), answered);
    join(network, 1);
    const busy = join(network, 2);
    const stopped = (): string[] => records(network, "stop").map((stop) => value(stop, radius.callingStationId) ?? "");
    for (let i = 0; i < 5; i++) {
      busy.station.ping("192.0.2.99");
      network.pass(20_000);
    }
    assert.deepEqual(stopped(), ["02-00-00-00-01-01"]);
    const [stop] = records(network, "stop");
    assert.ok(stop);
    assert.equal(value(stop, radius.acctTerminateCause), terminateCauses["idle-timeout"]);
    const time = value(stop, radius.acctSessionTime) ?? 0;
    assert.ok(time >= 80 && time <= 90, `${time}`);
    assert.ok(network.records.some(({ text }) => text === "deauthenticated: idle for 80 seconds"));
    network.pass(100_000);
    assert.ok(stopped().includes("02-00-00-00-01-02"));
    network.stop();
  });

  test("the VLAN that the server assigns; dynamic_vlan=2 demands one", async () => {
    const vlans = (network: VirtualNetwork) =>
      network.events.flatMap((event) => (event.type === "station-connected" ? [event.vlanId] : []));
    const assigned = await start(`${asked}\ndynamic_vlan=1`, accept(vlan(5)));
    join(assigned, 1);
    assert.deepEqual(vlans(assigned), [5]);
    assigned.stop();
    const ignored = await start(asked, accept(vlan(5)));
    join(ignored, 1);
    assert.deepEqual(vlans(ignored), [undefined]);
    ignored.stop();
    const demanded = await start(`${asked}\ndynamic_vlan=2`, accept());
    assert.ok(!join(demanded, 1).station.isConnected);
    demanded.stop();
  });

  test("anybody asks under many addresses: memory has an end", async () => {
    const network = await start(asked, accept());
    const { addresses } = network.radio.bsses[0]?.radius ?? assert.fail();
    for (let i = 0; i < 5000; i++) {
      const address = `02:00:00:${[i >> 16, (i >> 8) & 255, i & 255].map((octet) => octet.toString(16).padStart(2, "0")).join(":")}`;
      addresses.ask(address as MacAddress, () => undefined);
      if (i % 100 === 0) network.pass(10);
    }
    network.pass(100);
    assert.ok(addresses.rememberedCount <= 4096);
    network.stop();
  });
});

describe("pre-shared keys from RADIUS", () => {
  const required = `${psk}\n${authServer}\nmacaddr_acl=2\nwpa_psk_radius=2`;

  test("a passphrase of its own for each station", async () => {
    const network = await start(required, (request) =>
      withPassword(value(request, radius.callingStationId)?.endsWith("1") ? "first passphrase" : "a second one")?.(
        request,
      ),
    );
    assert.ok(join(network, 1, "first passphrase").station.isConnected);
    assert.ok(join(network, 2, "a second one").station.isConnected);
    assert.ok(!join(network, 3, "first passphrase").station.isConnected);
    network.stop();
  });

  test("a key in hexadecimal, and what is none", async () => {
    const network = await start(required, withPassword("2".repeat(64)));
    const one = network.station({
      ssid: utf8("test"),
      address: addressOf(1),
      security: { secret: { psk: new Uint8Array(32).fill(0x22) } },
    });
    one.station.join();
    network.pass(2000);
    assert.ok(one.station.isConnected);
    network.stop();
    for (const wrong of ["q".repeat(64), "1234567"]) {
      const other = await start(required, withPassword(wrong));
      assert.ok(!join(other, 1, wrong.slice(0, 63).padEnd(8, "x")).station.isConnected);
      other.stop();
    }
  });

  test("accepted: the network's own passphrase counts too", async () => {
    const config = `${psk}\nwpa_passphrase=qwertyuiop\n${authServer}\nmacaddr_acl=2\nwpa_psk_radius=1`;
    const network = await start(config, withPassword("from the server"));
    assert.ok(join(network, 1, "qwertyuiop").station.isConnected);
    assert.ok(join(network, 2, "from the server").station.isConnected);
    network.stop();
  });

  test("during the handshake: the server hears what was proved, and a refusal sends the station away", async () => {
    const config = `${psk}\n${authServer}\nwpa_psk_radius=3`;
    const network = await start(
      config,
      withPassword("from the server", new AttributeList().add(radius.sessionTimeout, 60).list),
    );
    assert.ok(join(network, 1, "from the server").station.isConnected);
    const [request] = network.radius.requests;
    assert.ok(request);
    assert.equal(value(request, radius.wlanAkmSuite), 0x000fac02);
    assert.equal(value(request, radius.freeRadiusAnonce)?.length, 32);
    assert.equal(value(request, radius.freeRadiusEapolKeyMsg)?.[1], 3, "EAPOL-Key");
    network.radius.servers.set("192.0.2.1:1812", (each) => each.answer("Access-Reject"));
    const two = join(network, 2, "from the server");
    assert.ok(!two.station.isConnected);
    assert.ok(network.eventsOf(two).includes("station-left"));
    network.stop();
  });
});

describe("accounting", () => {
  const accounted = `${open}\n${acctServer}`;

  test("On, Start, Stop, Off: sessions and their numbers", async () => {
    const network = await start(accounted, undefined, answered);
    const one = join(network, 1);
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
    const network = await start(`${accounted}\nradius_acct_interim_interval=100`, undefined, answered);
    join(network, 1);
    network.pass(501_000);
    const times = records(network, "interimUpdate").map((record) => value(record, radius.acctSessionTime));
    assert.equal(times.length, 5);
    assert.deepEqual(
      times.map((time) => Math.round((time ?? 0) / 100)),
      [1, 2, 3, 4, 5],
    );
    network.stop();
    const asks = new AttributeList().add(radius.acctInterimInterval, 60).add(radius.class, utf8("gold")).list;
    const other = await start(`${accounted}\n${authServer}\nmacaddr_acl=2`, accept(asks), answered);
    join(other, 1);
    other.pass(181_000);
    assert.equal(records(other, "interimUpdate").length, 3);
    assert.equal(text(value(records(other, "interimUpdate")[0] ?? assert.fail(), radius.class)), "gold");
    other.stop();
  });

  test("an update that gets lost is made anew, with what was counted since", async () => {
    const network = await start(`${accounted}\nradius_acct_interim_interval=100`, undefined, answered);
    join(network, 1);
    network.radius.servers.set("192.0.2.1:1813", undefined);
    network.pass(120_000);
    const lost = records(network, "interimUpdate");
    assert.ok(lost.length >= 3);
    assert.equal(new Set(lost.map((record) => value(record, radius.acctSessionTime))).size, lost.length);
    network.stop();
  });

  test("records that nobody has taken outlive the BSS", async () => {
    const network = await start(accounted);
    const one = join(network, 1);
    one.station.leave();
    network.pass(1000);
    const bss = network.radio.bsses[0] ?? assert.fail();
    network.driver.setLink("wlan0", "down");
    network.pass(1000);
    network.driver.setLink("wlan0", "up");
    network.radius.servers.set("192.0.2.1:1813", answered);
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
      const killed = await start(journaled, undefined, undefined, on(lines));
      const one = join(killed, 1);
      join(killed, 2);
      one.station.leave();
      killed.pass(1000);
      const before = new Set(told(killed).map(([, id]) => id));
      // Nobody has answered, and nothing is ended in good order: the process is gone.
      const left = new LinesInMemory([...lines.lines]);
      const next = await start(journaled, undefined, answered, on(left));
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
      const third = await start(journaled, undefined, answered, on(new LinesInMemory([...left.lines])));
      assert.deepEqual(
        told(third).map(([kind]) => kind),
        [8, 7],
        "only the last one's Accounting-Off had no answer in time",
      );
      third.stop();
    });

    test("a session's last counters are those that were read last, and how long ago that was", async () => {
      const lines = new LinesInMemory();
      const killed = await start(`${journaled}\nradius_acct_interim_interval=100`, undefined, answered, on(lines));
      join(killed, 1);
      killed.pass(350_000);
      const next = new VirtualNetwork(journaled, on(new LinesInMemory([...lines.lines])));
      next.radius.servers.set("192.0.2.1:1813", answered);
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
    network.radius.servers.set("192.0.2.1:1813", answered);
    const up = network.radio.enable();
    await new Promise(setImmediate);
    network.pass(100);
    assert.notEqual(network.radio.state, "ENABLED");
    becomeReady();
    await new Promise(setImmediate);
    network.pass(100);
    await up;
    join(network, 1);
    await new Promise(setImmediate);
    network.pass(100);
    assert.deepEqual(asked, ["02:00:00:00:01:01 acct"]);
    const [begun] = records(network, "start");
    assert.equal(begun && text(value(begun, radius.operatorName)), "Operator");
    network.stop();
  });

  test("attributes of the configuration are added, or take another's place", async () => {
    const more = "radius_acct_req_attr=126:s:Operator\nradius_acct_req_attr=77:s:testing\nradius_acct_req_attr=62:d:1";
    const network = await start(`${accounted}\n${more}`, undefined, answered);
    join(network, 1);
    const [begun] = records(network, "start");
    assert.ok(begun);
    assert.deepEqual(allOf(begun.packet.attributes, radius.connectInfo), ["testing"]);
    assert.equal(text(value(begun, radius.operatorName)), "Operator");
    assert.deepEqual([...(begun.packet.attributes.find(({ type }) => type === 62)?.value ?? [])], [0, 0, 0, 1]);
    network.stop();
  });
});

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
    const network = await start(`${das}\n${acctServer}`, undefined, answered);
    const one = join(network, 1);
    const other = join(network, 2);
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
    const network = await start(das);
    join(network, 1);
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
    const network = await start(das);
    join(network, 1);
    assert.deepEqual(ask(network, "Disconnect-Request", who(1)), [41, undefined]);
    network.pass(100);
    assert.deepEqual(ask(network, "Disconnect-Request", who(1)), [41, undefined]);
    assert.deepEqual(ask(network, "Disconnect-Request", who(1), { identifier: 2 }), [42, 503]);
    network.stop();
  });

  test("a session changes: its limit, its VLAN, how often it is told of", async () => {
    const network = await start(`${das}\n${acctServer}\ndynamic_vlan=1`, undefined, answered);
    const one = join(network, 1);
    const changes = list()
      .add(radius.sessionTimeout, 200)
      .add(radius.acctInterimInterval, 60)
      .put(...vlan(6)).list;
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
    join(network, 2);
    assert.deepEqual(ask(network, "CoA-Request", [...who(2), ...idle], { identifier: 4 }), [44, undefined]);
    network.pass(60_000);
    const [last] = records(network, "stop").slice(-1);
    assert.equal(last && value(last, radius.acctTerminateCause), terminateCauses["idle-timeout"]);
    network.stop();
  });

  test("time, and Message-Authenticator, where they are demanded", async () => {
    const network = await start(
      `${das}\nradius_das_require_event_timestamp=1\nradius_das_require_message_authenticator=1\nradius_das_time_window=10`,
    );
    join(network, 1);
    const now = Math.floor(network.clock.unixTime());
    const at = (time: number) => [...who(1), ...list().add(radius.eventTimestamp, time).list];
    assert.equal(ask(network, "Disconnect-Request", who(1)), undefined);
    assert.equal(ask(network, "Disconnect-Request", at(now - 50)), undefined);
    assert.equal(ask(network, "Disconnect-Request", at(now), { hasMessageAuthenticator: false }), undefined);
    assert.deepEqual(ask(network, "Disconnect-Request", at(now)), [41, undefined]);
    network.stop();
  });
});
