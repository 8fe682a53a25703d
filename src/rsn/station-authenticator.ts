/** The authenticator's side of one station: tells its messages apart and hands them to the handshake they belong to. */

import { MalformedError, type Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { computeMic } from "../crypto/eapol-key-protection.ts";
import { derivePmkid } from "../crypto/ptk.ts";
import { sameSecret, wipe } from "../crypto/secret.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import { ChannelValidation } from "./channel-validation.ts";
import type { AuthenticatorContext, Drop, ResendOptions } from "./context.ts";
import { GroupKeyDelivery } from "./group-key-delivery.ts";
import { HandshakeFrames } from "./handshake-frames.ts";
import { KeyRequests } from "./key-requests.ts";
import { formatOf, hashOf, type Negotiated, pmkidKeyOf } from "./negotiated.ts";
import { PairwiseKeys } from "./pairwise-keys.ts";
import type { KnownPmk, PairwiseKey, PmkCandidate } from "./port.ts";
import { classify, decodeReceived, type MessageName, openKeyData, type ReceivedKey } from "./received-key.ts";
import { StationNotes, type StationScope } from "./station-scope.ts";

export class StationAuthenticator {
  readonly #scope: StationScope;
  readonly #pairwise: PairwiseKeys;
  readonly #group: GroupKeyDelivery;
  readonly #requests: KeyRequests;
  readonly #michaelFailures = { local: 0, remote: 0 };
  #onTransmittedOnce: (() => void) | undefined;
  #gone = false;

  constructor(
    readonly station: MacAddress,
    readonly agreed: Negotiated,
    /** The RSNE or WPA element of the (re)association request. */
    readonly element: Element,
    readonly context: AuthenticatorContext,
    known?: KnownPmk,
    /** The last counter that an earlier association sent, where the station may remember it. */
    replayBefore = 0n,
  ) {
    const channel = new ChannelValidation(station, agreed, context);
    const frames = new HandshakeFrames(station, agreed, context, channel, replayBefore);
    const notes = new StationNotes(station, context);
    const pmk = known && { ...known, pmk: known.pmk.slice() };
    this.#scope = { station, agreed, element, known: pmk, context, channel, frames, notes };
    this.#pairwise = new PairwiseKeys(this.#scope, {
      groupKeyTold: () => this.#group.told(),
      established: () => {
        this.#requests.restart();
        this.#group.onEstablished();
      },
      expired: () => this.rekey(),
    });
    this.#group = new GroupKeyDelivery(this.#scope, () => this.#pairwise.ptk);
    this.#requests = new KeyRequests(this.#scope);
  }

  get drops(): ReadonlyMap<Drop, number> {
    return this.#scope.notes.drops;
  }

  /** Frames whose Michael MIC was wrong, found by us or by the station. */
  get michaelFailures(): Readonly<Record<"local" | "remote", number>> {
    return this.#michaelFailures;
  }

  countMichaelFailure(found: "local" | "remote"): void {
    this.#michaelFailures[found] += 1;
  }

  get isEstablished(): boolean {
    return this.#pairwise.state === "established";
  }

  /** Its leaving is a reason for another group key. */
  get knowsGroupKey(): boolean {
    return this.#group.isKnown;
  }

  /** For the control socket: WPA_PTK and WPA_PTK_GROUP as hostapd numbers them. */
  get stateNumbers(): { readonly pairwise: number; readonly group: number } {
    const pairwise = { idle: 0, "awaiting-message2": 7, "awaiting-message4": 10, established: 11 } as const;
    return { pairwise: pairwise[this.#pairwise.state], group: this.#group.state === "idle" ? 0 : 1 };
  }

  /** The PMK in use, for the control socket's PMK queries. */
  get pmk(): Uint8Array | undefined {
    return this.#pairwise.pmk?.pmk;
  }

  /** The key in the radio, for tests that meddle with it; undefined before the first. */
  get pairwiseKey(): PairwiseKey | undefined {
    return this.#pairwise.installed;
  }

  /** Does its MIC over these octets show that it has the key in use? */
  provesKey(octets: Uint8Array, mic: Uint8Array): boolean {
    const { ptk } = this.#pairwise;
    return ptk !== undefined && sameSecret(computeMic(formatOf(this.agreed).protection, ptk.kck, octets), mic);
  }

  /** Validation of the channel that the station is on. */
  get channel(): ChannelValidation {
    return this.#scope.channel;
  }

  get lastReplay(): bigint {
    return this.#scope.frames.lastReplay;
  }

  /** The PMK from now on, ours to wipe; another entry may name the same. */
  keepPmk(pmk: PmkCandidate): void {
    this.#pairwise.keepPmk(pmk);
  }

  start(): void {
    this.#pairwise.start();
  }

  /** The station has proved itself, which brought this key: a handshake follows, under the key that there may be. @param known is copied */
  startWith(known: KnownPmk): void {
    if (this.#gone) return;
    wipe(this.#scope.known?.pmk);
    this.#scope.known = { ...known, pmk: known.pmk.slice() };
    if (this.isEstablished) this.rekey();
    else this.start();
  }

  /** A handshake that is not done ends here, as if it had never begun. */
  cancelHandshake(): void {
    if (!this.isEstablished) this.#pairwise.cancel();
  }

  /** Name of the PMK in use, as the station knows it; undefined before the handshake that it takes. */
  get pmkid(): Uint8Array | undefined {
    const pmk = this.#pairwise.pmk?.pmk;
    const key = pmk && pmkidKeyOf(this.agreed.akm, pmk, this.#pairwise.ptk?.kck);
    return key && derivePmkid(hashOf(this.agreed), key, this.context.aa, this.station);
  }

  /** Of the key in use. */
  get kck(): Uint8Array | undefined {
    return this.#pairwise.ptk?.kck;
  }

  /** A new PTK under the old one. */
  rekey(): void {
    if (this.#gone || !this.isEstablished || this.refuseRekey()) return;
    this.#group.cancel();
    this.#pairwise.rekey();
  }

  /** @returns whether a new PTK can't be had under the old one, and the station had to go, to come again for it */
  refuseRekey(): boolean {
    if (!this.context.policy.denyPtk0Rekey || this.agreed.extendedKeyId) return false;
    this.#scope.notes.info("PTK0 rekey not allowed");
    this.context.port.deauthenticate(this.station, "invalid-class3-frame");
    return true;
  }

  /**
   * Brings the station the group key that is now for newcomers.
   * @returns whether {@link AuthenticatorContext.groupHandshakeFinished} will be called for it
   */
  groupRekey(): boolean {
    switch (this.#pairwise.state) {
      case "established":
        this.#group.change();
        return true;
      case "awaiting-message4":
        return this.#group.changeAfterMessage4();
      case "idle":
      case "awaiting-message2":
        return false;
    }
  }

  /**
   * It belongs to another group from now on. Who waits for its answer waits no more, and where it has a group key it is
   * brought the one that is for newcomers there.
   */
  changeGroup(change: () => void): void {
    this.#group.leaveGroup(change);
    switch (this.#pairwise.state) {
      case "established":
        return this.#group.bring();
      case "awaiting-message4":
        return this.#group.bringAfterMessage4();
      case "idle":
      case "awaiting-message2":
        return;
    }
  }

  /** The radio tells whether the last EAPOL frame arrived. */
  onTransmitted(acknowledged: boolean): void {
    const once = this.#onTransmittedOnce;
    this.#onTransmittedOnce = undefined;
    once?.();
    this.#pairwise.onTransmitted(acknowledged);
  }

  /** @param pdu the whole EAPOL PDU without trailing octets @param reader over its body */
  onEapolKey(pdu: Uint8Array, reader: Reader): void {
    const { notes } = this.#scope;
    try {
      const received = decodeReceived(this.agreed, pdu, reader);
      if (!received) return notes.drop("unexpected", "EAPOL-Key of another kind than agreed on");
      this.#receive(received);
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      notes.drop("malformed", `EAPOL-Key: ${thrown.message}`);
    }
  }

  /** The station has gone: forget its keys. */
  stop(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#onTransmittedOnce = undefined;
    this.#group.stop();
    this.#pairwise.stop();
  }

  /** Message 1 again, outside of any handshake, as a test or an attacker would. @returns whether there was one before */
  resendMessage1(options: ResendOptions & { readonly freshAnonce: boolean }): boolean {
    const { notes, frames, context } = this.#scope;
    const anonce = options.freshAnonce ? context.entropy.bytes(32) : this.#pairwise.anonce;
    if (anonce === undefined) return false;
    notes.debug("sending 1/4 msg of 4-Way Handshake (TESTING)");
    const { encrypt } = options;
    this.#resend(options, (replay) => frames.sendMessage1({ replay, encrypt, anonce, secure: false }));
    return true;
  }

  /** Message 3 again, with a receive counter of zero. @returns whether there are keys for it */
  resendMessage3({ encrypt, transmitted }: ResendOptions): boolean {
    const { ptk, anonce } = this.#pairwise;
    if (!ptk || !anonce) return false;
    this.#scope.notes.debug("sending 3/4 msg of 4-Way Handshake (TESTING)");
    const send = (replay: bigint) => this.#pairwise.sendMessage3({ encrypt, ptk, anonce, replay, counters: "zero" });
    this.#resend({ encrypt, transmitted }, send);
    return true;
  }

  /** The present group key again, with a receive counter of zero. @returns whether there are keys for it */
  resendGroupMessage1(options: ResendOptions): boolean {
    const { ptk } = this.#pairwise;
    const { notes, frames } = this.#scope;
    if (!ptk) return false;
    notes.debug("sending 1/2 msg of Group Key Handshake (TESTING)");
    const { encrypt } = options;
    this.#resend(options, (replay) => frames.sendGroupMessage1({ ptk, replay, counters: "zero", encrypt }));
    return true;
  }

  #resend({ transmitted }: ResendOptions, send: (replay: bigint) => void): void {
    this.#onTransmittedOnce = transmitted;
    send(this.#scope.frames.nextReplay());
    if (this.context.policy.transmitStatus) return;
    this.#onTransmittedOnce = undefined;
    transmitted?.();
  }

  #receive(received: ReceivedKey): void {
    switch (this.#classify(received)) {
      case "message2":
        return this.#pairwise.onMessage2(received);
      case "message4":
        return this.#pairwise.onMessage4(received);
      case "group-message2":
        return this.#group.onMessage2(received);
      case "request":
        return this.#onRequest(received);
    }
  }

  #classify(received: ReceivedKey): MessageName {
    const items = openKeyData(received, this.#pairwise.ptkForDecryption());
    const name = classify(this.agreed, received, items ?? []);
    // What message 2 encrypts, it encrypts with a key that only its own MIC will tell.
    const isFirst = items === undefined && this.#pairwise.state === "awaiting-message2";
    return name === "message4" && isFirst ? "message2" : name;
  }

  #onRequest(received: ReceivedKey): void {
    const ptk = this.isEstablished ? this.#pairwise.ptk : undefined;
    switch (this.#requests.verify(received, ptk)) {
      case "new-ptk":
        return this.rekey();
      case "new-gtk":
        return this.context.groupRekeyRequested();
      case "michael-mic-failure":
        this.context.port.report({ type: "michael-mic-failure", station: this.station });
        // Other keys are not asked for by that, but they can't hurt. Unless the report was the end of the station here.
        return this.rekey();
      case "none":
        return;
    }
  }
}
