/** The sockets' side: requests of all kinds, monitors, interfaces that come and go. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ControlledNetwork, client, globalPath } from "../../testing/controlled-network.ts";
import { utf8 } from "../base/bytes.ts";

const open = "ssid=open\nhw_mode=g\nchannel=1";
const socket = "/run/hostapd/wlan0";

test("a request is known by its name, and only with the arguments it takes", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  assert.equal(network.ask("PING"), "PONG\n");
  assert.equal(network.ask("PING x"), "UNKNOWN COMMAND\n");
  assert.equal(network.ask("STA"), "UNKNOWN COMMAND\n");
  assert.equal(network.ask("NO_SUCH_COMMAND"), "UNKNOWN COMMAND\n");
  assert.equal(network.ask(""), "UNKNOWN COMMAND\n");
  assert.equal(network.ask("TEST_FAIL 1:function"), "UNKNOWN COMMAND\n");
  assert.equal(network.ask("WPS_PBC"), "FAIL\n");
  assert.equal(network.askGlobal("PING"), "PONG\n");
  assert.equal(network.askGlobal("NO_SUCH_COMMAND"), "FAIL\n");
  assert.equal(network.askGlobal("STATUS"), "FAIL\n");
});

test("what follows a NUL, or the longest request, is not seen", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  assert.equal(network.ask("PING\0 x"), "PONG\n");
  const note = `NOTE ${"x".repeat(5000)}`;
  assert.equal(network.ask(note), "OK\n");
  assert.equal(network.records.at(-1)?.text.length, "NOTE: ".length + 4095 - "NOTE ".length);
  assert.equal(network.askGlobal(`INTERFACES ${"x".repeat(300)}`), "wlan0\n");
});

test("the global socket speaks to an interface by its name", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  assert.equal(network.askGlobal("IFNAME=wlan0 PING"), "PONG\n");
  assert.equal(network.askGlobal("IFNAME=wlan0 GET version"), "1.2.3");
  assert.equal(network.askGlobal("IFNAME=wlan9 PING"), "FAIL-NO-IFNAME-MATCH\n");
  assert.equal(network.askGlobal("IFNAME=wlan0"), "FAIL\n");
});

test("interfaces are added, listed and removed, each with its socket", async () => {
  const network = new ControlledNetwork();
  assert.equal(await network.askSlowly("ADD wlan0 /run/hostapd", { on: globalPath }), "OK\n");
  assert.equal(await network.askSlowly("ADD wlan0 /run/hostapd", { on: globalPath }), "FAIL\n");
  assert.equal(network.askGlobal("INTERFACES"), "wlan0\n");
  assert.equal(network.askGlobal("INTERFACES ctrl"), "wlan0 ctrl_iface=/run/hostapd\n");
  assert.match(network.ask("STATUS"), /^state=UNINITIALIZED\n/);
  network.attach("monitor");
  assert.equal(await network.askSlowly("REMOVE wlan0", { on: globalPath }), "OK\n");
  assert.deepEqual(network.events("monitor"), ["<3>CTRL-EVENT-TERMINATING "]);
  assert.deepEqual(network.sockets.open, [globalPath]);
  assert.equal(await network.askSlowly("REMOVE wlan0", { on: globalPath }), "FAIL\n");
  assert.equal(await network.askSlowly("ADD wlan0", { on: globalPath }), "FAIL\n");
  assert.equal(await network.askSlowly("ADD bss_config=phy0", { on: globalPath }), "FAIL\n");
});

test("an interface whose socket can't be opened is not added", async () => {
  const network = new ControlledNetwork();
  network.sockets.openInterface({ directory: "/run/hostapd", name: "wlan0", group: undefined }, () => undefined);
  assert.equal(await network.askSlowly("ADD wlan0 /run/hostapd", { on: globalPath }), "FAIL\n");
  assert.equal(network.askGlobal("INTERFACES"), "");
});

test("monitors hear events on their interface, and on the global socket with its name", async () => {
  const network = new ControlledNetwork();
  network.add(open);
  network.attach("one");
  network.attach("all", globalPath);
  assert.equal(await network.askSlowly("ENABLE"), "OK\n");
  assert.equal(network.events("one").at(-1), "<3>AP-ENABLED ");
  assert.equal(network.events("all").at(-1), "IFNAME=wlan0 <3>AP-ENABLED ");
  assert.equal(network.ask("DETACH", { from: "one" }), "OK\n");
  assert.equal(network.ask("DETACH", { from: "one" }), "FAIL\n");
  assert.equal(network.ask("DISABLE"), "OK\n");
  assert.deepEqual(network.events("one"), []);
  assert.deepEqual(network.events("all"), ["IFNAME=wlan0 <3>AP-DISABLED "]);
});

test("a monitor's level keeps events from it, or brings debugging", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  assert.equal(network.ask("LEVEL 4", { from: "monitor" }), "FAIL\n");
  network.attach("monitor");
  network.attach("curious");
  assert.equal(network.ask("LEVEL 4", { from: "monitor" }), "OK\n");
  assert.equal(network.ask("LEVEL 2", { from: "curious" }), "OK\n");
  network.events("curious");
  network.ask("POLL_STA nobody");
  assert.deepEqual(network.events("curious"), ["<2>CTRL_IFACE POLL_STA"]);
  network.ask("DISABLE");
  assert.deepEqual(network.events("monitor"), []);
  assert.ok(network.events("curious").includes("<3>AP-DISABLED "));
});

test("probe requests are for those who ask for them", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  network.attach("plain");
  network.attach("wants", socket, " probe_rx_events=1");
  assert.equal(network.ask("ATTACH nonsense", { from: "plain" }), "FAIL\n", "attached already");
  assert.equal(network.ask("ATTACH probe_rx_events=2", { from: "plain" }), "FAIL\n");
  const station = network.station({ ssid: utf8("open") });
  station.join();
  network.pass(300);
  assert.ok(
    network.events("wants").some((event) => event.startsWith(`<3>RX-PROBE-REQUEST sa=${station.address} signal=-`)),
  );
  const heard = network.events("plain");
  assert.ok(heard.includes(`<3>AP-STA-CONNECTED ${station.address}`));
  assert.ok(!heard.some((event) => event.includes("RX-PROBE-REQUEST")));
});

test("a monitor is given up after more than ten errors in a row, or at once where its socket is gone", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  for (const name of ["slow", "dead", "well"]) network.attach(name);
  network.sockets.deliveries.set(client("slow"), "refused");
  network.sockets.deliveries.set(client("dead"), "gone");
  const event = { type: "interface-enabled", bss: "wlan0", radio: "wlan0" } as const;
  network.sockets.sends = 0;
  network.control.onEvent(event);
  assert.equal(network.sockets.sends, 3);
  for (let i = 0; i < 9; i++) network.control.onEvent(event);
  assert.equal(network.sockets.sends, 3 + 9 * 2, "the dead one is no longer tried");
  network.sockets.deliveries.set(client("slow"), "sent");
  network.control.onEvent(event);
  assert.equal(network.events("slow").length, 1, "ten errors are forgiven");
  network.sockets.deliveries.set(client("slow"), "refused");
  for (let i = 0; i < 11; i++) network.control.onEvent(event);
  network.sockets.sends = 0;
  network.control.onEvent(event);
  assert.equal(network.sockets.sends, 1, "eleven are not");
  assert.equal(network.events("well").length, 23);
});

test("a thousand monitors that never read cost eleven attempts each, and then nothing", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  for (let i = 0; i < 1000; i++) {
    network.attach(`monitor ${i}`);
    network.sockets.deliveries.set(client(`monitor ${i}`), "refused");
  }
  network.sockets.sends = 0;
  for (let i = 0; i < 100; i++) {
    network.control.onEvent({ type: "interface-enabled", bss: "wlan0", radio: "wlan0" });
  }
  assert.equal(network.sockets.sends, 11_000);
});

test("there is room for 4096 monitors", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  for (let i = 0; i < 4096; i++) network.attach(`monitor ${i}`);
  assert.equal(network.ask("ATTACH", { from: "one more" }), "FAIL\n");
  assert.equal(network.ask("ATTACH", { from: "monitor 7" }), "OK\n");
});

test("answers come in the order of the requests; others don't wait", async () => {
  const network = new ControlledNetwork();
  network.add(`${open}\ncountry_code=US`);
  const [slow, quick] = [client("slow"), client("quick")];
  for (const request of ["ENABLE", "PING", "GET version"]) network.sockets.say(socket, slow, request);
  network.sockets.say(socket, quick, "PING");
  assert.deepEqual(network.sockets.take(quick), ["PONG\n"]);
  assert.deepEqual(network.sockets.take(slow), []);
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    network.pass(10);
  }
  assert.deepEqual(network.sockets.take(slow), ["OK\n", "PONG\n", "1.2.3"]);
  network.sockets.say(socket, slow, "PING");
  assert.deepEqual(network.sockets.take(slow), ["PONG\n"]);
});

test("a client that floods a slow command is cut off, not stored", async () => {
  const network = new ControlledNetwork();
  network.add(open);
  const flooding = client("flooding");
  network.sockets.say(socket, flooding, "ENABLE");
  for (let i = 0; i < 10_000; i++) network.sockets.say(socket, flooding, "PING");
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    network.pass(10);
  }
  assert.equal(network.sockets.take(flooding).length, 17);
});

test("a command that goes wrong is answered with FAIL, and its reason is logged", async () => {
  const network = new ControlledNetwork();
  network.withFile.add(await network.start(open));
  assert.equal(await network.askSlowly("RELOAD_CONFIG"), "FAIL\n");
  assert.deepEqual(network.records.at(-1), {
    level: "error",
    interface: "wlan0",
    text: "wlan0 was not configured by a file",
  });
});

test("no argument of a command gets into the log by itself", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  assert.equal(network.ask("SET wpa_passphrase correct horse"), "OK\n");
  assert.equal(network.ask("SET wpa_passphrase short"), "FAIL\n");
  const text = network.records.map((record) => record.text).join("\n");
  assert.ok(text.includes("CTRL_IFACE SET"));
  assert.ok(!text.includes("horse") && !text.includes("short'"), text);
});

const words = fc.constantFrom(
  ...(
    "STATUS STA STA-FIRST STA-NEXT SET GET GET_CONFIG DEAUTHENTICATE DISASSOCIATE NEW_STA POLL_STA MIB LOG_LEVEL ATTACH " +
    "DETACH LEVEL ACCEPT_ACL DENY_ACL MGMT_TX MGMT_RX_PROCESS MGMT_TX_STATUS_PROCESS EAPOL_RX EAPOL_TX DATA_TEST_CONFIG " +
    "DATA_TEST_TX DATA_TEST_FRAME RESEND_M1 RESEND_M3 RESEND_GROUP_M1 RESET_PN GET_PMK REKEY_PTK SA_QUERY DUMP_BEACON " +
    "INTERFACES IFNAME= DUP_NETWORK ADD NOTE"
  ).split(" "),
);
const argument = fc.oneof(
  fc.constantFrom(
    "02:00:00:00:00:01",
    "ff:ff:ff:ff:ff:ff",
    "wlan0",
    "IFNAME=wlan0 ",
    "ssid",
    "ext_mgmt_frame_handling 1",
    "ADD_MAC",
    "reason=99999999999",
    "freq=2412 frame=",
    "1",
    "-1",
  ),
  fc.string(),
  fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets).toString("hex")),
  fc.uint8Array({ maxLength: 5000 }).map((octets) => Buffer.from(octets).toString("latin1")),
);
const requests = fc
  .tuple(words, fc.array(argument, { maxLength: 4 }), fc.constantFrom(" ", "=", "", "\0"))
  .map(([word, rest, between]) => [word, ...rest].join(between));

test("whatever comes, there is one answer, and nothing is thrown", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  const station = network.station({ ssid: utf8("open") });
  station.join();
  network.pass(300);
  await fc.assert(
    fc.asyncProperty(requests, fc.constantFrom(socket, globalPath), async (request, on) => {
      const from = client("fuzz");
      network.sockets.take(from);
      network.sockets.say(on, from, Buffer.from(request, "latin1"));
      await new Promise((resolve) => setImmediate(resolve));
      const replies = network.sockets.take(from).filter((reply) => !/^(IFNAME=\S+ )?<\d>/.test(reply));
      assert.equal(replies.length, 1);
      assert.equal(
        network.records.find(({ text }) => text.startsWith("control interface:")),
        undefined,
      );
      network.records.length = 0;
      network.pass(1);
    }),
    { numRuns: 3000 },
  );
});
