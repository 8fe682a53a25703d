/** Every command of the control interface, asked by Debian's hostapd_cli, with stations that are really there. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { controlDirectory, type Daemon, debianHostapd, hostapdCli, startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { type Program, run, startProgram } from "../../lab/guest/process.ts";
import { station } from "../../lab/guest/station.ts";
import { fields } from "../../testing/reply-fields.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  openNetwork,
  sleep,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const ssid = "control";
const config = wpa2Config(ssid, "ieee80211n=1", "wmm_enabled=1");
const globalSocket = "/run/hostapd-global";

/** hostapd_cli has no words of its own for some commands: `raw` sends them as they are. */
const raw = (ap: Daemon, command: string): Promise<string> => ap.cli("raw", command);
const globally = (command: string): Promise<string> =>
  run(["hostapd_cli", "-p", "/run", "-i", "hostapd-global", "raw", command]).then((reply) => reply.replace(/\n$/, ""));

/** hostapd_cli attached: its log has what happens. */
async function monitor(t: TestContext, interfaceName = "wlan0"): Promise<Program> {
  const script = join(await mkdtemp(join(tmpdir(), "action-")), "say");
  writeFileSync(script, '#!/bin/sh\necho "$@"\n');
  chmodSync(script, 0o755);
  const program = await startProgram(t, {
    name: "monitor",
    command: ["hostapd_cli", "-p", controlDirectory, "-i", interfaceName, "-a", script],
  });
  // it says nothing of its being attached
  await sleep(500);
  return program;
}

/** What changes from one moment to the next, or from one daemon to another with the same settings. */
const changing = /^(rx_|tx_|inactive_msec|signal|last_ack|connected_time|dot11RSNAPreauthenticationImplemented)/;
/** Lines that hostapd has had since 2.10. */
const newer = /^(hw_mode|ieee80211be|ieee80211bn|auth_alg|hostapdMFPR)=/;

const steady = (reply: string): string =>
  reply
    .split("\n")
    .filter((line) => !newer.test(line))
    .map((line) => (changing.test(line) ? (line.split("=", 1)[0] ?? "") : line))
    .join("\n");

for (const [name, configuration, network] of [
  ["WPA2", config, wpa2Network(ssid)],
  ["open", openConfig(ssid, "ieee80211n=1", "wmm_enabled=1"), openNetwork(ssid)],
] as const) {
  test(`${name}: STATUS, GET_CONFIG, MIB, STA, PMKSA and LOG_LEVEL answer as Debian's hostapd does`, async (t) => {
    const answers: string[][] = [];
    const client = await station(t, { radio: 1, network });
    for (const program of [debianHostapd, undefined]) {
      const ap = await startDaemon(t, { config: configuration, ...(program === undefined ? {} : { program }) });
      await client.connected();
      await client.setAddress(cidr(addressOf(1)));
      await setAddress("wlan0", cidr(apAddress));
      await client.ping(apAddress);
      const commands = ["STATUS", "GET_CONFIG", "MIB", `STA ${client.address}`, "STA-FIRST", "PMKSA", "LOG_LEVEL"];
      const replies = [];
      for (const command of commands) replies.push(`${command}\n${steady(await raw(ap, command))}`);
      answers.push(replies);
      await ap.stop();
      await client.disconnected();
    }
    assert.deepEqual(answers[1], answers[0]);
  });
}

test("stations: listed, asked, sent away in every way, and taken up", async (t) => {
  const ap = await startDaemon(t, { config });
  const watching = await monitor(t);
  const one = await joined(t, 1, wpa2Network(ssid));
  const two = await joined(t, 2, wpa2Network(ssid));
  assert.equal(await ap.cli("ping"), "PONG");
  const listed = (await ap.cli("list_sta")).split("\n");
  assert.deepEqual(listed, [two.address, one.address]);
  assert.match(await ap.cli("all_sta"), new RegExp(`^${two.address}\\nflags=[^]*^${one.address}\\nflags=`, "m"));
  assert.match(
    await ap.cli("sta", one.address),
    /^flags=\[AUTH\]\[ASSOC\]\[AUTHORIZED\]\[SHORT_PREAMBLE\]\[WMM\]\[HT\]$/m,
  );
  assert.equal(await ap.cli("sta", "02:ff:ff:ff:ff:ff"), "FAIL");

  assert.equal(await ap.cli("poll_sta", one.address), "OK");
  await watching.log.waitFor(new RegExp(`AP-STA-POLL-OK ${one.address}`));
  assert.equal(await raw(ap, "POLL_STA 02:ff:ff:ff:ff:ff"), "FAIL");

  assert.equal(await ap.cli("deauthenticate", one.address), "OK");
  await watching.log.waitFor(new RegExp(`AP-STA-DISCONNECTED ${one.address}`));
  assert.equal(await one.disconnected(), 2);
  await one.connected();
  await watching.log.waitFor(new RegExp(`AP-STA-CONNECTED ${one.address}`));
  await watching.log.waitFor(new RegExp(`EAPOL-4WAY-HS-COMPLETED ${one.address}`));

  assert.equal(await raw(ap, `DEAUTHENTICATE ${one.address} reason=200`), "OK");
  assert.equal(await one.disconnected(), 200);
  await one.connected();
  assert.equal(await ap.cli("disassociate", one.address), "OK");
  assert.equal(await one.disconnected(), 2);
  await one.connected();
  assert.equal(await raw(ap, "DEAUTHENTICATE ff:ff:ff:ff:ff:ff reason=3"), "OK");
  assert.deepEqual([await one.disconnected(), await two.disconnected()], [3, 3]);
  await Promise.all([one.connected(), two.connected()]);

  assert.equal(await raw(ap, `DEAUTHENTICATE ${two.address} tx=0`), "OK");
  await two.canPing(apAddress, { count: 1, wait: 1 });
  assert.equal(await two.disconnected(), 7, "it finds out when it sends");
  await two.connected();

  assert.equal(await ap.cli("new_sta", "02:11:22:33:44:55"), "OK");
  assert.match(await ap.cli("sta", "02:11:22:33:44:55"), /^02:11:22:33:44:55$/m);
  assert.equal(await ap.cli("sa_query", one.address), "OK");
});

test("settings: read, changed, and put in force", async (t) => {
  const ap = await startDaemon(t, { config });
  const one = await joined(t, 1, wpa2Network(ssid));
  assert.equal(await ap.cli("set", "max_num_sta", "1"), "OK");
  assert.equal(await ap.cli("set", "no_such_key", "1"), "FAIL");
  assert.match(await ap.cli("get", "version"), /^\d+\.\d+\.\d+$/);
  assert.match(await ap.cli("get", "tls_library"), /^OpenSSL /);
  assert.equal(await ap.cli("get", "max_num_sta"), "1");
  await one.ping(apAddress).catch(() => undefined);
  assert.match(await ap.cli("sta", one.address), /AUTHORIZED/, "nobody has been disturbed");

  assert.equal(await ap.cli("set", "vendor_elements", "dd0411223301"), "OK");
  assert.equal(await ap.cli("update_beacon"), "OK");
  assert.match(await raw(ap, "DUMP_BEACON"), /dd0411223301$/);
  assert.match(await ap.cli("sta", one.address), /AUTHORIZED/);

  assert.equal(await ap.cli("set", "ssid", "renamed"), "OK");
  assert.equal(await ap.cli("reload"), "OK");
  await one.disconnected();
  assert.equal(fields(await ap.cli("status"))["ssid[0]"], "renamed");
  await joined(t, 2, wpa2Network("renamed"));

  writeFileSync(ap.files[0] ?? "", `ctrl_interface=${controlDirectory}\n${wpa2Config("from the file")}`);
  assert.equal(await raw(ap, "RELOAD_CONFIG"), "OK");
  assert.equal(fields(await ap.cli("status"))["ssid[0]"], "from the file");
  assert.equal(await raw(ap, "RELOAD_BSS"), "OK");
});

test("disabled and enabled, stopped and told to end", async (t) => {
  const ap = await startDaemon(t, { config });
  const watching = await monitor(t);
  const one = await joined(t, 1, wpa2Network(ssid));
  assert.equal(await ap.cli("disable"), "OK");
  await watching.log.waitFor(/AP-DISABLED/);
  await one.disconnected();
  assert.equal(await ap.cli("disable"), "FAIL");
  assert.equal(fields(await ap.cli("status"))["state"], "DISABLED");
  assert.equal(await raw(ap, "STATUS-DRIVER"), "FAIL");
  assert.equal(await ap.cli("enable"), "OK");
  await watching.log.waitFor(/AP-ENABLED/);
  assert.equal(await ap.cli("enable"), "FAIL");
  await one.connected();
  const driver = fields(await raw(ap, "STATUS-DRIVER"));
  assert.equal(driver["beacon_set"], "1");
  assert.equal(driver["freq"], "2412");
  assert.match(await ap.cli("driver_flags"), /^[0-9A-F]{16}:\nAP$/m);
  assert.match(await raw(ap, "DRIVER_FLAGS2"), /^CONTROL_PORT_RX$/m);
  assert.equal(await raw(ap, "GET_CAPABILITY dpp"), "FAIL");

  assert.equal(await raw(ap, "STOP_AP"), "OK");
  await one.disconnected();
  assert.equal(await ap.cli("update_beacon"), "OK");
  await one.connected();

  assert.equal(await raw(ap, "TERMINATE"), "OK");
  await watching.log.waitFor(/CTRL-EVENT-TERMINATING/);
  assert.deepEqual(await ap.exited, { code: 0, signal: null });
  await one.disconnected();
});

test("keys: renewed, reloaded, shown, with traffic after each", async (t) => {
  const psks = await fileWith("wpa_psk", `keyid=one 00:00:00:00:00:00 first password\n`);
  const ap = await accessPoint(t, `${config.replace(/wpa_passphrase=.*/, "")}wpa_psk_file=${psks}\n`);
  const one = await joined(t, 1, { ...wpa2Network(ssid), psk: "first password" });
  assert.match(await ap.cli("sta", one.address), /^keyid=one$/m);
  assert.match(await raw(ap, `GET_PMK ${one.address}`), /^[0-9a-f]{64}$/);
  assert.equal(await raw(ap, "REKEY_GTK"), "OK");
  await one.log.waitFor(/WPA: Group rekeying completed/);
  await one.ping(apAddress);
  assert.equal(await raw(ap, `REKEY_PTK ${one.address}`), "OK");
  await one.log.waitFor(/WPA: Key negotiation completed/);
  await one.ping(apAddress);
  for (const command of ["RESEND_GROUP_M1", "RESEND_M3", "RESEND_M1"]) {
    assert.equal(await raw(ap, `${command} ${one.address}`), "OK", command);
  }
  assert.equal(await raw(ap, "PMKSA_FLUSH"), "OK");
  assert.equal(await ap.cli("pmksa"), "Index / SPA / PMKID / expiration (in seconds) / opportunistic");

  writeFileSync(psks, "keyid=two 00:00:00:00:00:00 second password\nkeyid=one 00:00:00:00:00:00 first password\n");
  assert.equal(await raw(ap, "RELOAD_WPA_PSK"), "OK");
  await one.log.staysWithout(/CTRL-EVENT-DISCONNECTED/, 1);
  await joined(t, 2, { ...wpa2Network(ssid), psk: "second password" });
  writeFileSync(psks, "keyid=two 00:00:00:00:00:00 second password\n");
  assert.equal(await raw(ap, "RELOAD_WPA_PSK"), "OK");
  assert.equal(await one.disconnected(), 2);
  writeFileSync(psks, "nonsense\n");
  assert.equal(await raw(ap, "RELOAD_WPA_PSK"), "FAIL");
});

test("access lists keep stations out, and send them away", async (t) => {
  const ap = await startDaemon(t, { config });
  const one = await joined(t, 1, wpa2Network(ssid));
  assert.equal(await ap.cli("deny_acl", "ADD_MAC", one.address), "OK");
  await one.disconnected();
  assert.equal(await ap.cli("deny_acl", "SHOW"), `${one.address} VLAN_ID=0`);
  await one.log.staysWithout(/CTRL-EVENT-CONNECTED/, 3);
  assert.equal(await ap.cli("deny_acl", "DEL_MAC", one.address), "OK");
  await one.cli("reassociate");
  await one.connected();

  assert.equal(await ap.cli("accept_acl", "ADD_MAC", one.address), "OK");
  assert.equal(await ap.cli("set", "macaddr_acl", "1"), "OK");
  await one.log.staysWithout(/CTRL-EVENT-DISCONNECTED/, 1);
  assert.equal(await ap.cli("accept_acl", "CLEAR"), "OK");
  await one.disconnected();
  assert.equal(await ap.cli("deny_acl", "CLEAR"), "OK");
});

test("frames that a program handles in the daemon's place", async (t) => {
  const ap = await startDaemon(t, { config });
  const watching = await monitor(t);
  const bssid = (fields(await ap.cli("status"))["bssid[0]"] ?? "").replaceAll(":", "");
  assert.equal(await ap.cli("set", "ext_mgmt_frame_handling", "1"), "OK");
  const frame = `b0003a01${bssid}021122334455${bssid}1000000001000000`;
  assert.equal(await raw(ap, `MGMT_RX_PROCESS freq=2412 datarate=0 ssi_signal=-30 frame=${frame}`), "OK");
  const [, status = ""] = await watching.log.waitFor(/MGMT-TX-STATUS (stype=11 ok=0 buf=b0\S+)/);
  assert.equal(await raw(ap, `MGMT_TX_STATUS_PROCESS ${status.replace("ok=0", "ok=1")}`), "OK");
  assert.match(await ap.cli("sta", "02:11:22:33:44:55"), /^flags=\[AUTH\]$/m);
  const ours = `b0003a01021122334455${bssid}${bssid}0000000002000000`;
  assert.equal(await raw(ap, `MGMT_TX ${ours}`), "OK");
  await watching.log.waitFor(/MGMT-TX-STATUS stype=11 ok=0/);
  assert.equal(await ap.cli("set", "ext_mgmt_frame_handling", "0"), "OK");

  assert.equal(await ap.cli("set", "ext_eapol_frame_io", "1"), "OK");
  const client = await station(t, { radio: 1, network: wpa2Network(ssid) });
  const [, address, message1 = ""] = await watching.log.waitFor(/EAPOL-TX (\S+) (\S+)/);
  assert.equal(address, client.address);
  assert.match(message1, /^0203005f02008a0010/);
  assert.equal(await raw(ap, `EAPOL_TX ${address} ${message1}`), "OK");
  await watching.log.waitFor(new RegExp(`EAPOL-RX ${address} 01030075`));
});

test("test frames cross the air", async (t) => {
  const ap = await startDaemon(t, { config: openConfig(ssid) });
  const watching = await monitor(t);
  const one = await joined(t, 1, openNetwork(ssid));
  const own = fields(await ap.cli("status"))["bssid[0]"] ?? "";
  assert.equal(await raw(ap, "DATA_TEST_CONFIG 1"), "OK");
  assert.equal(await raw(ap, `DATA_TEST_TX ${one.address} ${own} 0`), "OK");
  assert.equal(
    await raw(ap, `DATA_TEST_FRAME ${"ff".repeat(6)}${own.replaceAll(":", "")}88b5${"00".repeat(46)}`),
    "OK",
  );
  // an echo request whose payload is anything else is no test frame
  await one.canPing(apAddress, { count: 1, wait: 1 });
  const payload = Array.from({ length: 80 }, (_, i) => i.toString(16).padStart(2, "0")).join("");
  const header = `450000640000000040010000${"c0a80101"}${"c0a80102"}`;
  const sender = `import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("${one.interface}", 0x0800))
s.send(bytes.fromhex("${own}${one.address}".replace(":", "") + "0800${header}${payload}"))`;
  await one.run("python3", "-c", sender);
  const [found] = await watching.log.waitFor(/DATA-TEST-RX .*/);
  assert.equal(found, `DATA-TEST-RX ${own} ${one.address} len=100`);
  assert.equal(await raw(ap, "DATA_TEST_CONFIG 0"), "OK");
  assert.equal(await raw(ap, `DATA_TEST_TX ${one.address} ${own} 0`), "FAIL");
});

test("the log: its level, a note, opened again after it was moved away", async (t) => {
  const file = await fileWith("beacond.log", "");
  const ap = await startDaemon(t, { config, args: ["-f", file], ready: undefined });
  while (!existsSync(join(controlDirectory, "wlan0"))) await sleep(50);
  assert.equal(await ap.cli("log_level"), "Current level: INFO\nTimestamp: 0");
  assert.equal(await ap.cli("log_level", "DEBUG", "1"), "OK");
  assert.equal(await ap.cli("log_level"), "Current level: DEBUG\nTimestamp: 1");
  assert.equal(await raw(ap, "NOTE before"), "OK");
  await run(["mv", file, `${file}.1`]);
  assert.equal(await ap.cli("relog"), "OK");
  assert.equal(await raw(ap, "NOTE after"), "OK");
  assert.match(await run(["cat", `${file}.1`]), /^\d+\.\d{6}: NOTE: before$/m);
  assert.match(await run(["cat", file]), /NOTE: after$/m);
  assert.equal(await raw(ap, "CLOSE_LOG"), "OK");
  assert.equal(await ap.cli("ping"), "PONG");
});

test("the global socket: interfaces listed, added, spoken to and removed", async (t) => {
  const ap = await startDaemon(t, { config, args: ["-g", globalSocket] });
  assert.equal(await globally("PING"), "PONG");
  assert.equal(await globally("NO_SUCH"), "FAIL");
  assert.equal(await globally("INTERFACES"), "wlan0");
  assert.equal(await globally("INTERFACES ctrl"), `wlan0 ctrl_iface=${controlDirectory}`);
  assert.equal(await globally("IFNAME=wlan0 PING"), "PONG");
  assert.equal(await globally("IFNAME=wlan7 PING"), "FAIL-NO-IFNAME-MATCH");
  assert.equal(await globally("FLUSH"), "OK");

  assert.equal(await globally(`ADD wlan3 ${controlDirectory}`), "OK");
  assert.equal(await globally(`ADD wlan3 ${controlDirectory}`), "FAIL");
  assert.match(await hostapdCli("-i", "wlan3", "status"), /^state=UNINITIALIZED$/m);
  for (const setting of ["driver nl80211", "hw_mode g", "channel 6", "ssid second"]) {
    assert.equal(await hostapdCli("-i", "wlan3", "raw", `SET ${setting}`), "OK");
  }
  assert.equal(await hostapdCli("-i", "wlan3", "enable"), "OK");
  await joined(t, 1, { ssid: "second", scan_freq: 2437 });
  assert.equal(await globally("REMOVE wlan3"), "OK");
  assert.equal(await globally("REMOVE wlan3"), "FAIL");
  assert.equal(existsSync(join(controlDirectory, "wlan3")), false);

  const file = await fileWith("third.conf", `ctrl_interface=${controlDirectory}\n${openConfig("third")}`);
  assert.equal(await globally(`ADD wlan3 config=${file}`), "OK");
  assert.equal(await hostapdCli("-i", "wlan3", "enable"), "OK");
  await joined(t, 2, openNetwork("third"));
  assert.equal(await globally("REMOVE wlan3"), "OK");

  const bss = openConfig("fourth").replace("interface=wlan0", "interface=wlan3");
  const bssFile = await fileWith("fourth.conf", `ctrl_interface=${controlDirectory}\n${bss}`);
  assert.equal(await globally(`ADD bss_config=phy3:${bssFile}`), "OK");
  assert.equal(await globally("INTERFACES"), "wlan0\nwlan3");
  assert.match(await globally("IFNAME=wlan3 STATUS"), /^state=ENABLED$/m);
  assert.equal(await globally("IFNAME=wlan3 DISABLE"), "OK");
  assert.equal(await globally("TERMINATE"), "OK");
  assert.deepEqual(await ap.exited, { code: 0, signal: null });
});

test("sockets: their place, owner and mode; a dead daemon's are replaced, a living one's are not", async (t) => {
  const directory = "/run/beacond-sockets";
  const owned = `${config}ctrl_interface=${directory}\nctrl_interface_group=daemon\n`;
  const ap = await startDaemon(t, { config: owned });
  const group = Number((await run(["getent", "group", "daemon"])).split(":")[2]);
  for (const path of [directory, join(directory, "wlan0")]) {
    const { mode, gid } = statSync(path);
    assert.deepEqual([path, mode & 0o777, gid], [path, 0o770, group]);
  }
  const rival = await startDaemon(t, { config: owned, ready: undefined });
  assert.notEqual((await rival.exited).code, 0);
  assert.equal(await run(["hostapd_cli", "-p", directory, "-i", "wlan0", "ping"]), "PONG\n");

  ap.kill("SIGKILL");
  await ap.exited;
  assert.equal(existsSync(join(directory, "wlan0")), true);
  const next = await startDaemon(t, { config: owned });
  assert.equal((await run(["hostapd_cli", "-p", directory, "-i", "wlan0", "ping"])).trim(), "PONG");
  await next.stop();
  assert.equal(existsSync(directory), false);
});

test("a thousand monitors that never read harm neither stations, nor other clients, nor one that reads", async (t) => {
  const ap = await accessPoint(t, config);
  const one = await joined(t, 1, wpa2Network(ssid));
  const flood = `import socket, sys, time
socks = []
for i in range(1000):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind("\\0monitor%d" % i)
    s.connect("${controlDirectory}/wlan0")
    s.send(b"ATTACH")
    s.recv(16)
    socks.append(s)
print("attached", flush=True)
time.sleep(60)`;
  const monitors = await startProgram(t, { name: "monitors", command: ["python3", "-c", flood] });
  await monitors.log.waitFor(/attached/);
  const reader = `import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("\\0reader")
s.connect("${controlDirectory}/wlan0")
s.send(b"ATTACH")
while True:
    print(s.recv(4096).decode(), flush=True)`;
  const watching = await startProgram(t, { name: "reader", command: ["python3", "-c", reader] });
  await watching.log.waitFor(/OK/);
  for (let i = 0; i < 40; i++) assert.equal(await ap.cli("poll_sta", one.address), "OK");
  for (let i = 0; i < 40; i++) await watching.log.waitFor(/<3>AP-STA-POLL-OK/);
  const before = performance.now();
  assert.equal(await ap.cli("ping"), "PONG");
  assert.ok(performance.now() - before < 2000);
  await one.ping(apAddress);
  await ping(addressOf(1));
});
