/** Which of the master keys that may be a station's its message 2 proves. */

import type { MacAddress } from "../base/mac-address.ts";
import { micTest } from "../crypto/pmk-test.ts";
import { type AkmHash, derivePtk, type Ptk, wipePtk } from "../crypto/ptk.ts";
import { wipe } from "../crypto/secret.ts";
import { withoutMic } from "../wire/eapol/eapol-key.ts";
import type { AuthenticatorPolicy } from "./context.ts";
import { bringsPmk, hashOf, type Negotiated, temporalKeyLength } from "./negotiated.ts";
import type { PmkCandidate, PmkSearch } from "./port.ts";
import { type ReceivedKey, verifyMic } from "./received-key.ts";
import type { StationScope } from "./station-scope.ts";

export interface PmkMatch {
  readonly pmk: PmkCandidate;
  readonly ptk: Ptk;
}

/**
 * Looks for the key that message 2 proves. What it finds is the caller's to wipe.
 * @param found is called once, possibly before this returns
 */
export function searchPmk(
  { agreed, context, known, station }: StationScope,
  received: ReceivedKey,
  anonce: Uint8Array,
  found: (match: PmkMatch | undefined) => void,
): PmkSearch {
  const { pdu, key, format } = received;
  const parties: Parties = { aa: context.aa, spa: station, anonce, snonce: key.nonce };
  const check = (pmk: PmkCandidate | undefined): void => {
    if (!pmk) return found(undefined);
    for (const derivedWith of derivations(agreed, context.policy)) {
      const ptk = ptkOf(agreed, pmk.pmk, { ...parties, derivedWith });
      if (verifyMic(received, ptk)) return found({ pmk, ptk });
      wipePtk(ptk);
    }
    wipe(pmk.pmk);
    found(undefined);
  };
  if (bringsPmk(agreed.akm)) {
    const { vlanId } = known ?? {};
    check(known && { pmk: known.pmk.slice(), ...(vlanId === undefined ? {} : { vlanId }) });
    return { cancel: () => undefined };
  }
  const { protection } = format;
  const fits = micTest({
    ...parties,
    hash: hashOf(agreed),
    tkLength: temporalKeyLength(agreed.pairwise),
    protection,
    pdu: withoutMic(pdu, key.mic.length),
    mic: key.mic,
  });
  return context.port.findPmk(station, fits, check, { akm: agreed.akm, anonce, message2: pdu });
}

export function wipeMatch(match: PmkMatch | undefined): void {
  wipePtk(match?.ptk);
  wipe(match?.pmk.pmk);
}

/** What may have derived the station's PTK, most likely first. */
function derivations(agreed: Negotiated, { owePtkSha256 }: AuthenticatorPolicy): readonly AkmHash[] {
  const right = hashOf(agreed);
  if (agreed.akm !== "OWE" || right === "sha256" || owePtkSha256 === "no") return [right];
  return owePtkSha256 === "only" ? ["sha256"] : [right, "sha256"];
}

interface Parties {
  readonly aa: MacAddress;
  readonly spa: MacAddress;
  readonly anonce: Uint8Array;
  readonly snonce: Uint8Array;
  readonly derivedWith?: AkmHash;
}

/** With the hash and the lengths that were agreed on. */
export const ptkOf = (agreed: Negotiated, pmk: Uint8Array, parties: Parties): Ptk =>
  derivePtk({ ...parties, hash: hashOf(agreed), pmk, tkLength: temporalKeyLength(agreed.pairwise) });
