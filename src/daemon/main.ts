/** `beacond`: hostapd's command line, signals and exit statuses. */

import { rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { BeaconError, ConfigurationError, messageOf } from "../base/errors.ts";
import { Log } from "../base/log.ts";
import { version } from "../base/version.ts";
import type { Configuration } from "../config/registry.ts";
import { openNl80211Driver } from "../driver/nl80211/index.ts";
import { systemClock } from "../linux/clock.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { Reactor } from "../linux/reactor.ts";
import { eventText } from "../observe/event-text.ts";
import { runInBackground, tellParent } from "./background.ts";
import { Daemon } from "./daemon.ts";
import { type LogOutput, logFile, openSyslog, standardOutput } from "./log-output.ts";
import { Logging } from "./logging.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { readConfiguration } from "./read-configuration.ts";

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
  const syslog = openSyslog();
  const logging = new Logging(options, output, syslog, () => systemClock.unixTime());
  const log = new Log(logging.sink, undefined, options.showsSecrets);
  const reactor = new Reactor();
  const driver = openNl80211Driver(reactor, systemClock, log);
  const daemon = new Daemon({ driver, clock: systemClock, entropy: systemEntropy, log });
  logging.loggerOf = (name) => (name === undefined ? undefined : daemon.findBss(name));
  daemon.listen((event) => {
    const text = eventText(event);
    if (text?.logged) log.for(text.interface).write(text.level, text.text);
  });
  const finished = untilTold(daemon, log, output);
  try {
    const files = readFiles(options, log);
    if (options.pidFile !== undefined) writePidFile(options.pidFile);
    for (const { configuration, file } of files) daemon.add(configuration, file);
    const started = Promise.all(daemon.radios.map(({ radio }) => radio.enable()));
    // Who is told to stop while the interfaces come up doesn't wait for them.
    const stopped = await Promise.race([finished, started.then(() => undefined)]);
    if (stopped !== undefined) return stopped;
    tellParent("up");
    return await finished;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    log.error(thrown.message);
    return 1;
  } finally {
    daemon.stop();
    reactor.close();
    if (options.pidFile !== undefined) rmSync(options.pidFile, { force: true });
    syslog.close();
    output.close();
  }
}

/** All files are read before anything is started, so that all that is wrong is said. @throws ConfigurationError */
function readFiles(options: Options, log: Log): { configuration: Configuration; file: string }[] {
  const configurations = [];
  const failed: string[] = [];
  for (const [index, file] of options.configurationFiles.entries()) {
    log.info(`Configuration file: ${file}`);
    try {
      configurations.push({ configuration: readConfiguration(file, log, options.interfaceNames[index]), file });
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      failed.push(thrown.message);
    }
  }
  if (failed.length > 0) throw new ConfigurationError(failed.join("; "));
  return configurations;
}

/** Settles with the exit status when a signal says so. */
function untilTold(daemon: Daemon, log: Log, output: LogOutput): Promise<number> {
  return new Promise((resolve) => {
    const stop = (): void => resolve(0);
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    process.on("SIGUSR1", () => undefined);
    process.on("SIGHUP", () => {
      output.reopen();
      for (const { radio, file } of daemon.radios) {
        if (file === undefined) continue;
        try {
          radio.reload(readConfiguration(file, log));
        } catch (thrown) {
          if (!(thrown instanceof BeaconError)) throw thrown;
          log.error(`${thrown.message}; going on with what was configured before`);
        }
      }
    });
  });
}

function writePidFile(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`);
  } catch (thrown) {
    throw new ConfigurationError(`can't write the PID file: ${messageOf(thrown)}`);
  }
}

process.title = basename(process.env["BEACON_CALLED_AS"] ?? "beacond");
process.exitCode = await main(process.argv.slice(2));
