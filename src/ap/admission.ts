/** Who may join at all, before any frame is looked at closer. */

import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import { isPermitted, untagged, type VlanDescription } from "./vlan-plan.ts";

export type Admission =
  | { readonly admitted: true; readonly vlanId: number }
  | { readonly admitted: false; readonly because: "denied" | "not-accepted" | "no-server" | "no-vlan" };

/** For people. */
export const notAdmittedBecause = {
  denied: "its address is on the deny list",
  "not-accepted": "its address is not on the accept list",
  "no-vlan": "the VLAN that accept_mac_file has for it is none of this network's",
  "no-server": "macaddr_acl=2 asks a RADIUS server, which is not supported yet",
} as const;

/** Address lists as hostapd reads them: an accepted address is in even where the deny list has it too. */
export function admit(settings: BssSettings, station: MacAddress): Admission {
  const accepted = settings.accept_mac_file?.entries.get(station);
  if (accepted !== undefined) {
    if (accepted !== 0 && !isPermitted(settings, untagged(accepted))) return { admitted: false, because: "no-vlan" };
    return { admitted: true, vlanId: accepted };
  }
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

/** The VLANs that accept_mac_file has for an address. */
export function listedVlans({ accept_mac_file }: BssSettings, station: MacAddress): VlanDescription | undefined {
  const vlanId = accept_mac_file?.entries.get(station) ?? 0;
  return vlanId === 0 ? undefined : untagged(vlanId);
}
