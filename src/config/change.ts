/** One key's text into the settings, and out of them again: what files and SET share. */

import type { FileSource, Located, Refused } from "./kinds.ts";
import { type OctetText, readable } from "./octets.ts";
import type { Problem } from "./problem.ts";
import { type BssSettings, type FoundKey, propertyOf, type RadioSettings, settingKeys } from "./registry.ts";

export interface Notice extends Located {
  readonly severity: "warning" | "error";
  readonly message: string;
}

export interface Changed {
  /** Properties and their new values. */
  readonly updates: Readonly<Record<string, unknown>>;
  /** The property that somebody has set by it. */
  readonly gives: string;
  /** Properties that nobody has set any more. */
  readonly takes: readonly string[];
  readonly notices: readonly Notice[];
  /** In the file that the value names. */
  readonly elsewhere: readonly Problem[];
}

export type Change = Changed | Refused;

export const isChanged = (change: Change): change is Changed => "updates" in change;

/** @param settings those of the key's scope */
export function change(
  settings: BssSettings | RadioSettings,
  key: FoundKey,
  text: OctetText,
  files: FileSource,
): Change {
  const { after } = key.entry;
  if (after !== undefined && !settings.given.has(after)) {
    const hostapd = `unknown configuration item '${key.name}'`;
    return { error: `it says more about ${after}, which has to stand before it`, hostapd };
  }
  const previous = (settings as unknown as Readonly<Record<string, unknown>>)[key.property];
  const parsed =
    key.type === "entry"
      ? key.entry.kind.parse(text, { files, previous })
      : key.member.kind.parse(text, { files, previous: undefined });
  if ("error" in parsed) return parsed;

  const notices: Notice[] = [];
  const { at, length } = parsed;
  const where = { ...(at === undefined ? {} : { at }), ...(length === undefined ? {} : { length }) };
  if (parsed.warning !== undefined) notices.push({ severity: "warning", message: parsed.warning, ...where });
  const elsewhere = parsed.elsewhere ?? [];
  const gives = key.property;
  if (key.entry.status === "known") {
    const lack = key.type === "entry" ? lackOf(key, parsed.value) : undefined;
    if (lack !== undefined) notices.push(lack);
    return { updates: {}, gives, takes: [], notices, elsewhere };
  }

  const updates: Record<string, unknown> = {
    [gives]: key.type === "entry" ? parsed.value : key.member.change(previous, parsed.value),
  };
  const takes: string[] = [];
  for (const cleared of key.entry.clears ?? []) {
    const property = propertyOf(cleared);
    updates[property] = initialOf(cleared);
    if (!settings.given.has(property)) continue;
    takes.push(property);
    notices.push({ severity: "warning", message: `${cleared}, which was set before, is dropped for this` });
  }
  return { updates, gives, takes, notices, elsewhere };
}

/** The settings with the change. */
export function changed<S extends BssSettings | RadioSettings>(settings: S, { updates, gives, takes }: Changed): S {
  const given = new Set(settings.given).add(gives);
  for (const property of takes) given.delete(property);
  return { ...settings, ...updates, given };
}

/** The same to settings that nobody else has yet: a file's lines are many, and the settings too. */
export function changeInPlace(settings: BssSettings | RadioSettings, { updates, gives, takes }: Changed): void {
  Object.assign(settings, updates);
  const given = settings.given as Set<string>;
  given.add(gives);
  for (const property of takes) given.delete(property);
}

/** What hostapd says of a refused value, without the line's number; secrets are left out. */
export function refusalInHostapd(key: FoundKey, text: OctetText, refused: Refused): string {
  const shown = key.entry.secret ? "[REMOVED]" : text;
  return readable(refused.hostapd ?? key.entry.inHostapd?.(text) ?? `invalid ${key.name} '${shown}'`);
}

/** The text that {@link change} makes the same value of. @returns undefined where the settings have no such key */
export function formatSetting(settings: BssSettings | RadioSettings, key: FoundKey): OctetText | undefined {
  if (key.entry.status === "known" || !(key.property in settings)) return undefined;
  const value = (settings as unknown as Readonly<Record<string, unknown>>)[key.property];
  if (key.type === "member") return key.member.kind.format(key.member.read(value));
  return value === undefined ? "" : key.entry.kind.format(value);
}

const initialOf = (key: string): unknown =>
  key in settingKeys ? settingKeys[key as keyof typeof settingKeys].initial : undefined;

const notYet = (name: string): string => `${name} is known to hostapd, but not supported yet`;

/** What a key that isn't supported yet asked for, unless it is what there is anyway. */
function lackOf({ name, entry }: FoundKey & { readonly type: "entry" }, value: unknown): Notice | undefined {
  const same = (other: unknown): boolean =>
    other !== undefined && entry.kind.format(other) === entry.kind.format(value);
  if (same(entry.initial) || same(entry.idle)) return undefined;
  const reason = entry.refuse?.(value);
  const message = notYet(name);
  return reason === undefined
    ? { severity: "warning", message: `${message}; it has no effect` }
    : { severity: "error", message: `${message}, and ${reason}` };
}
