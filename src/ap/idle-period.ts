/** How long stations may be silent, as they are told and as they may ask. IEEE Std 802.11-2020, 11.21.13. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { BssSettings } from "../config/registry.ts";
import { decodeBssMaxIdlePeriod, encodeBssMaxIdlePeriod } from "../wire/ieee80211/bss-max-idle-period.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";

type IdleSettings = Pick<BssSettings, "bss_max_idle" | "ap_max_inactivity" | "max_acceptable_idle_period">;

/** @returns undefined where it is the same for the station as for all */
export function agreedIdlePeriod(settings: IdleSettings, element: Uint8Array | undefined): number | undefined {
  const { max_acceptable_idle_period: longest, ap_max_inactivity } = settings;
  const asked = element && periodIn(element);
  if (asked === undefined || longest === 0) return undefined;
  if (asked <= longest) return asked;
  return longest > ap_max_inactivity ? longest : undefined;
}

/** @param own what the station has been granted */
export function maxIdlePeriodElement(settings: IdleSettings, own: number | undefined): Element[] {
  const { bss_max_idle, ap_max_inactivity } = settings;
  if (bss_max_idle === "no" || ap_max_inactivity === 0) return [];
  const general = Math.max(1, Math.min(65535, Math.floor(ap_max_inactivity / 1.024)));
  const data = encodeBssMaxIdlePeriod({
    period: own ?? general,
    protectedKeepAlive: bss_max_idle === "protected-frames",
  });
  return [{ id: elementId.bssMaxIdlePeriod, data }];
}

/** One of 0 or cut short asks for nothing. */
function periodIn(element: Uint8Array): number | undefined {
  try {
    return decodeBssMaxIdlePeriod(new Reader(element, ["BSS Max Idle Period"])).period || undefined;
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}
