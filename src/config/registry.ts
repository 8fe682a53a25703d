/** Every configuration key. Parser, SET, checks, documents and completion read it from here. */

import type { Entry, Family, Scope } from "./entry.ts";
import { bssKeys } from "./keys/bss.ts";
import { interfaceKeys } from "./keys/interface.ts";
import { queueKeys } from "./keys/queues.ts";
import { radioKeys } from "./keys/radio.ts";
import { securityKeys } from "./keys/security.ts";

/** The keys that have a place in the settings. */
export const settingKeys = { ...interfaceKeys, ...radioKeys, ...queueKeys, ...bssKeys, ...securityKeys } as const;

type SettingKeys = typeof settingKeys;

/** The property of a key: its own name, or a family's without `_*`. */
export type PropertyOf<K extends string> = K extends `${infer Name}_*` ? Name : K;

/** The type of a key's value, as its kind says. undefined is in it where that is the default. */
export type ValueOf<K extends keyof SettingKeys> =
  SettingKeys[K] extends Entry<Scope, infer T, infer D>
    ? undefined extends D
      ? T | undefined
      : T
    : SettingKeys[K] extends Family<Scope, infer F>
      ? F
      : never;

type AliasKey = {
  [K in keyof SettingKeys]: K extends "ssid2" | "wme_enabled" | "wme_ac_*" ? K : never;
}[keyof SettingKeys];

type KeysOf<S extends Scope> = Exclude<
  { [K in keyof SettingKeys]: SettingKeys[K] extends { readonly scope: S } ? K : never }[keyof SettingKeys],
  AliasKey
>;

export type BssKey = KeysOf<"bss">;
export type RadioKey = KeysOf<"radio">;

interface Given {
  /** Properties that somebody set; the others have their defaults, some of which depend on what is set. */
  readonly given: ReadonlySet<string>;
}

/** What one BSS was told, by hostapd's names. Immutable. */
export type BssSettings = { readonly [K in BssKey as PropertyOf<K>]: ValueOf<K> } & Given;

/** What all BSSs of a radio share, by hostapd's names. Immutable. */
export type RadioSettings = { readonly [K in RadioKey as PropertyOf<K>]: ValueOf<K> } & Given;

export interface Configuration {
  readonly radio: RadioSettings;
  /** The first is the radio's own. */
  readonly bsses: readonly BssSettings[];
}

export type AnyKey = Entry | Family;
