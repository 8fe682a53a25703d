/** `beacond`: hostapd's command line, signals and exit statuses. */

import { rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Radio } from "../ap/radio.ts";
import { RadiusShared } from "../ap/radius/shared.ts";
import { ReloadFailure } from "../ap/reload.ts";
import { BeaconError, ConfigurationError, messageOf } from "../base/errors.ts";
import { Log } from "../base/log.ts";
import { version } from "../base/version.ts";
import type { ControlServer } from "../control/server.ts";
import { openNl80211Driver } from "../driver/nl80211/index.ts";
import { openWiredDriver } from "../driver/wired/index.ts";
import { systemClock } from "../linux/clock.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { linuxEthernet } from "../linux/ethernet-tap.ts";
import { linuxHost } from "../linux/host.ts";
import { Reactor } from "../linux/reactor.ts";
import { tellServiceManager } from "../linux/service-manager.ts";
import { eventText } from "../observe/event-text.ts";
import { watchAddressesOf } from "./address-watching.ts";
import { openBackendOf } from "./authentication.ts";
import { runInBackground, tellParent } from "./background.ts";
import { createControl } from "./controlled.ts";
import { Daemon } from "./daemon.ts";
import { openDevices } from "./device-file.ts";
import { eapWorkers } from "./eap-workers.ts";
import { type LogOutput, logFile, openSyslog, standardOutput } from "./log-output.ts";
import { Logging } from "./logging.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { explain, warnOfOthers } from "./others.ts";
import { radiusFiles } from "./radius-files.ts";
import { radiusNetwork } from "./radius-network.ts";
import { RadiusServers } from "./radius-server/services.ts";
import { serverThreads } from "./radius-server/threads.ts";
import { readConfiguration } from "./read-configuration.ts";
import { keepRecord } from "./record-file.ts";
import { openSaeTools } from "./sae-tools.ts";

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if ("refused" in options) {
    process.stderr.write(`${options.refused}\n${usage}`);
    return 1;
  }
  if ("wanted" in options) {
    process.stderr.write(options.wanted === "help" ? usage : `beacond v${version}\n`);
    return 1;
  }
  if (options.background && !process.send) return runInBackground(args);
  try {
    return await run(options, options.logFile === undefined ? standardOutput : logFile(options.logFile));
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return 1;
  }
}

async function run(options: Options, output: LogOutput): Promise<number> {
  let control: ControlServer | undefined;
  const syslog = openSyslog();
  const logging = new Logging(options, output, syslog, () => systemClock.unixTime());
  const log = new Log(
    (record) => {
      logging.sink(record);
      control?.onLogRecord(record);
    },
    undefined,
    options.showsSecrets,
  );
  const reactor = new Reactor();
  const driver = openNl80211Driver(reactor, systemClock, log);
  const saeTools = await openSaeTools(systemClock, log);
  const arithmetic = eapWorkers({ clock: systemClock, log });
  const radiusServers = new RadiusServers({
    reactor,
    clock: systemClock,
    entropy: systemEntropy,
    log,
    wantsDebug: () => ["debug", "msgdump", "excessive"].includes(logging.level),
    threads: serverThreads(),
  });
  logging.onLevel = () => radiusServers.onVerbosity();
  const radius = new RadiusShared(radiusNetwork(reactor), radiusFiles(systemClock, log));
  const daemon = new Daemon({
    devices: openDevices(log),
    driver,
    wiredDriver: openWiredDriver(linuxHost(reactor), log),
    clock: systemClock,
    entropy: systemEntropy,
    log,
    saeTools,
    radiusServers,
    radius,
    eapWorkers: arithmetic,
    openBackend: openBackendOf({ clock: systemClock, entropy: systemEntropy, log, arithmetic }),
    openEthernet: linuxEthernet(reactor, log),
  });
  logging.loggerOf = (name) => (name === undefined ? undefined : daemon.settingsOf(name));
  daemon.listen((event) => {
    const text = eventText(event);
    if (text?.logged) log.for(text.interface).write(text.level, text.text);
  });
  const stopWatching = watchAddressesOf(daemon, reactor, log);
  let end: (status: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    // Answers go out before the end begins.
    end = (status) => void setImmediate(() => resolve(status));
  });
  const server = createControl(daemon, { logging, reactor, group: options.group, terminate: () => end(0) });
  control = server;
  process.on("SIGINT", () => end(0));
  process.on("SIGTERM", () => end(0));
  process.on("SIGHUP", () => void reload(daemon, server, log, output));
  // hostapd's own business, ignored there too.
  process.on("SIGUSR1", () => undefined);
  // A mistake of ours: the stations are told and the interface is given back all the same.
  process.on("uncaughtException", (thrown) => {
    log.error(`internal error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
    end(1);
  });
  let hasPidFile = false;
  let leaveRecord: ReturnType<typeof keepRecord> | undefined;
  try {
    if (options.globalSocket !== undefined) server.openGlobal({ path: options.globalSocket, group: options.group });
    addFromCommandLine(daemon, options, log);
    leaveRecord = keepRecord(daemon, log);
    server.follow();
    warnOfOthers(interfaceNames(daemon), log);
    if (options.pidFile !== undefined) writePidFile(options.pidFile);
    hasPidFile = true;
    const started = startAll(daemon, log);
    // Who is told to stop while the interfaces come up doesn't wait for them.
    const isUp = await Promise.race([started.then(() => true), ended.then(() => false)]);
    started.catch(() => undefined);
    if (isUp) {
      tellParent("up");
      tellServiceManager("ready", `on the air: ${interfaceNames(daemon).join(", ")}`);
    }
    return await ended;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    log.error(explain(thrown, interfaceNames(daemon)));
    return 1;
  } finally {
    tellServiceManager("stopping");
    stopWatching();
    const left = leaveRecord?.();
    await daemon.stop();
    left?.();
    server.closeAll();
    reactor.close();
    // One that is of another daemon stays.
    if (hasPidFile && options.pidFile !== undefined) rmSync(options.pidFile, { force: true });
    syslog.close();
    output.close();
  }
}

/**
 * A radio that doesn't start leaves the others up, and is tried again when its cause may have gone.
 * @throws BeaconError where none starts
 */
async function startAll(daemon: Daemon, log: Log): Promise<void> {
  const { radios } = daemon;
  const results = await Promise.allSettled(radios.map((radio) => radio.enable()));
  const failed = results.flatMap((result, i): { readonly radio: Radio | undefined; readonly reason: unknown }[] =>
    result.status === "rejected" ? [{ radio: radios[i], reason: result.reason }] : [],
  );
  const stranger = failed.find(({ reason }) => !(reason instanceof BeaconError));
  if (stranger) throw stranger.reason;
  const [first] = failed;
  if (first && failed.length === radios.length) throw first.reason;
  for (const { radio, reason } of failed) {
    // Somebody may have removed it while it started.
    if (!radio || !daemon.radios.includes(radio) || !(reason instanceof BeaconError)) continue;
    const names = radio.configuration.bsses.map((bss) => bss.interface);
    log.error(`${radio.name} did not start and is tried again: ${explain(reason, names)}`);
    radio.outages.persevere();
  }
}

const interfaceNames = (daemon: Daemon): string[] =>
  daemon.radios.flatMap(({ configuration }) => configuration.bsses.map((bss) => bss.interface));

/** All files are read before anything is started, so that all that is wrong is said. @throws BeaconError */
function addFromCommandLine(daemon: Daemon, options: Options, log: Log): void {
  const failed: string[] = [];
  const attempt = (file: string, add: () => void): void => {
    log.info(`Configuration file: ${file}`);
    try {
      add();
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      failed.push(thrown.message);
    }
  };
  for (const [index, file] of options.configurationFiles.entries()) {
    const interfaceName = options.interfaceNames[index];
    attempt(file, () => daemon.add(readConfiguration(file, log, interfaceName), { file, interfaceName }));
  }
  for (const { phy, file } of options.bssFiles) attempt(file, () => daemon.addBss(phy, file));
  if (failed.length > 0) throw new ConfigurationError(failed.join("; "));
}

/** A file with errors changes nothing. */
async function reload(daemon: Daemon, control: ControlServer, log: Log, output: LogOutput): Promise<void> {
  const attempt = async (action: () => void | Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      const going = thrown instanceof ReloadFailure ? "" : "; going on with what was configured before";
      log.error(`${thrown.message}${going}`);
    }
  };
  tellServiceManager("reloading");
  await attempt(() => output.reopen());
  for (const radio of daemon.radios) await attempt(() => control.reload(radio));
  tellServiceManager("ready");
}

function writePidFile(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`);
  } catch (thrown) {
    throw new ConfigurationError(`can't write the PID file: ${messageOf(thrown)}`);
  }
}

process.title = basename(process.env["BEACON_CALLED_AS"] ?? "beacond");
// Not awaited here: the bundle is a CommonJS module.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
