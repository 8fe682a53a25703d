/** Names: interfaces, driver, control sockets, logs. */

import { type MacAddress, zeroAddress } from "../../base/mac-address.ts";
import { describing, ofBss, ofRadio, withoutEffect } from "../entry.ts";
import {
  bits,
  boolean,
  interfaceName,
  type Kind,
  macAddress,
  name,
  numbered,
  optionalInterfaceName,
  path,
  text,
} from "../kinds.ts";
import { nearest } from "../nearest.ts";
import { readable } from "../octets.ts";

/** `virtual` is the radio inside the process; `wired` is an Ethernet port; with `none` the interface is but a name. */
export type DriverName = "nl80211" | "virtual" | "wired" | "none";

/** Interfaces to drivers that left the kernel's mainline, or never were in it; nl80211 serves what they served. */
const privateInterfaces = ["rtl871xdrv", "hostap", "madwifi", "prism54", "atheros", "wext", "ralink"];
/** What hostapd has beside Wi-Fi. */
const otherInterfaces = ["bsd", "macsec_linux", "macsec_qca", "roboswitch"];

const driverNames = ["nl80211", "virtual", "wired", "none"] as const;

const driverName: Kind<DriverName> = {
  shape: "nl80211, virtual, wired, none",
  parse(octets) {
    const given = octets.trim();
    const driver = driverNames.find((name) => name === given);
    if (driver !== undefined) return { value: driver };
    if (privateInterfaces.includes(given)) {
      return {
        value: "nl80211",
        warning: `'${given}' is a private interface of an old driver; nl80211, which today's kernel has for such radios, is used instead`,
      };
    }
    const close = nearest(given, driverNames);
    return {
      error: otherInterfaces.includes(given)
        ? `driver '${given}' is known to hostapd, but not supported here yet`
        : `there is no driver '${readable(octets)}'`,
      ...(close === undefined ? {} : { fix: close }),
    };
  },
  format: (value) => value,
};

/** Parts of the program whose messages are wanted, as hostapd numbers them. */
export const logModules = { ieee80211: 1, ieee8021x: 2, radius: 4, wpa: 8, driver: 16, mlme: 64 } as const;
export type LogModule = keyof typeof logModules;

const modules = bits(logModules);
const allModules: ReadonlySet<LogModule> = new Set(Object.keys(logModules) as LogModule[]);

const logLevel = numbered({ 0: "verbose", 1: "debug", 2: "info", 3: "notice", 4: "warning" }, "warning");
export type HostapdLogLevel = "verbose" | "debug" | "info" | "notice" | "warning";

const group: Kind<string | number> = {
  shape: "name or number of a group",
  parse(octets) {
    const given = octets.trim();
    if (given === "") return { error: "no group is named", hostapd: `Invalid group '${octets}'` };
    return { value: /^\d+$/.test(given) ? Number(given) : given };
  },
  format: String,
};

/** All zeros stand for none. */
const bssid: Kind<MacAddress | undefined> = {
  ...macAddress,
  parse(octets, { files }) {
    const parsed = macAddress.parse(octets, { files, previous: undefined });
    return "value" in parsed && parsed.value === zeroAddress ? { value: undefined } : parsed;
  },
  format: (value) => value ?? zeroAddress,
};

/** Not values, but what a file is made of. */
export const sectionKeys = {
  bss: ofBss({
    kind: interfaceName,
    initial: "",
    cost: "restart",
    doc: "Begins another BSS on the same radio, with this interface; the lines after it are for that BSS.",
    inHostapd: () => "invalid bss item",
  }),
} as const;

/** hostapd takes a longer one, and then sends no request at all. */
const nasIdentifier: Kind<string> = {
  ...text(),
  parse(octets, context) {
    const parsed = text().parse(octets, { ...context, previous: undefined });
    if ("error" in parsed || octets.length <= 253) return parsed;
    return { ...parsed, warning: `${octets.length} octets, where RADIUS has room for 253: servers are not told it` };
  },
};

export const interfaceKeys = {
  interface: ofBss({
    kind: interfaceName,
    initial: "",
    cost: "restart",
    doc: "Interface of the radio's first BSS; the others get theirs from bss=.",
  }),
  bridge: ofBss({
    kind: optionalInterfaceName,
    initial: undefined,
    cost: "bridge",
    doc: "Bridge that the interface is put in; made where there is none.",
  }),
  driver: ofRadio({
    kind: driverName,
    initial: "nl80211",
    cost: "restart",
    doc: "How the radio is driven; none for services without a radio.",
    inHostapd: (value) => `invalid/unknown driver '${value}'`,
  }),
  bssid: ofBss({
    kind: bssid,
    initial: undefined,
    cost: "restart",
    doc: "Address of this BSS; the interface's own, or the next one, where absent.",
    inHostapd: () => "invalid bssid item",
  }),
  use_driver_iface_addr: ofRadio({
    kind: boolean,
    initial: false,
    cost: "restart",
    doc: "Leave the addresses of further BSSs to the driver instead of counting up from the first.",
  }),
  ctrl_interface: ofBss({
    kind: path,
    initial: undefined,
    cost: "socket",
    doc: "Folder of the control socket; none without.",
  }),
  ctrl_interface_group: ofBss({
    kind: group,
    initial: undefined,
    cost: "socket",
    doc: "Group that may use the control socket.",
    inHostapd: (value) => `Invalid group '${value}'`,
  }),
  logger_syslog: ofBss({ kind: modules, initial: allModules, cost: "live", doc: "What goes to syslog." }),
  logger_syslog_level: ofBss({ kind: logLevel, initial: "info", cost: "live", doc: "Least severity for syslog." }),
  logger_stdout: ofBss({ kind: modules, initial: allModules, cost: "live", doc: "What goes to standard output." }),
  logger_stdout_level: ofBss({
    kind: logLevel,
    initial: "info",
    cost: "live",
    doc: "Least severity for standard output.",
  }),
  start_disabled: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Prepare everything, but send no beacon until told to (ENABLE).",
  }),
  nas_identifier: ofBss({
    kind: nasIdentifier,
    initial: undefined,
    cost: "live",
    doc: "Name of this access point towards RADIUS servers and in fast transition.",
  }),
  config_id: withoutEffect(
    "it only names the configuration for whoever manages it",
    ofBss({
      kind: text(),
      initial: undefined,
      cost: "live",
      doc: "A name for this configuration, shown by GET_CONFIG and compared by RELOAD_CONFIG.",
    }),
  ),
  device_name: describing(name(32), "Name of the device, for people.", () => "Too long device_name"),
  manufacturer: describing(name(64), "Maker of the device.", () => "Too long manufacturer"),
  model_name: describing(name(32), "Model.", () => "Too long model_name"),
  model_number: describing(name(32), "Number of the model.", () => "Too long model_number"),
  serial_number: describing(name(32), "Serial number.", () => "Too long serial_number"),
  friendly_name: describing(text(), "Short description for UPnP."),
  manufacturer_url: describing(text(), "Address of the maker's pages."),
  model_description: describing(text(), "Long description of the model."),
  model_url: describing(text(), "Address of the model's pages."),
  upc: describing(text(), "Universal Product Code."),
} as const;
