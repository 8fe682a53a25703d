import type { MacAddress } from "../base/mac-address.ts";
import type { SaePassword } from "../config/sae-passwords.ts";

/** Twice as many as a BSS has stations. */
const capacity = 4096;

/** The password that each station has proved, of those whose keys may be remembered. */
export class AcceptedPasswords {
  /** The longest ago first. */
  readonly #accepted = new Map<MacAddress, SaePassword>();

  note(station: MacAddress, password: SaePassword): void {
    this.#accepted.delete(station);
    this.#accepted.set(station, password);
    const oldest = this.#accepted.size > capacity ? this.#accepted.keys().next().value : undefined;
    if (oldest !== undefined) this.#accepted.delete(oldest);
  }

  /** @param isValid whether a password still is one @returns stations whose password is none any more; they are forgotten */
  revise(isValid: (password: SaePassword) => boolean): readonly MacAddress[] {
    const foreign = [...this.#accepted].filter(([, password]) => !isValid(password));
    for (const [station] of foreign) this.#accepted.delete(station);
    return foreign.map(([station]) => station);
  }
}
