/** Settings: their defaults, and what follows from other settings where nothing was said. */

import type { CipherName } from "./keys/security.ts";
import { type BssSettings, type Configuration, type RadioSettings, settingKeys } from "./registry.ts";

function defaultsOf(scope: "bss" | "radio"): Record<string, unknown> {
  const values: Record<string, unknown> = { given: new Set<string>() };
  for (const [key, entry] of Object.entries(settingKeys)) {
    if (entry.scope === scope && entry.aliasOf === undefined) values[propertyOf(key)] = entry.initial;
  }
  return values;
}

/** The property that holds a key's value. */
export const propertyOf = (key: string): string => (key.endsWith("_*") ? key.slice(0, -2) : key);

export const defaultRadio = (): RadioSettings => defaultsOf("radio") as unknown as RadioSettings;

export const defaultBss = (interfaceName: string): BssSettings =>
  settleBss(defaultRadio(), { ...(defaultsOf("bss") as unknown as BssSettings), interface: interfaceName });

/**
 * The cipher for broadcast frames: what was asked for, else one that every station allowed here has.
 * @returns undefined in an open network
 */
export function groupCipherOf(bss: BssSettings): CipherName | undefined {
  if (bss.wpa.size === 0) return undefined;
  if (bss.group_cipher !== undefined) return bss.group_cipher;
  const pairwise = new Set<CipherName>();
  if (bss.wpa.has("wpa")) for (const cipher of bss.wpa_pairwise) pairwise.add(cipher);
  if (bss.wpa.has("rsn")) for (const cipher of bss.rsn_pairwise) pairwise.add(cipher);
  if (pairwise.has("TKIP")) return "TKIP";
  if (pairwise.has("CCMP")) return "CCMP";
  if (pairwise.has("GCMP")) return "GCMP";
  if (pairwise.has("GCMP-256")) return "GCMP-256";
  return pairwise.has("CCMP-256") ? "CCMP-256" : "CCMP";
}

/** Fills in what nobody set and what therefore depends on the rest. */
export function settleBss(radio: RadioSettings, bss: BssSettings): BssSettings {
  const given = (key: keyof BssSettings): boolean => bss.given.has(key);
  const unset: ReadonlySet<CipherName> = settingKeys.rsn_pairwise.initial;
  const rsnPairwise = given("rsn_pairwise") ? bss.rsn_pairwise : bss.wpa.has("rsn") ? bss.wpa_pairwise : unset;
  const settled: BssSettings = {
    ...bss,
    rsn_pairwise: rsnPairwise,
    wmm_enabled: given("wmm_enabled") ? bss.wmm_enabled : radio.ieee80211n,
  };
  if (given("wpa_group_rekey")) return settled;
  const group = groupCipherOf(settled);
  return { ...settled, wpa_group_rekey: group === "TKIP" ? 600 : 86400 };
}

export const settle = ({ radio, bsses }: Configuration): Configuration => ({
  radio,
  bsses: bsses.map((bss) => settleBss(radio, bss)),
});
