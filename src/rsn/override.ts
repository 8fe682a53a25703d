/**
 * RSN overriding, which WPA3-Personal Compatibility Mode is made of: old stations see a network of WPA2 in the RSNE; those that know the
 * override elements find better terms there, and say in their RSN Selection element which they have taken. Both are told again in
 * the 4-way handshake. Wi-Fi Alliance, WPA3 Specification 3.4, 9.
 */

import { type Element, findVendor, isVendor, oui, vendorElement } from "../wire/ieee80211/element.ts";
import type { AkmName, CipherName } from "../wire/ieee80211/suites.ts";
import type { ManagementProtection } from "./negotiation.ts";

const types = { rsne: 0x29, rsne2: 0x2a, rsnxe: 0x2b, selection: 0x2c } as const;

/** Terms of an override element. */
export interface RsnOverride {
  readonly akms: ReadonlySet<AkmName>;
  readonly pairwise: ReadonlySet<CipherName>;
  /** Absent where management frames are not protected. */
  readonly managementProtection: ManagementProtection | undefined;
}

/** Of the first and of the second element; the second is for stations with several links too. */
export interface RsnOverrides {
  readonly first: RsnOverride | undefined;
  readonly second: RsnOverride | undefined;
}

/** @param body of an RSNE or RSNXE, whose form it has */
export const overrideElement = (type: OverrideType, body: Uint8Array): Element =>
  vendorElement(oui.wifiAlliance, types[type], body);

export type OverrideType = "rsne" | "rsne2" | "rsnxe";

/** Which of the override elements it is. */
export const overrideTypeOf = (element: Element): OverrideType | undefined =>
  (["rsne", "rsne2", "rsnxe"] as const).find((type) => isVendor(element, oui.wifiAlliance, types[type]));

/** An element of ours that only stations with RSN overriding are told again. */
export const isOverrideElement = (element: Element): boolean => overrideTypeOf(element) !== undefined;

export const rsnSelectionOf = (elements: readonly Element[]): Element | undefined =>
  findVendor(elements, oui.wifiAlliance, types.selection);

/** Which terms a station has taken. @returns undefined for a selection that means nothing here: those of the RSNE hold */
export function selectedTerms(selection: Element): keyof RsnOverrides | undefined {
  switch (selection.data[4]) {
    case 1:
      return "first";
    case 2:
      return "second";
    default:
      return undefined;
  }
}

const cookie = [0x50, 0x6f, 0x9a, 0x00, 0x00, 0x29] as const;

/** Whether whoever chose this nonce knows RSN overriding: its last octets say so, under the MIC, whatever became of the elements. */
export const knowsOverriding = (snonce: Uint8Array): boolean =>
  cookie.every((octet, i) => snonce[snonce.length - cookie.length + i] === octet);
