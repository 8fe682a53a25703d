import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  accepts,
  acctServer,
  addressOf,
  authServer,
  joins,
  open,
  records,
  secret,
  startNetwork,
  takes,
  text,
  value,
  vlanAttributes,
} from "../../../testing/radius-access-point.ts";
import { VirtualNetwork } from "../../../testing/virtual-network.ts";
import { utf8 } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { revealPassword } from "../../radius/hiding.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import { terminateCauses } from "./accounting-records.ts";

describe("macaddr_acl=2", () => {
  const asked = `${open}\n${authServer}\nmacaddr_acl=2`;

  test("the server is asked once, with what hostapd tells, and its word counts", async () => {
    const network = await startNetwork(asked, accepts());
    const one = joins(network, 1);
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
    const network = await startNetwork(asked, (request) => request.answer("Access-Reject", reply));
    const one = joins(network, 1);
    assert.ok(!one.station.isConnected);
    const refused = network.events.find(({ type }) => type === "station-refused");
    assert.match(JSON.stringify(refused), /the RADIUS server refuses its address: Unknown device/);
    assert.ok(network.records.some(({ text }) => text === `Station ${addressOf(1)} not allowed to authenticate`));
    network.stop();
  });

  test("nobody answers: nobody gets in; and then somebody does", async () => {
    const network = await startNetwork(asked);
    const one = joins(network, 1);
    assert.ok(!one.station.isConnected);
    network.radius.servers.set("192.0.2.1:1812", accepts());
    network.pass(4000);
    network.pass(20_000);
    assert.ok(one.station.isConnected);
    network.stop();
  });

  test("who was asked about while there was no server is asked about again", async () => {
    const network = await startNetwork(`${open}\nmacaddr_acl=2`, accepts());
    assert.ok(!joins(network, 1).station.isConnected);
    network.radio.configure(new VirtualNetwork(asked).radio.configuration);
    network.pass(20_000);
    assert.equal(network.radius.requests.length, 1);
    assert.ok(network.radio.bsses[0]?.stations.get(addressOf(1))?.isAuthorized);
    network.stop();
  });

  test("lists are asked before the server", async () => {
    const files = { "/accept": `${addressOf(1)}\n`, "/deny": `${addressOf(2)}\n` };
    const network = new VirtualNetwork(`${asked}\naccept_mac_file=/accept\ndeny_mac_file=/deny`, { files });
    await network.start();
    assert.ok(joins(network, 1).station.isConnected);
    assert.ok(!joins(network, 2).station.isConnected);
    assert.equal(network.radius.requests.length, 0);
    network.stop();
  });

  test("a session that is limited ends", async () => {
    const limit = new AttributeList().add(radius.sessionTimeout, 60).list;
    const network = await startNetwork(`${asked}\n${acctServer}`, accepts(limit), takes);
    const one = joins(network, 1);
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
    const network = await startNetwork(`${asked}\n${acctServer}`, accepts(limit), takes);
    joins(network, 1);
    const busy = joins(network, 2);
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
    const assigned = await startNetwork(`${asked}\ndynamic_vlan=1`, accepts(vlanAttributes(5)));
    joins(assigned, 1);
    assert.deepEqual(vlans(assigned), [5]);
    assigned.stop();
    const ignored = await startNetwork(asked, accepts(vlanAttributes(5)));
    joins(ignored, 1);
    assert.deepEqual(vlans(ignored), [undefined]);
    ignored.stop();
    const demanded = await startNetwork(`${asked}\ndynamic_vlan=2`, accepts());
    assert.ok(!joins(demanded, 1).station.isConnected);
    demanded.stop();
  });

  test("anybody asks under many addresses: memory has an end", async () => {
    const network = await startNetwork(asked, accepts());
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
