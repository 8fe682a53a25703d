/** One key's text into the settings, and out of them again: what files and SET share. All is immutable. */

import type { FileSource, Located, Refused } from "./kinds.ts";
import { type OctetText, readable } from "./octets.ts";
import type { Problem } from "./problem.ts";
import { type BssSettings, type FoundKey, propertyOf, type RadioSettings, settingKeys } from "./registry.ts";

export interface Notice extends Located {
  readonly severity: "warning" | "error";
  readonly message: string;
}

export interface Changed<S> {
  readonly settings: S;
  readonly notices: readonly Notice[];
  /** In the file that the value names. */
  readonly elsewhere: readonly Problem[];
}

export type Change<S> = Changed<S> | Refused;

export const isChanged = <S>(change: Change<S>): change is Changed<S> => "settings" in change;

/** @param settings those of the key's scope */
export function change<S extends BssSettings | RadioSettings>(
  settings: S,
  key: FoundKey,
  text: OctetText,
  files: FileSource,
): Change<S> {
  const { after } = key.entry;
  if (after !== undefined && !settings.given.has(after)) {
    const hostapd = `unknown configuration item '${key.name}'`;
    return { error: `it says more about ${after}, which has to stand before it`, hostapd };
  }
  const values = settings as unknown as Readonly<Record<string, unknown>>;
  const previous = values[key.property];
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
  if (key.entry.status === "known") {
    const lack = key.type === "entry" ? lackOf(key, parsed.value) : undefined;
    if (lack !== undefined) notices.push(lack);
    return { settings: { ...settings, given: new Set(settings.given).add(key.property) }, notices, elsewhere };
  }

  const next: Record<string, unknown> = { ...values };
  next[key.property] = key.type === "entry" ? parsed.value : key.member.change(previous, parsed.value);
  const given = new Set(settings.given).add(key.property);
  for (const cleared of key.entry.clears ?? []) {
    const property = propertyOf(cleared);
    next[property] = initialOf(cleared);
    if (given.delete(property)) {
      notices.push({ severity: "warning", message: `${cleared}, which was set before, is dropped for this` });
    }
  }
  next["given"] = given;
  return { settings: next as unknown as S, notices, elsewhere };
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
