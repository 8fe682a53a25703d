/** The authenticator's side of one station: verifies what comes, runs the two handshakes, performs what they ask for. */

import { MalformedError, type Reader } from "../base/bytes.ts";
import { NamedTimers } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { derivePmkid, derivePtk, type Ptk, wipePtk } from "../crypto/ptk.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { AuthenticatorContext, Drop, ResendOptions } from "./context.ts";
import * as fourWay from "./four-way-handshake.ts";
import * as group from "./group-handshake.ts";
import { HandshakeFrames, type SendMessage3 } from "./handshake-frames.ts";
import { hashOf, type Negotiated, temporalKeyLength } from "./negotiated.ts";
import type { PairwiseKey, PmkCandidate } from "./port.ts";
import {
  classify,
  decodeReceived,
  type MessageName,
  openKeyData,
  type ReceivedKey,
  sameElement,
  securityElementOf,
  verifyMic,
} from "./received-key.ts";

const zeroCounter = new Uint8Array(6);

export class StationAuthenticator {
  readonly #frames: HandshakeFrames;
  readonly #timers: NamedTimers<"4-way handshake" | "group handshake" | "PTK rekey">;
  #fourWay: fourWay.State = { kind: "idle" };
  #group: group.State = { kind: "idle" };
  /** Of the key in use. */
  #ptk: Ptk | undefined;
  #keyId: number;
  #installed = false;
  /** With two key IDs, the one that the radio has beside the key in use. */
  #receiving: Ptk | undefined;
  #pmk: PmkCandidate | undefined;
  #requestReplay: bigint | undefined;
  #secureInMessage2 = false;
  /** Of the last pairwise handshake. */
  #anonce: Uint8Array | undefined;
  #onTransmittedOnce: (() => void) | undefined;
  /** Message 3 on its way brings a group key that is about to be replaced. */
  #groupKeyIsStale = false;
  /** The change of the group key waits for this station. */
  #isAwaited = false;
  /** A message of ours has told it the group key. */
  #knowsGroupKey = false;
  /** The counter of the last message 1 whose answer fitted no key, told once for each. */
  #mismatchTold = 0n;
  #gone = false;
  readonly drops = new Map<Drop, number>();

  constructor(
    readonly station: MacAddress,
    readonly agreed: Negotiated,
    /** The RSNE or WPA element of the (re)association request. */
    readonly element: Element,
    readonly context: AuthenticatorContext,
    /** The last counter that an earlier association sent, where the station may remember it. */
    replayBefore = 0n,
  ) {
    this.#frames = new HandshakeFrames(station, agreed, context, replayBefore);
    this.#timers = new NamedTimers(context.clock);
    this.#keyId = agreed.extendedKeyId ? context.policy.firstKeyId : 0;
  }

  get isEstablished(): boolean {
    return this.#fourWay.kind === "established";
  }

  /** Its leaving is a reason for another group key. */
  get knowsGroupKey(): boolean {
    return this.#knowsGroupKey;
  }

  /** For the control socket: WPA_PTK and WPA_PTK_GROUP as hostapd numbers them. */
  get stateNumbers(): { readonly pairwise: number; readonly group: number } {
    const pairwise = { idle: 0, "awaiting-message2": 7, "awaiting-message4": 10, established: 11 } as const;
    return { pairwise: pairwise[this.#fourWay.kind], group: this.#group.kind === "idle" ? 0 : 1 };
  }

  /** The PMK in use, for the control socket's PMK queries. */
  get pmk(): Uint8Array | undefined {
    return this.#pmk?.pmk;
  }

  /** The key in the radio, for tests that meddle with it; undefined before the first. */
  get pairwiseKey(): PairwiseKey | undefined {
    if (!this.#installed || !this.#ptk) return undefined;
    return { cipher: this.agreed.pairwise, key: this.#ptk.tk, index: this.#keyId };
  }

  get lastReplay(): bigint {
    return this.#frames.lastReplay;
  }

  /** The same PMK from another store: the one it came from is about to be wiped. */
  keepPmk(pmk: PmkCandidate): void {
    this.#pmk = pmk;
  }

  /** Message 1 again, outside of any handshake, as a test or an attacker would. @returns whether there was one before */
  resendMessage1(options: ResendOptions & { readonly freshAnonce: boolean }): boolean {
    const anonce = options.freshAnonce ? this.context.entropy.bytes(32) : this.#anonce;
    if (anonce === undefined) return false;
    this.#debug("sending 1/4 msg of 4-Way Handshake (TESTING)");
    const { encrypt } = options;
    this.#resend(options, (replay) => this.#frames.sendMessage1({ replay, encrypt, anonce, secure: false }));
    return true;
  }

  /** Message 3 again, with a receive counter of zero. @returns whether there are keys for it */
  resendMessage3(options: ResendOptions): boolean {
    const ptk = this.#ptk;
    const anonce = this.#anonce;
    if (!ptk || !anonce) return false;
    this.#debug("sending 3/4 msg of 4-Way Handshake (TESTING)");
    this.#resend(options, (replay) => this.#sendMessage3({ ...options, ptk, anonce, replay, rsc: zeroCounter }));
    return true;
  }

  /** The present group key again, with a receive counter of zero. @returns whether there are keys for it */
  resendGroupMessage1(options: ResendOptions): boolean {
    const ptk = this.#ptk;
    if (!ptk) return false;
    this.#debug("sending 1/2 msg of Group Key Handshake (TESTING)");
    const { encrypt } = options;
    this.#resend(options, (replay) => this.#frames.sendGroupMessage1({ ptk, replay, rsc: zeroCounter, encrypt }));
    return true;
  }

  start(): void {
    this.#step({ type: "start", anonce: this.context.entropy.bytes(32), replay: this.#frames.nextReplay() });
  }

  /** A new PTK under the old one. */
  rekey(): void {
    if (!this.isEstablished) return;
    if (this.context.policy.denyPtk0Rekey && !this.agreed.extendedKeyId) {
      this.context.log.station(this.station, "WPA", "info", "PTK0 rekey not allowed");
      this.context.port.deauthenticate(this.station, "invalid-class3-frame");
      return;
    }
    if (this.agreed.extendedKeyId) this.#keyId ^= 1;
    this.#stepGroup({ type: "cancel" });
    this.start();
  }

  /**
   * Brings the station the group key that is now for newcomers.
   * @returns whether {@link AuthenticatorContext.groupHandshakeFinished} will be called for it
   */
  groupRekey(): boolean {
    switch (this.#fourWay.kind) {
      case "established":
        this.#isAwaited = true;
        this.#stepGroup({ type: "rekey", replay: this.#frames.nextReplay() });
        return true;
      case "awaiting-message4":
        // WPA brings the group key afterwards anyway.
        this.#groupKeyIsStale = this.agreed.protocol === "rsn";
        this.#isAwaited = this.#groupKeyIsStale;
        return this.#isAwaited;
      case "idle":
      case "awaiting-message2":
        return false;
    }
  }

  /** The radio tells whether the last EAPOL frame arrived. */
  onTransmitted(acknowledged: boolean): void {
    const once = this.#onTransmittedOnce;
    this.#onTransmittedOnce = undefined;
    once?.();
    this.#step({ type: "transmitted", acknowledged });
  }

  /** @param pdu the whole EAPOL PDU without trailing octets @param reader over its body */
  onEapolKey(pdu: Uint8Array, reader: Reader): void {
    try {
      const received = decodeReceived(this.agreed, pdu, reader);
      if (!received) return this.#drop("unexpected", "EAPOL-Key of another kind than agreed on");
      this.#receive(received);
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      this.#drop("malformed", `EAPOL-Key: ${thrown.message}`);
    }
  }

  /** The station has gone: forget its keys. */
  stop(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#onTransmittedOnce = undefined;
    this.#timers.disarmAll();
    this.#group = { kind: "idle" };
    this.#groupKeyIsStale = false;
    this.#noLongerAwaited();
    const left = fourWay.candidatesOf(this.#fourWay);
    this.#fourWay = { kind: "idle" };
    this.#wipeUnused(left);
    wipePtk(this.#ptk);
    this.#ptk = undefined;
  }

  /** The key that a frame of this moment may be encrypted with. Message 2 brings its own, found out later. */
  #ptkForDecryption(): Ptk | undefined {
    switch (this.#fourWay.kind) {
      case "established":
        return this.#ptk;
      case "awaiting-message4":
        return this.#fourWay.candidate.ptk;
      case "idle":
      case "awaiting-message2":
        return undefined;
    }
  }

  #receive(received: ReceivedKey): void {
    switch (this.#classify(received)) {
      case "message2":
        return this.#onMessage2(received);
      case "message4":
        return this.#onMessage4(received);
      case "group-message2":
        return this.#onGroupMessage2(received);
      case "request":
        return this.#onRequest(received);
    }
  }

  #classify(received: ReceivedKey): MessageName {
    const items = openKeyData(received, this.#ptkForDecryption());
    const name = classify(this.agreed, received, items ?? []);
    // What message 2 encrypts, it encrypts with a key that only its own MIC will tell.
    const isFirst = items === undefined && this.#fourWay.kind === "awaiting-message2";
    return name === "message4" && isFirst ? "message2" : name;
  }

  #onMessage2(received: ReceivedKey): void {
    const { key } = received;
    if (!fourWay.expectsMessage2(this.#fourWay, key.replayCounter, key.nonce)) {
      return this.#drop("replay", "received EAPOL-Key msg 2/4 with unexpected replay counter");
    }
    this.#debug("received EAPOL-Key frame (2/4 Pairwise)");
    const anonce =
      this.#fourWay.kind === "awaiting-message2" || this.#fourWay.kind === "awaiting-message4"
        ? this.#fourWay.anonce
        : undefined;
    if (anonce === undefined) return;
    const match = this.#match(received, anonce);
    if (!match) {
      this.#drop("mic", "invalid MIC in msg 2/4 of 4-Way Handshake");
      return this.#reportMismatch(key.replayCounter);
    }
    const items = openKeyData(received, match.ptk) ?? [];
    const element = securityElementOf(items);
    if (!element || !sameElement(element, this.element)) {
      wipePtk(match.ptk);
      this.context.log.station(this.station, "WPA", "info", "WPA IE from (Re)AssocReq did not match with msg 2/4");
      this.context.port.deauthenticate(this.station, "invalid-authentication");
      return;
    }
    this.#pmk = match.pmk;
    this.#secureInMessage2 = key.secure;
    this.#step({
      type: "message2",
      candidate: { snonce: key.nonce.slice(), ptk: match.ptk },
      replay: key.replayCounter,
      nextReplay: this.#frames.nextReplay(),
    });
  }

  /** Once for each message 1, and never of a station that has proved its key: anybody can send a wrong answer. */
  #reportMismatch(replay: bigint): void {
    if (this.#fourWay.kind !== "awaiting-message2" || this.#installed || replay <= this.#mismatchTold) return;
    this.#mismatchTold = replay;
    this.context.port.report({ type: "psk-mismatch", station: this.station });
  }

  /** Tries the keys that may be the station's; the one that worked before comes first. */
  #match(received: ReceivedKey, anonce: Uint8Array): { pmk: PmkCandidate; ptk: Ptk } | undefined {
    for (const pmk of this.#candidates()) {
      const ptk = derivePtk({
        hash: hashOf(this.agreed.akm),
        pmk: pmk.pmk,
        aa: this.context.aa,
        spa: this.station,
        anonce,
        snonce: received.key.nonce,
        tkLength: temporalKeyLength(this.agreed.pairwise),
      });
      if (verifyMic(received, ptk)) return { pmk, ptk };
      wipePtk(ptk);
    }
    return undefined;
  }

  #candidates(): readonly PmkCandidate[] {
    const all = this.context.port.candidates(this.station);
    const known = this.context.pmksa.find(this.station, this.agreed.akm);
    if (all.length < 2 || !known) return all;
    const first = all.findIndex((candidate) => candidate.pmk.every((octet, i) => octet === known.pmk[i]));
    return first <= 0 ? all : [...all.slice(first, first + 1), ...all.slice(0, first), ...all.slice(first + 1)];
  }

  #onMessage4(received: ReceivedKey): void {
    const { key } = received;
    const candidates = fourWay.candidatesForMessage4(this.#fourWay, key.replayCounter);
    if (candidates.length === 0) {
      return this.#drop("replay", "received EAPOL-Key msg 4/4 with unexpected replay counter");
    }
    this.#debug("received EAPOL-Key frame (4/4 Pairwise)");
    const fitting = candidates.find((candidate) => verifyMic(received, candidate.ptk));
    if (!fitting) return this.#drop("mic", "received EAPOL-Key with invalid MIC");
    const usesEarlier = this.#fourWay.kind === "awaiting-message4" && fitting !== this.#fourWay.candidate;
    this.#step({ type: "message4", usesEarlier });
  }

  #onGroupMessage2(received: ReceivedKey): void {
    const { key } = received;
    if (!group.expectsMessage2(this.#group, key.replayCounter) || !this.#ptk) {
      return this.#drop("replay", "received EAPOL-Key 2/2 Group with unexpected replay counter");
    }
    this.#debug("received EAPOL-Key frame (2/2 Group)");
    if (!verifyMic(received, this.#ptk)) {
      return this.#drop("mic", "received EAPOL-Key with invalid MIC");
    }
    this.#stepGroup({ type: "message2", replay: key.replayCounter });
  }

  #onRequest(received: ReceivedKey): void {
    const { key } = received;
    if (!this.isEstablished || !this.#ptk)
      return this.#drop("unexpected", "received EAPOL-Key Request in invalid state");
    if (this.#requestReplay !== undefined && key.replayCounter <= this.#requestReplay) {
      return this.#drop("replay", "received EAPOL-Key request with replayed counter");
    }
    if (!key.secure) return this.#drop("unexpected", "received EAPOL-Key request without Secure=1");
    if (!verifyMic(received, this.#ptk)) {
      return this.#drop("mic", "received EAPOL-Key request with invalid MIC");
    }
    this.#requestReplay = key.replayCounter;
    if (key.error) {
      this.context.log.station(this.station, "WPA", "info", "received EAPOL-Key Error Request (Michael MIC failure)");
      if (this.agreed.pairwise === "TKIP" || this.agreed.group === "TKIP") {
        this.context.port.report({ type: "michael-mic-failure", station: this.station });
      }
      return;
    }
    if (key.keyType === "pairwise") {
      this.context.log.station(this.station, "WPA", "info", "received EAPOL-Key Request for new 4-Way Handshake");
      this.rekey();
    } else {
      this.context.log.station(this.station, "WPA", "info", "received EAPOL-Key Request for GTK rekeying");
      this.context.groupRekeyRequested();
    }
  }

  #step(input: fourWay.Input): void {
    if (this.#gone) return;
    const { policy } = this.context;
    const step = fourWay.step(
      { attempts: policy.pairwiseAttempts, message3Once: policy.noRetries, transmitStatus: policy.transmitStatus },
      this.#fourWay,
      input,
    );
    const before = fourWay.candidatesOf(this.#fourWay);
    this.#fourWay = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#wipeUnused(before);
  }

  #wipeUnused(candidates: readonly fourWay.Candidate[]): void {
    const inUse = fourWay.candidatesOf(this.#fourWay);
    for (const candidate of candidates) {
      if (candidate.ptk !== this.#ptk && !inUse.includes(candidate)) wipePtk(candidate.ptk);
    }
  }

  #perform(effect: fourWay.Effect): void {
    const { port } = this.context;
    switch (effect.type) {
      case "sendMessage1":
        this.#debug("sending 1/4 msg of 4-Way Handshake");
        this.#anonce = effect.anonce;
        return this.#frames.sendMessage1({ ...effect, secure: this.#installed, encrypt: this.#installed });
      case "sendMessage3":
        return this.#onMessage3Due(effect);
      case "arm":
        return this.#timers.arm(effect.timer, effect.after, () => {
          this.#debug("EAPOL-Key timeout");
          this.#step({ type: "timeout", nextReplay: this.#frames.nextReplay() });
        });
      case "disarm":
        return this.#timers.disarm(effect.timer);
      case "installed":
        return this.#onInstalled(effect.candidate.ptk);
      case "deauthenticate":
        return port.deauthenticate(this.station, effect.reason);
    }
  }

  #onMessage3Due(effect: fourWay.Effect & { type: "sendMessage3" }): void {
    const { context } = this;
    this.#debug("sending 3/4 msg of 4-Way Handshake");
    const { agreed } = this;
    if (agreed.extendedKeyId && effect.attempt === 1) {
      // The station may send with the new key as soon as it has message 3; we do when we know that it has.
      if (!this.#installToReceive(effect.candidate.ptk)) {
        return context.port.deauthenticate(this.station, "invalid-authentication");
      }
    }
    this.#knowsGroupKey ||= agreed.protocol === "rsn";
    const { candidate, anonce, replay } = effect;
    const rsc = context.groupKeySequence();
    this.#sendMessage3({ ptk: candidate.ptk, anonce, replay, rsc, encrypt: this.#installed });
  }

  #sendMessage3(fields: Omit<SendMessage3, "keyId" | "secureInMessage2">): void {
    this.#frames.sendMessage3({ ...fields, keyId: this.#keyId, secureInMessage2: this.#secureInMessage2 });
  }

  /** @returns whether the radio took it */
  #installToReceive(ptk: Ptk): boolean {
    this.#receiving = ptk;
    const key = { cipher: this.agreed.pairwise, key: ptk.tk, index: this.#keyId, receiveOnly: true };
    return this.context.port.installPairwiseKey(this.station, key);
  }

  #resend({ transmitted }: ResendOptions, send: (replay: bigint) => void): void {
    this.#onTransmittedOnce = transmitted;
    send(this.#frames.nextReplay());
    if (this.context.policy.transmitStatus) return;
    this.#onTransmittedOnce = undefined;
    transmitted?.();
  }

  #onInstalled(ptk: Ptk): void {
    const { port, policy, pmksa, aa } = this.context;
    const { agreed, station } = this;
    const pmk = this.#pmk;
    if (!pmk) return;
    if (ptk !== this.#ptk) wipePtk(this.#ptk);
    this.#ptk = ptk;
    this.#requestReplay = undefined;
    const isInUse = agreed.extendedKeyId
      ? (ptk === this.#receiving || this.#installToReceive(ptk)) && port.sendWithKey(station, this.#keyId)
      : port.installPairwiseKey(station, { cipher: agreed.pairwise, key: ptk.tk, index: this.#keyId });
    if (!isInUse) return port.deauthenticate(station, "invalid-authentication");
    this.#installed = true;
    pmksa.add({ station, akm: agreed.akm, pmkid: derivePmkid(hashOf(agreed.akm), pmk.pmk, aa, station), pmk: pmk.pmk });
    port.authorize(station, pmk);
    port.report({ type: "handshake-completed", station, protocol: agreed.protocol });
    if (policy.ptkRekeySeconds > 0) {
      this.#timers.arm("PTK rekey", seconds(policy.ptkRekeySeconds), () => {
        this.#debug("rekeying PTK");
        this.rekey();
      });
    }
    if (agreed.protocol === "wpa") {
      this.#stepGroup({ type: "rekey", replay: this.#frames.nextReplay() });
    } else if (this.#groupKeyIsStale) {
      this.#groupKeyIsStale = false;
      this.#stepGroup({ type: "rekey", replay: this.#frames.nextReplay() });
    }
  }

  #stepGroup(input: group.Input): void {
    if (this.#gone) return;
    const { policy } = this.context;
    const step = group.step(
      { attempts: policy.groupAttempts, once: policy.noRetries, transmitStatus: policy.transmitStatus },
      this.#group,
      input,
    );
    this.#group = step.state;
    for (const effect of step.effects) this.#performGroup(effect);
  }

  #performGroup(effect: group.Effect): void {
    const { context } = this;
    switch (effect.type) {
      case "sendMessage1": {
        if (!this.#ptk) return;
        this.#debug("sending 1/2 msg of Group Key Handshake");
        this.#knowsGroupKey = true;
        return this.#frames.sendGroupMessage1({
          ptk: this.#ptk,
          replay: effect.replay,
          rsc: context.groupKeySequence(),
          encrypt: true,
        });
      }
      case "arm":
        return this.#timers.arm(effect.timer, effect.after, () => {
          this.#debug("EAPOL-Key timeout");
          this.#stepGroup({ type: "timeout", nextReplay: this.#frames.nextReplay() });
        });
      case "disarm":
        return this.#timers.disarm(effect.timer);
      case "finished":
        if (effect.confirmed) {
          const { protocol } = this.agreed;
          context.log.station(
            this.station,
            "WPA",
            "info",
            `group key handshake completed (${protocol === "rsn" ? "RSN" : "WPA"})`,
          );
        }
        return this.#noLongerAwaited();
      case "deauthenticate":
        context.log.station(this.station, "WPA", "info", "group key handshake failed after retries");
        return context.port.deauthenticate(this.station, effect.reason);
    }
  }

  #noLongerAwaited(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.context.groupHandshakeFinished();
  }

  #drop(drop: Drop, text: string): void {
    const count = (this.drops.get(drop) ?? 0) + 1;
    this.drops.set(drop, count);
    // Powers of two keep a flood from filling the log.
    if ((count & (count - 1)) === 0) {
      this.context.log.station(
        this.station,
        "WPA",
        drop === "mic" ? "info" : "debug",
        count > 1 ? `${text} (${count} times)` : text,
      );
    }
  }

  #debug(text: string): void {
    this.context.log.station(this.station, "WPA", "debug", text);
  }
}
