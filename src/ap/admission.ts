/** Who may join at all, before any frame is looked at closer. */

import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";

export type Admission =
  | { readonly admitted: true; readonly vlanId: number }
  | { readonly admitted: false; readonly because: "denied" | "not-accepted" | "no-server" };

/** For people. */
export const notAdmittedBecause = {
  denied: "its address is on the deny list",
  "not-accepted": "its address is not on the accept list",
  "no-server": "macaddr_acl=2 asks a RADIUS server, which is not supported yet",
} as const;

/** Address lists as hostapd reads them: an accepted address is in even where the deny list has it too. */
export function admit(settings: BssSettings, station: MacAddress): Admission {
  const accepted = settings.accept_mac_file?.entries.get(station);
  if (accepted !== undefined) return { admitted: true, vlanId: accepted };
  if (settings.deny_mac_file?.entries.has(station)) return { admitted: false, because: "denied" };
  switch (settings.macaddr_acl) {
    case "accept-unless-denied":
      return { admitted: true, vlanId: 0 };
    case "deny-unless-accepted":
      return { admitted: false, because: "not-accepted" };
    case "radius":
      return { admitted: false, because: "no-server" };
  }
}
