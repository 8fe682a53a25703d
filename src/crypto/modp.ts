/** Diffie-Hellman in the multiplicative groups of RFC 3526's primes, as EAP-EKE and EAP-IKEv2 have it. */

import type { Entropy } from "../base/entropy.ts";
import { type ModpName, modpPrime } from "./backend/node.ts";
import { compare, numeral } from "./groups/cyclic-group.ts";
import type { GroupArithmetic, PrimeField } from "./groups/port.ts";

/**
 * Octets of a private key: more than twice what the work of finding the logarithm in the largest of the groups is worth (RFC 3526,
 * section 8). A longer one would only take longer.
 */
const privateKeyLength = 64;

/** One that is used once. */
export interface ModpKeyPair {
  /** As long as the prime. */
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** Primes are made ready once for each arithmetic, and kept. */
export class ModpGroups {
  readonly #fields = new Map<ModpName, PrimeField>();

  constructor(readonly arithmetic: GroupArithmetic) {}

  draw(name: ModpName, generator: number, entropy: Entropy): ModpKeyPair {
    const field = this.#field(name);
    const privateKey = entropy.bytes(privateKeyLength);
    privateKey[0] = (privateKey[0] ?? 0) | 0x80;
    return { publicKey: field.power(numeral(generator, field.prime.length), privateKey), privateKey };
  }

  /** @returns as long as the prime; undefined where the peer's is not one that can be: 1 < key < p - 1 */
  agree(name: ModpName, privateKey: Uint8Array, peerKey: Uint8Array): Uint8Array | undefined {
    const field = this.#field(name);
    const { length } = field.prime;
    const one = numeral(1, length);
    const minusOne = field.subtract(numeral(0, length), one);
    const isKey = peerKey.length === length && compare(peerKey, one) > 0 && compare(peerKey, minusOne) < 0;
    return isKey ? field.power(peerKey, privateKey) : undefined;
  }

  #field(name: ModpName): PrimeField {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const field = this.arithmetic.primeField(modpPrime(name));
    this.#fields.set(name, field);
    return field;
  }
}
