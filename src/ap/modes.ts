/** Which modes of operation a BSS offers: what its radio does on the channel, less what the BSS leaves out. */

import type { BssSettings, RadioSettings } from "../config/registry.ts";
import type { RadioCapabilities, VhtSupport } from "../driver/port.ts";
import { hasBit, heMacBit } from "../wire/ieee80211/he-capabilities.ts";
import type { BssMembershipSelector } from "../wire/ieee80211/supported-rates.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import { vhtSupportOf } from "./vht.ts";

/** What decides it. */
export interface ModeTerms {
  readonly settings: BssSettings;
  readonly radio: RadioSettings;
  readonly plan: ChannelPlan;
}

export const offersHt = ({ settings, plan }: ModeTerms): boolean =>
  plan.modes.ht && !settings.disable_11n && settings.wmm_enabled;

/** On 2.4 GHz the standard has no VHT: only who knows the vendor's way gets it. */
export const offersVht = (terms: ModeTerms): boolean =>
  vhtOf(terms) !== undefined && !terms.settings.disable_11ac && offersHt(terms);

export const vhtOf = ({ settings, plan }: ModeTerms): VhtSupport | undefined =>
  plan.band.name !== "2.4GHz" || settings.vendor_vht ? plan.modes.vht : undefined;

/** VHT in a vendor-specific element, on 2.4 GHz. */
export function vendorVhtOf(
  terms: ModeTerms & { readonly capabilities: Pick<RadioCapabilities, "bands"> },
): VhtSupport | undefined {
  const { settings, plan, capabilities } = terms;
  const isOffered = settings.vendor_vht && plan.band.name === "2.4GHz" && !settings.disable_11ac && offersHt(terms);
  return isOffered ? vhtSupportOf(plan.band, capabilities) : undefined;
}

export const offersHe = ({ settings, plan }: ModeTerms): boolean =>
  plan.modes.he !== undefined && !settings.disable_11ax && settings.wmm_enabled;

export const offersEht = (terms: ModeTerms): boolean =>
  terms.plan.modes.eht && !terms.settings.disable_11be && offersHe(terms);

/** Stations may agree on target wake times. */
export const respondsToTwt = (terms: ModeTerms): boolean =>
  offersHe(terms) &&
  terms.radio.he_twt_responder &&
  hasBit(terms.plan.modes.he?.mac ?? new Uint8Array(), heMacBit.twtResponder);

/** The modes that stations have to have. */
export function demandedModes(terms: ModeTerms): readonly (BssMembershipSelector & ("ht" | "vht" | "he" | "eht"))[] {
  const { settings, radio } = terms;
  return [
    ...(radio.require_ht && offersHt(terms) ? (["ht"] as const) : []),
    ...(radio.require_vht && offersVht(terms) ? (["vht"] as const) : []),
    ...(radio.require_he && offersHe(terms) ? (["he"] as const) : []),
    ...((radio.require_eht || settings.bss_require_eht) && offersEht(terms) ? (["eht"] as const) : []),
  ];
}
