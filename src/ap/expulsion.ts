/** Who has to leave when it changes who may be here. */

import { sameSecret, wipe } from "../crypto/secret.ts";
import type { Bss } from "./bss.ts";
import type { PskEntry } from "./psk-store.ts";
import type { Station } from "./station.ts";

/** Those whom the deny list names, in the VLAN that it names. */
export function sendAwayDenied(bss: Bss): void {
  const denied = bss.settings.deny_mac_file?.entries;
  for (const station of [...bss.stations.values()]) {
    const vlanId = denied?.get(station.address);
    if (vlanId !== undefined && (vlanId === 0 || vlanId === vlanOf(station))) disconnect(bss, station);
  }
}

/** Where only those may join whom the accept list names: all others, and those in another VLAN than it says. */
export function sendAwayUnaccepted(bss: Bss): void {
  if (bss.settings.macaddr_acl !== "deny-unless-accepted") return;
  const accepted = bss.settings.accept_mac_file?.entries;
  for (const station of [...bss.stations.values()]) {
    const vlanId = accepted?.get(station.address);
    if (vlanId === undefined || (vlanId !== 0 && vlanId !== vlanOf(station))) disconnect(bss, station);
  }
}

const vlanOf = (station: Station): number => station.key?.vlanId ?? 0;
const disconnect = (bss: Bss, { address }: Station): void =>
  bss.deauthenticate(address, "unspecified", "deauthentication");

/** Other entries of wpa_psk_file. Stations whose key is none any more have to leave. */
export async function changePsks(bss: Bss, entries: readonly PskEntry[]): Promise<void> {
  // The old keys are wiped with their store.
  const inUse = [...bss.stations.values()].flatMap((station) => {
    const pmk = station.authenticator?.pmk?.slice();
    return pmk && station.authenticator ? [{ station, authenticator: station.authenticator, pmk }] : [];
  });
  await bss.replacePsks(entries);
  for (const { station, authenticator, pmk } of inUse) {
    const same = bss.psks.candidates(station.address).find((candidate) => sameSecret(candidate.pmk, pmk));
    wipe(pmk);
    if (bss.stations.get(station.address) !== station || station.authenticator !== authenticator) continue;
    if (same) {
      authenticator.keepPmk(same);
      continue;
    }
    bss.log.info(`STA ${station.address} PSK/passphrase no longer valid - disconnect`);
    bss.deauthenticate(station.address, "invalid-authentication", "deauthentication");
  }
}
