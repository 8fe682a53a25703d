/** Who has to leave when it changes who may be here. */

import type { PskEntries } from "../config/psk-entries.ts";
import { wipe } from "../crypto/secret.ts";
import { bringsPmk } from "../rsn/negotiated.ts";
import type { PmkCandidate } from "../rsn/port.ts";
import type { StationAuthenticator } from "../rsn/station-authenticator.ts";
import type { Bss } from "./bss.ts";
import type { Dismissal } from "./events.ts";
import type { Station } from "./station.ts";

/** Those whom the deny list names, in the VLAN that it names. */
export function sendAwayDenied(bss: Bss): void {
  const denied = bss.settings.deny_mac_file?.entries;
  for (const station of [...bss.stations.values()]) {
    const vlanId = denied?.get(station.address);
    if (vlanId !== undefined && (vlanId === 0 || vlanId === vlanOf(station))) disconnect(bss, station, "denied");
  }
}

/** Where only those may join whom the accept list names: all others, and those in another VLAN than it says. */
export function sendAwayUnaccepted(bss: Bss): void {
  if (bss.settings.macaddr_acl !== "deny-unless-accepted") return;
  const accepted = bss.settings.accept_mac_file?.entries;
  for (const station of [...bss.stations.values()]) {
    const vlanId = accepted?.get(station.address);
    if (vlanId === undefined || (vlanId !== 0 && vlanId !== vlanOf(station))) disconnect(bss, station, "not-accepted");
  }
}

const vlanOf = (station: Station): number => station.vlan?.description?.untagged ?? 0;

function disconnect(bss: Bss, { address }: Station, because: Dismissal): void {
  bss.report({ type: "station-dismissed", station: address, because });
  bss.deauthenticate(address, "unspecified", "deauthentication");
}

/** Other entries of wpa_psk_file. Stations whose key is none any more have to leave; the others notice nothing. */
export function changePsks(bss: Bss, entries: PskEntries): void {
  bss.replacePsks(entries);
  for (const station of [...bss.stations.values()]) {
    const { authenticator } = station;
    const pmk = authenticator?.pmk;
    if (!authenticator || !pmk || bringsPmk(authenticator.agreed.akm)) continue;
    bss.psks.revise(station.address, pmk, (valid) => {
      // A search may have taken its time.
      if (station.authenticator !== authenticator || authenticator.pmk !== pmk) return wipe(valid?.pmk);
      if (valid) return keep(station, authenticator, valid);
      bss.log.info(`STA ${station.address} PSK/passphrase no longer valid - disconnect`);
      bss.report({ type: "station-dismissed", station: station.address, because: "key-changed" });
      bss.deauthenticate(station.address, "invalid-authentication", "deauthentication");
    });
  }
}

/** Other passwords for SAE: as with {@link changePsks}, by the password that a station has. */
export function changeSaePasswords(bss: Bss): void {
  for (const address of bss.sae.reviseAccepted()) {
    const pmksa = bss.authenticator?.options.pmksa;
    for (const akm of ["SAE", "SAE-EXT-KEY"] as const) pmksa?.remove(address, akm);
    const akm = bss.stations.get(address)?.association?.security?.agreed.akm;
    if (akm !== "SAE" && akm !== "SAE-EXT-KEY") continue;
    bss.log.info(`STA ${address} password no longer valid - disconnect`);
    bss.report({ type: "station-dismissed", station: address, because: "key-changed" });
    bss.deauthenticate(address, "invalid-authentication", "deauthentication");
  }
}

/** Its entry may have another name now; a VLAN is for the time until it leaves. */
function keep(station: Station, authenticator: StationAuthenticator, valid: PmkCandidate): void {
  const before = station.key;
  authenticator.keepPmk(valid);
  if (!before) return;
  const { pmk, keyId } = valid;
  const { vlanId } = before;
  station.key = { pmk, ...(keyId === undefined ? {} : { keyId }), ...(vlanId === undefined ? {} : { vlanId }) };
}
