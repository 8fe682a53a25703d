/** The BSSs of this program that are on the air, of all its radios. */

import type { Bss } from "./bss.ts";

export class Neighbourhood {
  readonly #bsses = new Map<string, Bss>();

  enter(bss: Bss): void {
    this.#bsses.set(bss.name, bss);
  }

  leave(bss: Bss): void {
    if (this.#bsses.get(bss.name) === bss) this.#bsses.delete(bss.name);
  }

  all(): Iterable<Bss> {
    return this.#bsses.values();
  }

  /** By its interface. */
  find(interfaceName: string): Bss | undefined {
    return this.#bsses.get(interfaceName);
  }
}
