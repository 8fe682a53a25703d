/** What a supplicant may ask for by an EAPOL-Key frame with the Request bit. IEEE Std 802.11-2020, 12.7.2, 12.7.6.1. */

import type { Ptk } from "../crypto/ptk.ts";
import { type ReceivedKey, verifyMic } from "./received-key.ts";
import type { StationScope } from "./station-scope.ts";

export type KeyRequest = "new-ptk" | "new-gtk" | "michael-mic-failure" | "none";

export class KeyRequests {
  /** The supplicant counts its requests by itself. */
  #replay: bigint | undefined;

  constructor(readonly scope: StationScope) {}

  /** A new key is in use: the supplicant's count begins anew. */
  restart(): void {
    this.#replay = undefined;
  }

  /** @param ptk the key in use, undefined while there is none or another is being agreed on */
  verify(received: ReceivedKey, ptk: Ptk | undefined): KeyRequest {
    const { notes } = this.scope;
    const { key } = received;
    if (!ptk) return this.#drop("unexpected", "received EAPOL-Key Request in invalid state");
    if (this.#replay !== undefined && key.replayCounter <= this.#replay) {
      return this.#drop("replay", "received EAPOL-Key request with replayed counter");
    }
    if (!key.secure) return this.#drop("unexpected", "received EAPOL-Key request without Secure=1");
    if (!verifyMic(received, ptk)) return this.#drop("mic", "received EAPOL-Key request with invalid MIC");
    this.#replay = key.replayCounter;
    if (key.error) return this.#onErrorReport(key.keyType);
    if (key.keyType === "pairwise") {
      notes.info("received EAPOL-Key Request for new 4-Way Handshake");
      return "new-ptk";
    }
    notes.info("received EAPOL-Key Request for GTK rekeying");
    return "new-gtk";
  }

  #onErrorReport(keyType: "pairwise" | "group"): KeyRequest {
    const { agreed, notes } = this.scope;
    const group = keyType === "group" ? 1 : 0;
    notes.info(`received EAPOL-Key Error Request (STA detected Michael MIC failure (group=${group}))`);
    if (agreed[keyType] === "TKIP") return "michael-mic-failure";
    notes.info(`ignore Michael MIC failure report since ${keyType} cipher is not TKIP`);
    return "new-ptk";
  }

  #drop(...[drop, text]: Parameters<StationScope["notes"]["drop"]>): "none" {
    this.scope.notes.drop(drop, text);
    return "none";
  }
}
