/** Every configuration key. Parser, SET, checks, documents and completion read it from here. */

import type { Entry, Family, Member, Scope } from "./entry.ts";
import { airKeys } from "./keys/air.ts";
import { bssKeys } from "./keys/bss.ts";
import { dot1xKeys } from "./keys/dot1x.ts";
import { eapKeys } from "./keys/eap.ts";
import { eapMethodKeys } from "./keys/eap-methods.ts";
import { ehtKeys } from "./keys/eht.ts";
import { fasterKeys } from "./keys/faster.ts";
import { heKeys } from "./keys/he.ts";
import { interfaceKeys, sectionKeys } from "./keys/interface.ts";
import { interworkingElementKeys } from "./keys/interworking.ts";
import { managementProtectionKeys } from "./keys/management-protection.ts";
import { misbehaviourKeys } from "./keys/misbehaviour.ts";
import { modernKeys } from "./keys/modern.ts";
import { otherMediaKeys } from "./keys/other-media.ts";
import { queueKeys } from "./keys/queues.ts";
import { radioKeys } from "./keys/radio.ts";
import { radiusClientKeys } from "./keys/radius.ts";
import { radiusServerKeys } from "./keys/radius-server.ts";
import { rsnOverrideKeys, rsnOverrideSettings } from "./keys/rsn-override.ts";
import { securityKeys } from "./keys/security.ts";
import { interworkingKeys, managementKeys, obsoleteKeys, wpsKeys } from "./keys/services.ts";
import { steeringKeys, vlanKeys } from "./keys/stations.ts";
import { testingKeys, testingSettings } from "./keys/testing.ts";
import { tlsKeys } from "./keys/tls.ts";
import { vhtKeys } from "./keys/vht.ts";
import { dynamicWepKeys, wepKeys } from "./keys/wep.ts";
import { wpa3Keys } from "./keys/wpa3.ts";

/** The keys that have a place in the settings. */
export const settingKeys = {
  ...interfaceKeys,
  ...radioKeys,
  ...vhtKeys,
  ...heKeys,
  ...ehtKeys,
  ...queueKeys,
  ...bssKeys,
  ...vlanKeys,
  ...steeringKeys,
  ...securityKeys,
  ...wpa3Keys,
  ...rsnOverrideSettings,
  ...wepKeys,
  ...airKeys,
  ...interworkingElementKeys,
  ...misbehaviourKeys,
  ...testingSettings,
  ...managementProtectionKeys,
  ...dot1xKeys,
  ...otherMediaKeys,
  ...eapKeys,
  ...eapMethodKeys,
  ...tlsKeys,
  ...radiusServerKeys,
  ...radiusClientKeys,
} as const;

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

/** What is said of a RADIUS server is in the list that its address begins. */
type ServerKey = Exclude<
  Extract<keyof SettingKeys, `auth_server_${string}` | `acct_server_${string}`>,
  "auth_server_addr" | "acct_server_addr"
>;

type AliasKey = {
  [K in keyof SettingKeys]: K extends
    | "ssid2"
    | "wme_enabled"
    | "wme_ac_*"
    | "sae_anti_clogging_threshold"
    | "eap_authenticator"
    | ServerKey
    ? K
    : never;
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

export interface KeyGroup {
  readonly title: string;
  readonly keys: Readonly<Record<string, AnyKey>>;
}

export const keyGroups: readonly KeyGroup[] = [
  { title: "Interfaces, control and logs", keys: { ...interfaceKeys, ...sectionKeys } },
  { title: "Radio", keys: radioKeys },
  { title: "BSS and stations", keys: bssKeys },
  { title: "Priorities", keys: queueKeys },
  { title: "Time on the air", keys: airKeys },
  { title: "WPA", keys: securityKeys },
  { title: "Protected management frames", keys: managementProtectionKeys },
  { title: "WPA3", keys: wpa3Keys },
  { title: "WEP", keys: { ...wepKeys, ...dynamicWepKeys } },
  { title: "WPA3-Personal Compatibility Mode", keys: rsnOverrideKeys },
  { title: "Fast transition, FILS, DPP and more", keys: modernKeys },
  { title: "IEEE 802.1X", keys: dot1xKeys },
  { title: "RADIUS client", keys: radiusClientKeys },
  { title: "EAP server", keys: eapKeys },
  { title: "EAP methods without certificates", keys: eapMethodKeys },
  { title: "Certificates and TLS of the EAP server", keys: tlsKeys },
  { title: "RADIUS server", keys: radiusServerKeys },
  { title: "VHT", keys: vhtKeys },
  { title: "HE and 6 GHz", keys: heKeys },
  { title: "EHT", keys: ehtKeys },
  { title: "UHR, several links, choice of channel", keys: fasterKeys },
  { title: "VLANs and bridging stations", keys: vlanKeys },
  { title: "Silent, far and better placed stations", keys: steeringKeys },
  { title: "Wi-Fi Protected Setup", keys: wpsKeys },
  { title: "Interworking and Hotspot 2.0", keys: { ...interworkingElementKeys, ...interworkingKeys } },
  { title: "Network management", keys: managementKeys },
  { title: "Wired ports and 60 GHz", keys: otherMediaKeys },
  { title: "Tests", keys: { ...misbehaviourKeys, ...testingSettings, ...testingKeys } },
  { title: "Obsolete", keys: obsoleteKeys },
];

/** A key by its name: one that stands for itself, or a member of a family. */
export type FoundKey =
  | { readonly type: "entry"; readonly name: string; readonly property: string; readonly entry: Entry }
  | {
      readonly type: "member";
      readonly name: string;
      readonly property: string;
      readonly entry: Family;
      readonly member: Member<unknown>;
    };

/** The property that holds a key's value. */
export const propertyOf = (key: string): string => (key.endsWith("_*") ? key.slice(0, -2) : key);

const byName = new Map<string, FoundKey>();
const families: Family[] = [];
for (const [name, entry] of keyGroups.flatMap((group) => Object.entries(group.keys))) {
  const property = propertyOf(entry.aliasOf ?? name);
  if (!("members" in entry)) {
    byName.set(name, { type: "entry", name, property, entry });
    continue;
  }
  families.push(entry);
  for (const [memberName, member] of Object.entries(entry.members)) {
    byName.set(memberName, { type: "member", name: memberName, property, entry, member });
  }
}

export const findKey = (name: string): FoundKey | undefined => byName.get(name);

/** Every name that may stand before `=`; a family's members each. */
export const keyNames = (): Iterable<string> => byName.keys();

/** A key that hostapd accepts for the sake of old files, and that does nothing. */
export const isObsoleteMember = (name: string): boolean => families.some((family) => family.obsolete?.test(name));
