/**
 * What the weakest station of a radio obliges everybody to. Counted, so that a join or leave costs nothing.
 * IEEE Std 802.11-2020, 9.4.2.11 (ERP), 9.4.2.56 (HT Operation), 10.27.
 */

import type { BssProtection } from "../driver/port.ts";
import type { Erp } from "../wire/ieee80211/erp.ts";
import { encodeHtOperationMode, type HtOperation, type HtProtection } from "../wire/ieee80211/ht-operation.ts";
import type { Secondary } from "./channel-width.ts";

/** What counts of one associated station. */
export interface StationTraits {
  readonly erp: boolean;
  readonly shortSlot: boolean;
  readonly shortPreamble: boolean;
  readonly ht: boolean;
  readonly greenfield: boolean;
  readonly width40: boolean;
  /** It forbids 40 MHz to everybody. */
  readonly fortyIntolerant: boolean;
}

export class ProtectionCounts {
  #nonErp = 0;
  #longSlot = 0;
  #longPreamble = 0;
  #nonHt = 0;
  #nonGreenfield = 0;
  #width20 = 0;
  #fortyIntolerant = 0;
  /** Overlapping legacy BSSs: neighbours without ERP, and without HT, have been heard. */
  olbc = { erp: false, ht: false };

  add(traits: StationTraits): void {
    this.#count(traits, 1);
  }

  remove(traits: StationTraits): void {
    this.#count(traits, -1);
  }

  /** For STATUS. */
  get counts() {
    return {
      nonErp: this.#nonErp,
      longSlot: this.#longSlot,
      longPreamble: this.#longPreamble,
      nonHt: this.#nonHt,
      nonGreenfield: this.#nonGreenfield,
      width20: this.#width20,
      fortyIntolerant: this.#fortyIntolerant,
    } as const;
  }

  get erp(): Erp {
    return {
      nonErpPresent: this.#nonErp > 0,
      useProtection: this.#nonErp > 0 || this.olbc.erp,
      barkerPreamble: this.#longPreamble > 0,
    };
  }

  /** @param secondary of the primary 40 MHz that are in use */
  htOf(
    secondary: Secondary,
  ): Pick<HtOperation, "protection" | "nongreenfieldPresent" | "obssNonHtPresent" | "centerFrequencySegment2"> {
    return {
      protection: this.#htProtection(secondary),
      nongreenfieldPresent: this.#nonGreenfield > 0,
      obssNonHtPresent: this.#nonHt > 0 || this.olbc.ht,
      centerFrequencySegment2: 0,
    };
  }

  #htProtection(secondary: Secondary): HtProtection {
    if (this.#nonHt > 0) return "mixed";
    if (secondary !== "none" && this.#width20 > 0) return "20mhz";
    return this.olbc.ht ? "nonmember" : "none";
  }

  get allowsShortSlot(): boolean {
    return this.#longSlot === 0;
  }

  get allowsShortPreamble(): boolean {
    return this.#longPreamble === 0;
  }

  bssProtection(options: {
    /** Of the primary 40 MHz; undefined without HT. */
    readonly ht: Secondary | undefined;
    readonly shortPreamble: boolean;
    readonly erp: boolean;
  }): BssProtection {
    return {
      shortPreamble: options.shortPreamble && this.allowsShortPreamble,
      shortSlot: !options.erp || this.allowsShortSlot,
      ctsProtection: options.erp && this.erp.useProtection,
      htOperationMode: options.ht === undefined ? undefined : encodeHtOperationMode(this.htOf(options.ht)),
    };
  }

  #count(traits: StationTraits, by: 1 | -1): void {
    if (!traits.erp) this.#nonErp += by;
    if (!traits.shortSlot) this.#longSlot += by;
    if (!traits.shortPreamble) this.#longPreamble += by;
    if (!traits.ht) {
      this.#nonHt += by;
      return;
    }
    if (!traits.greenfield) this.#nonGreenfield += by;
    if (!traits.width40) this.#width20 += by;
    if (traits.fortyIntolerant) this.#fortyIntolerant += by;
  }
}
