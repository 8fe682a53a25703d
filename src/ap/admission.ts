/** Who may join at all, before any frame is looked at closer. */

import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import type { Bss } from "./bss.ts";
import type { AddressVerdict } from "./radius/address-access.ts";
import { isPermitted, untagged, type VlanDescription } from "./vlan-plan.ts";

/** `not-granted`: a RADIUS server refuses the address. */
export type NotAdmitted = "banned" | "denied" | "not-accepted" | "no-vlan" | "not-granted";

export type Admission =
  | { readonly admitted: true; readonly vlanId: number }
  | {
      readonly admitted: false;
      readonly because: NotAdmitted;
      /** In the server's words, or about them. */
      readonly reason?: string;
    }
  /** A server has to be asked first. */
  | { readonly admitted: "unknown" };

/** For people. */
const reasons = {
  banned: "it was banned by a command; beacon unban lets it in again",
  denied: "its address is on the deny list",
  "not-accepted": "its address is not on the accept list",
  "no-vlan": "the VLAN that accept_mac_file has for it is none of this network's",
  "not-granted": "the RADIUS server refuses its address",
} as const;

export const notAdmittedBecause = ({ because, reason }: Admission & { readonly admitted: false }): string =>
  reason ?? reasons[because];

/**
 * Address lists as hostapd reads them: an accepted address is in even where the deny list has it too.
 * @param verdictOf what a RADIUS server has said of an address, where macaddr_acl asks for that
 */
export function admit(
  settings: BssSettings,
  station: MacAddress,
  verdictOf: (station: MacAddress) => AddressVerdict | undefined,
): Admission {
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
    case "radius": {
      const verdict = verdictOf(station);
      if (!verdict) return { admitted: "unknown" };
      return verdict.accepted
        ? { admitted: true, vlanId: 0 }
        : { admitted: false, because: "not-granted", reason: verdict.reason };
    }
  }
}

/** The same on a network, where a ban comes before all lists. */
export const admitTo = (bss: Bss, station: MacAddress): Admission =>
  isBanned(bss, station) ?? admit(bss.settings, station, (address) => bss.radius.addresses.verdictOf(address));

/** As far as it can be told without asking anybody. */
export const admitHeard = (bss: Bss, station: MacAddress): Admission =>
  isBanned(bss, station) ?? admit(bss.settings, station, () => undefined);

const isBanned = ({ options }: Bss, station: MacAddress): Admission | undefined =>
  options.bans?.isBanned(station) === true ? { admitted: false, because: "banned" } : undefined;

/** The VLANs that accept_mac_file has for an address. */
export function listedVlans({ accept_mac_file }: BssSettings, station: MacAddress): VlanDescription | undefined {
  const vlanId = accept_mac_file?.entries.get(station) ?? 0;
  return vlanId === 0 ? undefined : untagged(vlanId);
}
