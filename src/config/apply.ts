/** SET and GET: single keys of a configuration that no file stands for, or not any more. */

import { utf8 } from "../base/bytes.ts";
import { change, changed, formatSetting, isChanged, refusalInHostapd } from "./change.ts";
import { findings } from "./check.ts";
import type { Cost } from "./entry.ts";
import type { FileSource } from "./kinds.ts";
import { nearest } from "./nearest.ts";
import { octetTextOf, readable } from "./octets.ts";
import type { Problem } from "./problem.ts";
import { type Configuration, findKey, isObsoleteMember, keyNames } from "./registry.ts";
import { settle } from "./settings.ts";

export interface Applied {
  readonly configuration: Configuration;
  /** What it takes for the change to show. */
  readonly cost: Cost;
  /** Warnings, to be logged. */
  readonly problems: readonly Problem[];
}

export interface NotApplied {
  /** The first is why; its `hostapd` is what hostapd logs. */
  readonly problems: readonly [Problem, ...Problem[]];
}

export const isApplied = (result: Applied | NotApplied): result is Applied => "configuration" in result;

/**
 * Changes one key, with the parsers of files, but without their comments: the value is taken as it stands. Keys that are
 * known but not supported are treated as in files: a warning, or a refusal where going on would protect less than was
 * asked for. What makes an invalid configuration is refused.
 * @param index of the BSS that is spoken to; keys of the radio change the radio
 */
export function applySetting(
  configuration: Configuration,
  index: number,
  name: string,
  value: string | Uint8Array,
  files: FileSource,
): Applied | NotApplied {
  const text = octetTextOf(typeof value === "string" ? utf8(value) : value);
  const refuse = (message: string, more: Partial<Problem> = {}): NotApplied => ({
    problems: [{ ...nowhere, severity: "error", message, ...more }],
  });

  if (isObsoleteMember(name)) return { configuration, cost: "live", problems: [] };
  const key = findKey(name);
  if (key === undefined) {
    const fix = nearest(name, keyNames());
    const hostapd = `Line 0: unknown configuration item '${readable(name)}'`;
    return refuse(`there is no key '${readable(name)}'`, { hostapd, ...(fix === undefined ? {} : { fix }) });
  }
  if (key.name === "bss") return refuse("a BSS is added with ADD, not with SET", { key: name });

  const place = key.name === "interface" ? 0 : index;
  const settings = key.entry.scope === "radio" ? configuration.radio : configuration.bsses[place];
  if (settings === undefined) return refuse(`there is no BSS ${place}`, { key: name });
  const changes = change(settings, key, text, files);
  if (!isChanged(changes)) {
    const hostapd = `Line 0: ${refusalInHostapd(key, text, changes)}`;
    const fix = changes.fix === undefined ? {} : { fix: changes.fix };
    const refused = refuse(`${name}: ${changes.error}`, { key: name, hostapd, ...fix });
    return { problems: [...refused.problems, ...(changes.elsewhere ?? [])] };
  }
  const problems: Problem[] = [
    ...changes.notices.map(({ severity, message }): Problem => ({ ...nowhere, severity, message, key: name })),
    ...changes.elsewhere,
  ];
  if (key.entry.status === "known") {
    const lack = changes.notices.find(({ severity }) => severity === "error");
    if (lack !== undefined) return refuse(lack.message, { key: name });
  }
  const isHeeded = key.entry.status !== "known";
  const next = settle({
    radio: key.entry.scope === "radio" ? changed(configuration.radio, changes) : configuration.radio,
    bsses:
      key.entry.scope === "radio"
        ? configuration.bsses
        : configuration.bsses.map((bss, i) => (i === place ? changed(bss, changes) : bss)),
  });
  // hostapd checks after each SET what can be checked before the configuration is complete
  const broken = findings(next).find(({ severity, property }) => severity === "error" && midway.has(property));
  if (broken !== undefined) {
    const hostapd = broken.hostapd === undefined ? {} : { hostapd: broken.hostapd };
    return refuse(broken.message, { key: name, ...hostapd });
  }
  return { configuration: next, cost: isHeeded ? key.entry.cost : "live", problems };
}

/** @returns undefined for keys without a value here, and for secrets */
export function getSetting(configuration: Configuration, index: number, name: string): string | undefined {
  const key = findKey(name);
  if (key === undefined || key.entry.secret) return undefined;
  const settings = key.entry.scope === "radio" ? configuration.radio : configuration.bsses[index];
  const text = settings === undefined ? undefined : formatSetting(settings, key);
  return text === undefined ? undefined : readable(text);
}

const midway: ReadonlySet<string> = new Set(["tx_queue", "wmm_ac", "wep_key0", "wep_key1", "wep_key2", "wep_key3"]);

const nowhere = { file: "SET", line: 0, column: 0, length: 0 } as const;
