import assert from "node:assert/strict";
import { test } from "node:test";
import { openText, protectedNetwork } from "../../testing/controlled-network.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { fromJson } from "../base/shape.ts";
import { octetTextOfString } from "../config/octets.ts";
import {
  devicesShape,
  doneShape,
  recordShape,
  recordsShape,
  type StationsAnswer,
  stationsShape,
  statusShape,
} from "./live-answers.ts";

const stranger = "00:00:5e:00:53:77" as MacAddress;

test("BEACON-STATUS: the network, its protection, how long it is up", async () => {
  const { network } = await protectedNetwork();
  network.pass(60_000);
  const status = fromJson(statusShape, network.ask("BEACON-STATUS"));
  assert.deepEqual(
    [status.interface, status.ssid, status.state, status.frequency, status.channel, status.stations, status.country],
    ["wlan0", "somename", "ENABLED", 2412, 1, 1, "US"],
  );
  assert.deepEqual(status.required, {
    protocols: ["rsn"],
    akms: ["WPA-PSK"],
    pairwise: ["CCMP"],
    group: "CCMP",
    protection: "none",
  });
  assert.ok(status.up !== undefined && status.now - status.up >= 60);
  assert.deepEqual(status.warnings, []);
});

test("BEACON-STATUS warns of an open network, and of one that is not on the air", async () => {
  const { network, radio } = await protectedNetwork(0);
  network.add(openText, "wlan1");
  const { warnings } = fromJson(statusShape, network.ask("BEACON-STATUS", { on: "/run/hostapd/wlan1" }));
  assert.match(warnings.join("\n"), /not on the air[\s\S]*it is open/);
  radio.disable();
  assert.equal(fromJson(statusShape, network.ask("BEACON-STATUS")).up, undefined);
});

test("BEACON-STATIONS: each station once, page by page", async () => {
  const { network, joined } = await protectedNetwork(150);
  const found: StationsAnswer["stations"][number][] = [];
  let pages = 0;
  for (let next: string | undefined = ""; next !== undefined; pages++) {
    const page: StationsAnswer = fromJson(
      stationsShape,
      network.ask(next === "" ? "BEACON-STATIONS" : `BEACON-STATIONS ${next}`),
    );
    found.push(...page.stations);
    next = page.next;
  }
  assert.deepEqual(found.map(({ address }) => address).sort(), joined.map(({ address }) => address).sort());
  const [one] = found;
  assert.equal(one?.standing, "in");
  assert.deepEqual(one.security, { protocol: "rsn", akm: "WPA-PSK", cipher: "CCMP", protection: false });
  assert.ok(pages > 0);
});

test("BEACON-RECORD: a station that is in, one that nobody knows, the last", async () => {
  const { network, address } = await protectedNetwork();
  const known = fromJson(recordShape, network.ask(`BEACON-RECORD ${address}`));
  assert.deepEqual(
    known.record?.entries.map(({ type }) => type),
    ["authenticated", "associated", "connected", "keyed"],
  );
  assert.equal(fromJson(recordShape, network.ask(`BEACON-RECORD ${stranger}`)).record, undefined);
  assert.equal(fromJson(recordShape, network.ask("BEACON-RECORD last")).record?.station, address);
  assert.match(network.ask("BEACON-RECORD nobody"), /^FAIL: /);
  const { stations } = fromJson(recordsShape, network.ask("BEACON-RECORDS"));
  assert.deepEqual(
    stations.map((each) => each.address),
    [address],
  );
});

test("no secret is in any answer", async () => {
  const { network, address } = await protectedNetwork();
  const asked = ["STATUS", "STATIONS", "RECORDS", `RECORD ${address}`, "DEVICES"].map((name) => `BEACON-${name}`);
  for (const request of asked) assert.doesNotMatch(network.ask(request), /somepassword/, request);
});

test("BEACON-KICK sends away; with for= it stays out for so long", async () => {
  const { network, joined, address } = await protectedNetwork();
  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-KICK ${address}`)), { found: true });
  network.pass(500);
  assert.doesNotMatch(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  joined[0]?.join();
  network.pass(3000);
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);

  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-KICK ${address} for=60`)), { found: true });
  network.pass(500);
  joined[0]?.join();
  network.pass(3000);
  assert.doesNotMatch(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  const { record, ban } = fromJson(recordShape, network.ask(`BEACON-RECORD ${address}`));
  assert.ok(ban?.until !== undefined);
  assert.ok(record?.entries.some((entry) => entry.type === "dismissed" && entry.because === "kicked"));
  network.pass(60_000);
  joined[0]?.join();
  network.pass(3000);
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
});

test("BEACON-BAN keeps out until BEACON-UNBAN; both are for who was never here too", async () => {
  const { network, joined, address } = await protectedNetwork();
  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-BAN ${address}`)), { found: true });
  network.pass(500);
  joined[0]?.join();
  network.pass(3000);
  assert.doesNotMatch(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  const { devices } = fromJson(devicesShape, network.ask("BEACON-DEVICES"));
  assert.deepEqual(
    devices.map((device) => device.address),
    [address],
  );
  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-UNBAN ${address}`)), { found: true });
  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-UNBAN ${address}`)), { found: false });
  joined[0]?.join();
  network.pass(3000);
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-BAN ${stranger}`)), { found: true });
  assert.ok(network.devices.isBanned(stranger));
});

test("BEACON-NAME: any language; control characters are refused in words", async () => {
  const { network, address } = await protectedNetwork();
  assert.deepEqual(fromJson(doneShape, network.ask(octetTextOfString(`BEACON-NAME ${address} Küche`))), {
    found: true,
  });
  const { stations } = fromJson(stationsShape, Buffer.from(network.ask("BEACON-STATIONS"), "latin1").toString("utf8"));
  assert.equal(stations[0]?.name, "Küche");
  assert.match(network.ask(`BEACON-NAME ${address} a\u0007b`), /notKept/);
  assert.equal(network.devices.nameOf(address), "Küche");
  assert.deepEqual(fromJson(doneShape, network.ask(`BEACON-NAME ${address}`)), { found: true });
  assert.equal(network.devices.nameOf(address), undefined);
});
