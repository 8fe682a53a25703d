// lab: radios=4, timeout=300
/** `beacon explain`: each way in which a stock client doesn't get in, or falls out again, provoked and put into words. */

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { controlDirectory, type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { openInjector } from "../../lab/guest/injection.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { startProgram, tryRun } from "../../lab/guest/process.ts";
import { loseContact, radio } from "../../lab/guest/radios.ts";
import { type Network, type Station, station } from "../../lab/guest/station.ts";
import type { MacAddress } from "../../src/base/mac-address.ts";
import { encodeManagementFrame } from "../../src/wire/ieee80211/frame.ts";
import {
  addressOf,
  apAddress,
  cidr,
  joined,
  openConfig,
  passphrase,
  sleep,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));
const build = fileURLToPath(new URL("../../", import.meta.url));
process.env["BEACOND_DIST"] = build;

interface Told {
  readonly status: number | string;
  /** In words, without their line ends. */
  readonly words: string;
}

async function explain(who: string): Promise<Told> {
  const { status, stdout, stderr } = await tryRun([beacon, "explain", who, "-p", controlDirectory]);
  return { status, words: `${stdout}${stderr}`.replace(/\s+/g, " ") };
}

async function told(who: string, status: number, ...words: readonly RegExp[]): Promise<Told> {
  const found = await explain(who);
  for (const each of words) assert.match(found.words, each);
  assert.equal(found.status, status, found.words);
  return found;
}

/** A daemon that begins without names and bans. */
async function network(t: TestContext, config: string): Promise<Daemon> {
  const environment = { STATE_DIRECTORY: mkdtempSync(join(tmpdir(), "state-")) };
  const daemon = await startDaemon(t, { config, environment });
  await setAddress("wlan0", cidr(apAddress));
  return daemon;
}

/** A client that is not going to get in. */
const tries = (t: TestContext, number: number, block: Network): Promise<Station> =>
  station(t, { radio: number, network: block });

test("a wrong passphrase, with WPA2 and with WPA3; by address, by name, and last", async (t) => {
  const config = wpa2Config("castle", "wpa_key_mgmt=WPA-PSK SAE", "ieee80211w=1", "sae_require_mfp=1");
  const daemon = await network(t, config);
  const wrong = "wrong horse";
  const older = await tries(t, 1, { ...wpa2Network("castle"), psk: wrong });
  await daemon.log.waitFor(/AP-STA-POSSIBLE-PSK-MISMATCH/);
  await older.log.waitFor(/pre-shared key may be incorrect/);
  const { words } = await told(
    older.address,
    1,
    /not well/,
    /It has another passphrase than this network: .* \(the MIC of message 2\)/,
    /\(reason 15, 4-way handshake timeout\)/,
    /At fault: the device, most likely/,
    /is associated: WPA-PSK, CCMP, no PMF/,
    /sends a proof that fits no passphrase \(\d times\)/,
  );
  assert.equal((await explain("last")).words, words);
  assert.equal((await tryRun([beacon, "rename", older.address, "Anna's phone", "-p", controlDirectory])).status, 0);
  await told("anna", 1, /^Anna's phone \(02:00:00:00:01:00\) \(random address\): not well/);

  const newer = await tries(t, 2, {
    ssid: "castle",
    key_mgmt: "SAE",
    ieee80211w: 2,
    scan_freq: 2412,
    sae_password: wrong,
  });
  await daemon.log.waitFor(new RegExp(`AP-STA-POSSIBLE-PSK-MISMATCH ${newer.address}`));
  await told("last", 1, /another passphrase .* \(SAE Confirm\) .* \(status 15, challenge failure\)/);

  const right = await joined(t, 3, wpa2Network("castle"));
  await told(right.address, 0, /: well All is well: it is in on wlan0 .*by WPA-PSK, with a signal of -\d+ dBm/);
  const answer = JSON.parse(
    (await tryRun([beacon, "explain", older.address, "--json", "-p", controlDirectory])).stdout,
  );
  assert.deepEqual(
    [answer.kind, answer.fault, answer.name, answer.isRandom],
    ["wrong-key", "the device", "Anna's phone", true],
  );
  assert.equal(answer.offered.protection, "none");
  assert.equal(JSON.stringify(answer).includes(passphrase) || JSON.stringify(answer).includes(wrong), false);
});

/** What the beacon says in place of the truth, so that a client asks that would not have tried: RSNE with these suites. */
const rsne = (group: string, pairwise: string, akm: string): string =>
  `own_ie_override=30140100${group}0100${pairwise}0100${akm}0000`;
const [ccmp, gcmp, psk] = ["000fac04", "000fac08", "000fac02"] as const;

const unwelcome = [
  {
    what: "no protection of management frames where it is required",
    lines: ["ieee80211w=2", rsne(ccmp, ccmp, psk)],
    words: [
      /can't protect management frames \(PMF, 802\.11w\)/,
      /\(status 31, robust management policy violation\)/,
      /ieee80211w=1 in place of 2/,
    ],
  },
  {
    what: "no cipher in common",
    lines: ["rsn_pairwise=GCMP", rsne(gcmp, ccmp, psk)],
    words: [/no cipher in common: it offers CCMP, and the network takes GCMP \(status 42/, /rsn_pairwise=CCMP/],
  },
  {
    what: "no way in common to prove oneself",
    lines: ["wpa_key_mgmt=SAE", "ieee80211w=1", rsne(ccmp, ccmp, psk)],
    words: [
      /no way in common to prove who they are: it offers WPA-PSK, and the network takes SAE \(status 43/,
      /wpa_key_mgmt=WPA-PSK SAE/,
    ],
  },
] as const;

for (const { what, lines, words } of unwelcome) {
  test(what, async (t) => {
    const daemon = await network(t, wpa2Config("castle", ...lines));
    const client = await tries(t, 1, { ...wpa2Network("castle"), pairwise: "CCMP", group: "CCMP GCMP" });
    await daemon.log.waitFor(/association refused/);
    await told(client.address, 1, /not well/, /At fault: this network's settings/, ...words);
  });
}

test("out of range: our answer is not acknowledged", async (t) => {
  const daemon = await network(t, wpa2Config("castle"));
  const far = "00:00:5e:00:53:01" as MacAddress;
  const send = await openInjector(t, await radio(1), 2412);
  const bssid = (await radio(0)).address as MacAddress;
  const authentication = Uint8Array.of(0, 0, 1, 0, 0, 0);
  send(encodeManagementFrame({ subtype: "authentication", receiver: bssid, transmitter: far, bssid }, authentication));
  await daemon.log.waitFor(/did not acknowledge authentication response/);
  const { words } = await told(
    far,
    1,
    /our answer to its authentication did not reach it: the radio heard no acknowledgement/,
  );
  assert.doesNotMatch(words, /random address/);
  await told("00:00:5e:00:53:99", 1, /unclear Nothing has been heard of it since the daemon began/);
  await told("nobody's phone", 1, /no station is called 'nobody's phone'/);
});

test("no DHCP server answers; then one does", async (t) => {
  await network(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const ask = [
    "udhcpc",
    "-i",
    client.interface,
    "-n",
    "-q",
    "-f",
    "-t",
    "3",
    "-T",
    "2",
    "-s",
    "/bin/true",
    "-x",
    "hostname:annas-tablet",
  ];
  await tryRun(ask, { namespace: client.namespace });
  await told(
    client.address,
    1,
    /radio and passphrase are well; but it has asked for an address (?:twice|3 times) and nobody has answered \(DHCP DISCOVER/,
    /At fault: a server behind this network/,
    /beacon dhcp wlan0/,
  );
  const folder = mkdtempSync(join(tmpdir(), "dhcp-"));
  const conf = join(folder, "dhcpd.conf");
  writeFileSync(conf, "subnet 192.168.7.0 netmask 255.255.255.0 { range 192.168.7.100 192.168.7.110; }\n");
  const server = await startProgram(t, { name: "dhcp", command: [beacon, "dhcp", "wlan0", "--config", conf] });
  await server.log.waitFor(/serving wlan0/);
  assert.equal((await tryRun(ask, { namespace: client.namespace })).status, 0);
  // It is known by the name that it gives itself from now on, and by its address.
  await told("annas-tablet", 0, /All is well.* It has the address 192\.168\.7\.10\d\./);
  await told("192.168.7.10", 0, /All is well/);
  const { stdout } = await tryRun([beacon, "stations", "-p", controlDirectory]);
  assert.match(stdout, /^NAME +STATION +ADDRESS +LEASE +SIGNAL +TX\/RX Mb\/s +FOR +PROTECTION +SENT +RECEIVED$/m);
  assert.match(
    stdout,
    /^annas-tablet +02:00:00:00:01:00\* +192\.168\.7\.10\d +\d+[hms] .*-\d+ dBm +[\d-]+\/[\d-]+ +\S.*WPA2-PSK +\S+ k?B +\S+ k?B$/m,
  );
});

test("kicked, banned and let in again; a ban survives a restart", async (t) => {
  const config = wpa2Config("castle");
  const state = { STATE_DIRECTORY: mkdtempSync(join(tmpdir(), "state-")) };
  const daemon = await startDaemon(t, { config, environment: state });
  const client = await joined(t, 1, wpa2Network("castle"));
  const order = async (...words: string[]): Promise<string> => {
    const { status, stdout, stderr } = await tryRun([beacon, ...words, "-p", controlDirectory]);
    assert.deepEqual([status, stderr], [0, ""], words.join(" "));
    return stdout;
  };
  assert.match(await order("kick", client.address), /was sent away\n/);
  assert.equal(await client.disconnected(), 5);
  await client.connected({ timeout: 90 });
  await told(client.address, 0, /All is well.*Before that it was sent away/);

  assert.match(await order("kick", client.address, "--for", "10m"), /kept out for 10 minutes/);
  await client.disconnected();
  await told(client.address, 1, /It is banned here since .* for another (9|10) minutes/);
  assert.match(await order("unban", client.address), /may come in again/);
  await client.connected({ timeout: 120 });

  await order("rename", client.address, "tablet");
  assert.match(await order("ban", "tablet"), /^tablet \(02:00:00:00:01:00\) is banned\nIts address is a random one/);
  await client.disconnected();
  await daemon.log.waitFor(/AP-REJECTED-BLOCKED-STA/, { timeout: 90 });
  await told("tablet", 1, /banned here since .*for good/, /At fault: somebody here/);
  await daemon.stop();
  await startDaemon(t, { config, environment: state });
  await client.log.staysWithout(/CTRL-EVENT-CONNECTED/, 30);
  assert.match(await order("ban"), /^02:00:00:00:01:00 {2}for good {2}tablet\n$/);
  await order("unban", "tablet");
  await client.connected({ timeout: 120 });
});

test("silent for too long; gone by its own word; the network gone, and back", async (t) => {
  const daemon = await network(t, wpa2Config("castle", "ap_max_inactivity=20"));
  const lost = await joined(t, 1, wpa2Network("castle"));
  const polite = await joined(t, 2, wpa2Network("castle"));
  await loseContact(t, lost.radio);
  await daemon.log.waitFor(new RegExp(`${lost.address} IEEE 802.11: disassociated due to inactivity`), { timeout: 70 });
  await told(
    lost.address,
    0,
    /harmless It was silent for 20 seconds .* \(reason 4, inactivity\)/,
    /no mistake of anybody's/,
  );

  await polite.cli("disconnect");
  await daemon.log.waitFor(new RegExp(`AP-STA-DISCONNECTED ${polite.address}`));
  await told(polite.address, 0, /It left by its own word \(reason 3, leaving network deauthentication\)/);
  await polite.cli("reconnect");
  await polite.connected();

  await daemon.cli("disable");
  await polite.disconnected();
  await told(polite.address, 0, /The network itself went off the air/);
  const { status, stdout } = await tryRun([beacon, "status", "-p", controlDirectory]);
  assert.match(stdout, /^wlan0 {2}'castle' {2}not on the air \(DISABLED\)$/m);
  assert.equal(status, 1);
  await daemon.cli("enable");
  await polite.connected({ timeout: 60 });

  // What it remembered outlives the daemon.
  await daemon.stop();
  await polite.disconnected();
  await told(
    polite.address,
    0,
    /^No access point runs; this is what one remembered that ended at \d\d:\d\d:\d\d\./,
    /harmless The daemon was stopped .* ago, and told everybody to go \(reason 3/,
  );
  await network(t, wpa2Config("castle"));
  await told(lost.address, 0, /It was silent/);
  await polite.connected({ timeout: 90 });
  await told(polite.address, 0, /All is well.*Before that the network itself was off the air/);
});

test("over to another network of the same machine", async (t) => {
  const second = [
    "bss=wlan0_1",
    "bssid=02:00:00:00:00:0f",
    "ssid=keep",
    "wpa=2",
    "wpa_key_mgmt=WPA-PSK",
    "rsn_pairwise=CCMP",
  ];
  const config = `${wpa2Config("castle")}${second.join("\n")}\nwpa_passphrase=${passphrase}\n`;
  await network(t, config);
  const client = await joined(t, 1, wpa2Network("castle"));
  await told(client.address, 0, /All is well: it is in on wlan0 /);
  await client.cli("set_network", "0", "ssid", '"keep"');
  await client.cli("reassociate");
  await client.connected({ timeout: 60 });
  await told(client.address, 0, /All is well: it is in on wlan0_1 /);
  const { stdout } = await tryRun([beacon, "status", "--json", "-p", controlDirectory]);
  const networks = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    networks.map(({ interface: name, ssid, stations }) => [name, ssid, stations]),
    [
      ["wlan0", "castle", 0],
      ["wlan0_1", "keep", 1],
    ],
  );
});

test("watch: a line for each thing that happens, and the end of the access point", async (t) => {
  const daemon = await network(t, openConfig("castle"));
  const lines = await startProgram(t, { name: "watch", command: [beacon, "watch", "--json", "-p", controlDirectory] });
  await sleep(1500);
  const client = await joined(t, 1, { ssid: "castle", scan_freq: 2412 });
  const [line] = await lines.log.waitFor(/^\{.*AP-STA-CONNECTED.*$/);
  const told1 = JSON.parse(line);
  assert.deepEqual([told1.interface, told1.event, told1.station], ["wlan0", "AP-STA-CONNECTED", client.address]);
  await client.ping(apAddress);
  await client.canPing(addressOf(2), { count: 1, wait: 1 });
  await daemon.stop();
  await lines.log.waitFor(/CTRL-EVENT-TERMINATING/);
  await lines.exited;
  const { status, stderr } = await tryRun([beacon, "status", "-p", controlDirectory]);
  assert.equal(status, 1);
  assert.match(stderr, /no access point runs that can be asked: there is no control socket in/);
});
