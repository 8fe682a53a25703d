/** From evidence to a diagnosis, link by link along the chain from the chip to the Internet. Pure. */

import { textOf } from "../../base/bytes.ts";
import { formatIpv4Address } from "../../base/ipv4-address.ts";
import { routeTables } from "../../wire/netlink/address.ts";
import { bestChannel } from "../start/choose-radio.ts";
import type { Evidence } from "./evidence.ts";

export type Verdict = "well" | "not well" | "can't tell";

export interface Diagnosis {
  /** The link of the chain. */
  readonly link: string;
  readonly verdict: Verdict;
  /** What was seen, in words. */
  readonly evidence: string;
  /** The one command that mends it, or what to do where there is none. */
  readonly mend: string | undefined;
}

type Check = (evidence: Evidence) => Diagnosis;

const well = (link: string, evidence: string): Diagnosis => ({ link, verdict: "well", evidence, mend: undefined });
const ill = (link: string, evidence: string, mend: string): Diagnosis => ({
  link,
  verdict: "not well",
  evidence,
  mend,
});
const unclear = (link: string, evidence: string, mend?: string): Diagnosis => ({
  link,
  verdict: "can't tell",
  evidence,
  mend,
});

export const diagnose = (evidence: Evidence): Diagnosis[] => checks.map((check) => check(evidence));

/** Realtek's RTL8188CUS and RTL8192CU under the names that vendors sell them by. */
const realtek8192cu = new Set([
  "0bda:8176",
  "0bda:8177",
  "0bda:8178",
  "0bda:817a",
  "0bda:8191",
  "20f4:648b",
  "7392:7811",
  "2001:3308",
  "050d:1102",
  "0df6:005c",
]);

function chip({ devices, usb, interfaceName, kernel }: Evidence): Diagnosis {
  const link = "chip and kernel module";
  const device = devices.find(({ name }) => name === interfaceName);
  const idle = usb.find(({ id, drivers }) => realtek8192cu.has(id) && drivers.length === 0);
  if (device === undefined && idle !== undefined) {
    return ill(
      link,
      `${idle.name || "a Realtek RTL8192CU"} (USB ${idle.id}) is plugged in, and no module of kernel ${kernel} drives it`,
      "modprobe rtl8xxxu",
    );
  }
  if (device === undefined) {
    const what =
      interfaceName === undefined
        ? "there is no wireless interface"
        : `there is no wireless interface ${interfaceName}`;
    return ill(link, what, "dmesg | grep -i -e firmware -e wlan -e usb   # why the kernel has none");
  }
  const driven = `${device.name} is driven by ${device.driver ?? "something without a name"}`;
  if (device.phy === undefined) {
    const isRealtek =
      device.module === "8192cu" || device.driver === "rtl8192cu" || realtek8192cu.has(device.usbId ?? "");
    return ill(
      link,
      `${driven}${device.module === undefined ? "" : ` (module ${device.module})`}, which has no nl80211${isRealtek ? ": Realtek's private module, whose access points only Realtek's own hostapd could drive" : ""}`,
      isRealtek
        ? "echo 'blacklist 8192cu' > /etc/modprobe.d/blacklist-8192cu.conf && modprobe -r 8192cu && modprobe rtl8xxxu"
        : "look for a driver of the kernel's own for this chip: those have nl80211",
    );
  }
  return well(link, `${driven}, through nl80211 as ${device.phy}`);
}

function powerSaving({ devices, realtekParameters, interfaceName }: Evidence): Diagnosis {
  const link = "power saving";
  const device = devices.find(({ name }) => name === interfaceName);
  const saving = ["rtw_power_mgnt", "rtw_ips_mode", "rtw_enusbss"].filter(
    (name) => (realtekParameters?.get(name) ?? "0") !== "0",
  );
  if (saving.length > 0) {
    return ill(
      link,
      `the module saves power (${saving.map((name) => `${name}=${realtekParameters?.get(name)}`).join(", ")}): it sleeps while stations send`,
      "echo 'options 8192cu rtw_power_mgnt=0 rtw_ips_mode=0 rtw_enusbss=0' > /etc/modprobe.d/8192cu.conf",
    );
  }
  if (device === undefined) return unclear(link, "there is no device to look at");
  return well(
    link,
    realtekParameters === undefined ? "no module of those that sleep is loaded" : "the module keeps the device awake",
  );
}

function accessPointMode({ radios, radiosWhy, interfaceName }: Evidence): Diagnosis {
  const link = "access point mode";
  if (radios === undefined) return unclear(link, `nl80211 can't be asked: ${radiosWhy ?? "unknown"}`);
  const radio = radioOf(radios, interfaceName);
  if (radio === undefined) return unclear(link, "there is no radio of nl80211's");
  const { phy, interfaceTypes } = radio.capabilities;
  if (interfaceTypes.has("ap")) return well(link, `${phy} can be an access point`);
  return ill(
    link,
    `the driver of ${phy} has no access point mode`,
    "use another adapter: 'iw list' of a good one has AP among the supported interface modes",
  );
}

const radioOf = (radios: NonNullable<Evidence["radios"]>, interfaceName: string | undefined) =>
  radios.find(({ interfaces }) => interfaces.some(({ name }) => name === interfaceName)) ??
  (interfaceName === undefined ? radios[0] : undefined);

function rfkill({ switches, radios, interfaceName, model }: Evidence): Diagnosis {
  const link = "switches (rfkill)";
  const phy = radioOf(radios ?? [], interfaceName)?.capabilities.phy;
  const own = switches.filter((each) => phy === undefined || each.phy === phy);
  if (own.some(({ hard }) => hard))
    return ill(link, "the radio is off by a switch on the machine", "turn the switch, or the key, on");
  if (own.some(({ soft }) => soft)) {
    const isPi = model?.includes("Raspberry Pi") === true;
    return ill(
      link,
      `the radio is off by software${isPi ? ": a Raspberry Pi's is until its country is set" : ""}`,
      isPi
        ? "raspi-config nonint do_wifi_country DE && rfkill unblock wifi   # your own country"
        : "rfkill unblock wifi",
    );
  }
  return well(link, own.length === 0 ? "it has none" : "it is on");
}

function holder({ users, managers, radios, interfaceName }: Evidence): Diagnosis {
  const link = "who holds the interface";
  const [user] = users;
  if (user !== undefined) {
    const isOurs = /beacond|hostapd|node/.test(user.program);
    const evidence = `${user.program} (process ${user.pid}) has ${user.socket}`;
    return isOurs
      ? well(link, `${evidence}: the access point itself`)
      : ill(link, evidence, mendOf(user.program, interfaceName));
  }
  const surveyed = radioOf(radios ?? [], interfaceName)?.interfaces.find(({ name }) => name === interfaceName);
  if (surveyed?.type === "station" && surveyed.isUp && surveyed.frequency !== undefined) {
    const { ssid } = surveyed;
    return ill(
      link,
      ssid === undefined ? "it is a station of a network" : `it is a station of '${textOf(ssid)}'`,
      mendOf(managers[0] ?? "wpa_supplicant", interfaceName),
    );
  }
  const [manager] = managers;
  if (manager !== undefined) {
    return unclear(link, `${manager} runs, and may take it when it likes`, mendOf(manager, interfaceName));
  }
  return well(link, "nobody");
}

function mendOf(program: string, interfaceName = "wlan0"): string {
  if (program === "NetworkManager") return `nmcli device set ${interfaceName} managed no`;
  if (program === "iwd") return `iwctl station ${interfaceName} disconnect`;
  if (program === "wpa_supplicant") return `systemctl stop wpa_supplicant wpa_supplicant@${interfaceName}`;
  return `stop ${program}`;
}

function country({ country: alpha2, hasRegulatoryDatabase }: Evidence): Diagnosis {
  const link = "country";
  if (!hasRegulatoryDatabase) return ill(link, "the kernel has no regulatory database", "apt install wireless-regdb");
  if (alpha2 === undefined) return unclear(link, "the kernel doesn't tell", "iw reg get");
  if (alpha2 === "00" || alpha2 === "99") {
    return ill(
      link,
      "no country is set: the world's rules leave few channels, and none in 5 GHz",
      "write country_code=XX, your country's, into hostapd.conf",
    );
  }
  return well(link, `${alpha2}`);
}

function channels({ radios, interfaceName }: Evidence): Diagnosis {
  const link = "channels";
  const radio = radioOf(radios ?? [], interfaceName);
  if (radio === undefined) return unclear(link, "there is no radio to look at");
  const best = bestChannel(radio.capabilities);
  if (best === undefined)
    return ill(
      link,
      "the rules leave no channel for an access point",
      "write country_code=XX, your country's, into hostapd.conf",
    );
  const counts = radio.capabilities.bands.map(({ name, channels: all }) => {
    const usable = all.filter(({ disabled, noIr }) => !disabled && !noIr);
    return `${name}: ${usable.length} of ${all.length}${usable.some(({ radar }) => radar) ? ", some with radar detection" : ""}`;
  });
  return well(link, counts.join("; "));
}

function combinations({ radios, interfaceName }: Evidence): Diagnosis {
  const link = "other interfaces of the radio";
  const radio = radioOf(radios ?? [], interfaceName);
  if (radio === undefined) return unclear(link, "there is no radio to look at");
  const others = radio.interfaces.filter(
    ({ name, isUp, type }) => name !== interfaceName && isUp && type === "station",
  );
  const [other] = others;
  if (other === undefined) return well(link, "none is in use");
  const together = radio.capabilities.combinations.filter(({ limits }) =>
    ["ap", "station"].every((type) => limits.some(({ types }) => (types as readonly string[]).includes(type))),
  );
  if (together.length === 0)
    return ill(
      link,
      `${other.name} is a station, and the radio can't be an access point beside it`,
      `ip link set ${other.name} down`,
    );
  const most = Math.max(...together.map(({ maxChannels }) => maxChannels));
  if (most > 1) return well(link, `${other.name} is a station; the radio can serve ${most} channels`);
  return unclear(
    link,
    `${other.name} is a station, and the radio has one channel for all: the access point has to be on that station's`,
    `iw dev ${other.name} link   # its channel`,
  );
}

function entropy({ hasEntropy }: Evidence): Diagnosis {
  const link = "entropy";
  if (hasEntropy === undefined) return unclear(link, "getrandom(2) can't be called");
  return hasEntropy
    ? well(link, "getrandom(2) gives without waiting")
    : ill(link, "the kernel has not gathered enough chance yet", "apt install rng-tools5   # or wait");
}

function configuration({ configuration: found, interfaceName }: Evidence): Diagnosis {
  const link = "configuration";
  if (found.kind === "missing") return unclear(link, `${found.path} is not there`, "beacon start   # needs none");
  if (found.errors.length > 0) {
    return ill(
      link,
      `${found.path} has ${found.errors.length} error${found.errors.length === 1 ? "" : "s"}: ${found.errors[0]}`,
      `beacon check ${found.path}`,
    );
  }
  if (found.interfaceName !== undefined && interfaceName !== undefined && found.interfaceName !== interfaceName) {
    return unclear(link, `${found.path} is for ${found.interfaceName}, not for ${interfaceName}`);
  }
  return well(link, found.path);
}

function control({ control: { path, state } }: Evidence): Diagnosis {
  const link = "control socket";
  switch (state) {
    case "answers":
      return well(link, path);
    case "silent":
      return ill(
        link,
        `${path} is there, and nobody answers: the daemon died or hangs`,
        `rm ${path}   # and start it again`,
      );
    case "missing":
      return unclear(link, `${path} is not there: no access point runs, or it has no ctrl_interface`);
    case "forbidden":
      return unclear(link, `${path} is not ours to speak with`, "sudo beacon doctor");
  }
}

function service({ service: unit }: Evidence): Diagnosis {
  const link = "service";
  if (unit === undefined) return unclear(link, "systemd doesn't run here");
  const evidence = `hostapd.service is ${unit.enabled}, ${unit.active}`;
  if (unit.enabled === "masked")
    return ill(link, evidence, "systemctl unmask hostapd && systemctl enable --now hostapd");
  if (unit.active === "failed") return ill(link, evidence, "journalctl -u hostapd | beacon explain --log -");
  return unit.active === "active" ? well(link, evidence) : unclear(link, evidence);
}

function addresses({ links, addresses: all, interfaceName }: Evidence): Diagnosis {
  const link = "address";
  const own = links.find(({ name }) => name === interfaceName);
  if (own === undefined) return unclear(link, "there is no interface");
  const place = own.master === undefined ? own : (links.find(({ index }) => index === own.master) ?? own);
  const found = all.filter(({ index }) => index === place.index);
  if (found.length === 0)
    return ill(link, `${place.name} has no address of IPv4`, `ip address add 192.168.2.1/24 dev ${place.name}`);
  return well(
    link,
    found.map(({ address, prefixLength }) => `${formatIpv4Address(address)}/${prefixLength}`).join(", ") +
      (place === own ? "" : ` on the bridge ${place.name}`),
  );
}

function dhcp({ dhcpPort, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "DHCP server";
  const [first] = dhcpPort;
  if (first === undefined)
    return ill(
      link,
      "nobody listens at UDP port 67: devices get no address",
      `beacon dhcp ${interfaceName} --config /etc/dhcp/dhcpd.conf`,
    );
  const names = dhcpPort.map(({ program, pid }) =>
    program === undefined ? "somebody" : `${program} (process ${pid})`,
  );
  return well(link, [...new Set(names)].join(", "));
}

function forwarding({ isForwarding }: Evidence): Diagnosis {
  const link = "forwarding";
  return isForwarding
    ? well(link, "net.ipv4.ip_forward is 1")
    : ill(
        link,
        "net.ipv4.ip_forward is 0: nothing of the stations leaves this machine",
        "sysctl -w net.ipv4.ip_forward=1",
      );
}

function uplink({ routes, links, interfaceName }: Evidence): Diagnosis {
  const link = "way to the Internet";
  const route = routes
    .filter(({ prefixLength, table }) => prefixLength === 0 && table === routeTables.main)
    .sort((a, b) => a.priority - b.priority)[0];
  if (route === undefined) return ill(link, "there is no default route", "ip route   # and connect the uplink");
  const name = links.find(({ index }) => index === route.outgoing)?.name ?? "an interface";
  if (name === interfaceName)
    return ill(
      link,
      `the default route leads out by ${name}, the access point itself`,
      `ip route del default dev ${name}`,
    );
  return well(link, `by ${name}${route.gateway === undefined ? "" : `, ${formatIpv4Address(route.gateway)}`}`);
}

function translation({ ruleset, isRoot, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "address translation (NAT)";
  if (ruleset === undefined)
    return unclear(
      link,
      isRoot ? "nft is not installed, or the kernel has no nftables" : "the rules are root's to see",
      isRoot ? "apt install nftables" : "sudo beacon doctor",
    );
  if (/\bmasquerade\b|\bsnat\b/.test(ruleset)) return well(link, "a rule translates addresses");
  return ill(
    link,
    "no rule translates the stations' addresses: answers don't find back",
    `nft 'add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }; add rule ip nat post oifname != "${interfaceName}" masquerade'`,
  );
}

function firewall({ ruleset, isRoot, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "firewall";
  if (ruleset === undefined)
    return unclear(
      link,
      isRoot ? "nft is not installed, or the kernel has no nftables" : "the rules are root's to see",
    );
  const drops = /hook forward[^}]*policy drop/.test(ruleset);
  const isDocker = /chain DOCKER/.test(ruleset);
  if (drops) {
    return ill(
      link,
      `what is forwarded is dropped unless a rule lets it${isDocker ? "; Docker has set that" : ""}`,
      isDocker
        ? `iptables -I DOCKER-USER -i ${interfaceName} -j ACCEPT && iptables -I DOCKER-USER -o ${interfaceName} -j ACCEPT`
        : `nft list ruleset   # and let ${interfaceName} through the forward chain`,
    );
  }
  return well(link, "what is forwarded is not dropped by default");
}

function names({ nameServers, resolves }: Evidence): Diagnosis {
  const link = "names (DNS)";
  const [first] = nameServers;
  if (first === undefined)
    return ill(link, "/etc/resolv.conf names no server", "echo 'nameserver 9.9.9.9' > /etc/resolv.conf");
  if (resolves === undefined) return unclear(link, `${nameServers.join(", ")}; not asked`);
  return resolves
    ? well(link, `${first} answers`)
    : ill(link, `${nameServers.join(", ")}: none answers`, "ping -c 3 9.9.9.9   # whether it is the way or the server");
}

const checks: readonly Check[] = [
  chip,
  powerSaving,
  accessPointMode,
  rfkill,
  holder,
  country,
  channels,
  combinations,
  entropy,
  configuration,
  control,
  service,
  addresses,
  dhcp,
  forwarding,
  uplink,
  translation,
  firewall,
  names,
];
