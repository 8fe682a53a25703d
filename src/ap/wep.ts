/** WEP: its keys in the radio, and the authentication that goes with it. IEEE Std 802.11-2020, 12.3. */

import type { AuthenticationStep } from "../auth/algorithm.ts";
import * as sharedKey from "../auth/shared-key.ts";
import { ConfigurationError } from "../base/errors.ts";
import { wepOf } from "../config/settings.ts";
import type { VlanPort } from "../driver/port.ts";
import { type Authentication, authenticationAlgorithm } from "../wire/ieee80211/authentication.ts";
import { cipherSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";
import type { Station } from "./station.ts";

/** The radio encrypts and decrypts with them from now on. @param of a station that bridges; the BSS itself where undefined */
export function installWepKeys(bss: Bss, of?: VlanPort): void {
  const wep = wepOf(bss.settings);
  if (!wep) return;
  if (!of) bss.log.warning("WEP protects nothing: anybody can find out its keys within minutes");
  for (const [index, key] of wep.keys) {
    bss.attempt((port) => (of ?? port).installKey({ cipher: suiteOf(key), key, index }));
  }
  bss.attempt((port) => {
    (of ?? port).setDefaultKey(wep.defaultKey, "unicast");
    (of ?? port).setDefaultKey(wep.defaultKey, "multicast");
  });
}

/** Without its key in the radio, frames would go out in the clear. @throws ConfigurationError where the radio has no WEP */
export function checkWep({ settings, radio }: Bss): void {
  const { ciphers } = radio.capabilities;
  for (const [id, key] of wepOf(settings)?.keys ?? []) {
    if (ciphers.size === 0 || ciphers.has(suiteOf(key))) continue;
    throw new ConfigurationError(`the radio has no WEP with keys of ${key.length} octets: wep_key${id} can't be`);
  }
}

/** For the beacon's sake of drivers that build parts of it themselves. */
export function wepSuite(bss: Pick<Bss, "settings">): number | undefined {
  const wep = wepOf(bss.settings);
  const key = wep?.keys.get(wep.defaultKey);
  return key && suiteOf(key);
}

const suiteOf = (key: Uint8Array): number => (key.length > 5 ? cipherSuite.WEP104 : cipherSuite.WEP40);

/** Is Shared Key authentication asked for, and allowed? */
export const isSharedKey = ({ settings }: Bss, { algorithm }: Authentication): boolean =>
  algorithm === authenticationAlgorithm["shared-key"] &&
  settings.auth_algs.has("shared") &&
  wepOf(settings) !== undefined;

/** @param encrypted the frame came encrypted */
export function stepSharedKey(
  bss: Bss,
  station: Station,
  request: Authentication,
  encrypted: boolean,
): AuthenticationStep<sharedKey.State> {
  const { address } = station;
  const text = `authentication (shared key, transaction ${request.transaction})`;
  bss.log.station(address, "IEEE 802.11", "debug", text);
  const step = sharedKey.step(station.sharedKey, {
    request,
    encrypted,
    freshChallenge: () => bss.entropy.bytes(sharedKey.challengeLength),
  });
  station.sharedKey = step.state;
  if (step.outcome === "refused") {
    bss.log.station(address, "IEEE 802.11", "info", "shared key authentication - invalid challenge-response");
  }
  return step;
}
