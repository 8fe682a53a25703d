/** An authentication centre in the process: subscribers whose SIMs compute by Milenage. */

import { concat, Writer } from "../../../base/bytes.ts";
import type { Entropy } from "../../../base/entropy.ts";
import { milenageGsm, milenageMacs, milenageResults, milenageResynchronization } from "../../../crypto/milenage.ts";
import { joinSecrets, wipe } from "../../../crypto/secret.ts";
import type { AuthenticationCentre } from "./authentication-centre.ts";

export interface MilenageSubscription {
  /** 16 octets each. */
  readonly k: Uint8Array;
  readonly opc: Uint8Array;
  /** 2 octets. */
  readonly amf: Uint8Array;
  /** The last sequence number that was used, 48 bits. */
  readonly sqn: bigint;
  /** Octets of RES: 4 to 8. */
  readonly resLength: number;
}

/** The lowest bits of a sequence number are an index into what the USIM remembers. 3GPP TS 33.102, annex C.1.1.1. */
const indexBits = 5n;
const mostSqn = 2n ** 48n;

/** @param subscribers by IMSI; how far their sequence numbers have come is remembered as long as the process lives */
export function milenageCentre(
  subscribers: ReadonlyMap<string, MilenageSubscription>,
  entropy: Entropy,
): AuthenticationCentre {
  const sequenceNumbers = new Map<string, bigint>();
  return {
    async gsmTriplets(imsi, count) {
      const subscriber = subscribers.get(imsi);
      if (subscriber === undefined) return [];
      return Array.from({ length: count }, () => {
        const rand = Uint8Array.from(entropy.bytes(16));
        return { rand, ...milenageGsm(subscriber, rand) };
      });
    },

    async akaVector(imsi) {
      const subscriber = subscribers.get(imsi);
      if (subscriber === undefined) return undefined;
      const number = following(sequenceNumbers.get(imsi) ?? subscriber.sqn);
      sequenceNumbers.set(imsi, number);
      const rand = Uint8Array.from(entropy.bytes(16));
      const sqn = new Writer().u64be(number).finish().subarray(2);
      const { macA } = milenageMacs(subscriber, rand, sqn, subscriber.amf);
      const { res, ck, ik, ak, akStar } = milenageResults(subscriber, rand);
      const hidden = sqn.map((octet, i) => octet ^ (ak[i] ?? 0));
      wipe(ak, akStar);
      const autn = concat(hidden, subscriber.amf, macA);
      return { rand, autn, ck, ik, res: joinSecrets([res], subscriber.resLength) };
    },

    resynchronize(imsi, auts, rand) {
      const subscriber = subscribers.get(imsi);
      const sqn = subscriber && milenageResynchronization(subscriber, rand, auts);
      if (sqn === undefined) return;
      sequenceNumbers.set(
        imsi,
        sqn.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n),
      );
    },

    close() {
      // The keys are the configuration's; conversations under way go on with them.
    },
  };
}

/** Both parts go up by one. 3GPP TS 33.102, annex C.3.2. */
function following(sqn: bigint): bigint {
  const mask = 2n ** indexBits - 1n;
  return ((((sqn >> indexBits) + 1n) << indexBits) | ((sqn + 1n) & mask)) % mostSqn;
}
