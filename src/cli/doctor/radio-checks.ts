/** The radio: chip, module, switches, who has it, what the rules leave of it. Pure. */

import { planChannel } from "../../ap/channel-plan.ts";
import { textOf } from "../../base/bytes.ts";
import { bestChannel } from "../start/choose-radio.ts";
import { type Check, type Diagnosis, ill, unclear, well } from "./diagnosis.ts";
import type { Evidence } from "./evidence.ts";

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

function holder({ users, hold, managers, radios, interfaceName }: Evidence): Diagnosis {
  const link = "who holds the interface";
  const [user] = users;
  if (user !== undefined) {
    const isOurs = /beacond|hostapd|node/.test(user.program);
    const evidence = `${user.program} (process ${user.pid}) has ${user.socket}`;
    return isOurs
      ? well(link, `${evidence}: the access point itself`)
      : ill(link, evidence, mendOf(user.program, interfaceName));
  }
  if (hold !== undefined) return ill(link, `${hold} has it`, mendOf(hold, interfaceName));
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
  if (program === "iwd") return `iwctl device ${interfaceName} set-property Powered off`;
  if (program === "wpa_supplicant") return `systemctl stop wpa_supplicant wpa_supplicant@${interfaceName}`;
  // It gives every interface an address that it finds, an access point too.
  if (program === "dhcpcd") return `echo 'denyinterfaces ${interfaceName}' >> /etc/dhcpcd.conf && dhcpcd --rebind`;
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

/** What the file asks for, on this radio: PMF without a cipher for it, a channel that may not be. */
function asked({ radios, interfaceName, configuration }: Evidence): Diagnosis {
  const link = "what the configuration asks of the radio";
  const radio = radioOf(radios ?? [], interfaceName);
  if (radio === undefined) return unclear(link, "there is no radio to look at");
  const wanted = configuration.kind === "read" ? configuration.wanted : undefined;
  if (wanted === undefined) return unclear(link, "there is no configuration without errors");
  if (bestChannel(radio.capabilities) === undefined) return unclear(link, "the rules leave it no channel anyway");
  const plan = planChannel(wanted.radio, radio.capabilities);
  if ("problem" in plan) {
    const allowed = plan.allowed.length === 0 ? "" : `; allowed are ${plan.allowed.join(", ")}`;
    return ill(link, `${plan.message}${allowed}`, "beacon channels   # each channel, and why not");
  }
  const { ciphers } = radio.capabilities;
  const isProtected = wanted.bsses.some(({ ieee80211w }) => ieee80211w === "required");
  if (!ciphers.has(bipCmac128) && ciphers.size > 0) {
    const evidence = "the driver has no cipher for protected management frames (BIP)";
    if (isProtected) return ill(link, `${evidence}, and ieee80211w=2 demands them`, "ieee80211w=0   # and no WPA3");
    return unclear(link, `${evidence}: no WPA3`, "use another adapter for WPA3");
  }
  return well(link, "the radio can do it");
}

/** 00-0F-AC:6. IEEE Std 802.11-2020, 9.4.2.24.2. */
const bipCmac128 = 0x000fac06;

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

export const radioChecks: readonly Check[] = [
  chip,
  powerSaving,
  accessPointMode,
  rfkill,
  holder,
  country,
  channels,
  asked,
  combinations,
];
