import { type Ipv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import type { AddressRange } from "../../config/dhcpd/configuration.ts";

/** The addresses of a pool, and which of them is the next to be given away. */
export class AddressSpace {
  /** Where those begin that were never out of the space. */
  #range = 0;
  #at: number;
  /** Those that were, and are free, longest first. */
  readonly #returned = new Set<Ipv4Address>();
  /** Offers bind nobody: under need, the oldest is forgotten. */
  readonly #offered = new Set<Ipv4Address>();

  constructor(readonly ranges: readonly AddressRange[]) {
    this.#at = ranges[0]?.first ?? 0;
  }

  get size(): number {
    return this.ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  has(address: Ipv4Address): boolean {
    return this.ranges.some(({ first, last }) => address >= first && address <= last);
  }

  /** @param isTaken of addresses that somebody has, or that nobody may get */
  next(isTaken: (address: Ipv4Address) => boolean): Ipv4Address | undefined {
    const fresh = this.#fresh(isTaken);
    if (fresh !== undefined) return fresh;
    for (const address of this.#returned) if (!isTaken(address)) return address;
    const [oldest] = this.#offered;
    return oldest;
  }

  offer(address: Ipv4Address): void {
    this.take(address);
    this.#offered.add(address);
  }

  take(address: Ipv4Address): void {
    this.#returned.delete(address);
    this.#offered.delete(address);
  }

  giveBack(address: Ipv4Address): void {
    this.take(address);
    this.#returned.add(address);
  }

  /** Goes over each address once in the life of the space. */
  #fresh(isTaken: (address: Ipv4Address) => boolean): Ipv4Address | undefined {
    for (;;) {
      const range = this.ranges[this.#range];
      if (range === undefined) return undefined;
      for (; this.#at <= range.last; this.#at++) {
        const address = ipv4AddressOf(this.#at);
        if (!isTaken(address) && !this.#offered.has(address) && !this.#returned.has(address)) return address;
      }
      this.#range += 1;
      this.#at = this.ranges[this.#range]?.first ?? 0;
    }
  }
}
