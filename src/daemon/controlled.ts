/** What the control socket's commands ask of this daemon. */

import type { Radio } from "../ap/radio.ts";
import { ConfigurationError, messageOf } from "../base/errors.ts";
import type { OpenEthernet } from "../base/ethernet-tap.ts";
import { version } from "../base/version.ts";
import { defaultBss, defaultRadio } from "../config/settings.ts";
import type { Addition, ControlledDaemon, LogControl } from "../control/daemon-port.ts";
import { linuxControlSockets } from "../control/linux-sockets.ts";
import { ControlServer } from "../control/server.ts";
import { linuxEthernet } from "../linux/ethernet-tap.ts";
import type { Reactor } from "../linux/reactor.ts";
import type { Daemon } from "./daemon.ts";
import type { Logging } from "./logging.ts";
import { files, readConfiguration } from "./read-configuration.ts";

export interface Surroundings {
  readonly logging: Logging;
  readonly reactor: Reactor;
  /** -G. */
  readonly group?: string | undefined;
  readonly terminate: () => void;
}

/** The control sockets of a daemon; they hear what happens on it. */
export function createControl(daemon: Daemon, surroundings: Surroundings): ControlServer {
  const { reactor, group } = surroundings;
  const { log } = daemon.parts;
  const server = new ControlServer({
    daemon: controlledDaemon(daemon, surroundings, linuxEthernet(reactor, log)),
    sockets: linuxControlSockets(reactor, log),
    group,
  });
  daemon.listen((event) => server.onEvent(event));
  return server;
}

/** What it was built with and what runs are the same here; whoever asks looks for one of them. */
const tlsLibraryText = (version = ""): string => `OpenSSL build=OpenSSL ${version} run=OpenSSL ${version}`;

function controlledDaemon(
  daemon: Daemon,
  { logging, terminate }: Surroundings,
  openEthernet: OpenEthernet,
): ControlledDaemon {
  const { log } = daemon.parts;
  return {
    version,
    tlsLibrary: tlsLibraryText(process.versions.openssl),
    pid: process.pid,
    started: daemon.started,
    unixTime: () => daemon.parts.clock.unixTime(),
    records: daemon.records,
    devices: daemon.devices,
    log,
    logging: logControl(logging, (text) => log.error(text)),
    files,
    openEthernet,
    radios: () => daemon.radios,
    add: (addition) => void add(daemon, addition),
    remove: (interfaceName) => daemon.remove(interfaceName),
    forgetReauthenticationKeys: (interfaceName) => daemon.parts.radiusServers?.forgetKeysOf(interfaceName),
    disconnectByRadius: (interfaceName, station) =>
      daemon.parts.radiusServers?.disconnect(interfaceName, station) ?? false,
    radiusServerMib: (interfaceName) => daemon.parts.radiusServers?.mibOf(interfaceName) ?? "",
    hasFile: (radio) => daemon.hasFile(radio),
    readFile: (radio) => daemon.readAgain(radio),
    terminate,
  };
}

function add(daemon: Daemon, addition: Addition): Radio {
  switch (addition.type) {
    case "blank":
      return daemon.add(blankConfiguration(addition));
    case "file": {
      const { file, interface: interfaceName } = addition;
      // As in hostapd, SET has the say from then on: reloading puts in force what it has changed.
      return daemon.add(readConfiguration(file, daemon.parts.log, interfaceName));
    }
    case "bss":
      return daemon.addBss(addition.phy, addition.file);
  }
}

function blankConfiguration(addition: Addition & { type: "blank" }) {
  const { driver = "nl80211", controlDirectory } = addition;
  if (driver !== "nl80211" && driver !== "wired" && driver !== "none") {
    throw new ConfigurationError(`there is no driver '${driver}': nl80211, wired and none are what there is`);
  }
  const bss = { ...defaultBss(addition.interface), ctrl_interface: controlDirectory };
  return { radio: { ...defaultRadio(), driver }, bsses: [bss] } as const;
}

function logControl(logging: Logging, complain: (text: string) => void): LogControl {
  return {
    get level() {
      return logging.level;
    },
    set level(level) {
      logging.level = level;
    },
    get timestamps() {
      return logging.timestamps;
    },
    set timestamps(timestamps) {
      logging.timestamps = timestamps;
    },
    reopen: () => {
      try {
        logging.output.reopen();
        return true;
      } catch (thrown) {
        complain(messageOf(thrown));
        return false;
      }
    },
    close: () => logging.output.close(),
  };
}
