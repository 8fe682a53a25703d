/** The tables of pre-shared keys that are in use: BSSs with the same keys and SSID share one. */

import { sameValue } from "../base/same-value.ts";
import type { PskDeriver } from "./psk-deriver.ts";
import { PskTable, type PskTableKeys } from "./psk-table.ts";

export class PskTables {
  readonly #users = new Map<PskTable, number>();

  constructor(readonly deriver: PskDeriver) {}

  /** What others have derived for the same SSID is taken over. Ends with {@link release}. */
  acquire(keys: PskTableKeys): PskTable {
    const known = [...this.#users.keys()].filter((table) => sameValue(table.keys.ssid, keys.ssid));
    const shared = known.find(({ keys: { own, entries } }) => sameValue(own, keys.own) && entries.equals(keys.entries));
    const table = shared ?? new PskTable(keys, this.deriver, known);
    this.#users.set(table, (this.#users.get(table) ?? 0) + 1);
    return table;
  }

  /** The last to release it wipes its keys. */
  release(table: PskTable): void {
    const others = (this.#users.get(table) ?? 1) - 1;
    if (others > 0) {
      this.#users.set(table, others);
      return;
    }
    this.#users.delete(table);
    table.wipe();
  }
}
