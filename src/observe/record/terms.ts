/** What a station offers and what a network requires, out of elements and settings. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import type { BssSettings } from "../../config/registry.ts";
import { groupCipherOf, offeredAkmsOf, pairwiseCiphersOf } from "../../config/settings.ts";
import {
  decodeElements,
  type Element,
  elementExtension,
  elementId,
  findElement,
  findVendor,
  oui,
} from "../../wire/ieee80211/element.ts";
import { decodeRsne } from "../../wire/ieee80211/rsne.ts";
import { akmName, cipherName } from "../../wire/ieee80211/suites.ts";
import { decodeWpaIe, wpaIeType } from "../../wire/ieee80211/wpa-ie.ts";
import type { Offered, Required } from "./entry.ts";

/** @param octets elements of a (re)association request @returns undefined where they can't be read */
export function offeredIn(octets: Uint8Array): Offered | undefined {
  try {
    const elements = decodeElements(new Reader(octets, ["association request"]));
    return { ...protectionIn(elements), generation: generationIn(elements) };
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}

function protectionIn(elements: readonly Element[]): Omit<Offered, "generation"> {
  const rsne = findElement(elements, elementId.rsn);
  if (rsne) {
    const { akm, pairwise, group, capabilities } = decodeRsne(new Reader(rsne.data, ["RSNE"]));
    const protection = capabilities.has("mfpRequired")
      ? "required"
      : capabilities.has("mfpCapable")
        ? "capable"
        : "none";
    return { protocol: "rsn", akms: akm.map(akmName), ...ciphersOf(pairwise, group), protection };
  }
  const wpa = findVendor(elements, oui.microsoft, wpaIeType);
  if (!wpa) return { protocol: "none", akms: [], pairwise: [], group: undefined, protection: "none" };
  const { akm, pairwise, group } = decodeWpaIe(new Reader(wpa.data, ["WPA element"]));
  return { protocol: "wpa", akms: akm.map(akmName), ...ciphersOf(pairwise, group), protection: "none" };
}

const ciphersOf = (pairwise: readonly number[], group: number) => ({
  pairwise: pairwise.map(cipherName),
  group: cipherName(group),
});

function generationIn(elements: readonly Element[]): Offered["generation"] {
  const has = (id: number, extension?: number): boolean => findElement(elements, id, extension) !== undefined;
  if (has(elementId.extension, elementExtension.ehtCapabilities)) return "be";
  if (has(elementId.extension, elementExtension.heCapabilities)) return "ax";
  if (has(elementId.vhtCapabilities)) return "ac";
  return has(elementId.htCapabilities) ? "n" : "before";
}

const known = new WeakMap<BssSettings, Required>();

export function requiredBy(settings: BssSettings): Required {
  const before = known.get(settings);
  if (before) return before;
  const isProtected = settings.wpa.size > 0;
  const required: Required = {
    protocols: [...settings.wpa],
    akms: isProtected ? [...offeredAkmsOf(settings)] : [],
    pairwise: isProtected ? [...pairwiseCiphersOf(settings)] : [],
    group: isProtected ? groupCipherOf(settings) : undefined,
    protection: { no: "none", optional: "optional", required: "required" }[
      settings.ieee80211w
    ] as Required["protection"],
  };
  known.set(settings, required);
  return required;
}
