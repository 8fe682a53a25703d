import type { MacAddress } from "../base/mac-address.ts";

/** Who may not join, whatever a configuration says; the same for all networks of the program. */
export interface Bans {
  /** O(1). */
  isBanned(station: MacAddress): boolean;
}
