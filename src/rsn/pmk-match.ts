/** Which of the master keys that may be a station's its message 2 proves. */

import type { MacAddress } from "../base/mac-address.ts";
import { derivePtk, type Ptk, wipePtk } from "../crypto/ptk.ts";
import { hashOf, type Negotiated, temporalKeyLength } from "./negotiated.ts";
import type { PmkCandidate } from "./port.ts";
import { type ReceivedKey, verifyMic } from "./received-key.ts";
import type { StationScope } from "./station-scope.ts";

export interface PmkMatch {
  readonly pmk: PmkCandidate;
  readonly ptk: Ptk;
}

/** Tries the keys that may be the station's; the one that worked before comes first. */
export function matchPmk(scope: StationScope, received: ReceivedKey, anonce: Uint8Array): PmkMatch | undefined {
  const { agreed, context, station } = scope;
  for (const pmk of candidates(scope)) {
    const ptk = ptkOf(agreed, pmk.pmk, { aa: context.aa, spa: station, anonce, snonce: received.key.nonce });
    if (verifyMic(received, ptk)) return { pmk, ptk };
    wipePtk(ptk);
  }
  return undefined;
}

interface Parties {
  readonly aa: MacAddress;
  readonly spa: MacAddress;
  readonly anonce: Uint8Array;
  readonly snonce: Uint8Array;
}

/** With the hash and the lengths that were agreed on. */
export const ptkOf = (agreed: Negotiated, pmk: Uint8Array, parties: Parties): Ptk =>
  derivePtk({ ...parties, hash: hashOf(agreed.akm), pmk, tkLength: temporalKeyLength(agreed.pairwise) });

function candidates({ agreed, context, station }: StationScope): readonly PmkCandidate[] {
  const all = context.port.candidates(station);
  const known = context.pmksa.find(station, agreed.akm);
  if (all.length < 2 || !known) return all;
  const first = all.findIndex((candidate) => candidate.pmk.every((octet, i) => octet === known.pmk[i]));
  return first <= 0 ? all : [...all.slice(first, first + 1), ...all.slice(0, first), ...all.slice(first + 1)];
}
