/** The modifier of an SAE-PK password: found by trying, since a hash has to begin with so many zeros. WPA3 Specification 3.1, 6.2. */

import { concat } from "../../base/bytes.ts";
import { hash } from "../backend/node.ts";
import { digestOfCurve, modifierLength, type SaePkPair } from "./pk.ts";

/** Octets of zeros: the more, the longer it takes once, and the shorter a password is as strong. */
export type SaePkStrength = 3 | 5;

export const expectedTries = (strength: SaePkStrength): number => 256 ** strength;

/**
 * Tries so many modifiers from the one given on, which is left at the next one.
 * @param modifier 16 octets, changed
 * @returns the hash that begins with enough zeros; the modifier is then the one that makes it
 */
export function tryModifiers(
  ssid: Uint8Array,
  { curve, publicKey }: Pick<SaePkPair, "curve" | "publicKey">,
  modifier: Uint8Array,
  strength: SaePkStrength,
  tries: number,
): Uint8Array | undefined {
  const digest = digestOfCurve[curve];
  const data = concat(ssid, modifier, publicKey);
  const place = data.subarray(ssid.length, ssid.length + modifierLength);
  for (let i = 0; i < tries; i++) {
    const digestOctets = hash(digest, data);
    if (isZero(digestOctets, strength)) {
      modifier.set(place);
      return digestOctets;
    }
    increment(place);
  }
  modifier.set(place);
  return undefined;
}

const isZero = (octets: Uint8Array, count: number): boolean => {
  for (let i = 0; i < count; i++) if (octets[i] !== 0) return false;
  return true;
};

/** As a number, big-endian. */
function increment(octets: Uint8Array): void {
  for (let i = octets.length - 1; i >= 0; i--) {
    const next = ((octets[i] ?? 0) + 1) & 0xff;
    octets[i] = next;
    if (next !== 0) return;
  }
}
