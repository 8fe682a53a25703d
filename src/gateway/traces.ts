/**
 * What was changed of the machine for a network, noted before it is changed: so that it can be put back at the end, and after a crash by
 * whoever comes next.
 */

import { messageOf } from "../base/errors.ts";
import type { UserChain } from "./firewall/user-chains.ts";
import type { Hold } from "./managers/hold.ts";

export type Trace =
  | {
      readonly kind: "address";
      readonly interfaceName: string;
      /** Of IPv4 or IPv6. */
      readonly address: string;
      readonly prefixLength: number;
    }
  /** A file below /proc/sys. */
  | { readonly kind: "setting"; readonly path: string; readonly before: string }
  /** Of nftables. */
  | { readonly kind: "table"; readonly name: string }
  /** Rules in a chain that another firewall leaves to its users. */
  | { readonly kind: "user-rules"; readonly place: UserChain; readonly interfaceName: string }
  /** firewalld has the interface in a zone where stations may speak. */
  | { readonly kind: "firewalld"; readonly zone: string; readonly before: string; readonly interfaceName: string }
  /** Who had the interface, and lets it go for the time. */
  | { readonly kind: "hold"; readonly hold: Hold }
  /** An interface that was made beside another of the same radio. */
  | { readonly kind: "made-interface"; readonly interfaceName: string }
  /** As the interface was found. */
  | { readonly kind: "interface"; readonly interfaceName: string; readonly isUp: boolean };

/** Where they are noted. */
export interface TraceStore {
  write(traces: readonly Trace[]): void;
  remove(): void;
}

export class Traces {
  readonly #noted: Trace[];

  /** @param undo puts one back; what it throws is told, and the others are put back all the same */
  constructor(
    readonly store: TraceStore,
    readonly undo: (trace: Trace) => void,
    noted: readonly Trace[] = [],
  ) {
    this.#noted = [...noted];
  }

  /** Notes it, and then changes it. */
  leave(trace: Trace, change: () => void): void {
    this.#noted.push(trace);
    this.store.write(this.#noted);
    change();
  }

  /** The last first. @returns what could not be put back, in words */
  remove(): readonly string[] {
    const failed: string[] = [];
    for (const trace of this.#noted.splice(0).reverse()) {
      try {
        this.undo(trace);
      } catch (thrown) {
        failed.push(`${trace.kind}: ${messageOf(thrown)}`);
      }
    }
    this.store.remove();
    return failed;
  }
}
