/** The BSSs of this program that are on the air, of all its radios. */

import type { Bss } from "./bss.ts";

export class Neighbourhood {
  readonly #bsses = new Map<string, Bss>();
  /** What is told of each, in any words. */
  readonly #told = new Map<string, string>();

  enter(bss: Bss): void {
    this.#bsses.set(bss.name, bss);
  }

  leave(bss: Bss): void {
    if (this.#bsses.get(bss.name) === bss) this.#bsses.delete(bss.name);
  }

  /** @param told of the BSS from now on; empty for nothing @returns whether that is news */
  notes(bss: Bss, told: string): boolean {
    const before = this.#told.get(bss.name) ?? "";
    if (told === "") this.#told.delete(bss.name);
    else this.#told.set(bss.name, told);
    return told !== before;
  }

  all(): Iterable<Bss> {
    return this.#bsses.values();
  }

  /** By its interface. */
  find(interfaceName: string): Bss | undefined {
    return this.#bsses.get(interfaceName);
  }
}
