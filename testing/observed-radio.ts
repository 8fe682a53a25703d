/** A radio whose log and events a test reads. */

import assert from "node:assert/strict";
import type { ApEvent } from "../src/ap/events.ts";
import { Radio, type RadioOptions } from "../src/ap/radio.ts";
import { utf8 } from "../src/base/bytes.ts";
import { Log, type LogRecord } from "../src/base/log.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import type { FileSource } from "../src/config/kinds.ts";
import { parseConfiguration } from "../src/config/parser.ts";
import { PskEntries } from "../src/config/psk-entries.ts";
import type { Configuration } from "../src/config/registry.ts";
import { pskTablesAtOnce } from "./psk-tables.ts";
import { saeToolsHere } from "./sae-tools.ts";

/** Texts by path. */
export const filesOf =
  (files: Readonly<Record<string, string>>): FileSource =>
  (path) =>
    utf8(files[path] ?? assert.fail(`there is no file ${path}`));

/** @param text of a hostapd.conf without `interface=`; it must have no error */
export function configurationOf(text: string, files: FileSource = filesOf({})): Configuration {
  const parsed = parseConfiguration(utf8(`interface=wlan0\n${text}\n`), "test.conf", files);
  assert.ok(parsed.configuration, JSON.stringify(parsed.problems));
  return parsed.configuration;
}

/** What a radio does without a test's saying so: keys at once, SAE here, no files. */
export const usualOptions = {
  readPskFile: () => PskEntries.none,
  get pskTables() {
    return pskTablesAtOnce();
  },
  get saeTools() {
    return saeToolsHere();
  },
};

export class RadioObserver {
  readonly records: LogRecord[] = [];
  readonly events: ApEvent[] = [];
  readonly log = new Log((record) => void this.records.push(record));

  radio(options: Pick<RadioOptions, "configuration" | "driver" | "clock" | "entropy"> & Partial<RadioOptions>): Radio {
    return new Radio({
      ...usualOptions,
      log: this.log,
      listener: (event) => void this.events.push(event),
      ...options,
    });
  }

  /** Types of what was told about one station. */
  eventsOf(station: MacAddress): string[] {
    return this.events.flatMap((event) =>
      "station" in event && event.station === station && event.type !== "probe-request" ? [event.type] : [],
    );
  }
}
