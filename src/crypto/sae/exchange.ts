/**
 * The arithmetic of one SAE exchange: what goes into a Commit, what comes out of both, and what Confirms prove.
 * IEEE Std 802.11-2020, 12.4.5.2 to 12.4.5.6.
 */

import { concat, Writer } from "../../base/bytes.ts";
import type { Entropy } from "../../base/entropy.ts";
import { hmac } from "../backend/node.ts";
import { type CyclicGroup, compare, elementNumber, numeral } from "../groups/cyclic-group.ts";
import { digestLengths, type KdfDigest, kdf } from "../prf.ts";
import { sameSecret, wipe } from "../secret.ts";

export interface SaeCommitValues {
  /** commit-scalar, as long as the group's scalars. */
  readonly scalar: Uint8Array;
  /** COMMIT-ELEMENT. */
  readonly element: Uint8Array;
}

/**
 * PWE, the password element, as the multiple of another one. It is never needed by itself, only multiplied: with its factor
 * first, that takes one multiplication of elements instead of two.
 */
export interface PasswordElement {
  readonly base: Uint8Array;
  /** undefined for 1. */
  readonly factor: Uint8Array | undefined;
}

/** @returns undefined for the neutral element */
export function multiplyPasswordElement(
  group: CyclicGroup,
  scalar: Uint8Array,
  { base, factor }: PasswordElement,
): Uint8Array | undefined {
  if (factor === undefined) return group.multiply(scalar, base);
  const product = group.scalars.multiply(scalar, factor);
  const element = group.multiply(product, base);
  wipe(product);
  return element;
}

export interface SaeSecrets {
  readonly rand: Uint8Array;
  readonly mask: Uint8Array;
}

/** Both above 1 and below the order, their sum too. IEEE Std 802.11-2020, 12.4.5.2. */
export function drawSaeSecrets(group: CyclicGroup, entropy: Entropy): SaeSecrets {
  const one = numeral(1, group.scalarLength);
  // Eight octets more than the order has leave no bias that anybody could find.
  const length = group.scalarLength + 8;
  for (;;) {
    const octets = entropy.bytes(2 * length);
    const rand = group.scalars.reduce(octets.subarray(0, length));
    const mask = group.scalars.reduce(octets.subarray(length));
    wipe(octets);
    if ([rand, mask, group.scalars.add(rand, mask)].every((number) => compare(number, one) > 0)) return { rand, mask };
  }
}

export function saeCommit(group: CyclicGroup, pwe: PasswordElement, secrets: SaeSecrets): SaeCommitValues {
  const scalar = group.scalars.add(secrets.rand, secrets.mask);
  const masked = multiplyPasswordElement(group, secrets.mask, pwe);
  if (masked === undefined) throw new Error("a password element has another order than its group");
  return { scalar, element: group.invert(masked) };
}

/** Whether a peer may send such values: 1 < scalar < r, and an element of the group. IEEE Std 802.11-2020, 12.4.5.4. */
export const isAcceptableCommit = (group: CyclicGroup, { scalar, element }: SaeCommitValues): boolean =>
  scalar.length === group.scalarLength &&
  compare(scalar, numeral(1, scalar.length)) > 0 &&
  compare(scalar, group.scalars.prime) < 0 &&
  group.contains(element);

/**
 * k of the standard: the shared secret as a number.
 * @param peer acceptable values
 * @returns undefined where the peer chose its values so that the secret is the neutral element
 */
export function saeSharedSecret(
  group: CyclicGroup,
  pwe: PasswordElement,
  { rand }: SaeSecrets,
  peer: SaeCommitValues,
): Uint8Array | undefined {
  // The standard adds first and multiplies then; this way around, the password element's factor goes along.
  const factor = group.scalars.multiply(rand, peer.scalar);
  const lifted = multiplyPasswordElement(group, factor, pwe);
  const raised = group.multiply(rand, peer.element);
  const shared = lifted && raised && group.combine(lifted, raised);
  const k = shared && Uint8Array.from(elementNumber(group, shared));
  wipe(factor, lifted, raised, shared);
  return k;
}

export interface SaeKeyOptions {
  /** How the password element was made; looping always goes with SHA-256. */
  readonly pwe: "looping" | "hash-to-element";
  /** With the AKMs whose keys are as long as the group's hash (00-0F-AC:24 and 25), else 32 octets. */
  readonly extendedKey: boolean;
  /** Lists of rejected groups, of the station with the greater address first; empty where there are none. */
  readonly rejectedGroups: Uint8Array;
  /** SAE-PK needs a key encryption key too. */
  readonly withKek: boolean;
}

export interface SaeKeys {
  readonly digest: KdfDigest;
  readonly kck: Uint8Array;
  readonly pmk: Uint8Array;
  /** 16 octets. */
  readonly pmkid: Uint8Array;
  readonly kek: Uint8Array | undefined;
}

export const wipeSaeKeys = ({ kck, pmk, kek }: SaeKeys): void => wipe(kck, pmk, kek);

/** IEEE Std 802.11-2020, 12.4.5.4; with SAE-PK, WPA3 Specification 3.1, 6.4. */
export function deriveSaeKeys(
  group: CyclicGroup,
  k: Uint8Array,
  ownScalar: Uint8Array,
  peerScalar: Uint8Array,
  options: SaeKeyOptions,
): SaeKeys {
  const digest = options.pwe === "looping" ? "sha256" : group.digest;
  const hashLength = digestLengths[digest];
  const pmkLength = options.extendedKey ? hashLength : 32;
  const salt = options.rejectedGroups.length > 0 ? options.rejectedGroups : new Uint8Array(hashLength);
  const keySeed = hmac(digest, salt, k);
  const context = group.scalars.add(ownScalar, peerScalar);
  const length = hashLength + pmkLength + (options.withKek ? hashLength : 0);
  const keys = kdf(digest, keySeed, options.withKek ? "SAE-PK keys" : "SAE KCK and PMK", context, length);
  const result: SaeKeys = {
    digest,
    kck: keys.slice(0, hashLength),
    pmk: keys.slice(hashLength, hashLength + pmkLength),
    pmkid: context.slice(0, 16),
    kek: options.withKek ? keys.slice(hashLength + pmkLength) : undefined,
  };
  wipe(keySeed, keys);
  return result;
}

/** CN of IEEE Std 802.11-2020, 12.4.5.5: what the sender of a Confirm proves to know. */
export const deriveSaeConfirm = (
  keys: Pick<SaeKeys, "digest" | "kck">,
  sendConfirm: number,
  sender: SaeCommitValues,
  receiver: SaeCommitValues,
): Uint8Array =>
  hmac(
    keys.digest,
    keys.kck,
    concat(new Writer().u16le(sendConfirm).finish(), sender.scalar, sender.element, receiver.scalar, receiver.element),
  );

/** IEEE Std 802.11-2020, 12.4.5.6. */
export const verifySaeConfirm = (
  keys: Pick<SaeKeys, "digest" | "kck">,
  sendConfirm: number,
  sender: SaeCommitValues,
  receiver: SaeCommitValues,
  confirm: Uint8Array,
): boolean => sameSecret(deriveSaeConfirm(keys, sendConfirm, sender, receiver), confirm);
