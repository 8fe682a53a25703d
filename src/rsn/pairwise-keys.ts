/** One station's pairwise keys: verifies its side of the 4-way handshake and does what the state machine asks for. */

import { NamedTimers } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import { derivePmkid, type Ptk, wipePtk } from "../crypto/ptk.ts";
import { wipe } from "../crypto/secret.ts";
import type { KeyDataItem } from "../wire/eapol/kde.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import * as fourWay from "./four-way-handshake.ts";
import type { SendMessage3 } from "./handshake-frames.ts";
import { Message2Searches } from "./message2-searches.ts";
import { hashOf, usesEap } from "./negotiated.ts";
import { isOverrideElement, knowsOverriding, rsnSelectionOf } from "./override.ts";
import { type PmkMatch, wipeMatch } from "./pmk-match.ts";
import type { PairwiseKey, PmkCandidate } from "./port.ts";
import { openKeyData, type ReceivedKey, rsnxeOf, sameElement, securityElementOf, verifyMic } from "./received-key.ts";
import type { StationScope } from "./station-scope.ts";

/** What the rest of the station's authenticator hears of its pairwise keys. */
export interface PairwiseListener {
  /** A message with the group key goes out. */
  groupKeyTold(): void;
  /** A new key is in place and the port open. */
  established(): void;
  /** The time that a key may live (wpa_ptk_rekey) is over. */
  expired(): void;
}

/**
 * Message 2 repeats what the association request said, under a MIC: another element means that somebody stands between.
 * IEEE Std 802.11-2020, 12.7.6.3.
 */
function mismatchOf(
  { agreed, element, context }: StationScope,
  items: readonly KeyDataItem[],
  snonce: Uint8Array,
): string | undefined {
  const repeated = securityElementOf(items);
  if (!repeated || !sameElement(repeated, element)) return "WPA IE from (Re)AssocReq did not match with msg 2/4";
  if (agreed.protocol === "wpa") return undefined;
  if (!sameWhereAny(rsnxeOf(items), agreed.rsnxe)) {
    return "RSNXE from (Re)AssocReq did not match the one in EAPOL-Key msg 2/4";
  }
  if (!context.elements.some(isOverrideElement)) return undefined;
  const selection = rsnSelectionOf(items.flatMap((item) => (item.kind === "element" ? [item.element] : [])));
  const isTold = knowsOverriding(snonce) === (selection !== undefined) && sameWhereAny(selection, agreed.rsnSelection);
  return isTold ? undefined : "RSN Selection element from (Re)AssocReq did not match the one in EAPOL-Key msg 2/4";
}

const sameWhereAny = (a: Element | undefined, b: Element | undefined): boolean =>
  a && b ? sameElement(a, b) : a === b;

export class PairwiseKeys {
  readonly #timers: NamedTimers<"4-way handshake" | "PTK rekey">;
  #state: fourWay.State = { kind: "idle" };
  /** Of the key in use. */
  #ptk: Ptk | undefined;
  #keyId: number;
  #installed = false;
  /** With two key IDs, the one that the radio has beside the key in use. */
  #receiving: Ptk | undefined;
  #pmk: PmkCandidate | undefined;
  #secureInMessage2 = false;
  /** Of the last handshake. */
  #anonce: Uint8Array | undefined;
  /** The counter of the last message 1 whose answer fitted no key, told once for each. */
  #mismatchTold = 0n;
  /** Of our last message; undefined before the radio has told. */
  #isAcknowledged: boolean | undefined;
  readonly #searches: Message2Searches;
  #gone = false;

  constructor(
    readonly scope: StationScope,
    readonly listener: PairwiseListener,
  ) {
    this.#timers = new NamedTimers(scope.context.clock);
    this.#searches = new Message2Searches(scope);
    this.#keyId = scope.agreed.extendedKeyId ? scope.context.policy.firstKeyId : 0;
  }

  get state(): fourWay.State["kind"] {
    return this.#state.kind;
  }

  get ptk(): Ptk | undefined {
    return this.#ptk;
  }

  get pmk(): PmkCandidate | undefined {
    return this.#pmk;
  }

  get anonce(): Uint8Array | undefined {
    return this.#anonce;
  }

  /** The key in the radio; undefined before the first. */
  get installed(): PairwiseKey | undefined {
    if (!this.#installed || !this.#ptk) return undefined;
    return { cipher: this.scope.agreed.pairwise, key: this.#ptk.tk, index: this.#keyId };
  }

  /** The key that a frame of this moment may be encrypted with. Message 2 brings its own, found out later. */
  ptkForDecryption(): Ptk | undefined {
    switch (this.#state.kind) {
      case "established":
        return this.#ptk;
      case "awaiting-message4":
        return this.#state.candidate.ptk;
      case "idle":
      case "awaiting-message2":
        return undefined;
    }
  }

  /** The PMK from now on, ours to wipe; another entry may name the same. */
  keepPmk(pmk: PmkCandidate): void {
    if (pmk.pmk !== this.#pmk?.pmk) wipe(this.#pmk?.pmk);
    this.#pmk = pmk;
  }

  start(): void {
    const { context, frames } = this.scope;
    this.#searches.cancel();
    this.#step({ type: "start", anonce: context.entropy.bytes(32), replay: frames.nextReplay() });
  }

  cancel(): void {
    this.#searches.cancel();
    this.#step({ type: "left" });
  }

  /** A new PTK under the old one. */
  rekey(): void {
    if (this.scope.agreed.extendedKeyId) this.#keyId ^= 1;
    this.start();
  }

  onTransmitted(acknowledged: boolean): void {
    this.#isAcknowledged = acknowledged;
    this.#step({ type: "transmitted", acknowledged });
  }

  onMessage2(received: ReceivedKey): void {
    const { notes } = this.scope;
    const { key } = received;
    if (!fourWay.expectsMessage2(this.#state, key.replayCounter, key.nonce)) {
      return notes.drop("replay", "received EAPOL-Key msg 2/4 with unexpected replay counter");
    }
    notes.debug("received EAPOL-Key frame (2/4 Pairwise)");
    if (this.#state.kind !== "awaiting-message2" && this.#state.kind !== "awaiting-message4") return;
    if (this.#searches.has(key.nonce)) return notes.debug("its key is being looked for already");
    const { anonce } = this.#state;
    // The frame itself is gone by the time that a long search ends.
    const kept: ReceivedKey = { ...received, pdu: received.pdu.slice() };
    this.#searches.begin(kept, anonce, (match) => this.#onSearched(kept, anonce, match));
    if (this.#searches.has(key.nonce)) this.#step({ type: "examining" });
  }

  #onSearched(received: ReceivedKey, anonce: Uint8Array, match: PmkMatch | undefined): void {
    const { channel, context, notes, station, frames } = this.scope;
    const { key } = received;
    const isOver =
      this.#anonce !== anonce || !fourWay.expectsMessage2(this.#state, key.replayCounter, key.nonce) || this.#gone;
    if (isOver) return wipeMatch(match);
    if (!match) {
      notes.drop("mic", "invalid MIC in msg 2/4 of 4-Way Handshake");
      this.#reportMismatch(key.replayCounter);
      if (this.#searches.isEmpty) this.#step({ type: "examined" });
      return;
    }
    const items = openKeyData(received, match.ptk) ?? [];
    const mismatch = mismatchOf(this.scope, items, received.key.nonce);
    if (mismatch !== undefined) {
      wipeMatch(match);
      notes.info(mismatch);
      context.port.report({ type: "element-mismatch", station, explanation: mismatch });
      context.port.deauthenticate(station, "invalid-authentication");
      return;
    }
    if (!channel.verifyKeyData("eapol-key-m2", items)) {
      wipeMatch(match);
      if (this.#searches.isEmpty) this.#step({ type: "examined" });
      return;
    }
    if (!context.port.onKeyProved(station, match.pmk)) {
      wipeMatch(match);
      return context.port.deauthenticate(station, "invalid-authentication");
    }
    this.keepPmk(match.pmk);
    this.#secureInMessage2 = key.secure;
    this.#step({
      type: "message2",
      candidate: { snonce: key.nonce.slice(), ptk: match.ptk },
      replay: key.replayCounter,
      nextReplay: frames.nextReplay(),
    });
  }

  onMessage4(received: ReceivedKey): void {
    const { notes } = this.scope;
    const candidates = fourWay.candidatesForMessage4(this.#state, received.key.replayCounter);
    if (candidates.length === 0) {
      return notes.drop("replay", "received EAPOL-Key msg 4/4 with unexpected replay counter");
    }
    notes.debug("received EAPOL-Key frame (4/4 Pairwise)");
    const fitting = candidates.find((candidate) => verifyMic(received, candidate.ptk));
    if (!fitting) return notes.drop("mic", "received EAPOL-Key with invalid MIC");
    const usesEarlier = this.#state.kind === "awaiting-message4" && fitting !== this.#state.candidate;
    this.#step({ type: "message4", usesEarlier });
  }

  /** Message 3 under keys of the caller's choice. */
  sendMessage3(fields: Omit<SendMessage3, "keyId" | "secureInMessage2">): void {
    this.scope.frames.sendMessage3({ ...fields, keyId: this.#keyId, secureInMessage2: this.#secureInMessage2 });
  }

  /** Once only. The keys are wiped. */
  stop(): void {
    this.#gone = true;
    this.#timers.disarmAll();
    this.#searches.cancel();
    const left = fourWay.candidatesOf(this.#state);
    this.#state = { kind: "idle" };
    this.#wipeUnused(left);
    wipePtk(this.#ptk);
    wipe(this.#pmk?.pmk, this.scope.known?.pmk);
    this.#ptk = undefined;
    this.#pmk = undefined;
  }

  /** Once for each message 1, and never of a station that has proved its key: anybody can send a wrong answer. */
  #reportMismatch(replay: bigint): void {
    if (this.#state.kind !== "awaiting-message2" || this.#installed || replay <= this.#mismatchTold) return;
    this.#mismatchTold = replay;
    this.scope.context.port.report({ type: "psk-mismatch", station: this.scope.station });
  }

  #step(input: fourWay.Input): void {
    if (this.#gone) return;
    const { policy } = this.scope.context;
    const step = fourWay.step(
      { attempts: policy.pairwiseAttempts, message3Once: policy.noRetries, transmitStatus: policy.transmitStatus },
      this.#state,
      input,
    );
    const before = fourWay.candidatesOf(this.#state);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#wipeUnused(before);
  }

  #wipeUnused(candidates: readonly fourWay.Candidate[]): void {
    const inUse = fourWay.candidatesOf(this.#state);
    for (const candidate of candidates) {
      if (candidate.ptk !== this.#ptk && !inUse.includes(candidate)) wipePtk(candidate.ptk);
    }
  }

  #perform(effect: fourWay.Effect): void {
    const { context, frames, known, notes, station } = this.scope;
    switch (effect.type) {
      case "sendMessage1":
        notes.debug("sending 1/4 msg of 4-Way Handshake");
        this.#isAcknowledged = undefined;
        this.#anonce = effect.anonce;
        return frames.sendMessage1({
          ...effect,
          pmkid: known?.pmkid,
          secure: this.#installed,
          encrypt: this.#installed,
        });
      case "sendMessage3":
        return this.#onMessage3Due(effect);
      case "arm":
        return this.#timers.arm(effect.timer, effect.after, () => {
          notes.debug("EAPOL-Key timeout");
          this.#step({ type: "timeout", nextReplay: frames.nextReplay() });
        });
      case "disarm":
        return this.#timers.disarm(effect.timer);
      case "installed":
        return this.#onInstalled(effect.candidate.ptk);
      case "giveUp":
        context.port.report({
          type: "handshake-stalled",
          station,
          awaited: effect.awaited,
          acknowledged: this.#isAcknowledged,
        });
        return context.port.deauthenticate(station, effect.reason);
    }
  }

  #onMessage3Due(effect: fourWay.Effect & { type: "sendMessage3" }): void {
    const { agreed, context, known, notes, station } = this.scope;
    notes.debug("sending 3/4 msg of 4-Way Handshake");
    this.#isAcknowledged = undefined;
    if (agreed.extendedKeyId && effect.attempt === 1) {
      // The station may send with the new key as soon as it has message 3; we do when we know that it has.
      if (!this.#installToReceive(effect.candidate.ptk)) {
        return context.port.deauthenticate(station, "invalid-authentication");
      }
    }
    if (agreed.protocol === "rsn") this.listener.groupKeyTold();
    const { candidate, anonce, replay, attempt } = effect;
    const encrypt = this.#installed;
    // Once for each exchange of SAE: a later handshake proves nothing new.
    const passwordIdentifier = encrypt ? undefined : known?.passwordIdentifier;
    const fields = { ptk: candidate.ptk, anonce, replay, attempt, encrypt, passwordIdentifier };
    this.sendMessage3({ ...fields, counters: "present" });
  }

  /** @returns whether the radio took it */
  #installToReceive(ptk: Ptk): boolean {
    const { agreed, context, station } = this.scope;
    this.#receiving = ptk;
    const key = { cipher: agreed.pairwise, key: ptk.tk, index: this.#keyId, receiveOnly: true };
    return context.port.installPairwiseKey(station, key);
  }

  #onInstalled(ptk: Ptk): void {
    const { agreed, known, station } = this.scope;
    const { port, policy, pmksa, aa } = this.scope.context;
    const pmk = this.#pmk;
    if (!pmk) return;
    if (ptk !== this.#ptk) wipePtk(this.#ptk);
    this.#ptk = ptk;
    const isInUse = agreed.extendedKeyId
      ? (ptk === this.#receiving || this.#installToReceive(ptk)) && port.sendWithKey(station, this.#keyId)
      : port.installPairwiseKey(station, { cipher: agreed.pairwise, key: ptk.tk, index: this.#keyId });
    if (!isInUse) return port.deauthenticate(station, "invalid-authentication");
    this.#installed = true;
    // What was known before the handshake is remembered by whoever knew it.
    if (!known) {
      pmksa.add({ station, akm: agreed.akm, pmkid: derivePmkid(hashOf(agreed), pmk.pmk, aa, station), pmk: pmk.pmk });
    }
    const completed = { type: "handshake-completed", station, protocol: agreed.protocol } as const;
    // As others tell it: with IEEE 802.1X it is that which opens the port, after the handshake.
    if (usesEap(agreed.akm)) port.report(completed);
    port.authorize(station, pmk);
    if (!usesEap(agreed.akm)) port.report(completed);
    if (policy.ptkRekeySeconds > 0) {
      this.#timers.arm("PTK rekey", seconds(policy.ptkRekeySeconds), () => {
        this.scope.notes.debug("rekeying PTK");
        this.listener.expired();
      });
    }
    this.listener.established();
  }
}
