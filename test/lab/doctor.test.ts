// lab: radios=3, timeout=300
/** `beacon doctor` on machines that ail, one row of what can ail after the other. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { plugIn, pullOut } from "../../lab/guest/simulated-radios.ts";
import { openConfig, wpa2Config } from "./networks.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));

interface Diagnosis {
  readonly link: string;
  readonly verdict: string;
  readonly evidence: string;
  readonly mend?: string;
}

/** What it says, by link. */
async function doctor(...args: readonly string[]): Promise<ReadonlyMap<string, Diagnosis>> {
  const { stdout, stderr, status } = await tryRun([beacon, "doctor", "--json", ...args]);
  assert.equal(stderr, "");
  const all = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Diagnosis);
  assert.equal(status, all.some(({ verdict }) => verdict === "not well") ? 1 : 0);
  return new Map(all.map((each) => [each.link, each]));
}

const verdicts = (all: ReadonlyMap<string, Diagnosis>, ...links: readonly string[]): (string | undefined)[] =>
  links.map((link) => all.get(link)?.verdict);

test("an access point with all that belongs to it is well from the chip to the addresses", async (t) => {
  await startDaemon(t, { config: wpa2Config("home", "country_code=DE") });
  await setAddress("wlan0", "192.168.2.1/24");
  const folder = await mkdtemp(join(tmpdir(), "doctor-"));
  const conf = join(folder, "dhcpd.conf");
  writeFileSync(conf, "subnet 192.168.2.0 netmask 255.255.255.0 { range 192.168.2.10 192.168.2.20; }\n");
  const dhcp = await startProgram(t, {
    name: "dhcp",
    command: [beacon, "dhcp", "wlan0", "--config", conf, "--leases", join(folder, "leases")],
  });
  await dhcp.log.waitFor(/serving/);
  await run(["sysctl", "-w", "net.ipv4.ip_forward=1"]);
  t.after(() => run(["sysctl", "-w", "net.ipv4.ip_forward=0"]));
  await run([
    "nft",
    "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }; add rule ip nat post masquerade",
  ]);
  t.after(() => run(["nft", "delete table ip nat"]));
  const all = await doctor("wlan0");
  const links = [
    "chip and kernel module",
    "access point mode",
    "switches (rfkill)",
    "who holds the interface",
    "country",
    "channels",
  ];
  const network = ["entropy", "address", "DHCP server", "forwarding", "address translation (NAT)", "firewall"];
  assert.deepEqual(
    verdicts(all, ...links, ...network),
    [...links, ...network].map(() => "well"),
    JSON.stringify([...all.values()]),
  );
  assert.match(all.get("chip and kernel module")?.evidence ?? "", /mac80211_hwsim/);
});

test("without address, DHCP, forwarding and NAT each is named with its mend", async (t) => {
  await startDaemon(t, { config: openConfig("bare") });
  await run(["ip", "addr", "flush", "dev", "wlan0"]);
  const all = await doctor("wlan0");
  const links = ["address", "DHCP server", "forwarding", "way to the Internet", "address translation (NAT)"];
  assert.deepEqual(
    verdicts(all, ...links),
    links.map(() => "not well"),
  );
  assert.match(all.get("address")?.mend ?? "", /ip address add .* dev wlan0/);
});

test("a switched-off radio", async (t) => {
  const place = "/sys/class/rfkill";
  const name = readdirSync(place).find((each) => readFileSync(join(place, each, "type"), "utf8").trim() === "wlan");
  assert.ok(name);
  const soft = join(place, name, "soft");
  writeFileSync(soft, "1");
  t.after(() => writeFileSync(soft, "0"));
  const all = await doctor("wlan0");
  assert.deepEqual(verdicts(all, "switches (rfkill)"), ["not well"]);
});

test("wpa_supplicant on the interface", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "wpa-"));
  const conf = join(folder, "wpa.conf");
  writeFileSync(conf, `ctrl_interface=${folder}\n`);
  const other = await startProgram(t, {
    name: "other",
    command: ["wpa_supplicant", "-D", "nl80211", "-i", "wlan0", "-c", conf],
  });
  await other.log.waitFor(/Successfully initialized/);
  const holder = (await doctor("wlan0")).get("who holds the interface");
  assert.equal(holder?.verdict, "not well");
  assert.match(holder?.evidence ?? "", /wpa_supplicant \(process \d+\)/);
});

test("a configuration with errors, and a control socket that nobody answers at", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "conf-"));
  const conf = join(folder, "hostapd.conf");
  writeFileSync(conf, "interface=wlan0\nssid=x\nchanel=1\nwpa=2\n");
  const daemon = await startDaemon(t, { config: openConfig("killed") });
  daemon.kill("SIGKILL");
  await daemon.exited;
  const all = await doctor("wlan0", "--config", conf);
  assert.match(all.get("configuration")?.evidence ?? "", /errors?: line 3/);
  assert.deepEqual(verdicts(all, "configuration", "control socket"), ["not well", "not well"]);
});

test("the world's rules, and a channel of the file that they don't allow", async (t) => {
  await run(["iw", "reg", "set", "00"]);
  const conf = join(await mkdtemp(join(tmpdir(), "conf-")), "hostapd.conf");
  writeFileSync(conf, "interface=wlan0\nssid=x\nhw_mode=a\nchannel=36\n");
  const world = await doctor("wlan0", "--config", conf);
  assert.match(world.get("country")?.evidence ?? "", /no country is set/);
  assert.match(world.get(asked)?.evidence ?? "", /channel 36 \(5180 MHz\) is not allowed/);
  await run(["iw", "reg", "set", "US"]);
  t.after(() => run(["iw", "reg", "set", "00"]));
  const country = await doctor("wlan0", "--config", conf);
  assert.deepEqual(verdicts(country, "country", asked), ["well", "well"]);
});

const asked = "what the configuration asks of the radio";

test("a driver without access point mode, and one without a cipher for protected management frames", async (t) => {
  // NL80211_IFTYPE_STATION alone; CCMP and TKIP alone.
  plugIn("phy-station", { types: 1 << 2 });
  plugIn("phy-old", { ciphers: [0x000fac04, 0x000fac02] });
  t.after(() => pullOut("phy-station"));
  t.after(() => pullOut("phy-old"));
  const nameOn = async (phy: string): Promise<string> =>
    readdirSync(`/sys/class/ieee80211/${phy}/device/net`).find((name) => name.startsWith("wlan")) ?? "";
  const station = await doctor(await nameOn("phy-station"));
  assert.match(station.get("access point mode")?.evidence ?? "", /no access point mode/);
  const old = await nameOn("phy-old");
  const conf = join(await mkdtemp(join(tmpdir(), "conf-")), "hostapd.conf");
  const wpa3 = ["wpa=2", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP", "ieee80211w=2", "sae_password=long enough"];
  writeFileSync(conf, openConfig("x", `interface=${old}`, ...wpa3));
  assert.match((await doctor(old, "--config", conf)).get(asked)?.evidence ?? "", /no cipher for protected management/);
});

test("forwarding that Docker drops, and a name server that doesn't answer", async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), "names-")), "resolv.conf");
  writeFileSync(file, "nameserver 127.0.0.9\n");
  await run(["mount", "--bind", file, "/etc/resolv.conf"]);
  t.after(() => run(["umount", "/etc/resolv.conf"]));
  const rules = `table ip filter { chain DOCKER-USER { return; }
chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
}`;
  await run(["nft", "-f", "-"], { input: rules });
  t.after(() => run(["nft", "delete table ip filter"]));
  const all = await doctor("wlan0");
  assert.deepEqual(verdicts(all, "firewall", "names (DNS)"), ["not well", "not well"]);
  assert.match(all.get("firewall")?.mend ?? "", /DOCKER-USER -i wlan0/);
  for (const direction of ["iifname", "oifname"]) {
    await run(["nft", `insert rule ip filter DOCKER-USER ${direction} wlan0 accept`]);
  }
  assert.deepEqual(verdicts(await doctor("wlan0"), "firewall"), ["well"]);
});

test("an interface that isn't there", async () => {
  const all = await doctor("wlan77");
  assert.deepEqual(verdicts(all, "chip and kernel module"), ["not well"]);
});

test("beacon channels: under the world's rules few, under a country's more", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  const usable = async (): Promise<number> => {
    const lines = (await run([beacon, "channels", "wlan0", "--json"])).trim().split("\n");
    return lines.filter((line) => (JSON.parse(line) as { usable: boolean }).usable).length;
  };
  await run(["iw", "reg", "set", "00"]);
  const before = await usable();
  await run(["iw", "reg", "set", "US"]);
  assert.ok((await usable()) > before);
  assert.match(await run([beacon, "channels", "wlan0"]), /^rules of US$/m);
});
