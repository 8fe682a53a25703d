/** Finds which of many short strings of octets is the one: a hash table in two typed arrays, without an object for each. */
export class OctetIndex {
  readonly #places: Uint32Array;
  readonly #mask: number;

  /** @param capacity most that are added @param octetsOf the one that was added under this number */
  constructor(
    capacity: number,
    readonly octetsOf: (number: number) => Uint8Array,
  ) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, 2 * capacity)));
    this.#places = new Uint32Array(size);
    this.#mask = size - 1;
  }

  /** @returns undefined where there is none */
  find(octets: Uint8Array): number | undefined {
    const there = this.#places[this.#placeOf(octets)] ?? 0;
    return there === 0 ? undefined : there - 1;
  }

  /** @returns the number that the same octets have already, or else this one */
  add(octets: Uint8Array, number: number): number {
    const place = this.#placeOf(octets);
    const there = this.#places[place] ?? 0;
    if (there !== 0) return there - 1;
    this.#places[place] = number + 1;
    return number;
  }

  /** Where they are, or would be. */
  #placeOf(octets: Uint8Array): number {
    for (let place = hashOf(octets) & this.#mask; ; place = (place + 1) & this.#mask) {
      const there = this.#places[place] ?? 0;
      if (there === 0 || same(this.octetsOf(there - 1), octets)) return place;
    }
  }
}

/** FNV-1a, its bits mixed once more: a table's place is the lowest of them. */
function hashOf(octets: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < octets.length; i++) hash = Math.imul(hash ^ (octets[i] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 8;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
