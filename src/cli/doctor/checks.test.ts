import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../../base/bytes.ts";
import { ipv4AddressOf, parseIpv4Address } from "../../base/ipv4-address.ts";
import { parseConfiguration } from "../../config/parser.ts";
import type { Configuration } from "../../config/registry.ts";
import type { SurveyedRadio } from "../../driver/nl80211/survey.ts";
import type { RadioChannel } from "../../driver/port.ts";
import { virtualCapabilities } from "../../driver/virtual/capabilities.ts";
import { routeTables } from "../../wire/netlink/address.ts";
import { diagnose } from "./checks.ts";
import type { Evidence } from "./evidence.ts";

const own = { name: "wlan0", type: "ap", isUp: true, hasMaster: false, ssid: undefined, frequency: undefined } as const;

const radio: SurveyedRadio = { capabilities: virtualCapabilities("phy0", "DE"), isBlocked: false, interfaces: [own] };

const file = (...lines: readonly string[]): Configuration => {
  const text = ["interface=wlan0", "ssid=x", "hw_mode=g", "channel=6", ...lines, ""].join("\n");
  const { configuration } = parseConfiguration(utf8(text), "x", () => new Uint8Array());
  assert.ok(configuration);
  return configuration;
};
const wanted = file();

/** A machine on which all is well. */
const good: Evidence = {
  isRoot: true,
  kernel: "6.12.0",
  model: undefined,
  interfaceName: "wlan0",
  devices: [{ name: "wlan0", driver: "rtl8xxxu", module: "rtl8xxxu", phy: "phy0", usbId: "0bda:8176" }],
  usb: [{ id: "0bda:8176", name: "802.11n WLAN Adapter", drivers: ["rtl8xxxu"] }],
  realtekParameters: undefined,
  radios: [radio],
  radiosWhy: undefined,
  switches: [{ phy: "phy0", soft: false, hard: false }],
  users: [],
  managers: [],
  country: "DE",
  hasRegulatoryDatabase: true,
  hasEntropy: true,
  configuration: { path: "/etc/hostapd/hostapd.conf", kind: "read", errors: [], interfaceName: "wlan0", wanted },
  control: { path: "/var/run/hostapd/wlan0", state: "answers" },
  service: { name: "beacond@wlan0", enabled: "enabled", active: "active" },
  hold: undefined,
  stations: { present: 2, wrongPassphrase: 0, withoutAddress: 0 },
  links: [
    {
      index: 2,
      name: "eth0",
      up: true,
      hasCarrier: true,
      address: undefined,
      master: undefined,
      kind: undefined,
      parent: undefined,
      vlanId: undefined,
      alias: "",
    },
    {
      index: 3,
      name: "wlan0",
      up: true,
      hasCarrier: true,
      address: undefined,
      master: undefined,
      kind: undefined,
      parent: undefined,
      vlanId: undefined,
      alias: "",
    },
  ],
  addresses: [{ index: 3, address: parseIpv4Address("192.168.2.1") ?? ipv4AddressOf(0), prefixLength: 24 }],
  routes: [
    {
      destination: ipv4AddressOf(0),
      prefixLength: 0,
      outgoing: 2,
      gateway: parseIpv4Address("10.0.0.1"),
      priority: 100,
      table: routeTables.main,
    },
  ],
  dhcpPort: [{ program: "node", pid: 7, address: "0.0.0.0" }],
  isForwarding: true,
  ruleset: "table ip nat { chain post { type nat hook postrouting priority srcnat; policy accept; masquerade } }",
  nameServers: ["9.9.9.9"],
  resolves: true,
};

const notWell = (change: Partial<Evidence>) =>
  diagnose({ ...good, ...change }).filter(({ verdict }) => verdict === "not well");

/** What is not well with this change, and only that. */
function only(link: string, change: Partial<Evidence>, evidence: RegExp, mend: RegExp): void {
  const found = notWell(change);
  assert.deepEqual(
    found.map((each) => each.link),
    [link],
  );
  assert.match(found[0]?.evidence ?? "", evidence);
  assert.match(found[0]?.mend ?? "", mend);
}

const withChannels = (change: (channel: RadioChannel) => RadioChannel): readonly SurveyedRadio[] => [
  {
    ...radio,
    capabilities: {
      ...radio.capabilities,
      bands: radio.capabilities.bands.map((band) => ({ ...band, channels: band.channels.map(change) })),
    },
  },
];

test("on a machine where all is well, all is well", () => {
  assert.deepEqual(
    diagnose(good).filter(({ verdict }) => verdict !== "well"),
    [],
  );
});

test("Realtek's private module is told apart from the kernel's own", () => {
  const private8192cu = { name: "wlan0", driver: "rtl8192cu", module: "8192cu", phy: undefined, usbId: "0bda:8176" };
  only(
    "chip and kernel module",
    { devices: [private8192cu] },
    /module 8192cu.*no nl80211.*Realtek's private/,
    /modprobe rtl8xxxu/,
  );
});

test("a dongle that nothing drives is named", () => {
  const usb = [{ id: "0bda:8176", name: "802.11n WLAN Adapter", drivers: [] }];
  only("chip and kernel module", { devices: [], usb }, /802\.11n WLAN Adapter.*no module/, /modprobe/);
});

test("a module that lets the dongle sleep is pointed out with its options", () => {
  const realtekParameters = new Map([
    ["rtw_power_mgnt", "2"],
    ["rtw_ips_mode", "1"],
    ["rtw_debug", "0"],
  ]);
  only("power saving", { realtekParameters }, /rtw_power_mgnt=2, rtw_ips_mode=1\)/, /rtw_power_mgnt=0/);
});

test("a driver without access point mode", () => {
  const capabilities = { ...radio.capabilities, interfaceTypes: new Set(["station"] as const) };
  only("access point mode", { radios: [{ ...radio, capabilities }] }, /no access point mode/, /another adapter/);
});

test("switches: a Raspberry Pi's waits for its country", () => {
  const switches = [{ phy: "phy0", soft: true, hard: false }];
  only("switches (rfkill)", { switches }, /off by software/, /^rfkill unblock/);
  only("switches (rfkill)", { switches, model: "Raspberry Pi 4 Model B" }, /country/, /do_wifi_country/);
  only(
    "switches (rfkill)",
    { switches: [{ phy: "phy0", soft: false, hard: true }] },
    /switch on the machine/,
    /switch/,
  );
});

test("who holds the interface is named, with what makes it let go", () => {
  const user = (program: string) => [{ program, pid: 9, socket: `/run/${program}/wlan0` }];
  only("who holds the interface", { users: user("wpa_supplicant") }, /process 9/, /systemctl stop wpa_supplicant/);
  const connected = { ...own, type: "station", ssid: new TextEncoder().encode("home"), frequency: 2412 } as const;
  only(
    "who holds the interface",
    { radios: [{ ...radio, interfaces: [connected] }], managers: ["NetworkManager"] },
    /station of 'home'/,
    /nmcli device set wlan0 managed no/,
  );
  const [unsure] = diagnose({ ...good, managers: ["NetworkManager"] }).filter(
    ({ verdict }) => verdict === "can't tell",
  );
  assert.equal(unsure?.link, "who holds the interface");
});

test("country, its database, and the channels that it leaves", () => {
  only("country", { country: "00" }, /world's rules/, /country_code/);
  only("country", { hasRegulatoryDatabase: false }, /no regulatory database/, /wireless-regdb/);
  only("channels", { radios: withChannels((channel) => ({ ...channel, noIr: true })) }, /no channel/, /country_code/);
});

test("what the file asks for is held against the radio: channel, and protected management frames", () => {
  const link = "what the configuration asks of the radio";
  const asks = (...lines: readonly string[]): Partial<Evidence> => ({
    configuration: { ...good.configuration, kind: "read", errors: [], interfaceName: "wlan0", wanted: file(...lines) },
  });
  only(
    link,
    asks("hw_mode=a", "channel=52"),
    /channel 52 \(5260 MHz\) is not allowed .*; allowed are 36/,
    /beacon channels/,
  );
  const ciphers = new Set([0x000fac04]);
  const radios = [{ ...radio, capabilities: { ...radio.capabilities, ciphers } }];
  const wpa3 = ["wpa=2", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP", "ieee80211w=2", "sae_password=long enough"];
  only(link, { ...asks(...wpa3), radios }, /no cipher for protected management frames/, /ieee80211w=0/);
});

test("who says over the bus that it has the interface", () => {
  only(
    "who holds the interface",
    { hold: "NetworkManager" },
    /NetworkManager has it/,
    /nmcli device set wlan0 managed no/,
  );
  only("who holds the interface", { hold: "iwd" }, /iwd has it/, /iwctl device wlan0 set-property Powered off/);
});

test("Docker's drop is no ill where a rule lets the interface through", () => {
  const ruleset = `${good.ruleset}
table ip filter {
	chain DOCKER-USER {
		iifname "wlan0" counter packets 0 bytes 0 accept
		oifname "wlan0" accept comment "beacond"
	}
	chain FORWARD { type filter hook forward priority filter; policy drop; }
}`;
  assert.deepEqual(notWell({ ruleset }), []);
});

test("a station on the same radio", () => {
  const station = {
    name: "wlan1",
    type: "station",
    isUp: true,
    hasMaster: false,
    ssid: undefined,
    frequency: undefined,
  } as const;
  const alone = { ...radio.capabilities, combinations: [] };
  const radios = [{ ...radio, interfaces: [own, station], capabilities: alone }];
  only("other interfaces of the radio", { radios }, /wlan1 is a station/, /ip link set wlan1 down/);
});

test("the daemon: configuration, control socket, service", () => {
  const path = "/etc/hostapd/hostapd.conf";
  const configuration = { path, kind: "read", errors: ["line 3: no"], interfaceName: undefined, wanted } as const;
  only("configuration", { configuration }, /1 error: line 3/, /beacon check/);
  only("control socket", { control: { path: "/x", state: "silent" } }, /nobody answers/, /rm/);
  only("service", { service: { name: "hostapd", enabled: "masked", active: "inactive" } }, /masked/, /unmask/);
  only("service", { service: { name: "hostapd", enabled: "enabled", active: "failed" } }, /failed/, /explain/);
  only(
    "stations",
    { stations: { present: 2, wrongPassphrase: 0, withoutAddress: 1 } },
    /nobody has answered/,
    /beacon dhcp/,
  );
});

test("the network behind: address, DHCP, forwarding, way out, NAT, firewall, names", () => {
  only("address", { addresses: [] }, /no address/, /ip address add/);
  only("DHCP server", { dhcpPort: [] }, /port 67/, /beacon dhcp wlan0/);
  only("forwarding", { isForwarding: false }, /ip_forward is 0/, /sysctl/);
  only("way to the Internet", { routes: [] }, /no default route/, /ip route/);
  only("address translation (NAT)", { ruleset: "" }, /no rule/, /masquerade/);
  const docker = `${good.ruleset} table ip filter { chain DOCKER { } chain FORWARD { type filter hook forward priority filter; policy drop; } }`;
  only("firewall", { ruleset: docker }, /Docker/, /DOCKER-USER -i wlan0/);
  only("firewall", { ruleset: docker.replace("DOCKER", "ufw-user-forward") }, /ufw/, /ufw route allow in on wlan0/);
  only("names (DNS)", { resolves: false }, /none answers/, /ping/);
});
