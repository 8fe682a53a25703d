/** Network devices as sysfs shows them: what drives them, and what they are plugged into. */

import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, join } from "node:path";

export interface WirelessDevice {
  /** Of the interface. */
  readonly name: string;
  /** The kernel's driver, `rtl8192cu`; undefined for one without hardware. */
  readonly driver: string | undefined;
  readonly module: string | undefined;
  /** It is driven through nl80211: it has a radio of cfg80211's. */
  readonly phy: string | undefined;
  /** `0bda:8176` */
  readonly usbId: string | undefined;
}

export interface UsbDevice {
  readonly id: string;
  readonly name: string;
  /** Drivers of its interfaces; empty where nothing drives it. */
  readonly drivers: readonly string[];
}

/** @param sysfs where sysfs(5) is mounted */
export function wirelessDevices(sysfs = "/sys"): WirelessDevice[] {
  const net = join(sysfs, "class/net");
  return list(net).flatMap((name) => {
    const place = join(net, name);
    const phy = text(join(place, "phy80211/name"));
    // Wireless extensions, as drivers without nl80211 have them, leave a folder of that name.
    if (phy === undefined && !exists(join(place, "wireless"))) return [];
    const driver = linkName(join(place, "device/driver"));
    // Not join(), which would take the link back before anybody has followed it.
    const vendor = text(`${place}/device/../idVendor`);
    const product = text(`${place}/device/../idProduct`);
    return [
      {
        name,
        driver,
        module: linkName(join(place, "device/driver/module")),
        phy,
        usbId: vendor !== undefined && product !== undefined ? `${vendor}:${product}` : undefined,
      },
    ];
  });
}

export function usbDevices(sysfs = "/sys"): UsbDevice[] {
  const place = join(sysfs, "bus/usb/devices");
  const names = list(place);
  return names.flatMap((name) => {
    const vendor = text(join(place, name, "idVendor"));
    const product = text(join(place, name, "idProduct"));
    if (vendor === undefined || product === undefined) return [];
    const parts = names.filter((other) => other.startsWith(`${name}:`));
    const drivers = parts.flatMap((part) => linkName(join(place, part, "driver")) ?? []);
    const shown = [text(join(place, name, "manufacturer")), text(join(place, name, "product"))];
    return [{ id: `${vendor}:${product}`, name: shown.filter(Boolean).join(" "), drivers }];
  });
}

/** Its parameters and their values; undefined where it isn't loaded. */
export function moduleParameters(module: string, sysfs = "/sys"): ReadonlyMap<string, string> | undefined {
  const place = join(sysfs, "module", module);
  if (!exists(place)) return undefined;
  const parameters = join(place, "parameters");
  return new Map(list(parameters).flatMap((name) => pair(name, text(join(parameters, name)))));
}

const pair = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];

export interface Switch {
  readonly phy: string | undefined;
  readonly soft: boolean;
  readonly hard: boolean;
}

/** Those of radios for Wi-Fi. */
export function radioSwitches(sysfs = "/sys"): Switch[] {
  const place = join(sysfs, "class/rfkill");
  return list(place).flatMap((name) => {
    if (text(join(place, name, "type")) !== "wlan") return [];
    return [
      {
        phy: linkName(join(place, name, "device")),
        soft: text(join(place, name, "soft")) === "1",
        hard: text(join(place, name, "hard")) === "1",
      },
    ];
  });
}

const list = (directory: string): string[] => {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
};

/** Without the end of its line; undefined where there is none to read. */
const text = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
};

const linkName = (path: string): string | undefined => {
  try {
    return basename(readlinkSync(path));
  } catch {
    return undefined;
  }
};

const exists = (path: string): boolean => {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
};
