import type { EapGroups } from "../crypto/eap-arithmetic.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import { ModpGroups } from "../crypto/modp.ts";

let loaded: Promise<EapGroups> | undefined;

/** The thread's. Made when somebody first needs them. */
export function eapGroups(): Promise<EapGroups> {
  loaded ??= loadGroupArithmetic().then((arithmetic) => ({
    cyclic: new CyclicGroups(arithmetic),
    modp: new ModpGroups(arithmetic),
  }));
  return loaded;
}
