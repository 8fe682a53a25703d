/** Brings one station the group key: verifies its side of the group key handshake and does what the state machine asks for. */

import { NamedTimers } from "../base/clock.ts";
import type { Ptk } from "../crypto/ptk.ts";
import * as group from "./group-handshake.ts";
import { openKeyData, type ReceivedKey, verifyMic } from "./received-key.ts";
import type { StationScope } from "./station-scope.ts";

export class GroupKeyDelivery {
  readonly #timers: NamedTimers<"group handshake">;
  #state: group.State = { kind: "idle" };
  /** Message 3 on its way brings a group key that is about to be replaced. */
  #isStale = false;
  /** The change of the group key waits for this station. */
  #isAwaited = false;
  #isKnown = false;
  #gone = false;

  /** @param ptk the pairwise key in use */
  constructor(
    readonly scope: StationScope,
    readonly ptk: () => Ptk | undefined,
  ) {
    this.#timers = new NamedTimers(scope.context.clock);
  }

  get state(): group.State["kind"] {
    return this.#state.kind;
  }

  /** A message of ours has told it the group key. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Message 3 tells it. */
  told(): void {
    this.#isKnown = true;
  }

  /** A change of the group key waits for this station, and begins at once. */
  change(): void {
    this.#isAwaited = true;
    this.#begin();
  }

  /**
   * A change while message 4 is outstanding: the handshake begins after it.
   * @returns whether the change waits for this station
   */
  changeAfterMessage4(): boolean {
    // WPA brings the group key afterwards anyway.
    this.#isStale = this.scope.agreed.protocol === "rsn";
    this.#isAwaited = this.#isStale;
    return this.#isAwaited;
  }

  /** The pairwise key is in place. */
  onEstablished(): void {
    const isDue = this.scope.agreed.protocol === "wpa" || this.#isStale;
    this.#isStale = false;
    if (isDue) this.#begin();
  }

  /** A new pairwise handshake will bring it. */
  cancel(): void {
    this.#step({ type: "cancel" });
  }

  /** The station belongs to another group from now on: who waits for its answer waits no more. */
  leaveGroup(change: () => void): void {
    this.cancel();
    this.#isStale = false;
    this.#noLongerAwaited();
    change();
    this.#isKnown = false;
  }

  /** The key of the group that it has come to, which nobody waits for. */
  bring(): void {
    this.#begin();
  }

  /** The same where message 4 is outstanding. */
  bringAfterMessage4(): void {
    this.#isStale = this.scope.agreed.protocol === "rsn";
  }

  onMessage2(received: ReceivedKey): void {
    const { notes, channel } = this.scope;
    const { key } = received;
    const ptk = this.ptk();
    if (!group.expectsMessage2(this.#state, key.replayCounter) || !ptk) {
      return notes.drop("replay", "received EAPOL-Key 2/2 Group with unexpected replay counter");
    }
    notes.debug("received EAPOL-Key frame (2/2 Group)");
    if (!verifyMic(received, ptk)) return notes.drop("mic", "received EAPOL-Key with invalid MIC");
    if (!channel.verifyKeyData("eapol-key-g2", openKeyData(received, ptk) ?? [])) return;
    this.#step({ type: "message2", replay: key.replayCounter });
  }

  /** Once only: nobody waits for it any longer. */
  stop(): void {
    this.#gone = true;
    this.#timers.disarmAll();
    this.#state = { kind: "idle" };
    this.#isStale = false;
    this.#noLongerAwaited();
  }

  #begin(): void {
    this.#step({ type: "rekey", replay: this.scope.frames.nextReplay() });
  }

  #step(input: group.Input): void {
    if (this.#gone) return;
    const { agreed, context } = this.scope;
    const { policy } = context;
    const step = group.step(
      {
        attempts: policy.groupAttempts,
        once: policy.noRetries,
        keepsSilent: policy.keepsWithoutGroupKey && agreed.protocol === "rsn",
        transmitStatus: policy.transmitStatus,
      },
      this.#state,
      input,
    );
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: group.Effect): void {
    const { agreed, context, frames, notes, station } = this.scope;
    switch (effect.type) {
      case "sendMessage1": {
        const ptk = this.ptk();
        if (!ptk) return;
        notes.debug("sending 1/2 msg of Group Key Handshake");
        this.#isKnown = true;
        return frames.sendGroupMessage1({
          ptk,
          replay: effect.replay,
          attempt: effect.attempt,
          counters: "present",
          encrypt: true,
        });
      }
      case "arm":
        return this.#timers.arm(effect.timer, effect.after, () => {
          notes.debug("EAPOL-Key timeout");
          this.#step({ type: "timeout", nextReplay: frames.nextReplay() });
        });
      case "disarm":
        return this.#timers.disarm(effect.timer);
      case "finished":
        if (effect.confirmed) {
          notes.info(`group key handshake completed (${agreed.protocol === "rsn" ? "RSN" : "WPA"})`);
        }
        return this.#noLongerAwaited();
      case "kept":
        return notes.debug("group key handshake failed after retries - allow STA to remain connected");
      case "deauthenticate":
        notes.info("group key handshake failed after retries");
        return context.port.deauthenticate(station, effect.reason);
    }
  }

  #noLongerAwaited(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.scope.context.groupHandshakeFinished();
  }
}
