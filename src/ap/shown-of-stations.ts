/** What beacons say that depends on the stations, as it was shown last. */

import type { Radio } from "./radio.ts";

export class ShownOfStations {
  #shown = "";

  /** @returns whether the beacons are out of date; they count as renewed then */
  changes(radio: Radio): boolean {
    const shows = variable(radio);
    const changed = shows !== this.#shown;
    this.#shown = shows;
    return changed;
  }
}

function variable({ protection, plan, bsses }: Radio): string {
  const { erp, allowsShortSlot, allowsShortPreamble } = protection;
  const secondary = plan?.secondary ?? "none";
  const counts = bsses.map((bss) => (bss.settings.bss_load_update_period > 0 ? bss.associatedCount : 0));
  return JSON.stringify([erp, protection.htOf(secondary), secondary, allowsShortSlot, allowsShortPreamble, counts]);
}
