/**
 * VENDOR-TEST: what wpa_supplicant's and hostapd's own tests use to see whether methods of vendors work. Each end says what it is to say, and
 * the keys are known to everybody: whoever names it in a file of users lets anybody in. For tests only.
 */

import { eapTypes, expandedType } from "../../wire/eap/types.ts";
import type { EapMethod } from "../method.ts";

type State = "asked" | "asked-again";

const msk = (): Uint8Array => new Uint8Array(64).fill(0x11, 0, 32).fill(0x22, 32);

export const vendorTestMethod: EapMethod<State> = {
  name: "VENDOR-TEST",
  type: expandedType,
  vendor: { id: eapTypes["VENDOR-TEST"].vendor, type: eapTypes["VENDOR-TEST"].type },

  begin: () => ({ kind: "request", data: Uint8Array.of(1), state: "asked" }),

  respond(_, state, data) {
    const answer = data.u8();
    if (state === "asked" && answer === 2) return { kind: "request", data: Uint8Array.of(3), state: "asked-again" };
    if (state === "asked-again" && answer === 4) {
      return { kind: "success", keys: { msk: msk(), emsk: undefined, sessionId: undefined } };
    }
    return { kind: "failure", reason: `it said ${answer}` };
  },

  forget() {
    // There is no secret in it.
  },
};
