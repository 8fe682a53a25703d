/** Starting: in the foreground and behind -B, where it can't be done, and where somebody else is there already. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { completeConfig, daemonUnderTest, debianHostapd, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import {
  accessPoint,
  apAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  openNetwork,
  sleep,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const interfaceInfo = (name: string): Promise<string> => run(["iw", "dev", name, "info"]);
const isUp = async (name: string): Promise<boolean> => (await run(["ip", "-br", "link", "show", name])).includes(",UP");

test("a channel that the country forbids: status 1, and which ones it allows", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  const daemon = await startDaemon(t, { config: openConfig("far", "country_code=US", "channel=13"), ready: undefined });
  assert.deepEqual(await daemon.exited, { code: 1, signal: null });
  assert.match(
    daemon.log.text,
    /channel 13 \(2472 MHz\) is not allowed.*allowed are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11$/m,
  );
  assert.match(await interfaceInfo("wlan0"), /type managed/);
  assert.equal(await isUp("wlan0"), false);
});

test("country_code: the channel is judged by its rules, not by those of before", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  await run(["iw", "reg", "set", "US"]);
  const config = openConfig("far", "country_code=JP", "ieee80211d=1", "channel=13");
  const daemon = await startDaemon(t, { config });
  assert.match(await run(["iw", "reg", "get"]), /^country JP:/m);
  assert.match(daemon.log.text, /COUNTRY_UPDATE/);
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, { ...openNetwork("far"), scan_freq: 2472 });
  await client.ping(apAddress);
  const seen = await client.run("iw", "dev", client.interface, "scan", "dump");
  assert.match(seen, /Country: JP/);
});

test("-B comes back when the network is there; the PID file goes with the daemon", async (t) => {
  const file = await fileWith("ap.conf", completeConfig(openConfig("meadow")));
  const pidFile = await fileWith("pid", "");
  const { status, stdout, stderr } = await tryRun([daemonUnderTest, "-B", "-P", pidFile, file]);
  const pid = Number(await readFile(pidFile, "utf8"));
  t.after(() => tryRun(["kill", "-9", String(pid)]));
  assert.equal(status, 0, stdout + stderr);
  assert.match(await interfaceInfo("wlan0"), /ssid meadow\n\ttype AP/);
  const client = await joined(t, 1, openNetwork("meadow"));
  await setAddress("wlan0", cidr(apAddress));
  await client.ping(apAddress);
  // A session of its own, and nobody's terminal.
  assert.match(await run(["ps", "-o", "pid=,sid=", "-p", String(pid)]), new RegExp(`^\\s*${pid}\\s+${pid}\\s*$`));

  process.kill(pid, "SIGTERM");
  assert.equal(await client.disconnected(), 3);
  for (let waited = 0; waited < 5000 && existsSync(pidFile); waited += 50) {
    await sleep(50);
  }
  assert.ok(!existsSync(pidFile));
  assert.match(await interfaceInfo("wlan0"), /type managed/);
});

test("-B: where it fails the command says why, with status 1 and no PID file", async () => {
  const file = await fileWith("ap.conf", completeConfig(openConfig("meadow").replace("wlan0", "wlan77")));
  const pidFile = `${file}.pid`;
  const { status, stdout, stderr } = await tryRun([daemonUnderTest, "-B", "-P", pidFile, file]);
  assert.equal(status, 1);
  assert.match(stdout + stderr, /wlan77/);
  assert.ok(!existsSync(pidFile));

  const broken = await fileWith("ap.conf", "interface=wlan0\nssid=meadow\nchannel=six\nsside=x\n");
  const refused = await tryRun([daemonUnderTest, "-B", broken]);
  assert.equal(refused.status, 1);
  assert.match(refused.stdout + refused.stderr, /:3:.*channel/);
  assert.match(refused.stdout + refused.stderr, /:4:.*sside/);
});

test("without work, and with flags that it does not have: usage and status 1", async () => {
  for (const args of [[], ["-h"], ["-v"], ["-Y"], ["/tmp/there-is-no-such-file"]]) {
    const { status, stdout, stderr } = await tryRun([daemonUnderTest, ...args]);
    assert.equal(status, 1, args.join(" "));
    assert.notEqual(stdout + stderr, "");
  }
});

test("two interfaces in one process, each with its own network", async (t) => {
  const second = wpa2Config("castle", "channel=6").replace("wlan0", "wlan1");
  const daemon = await accessPoint(t, [openConfig("meadow"), second]);
  await setAddress("wlan1", "192.168.8.1/24");
  const inMeadow = await joined(t, 2, openNetwork("meadow"));
  const inCastle = await joined(t, 3, { ...wpa2Network("castle"), scan_freq: 2437 });
  await inCastle.setAddress("192.168.8.13/24");
  await inMeadow.ping(apAddress);
  await inCastle.ping("192.168.8.1");
  assert.equal((await inMeadow.status())["bssid"], (await radio(0)).address);
  assert.equal((await inCastle.status())["bssid"], (await radio(1)).address);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  for (const client of [inMeadow, inCastle]) assert.equal(await client.disconnected(), 3);
  for (const name of ["wlan0", "wlan1"]) assert.match(await interfaceInfo(name), /type managed/);
});

test("another hostapd has the interface: nothing happens to it, and the message says who it is", async (t) => {
  const other = await startDaemon(t, { program: debianHostapd, config: wpa2Config("castle") });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  const config = `ctrl_interface=/run/other\n${openConfig("meadow")}`;
  const late = await startDaemon(t, { config, ready: undefined });
  assert.deepEqual(await late.exited, { code: 1, signal: null });
  assert.match(late.log.text, new RegExp(`wlan0 is in use by hostapd \\(process ${other.pid}, .*kill ${other.pid}`));
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
  assert.ok(!other.log.lines.some((line) => line.includes("AP-DISABLED")));
});

test("a second beacond for the same interface leaves the first alone", async (t) => {
  const first = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const late = await startDaemon(t, { config: wpa2Config("castle"), ready: undefined });
  assert.deepEqual(await late.exited, { code: 1, signal: null });
  assert.match(late.log.text, new RegExp(`wlan0 is in use by beacond \\(process ${first.pid}, /run/hostapd/wlan0\\)`));
  assert.ok(existsSync("/run/hostapd/wlan0"));
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
});

test("wpa_supplicant has the interface: it is told apart by name", async (t) => {
  await mkdir("/run/wpa_supplicant", { recursive: true });
  const config = await fileWith("wpa.conf", 'ctrl_interface=/run/wpa_supplicant\nnetwork={\n\tssid="x"\n}\n');
  const supplicant = await startProgram(t, {
    name: "supplicant",
    command: ["wpa_supplicant", "-D", "nl80211", "-i", "wlan0", "-c", config],
  });
  await supplicant.log.waitFor(/Successfully initialized/);
  const daemon = await startDaemon(t, { config: openConfig("meadow") });
  await daemon.log.waitFor(new RegExp(`wlan0 is in use by wpa_supplicant \\(process ${supplicant.pid}\\)`), {
    fromStart: true,
  });
});
