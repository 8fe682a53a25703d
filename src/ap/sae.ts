/** SAE on a BSS: who may begin, with which password, and what an exchange that succeeds grants. IEEE Std 802.11-2020, 12.4. */

import { AntiCloggingTokens } from "../auth/sae/anti-clogging.ts";
import { type SaeEffect, type SaeExchange, type SaeInput, type SaeState, stepSae } from "../auth/sae/machine.ts";
import {
  isReflection,
  readSaeCommit,
  type SaeMethod,
  type SaeOffer,
  type SaeRequest,
  saeMethodOf,
} from "../auth/sae/request.ts";
import { MalformedError, Reader, Writer } from "../base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import type { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { digestLengths } from "../crypto/prf.ts";
import type { SaeArithmetic } from "../crypto/sae/arithmetic.ts";
import { wipeSaeKeys } from "../crypto/sae/exchange.ts";
import { identifierKeyLength, openPasswordIdentifier } from "../crypto/sae/password-identifier.ts";
import { type Authentication, authenticationAlgorithm } from "../wire/ieee80211/authentication.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { decodeSaeConfirm, saeGroupsOf } from "../wire/ieee80211/sae.ts";
import { type StatusName, statusCode } from "../wire/ieee80211/status-code.ts";
import { AcceptedPasswords } from "./accepted-passwords.ts";
import {
  entryFor,
  grant,
  noRoomBecause,
  onGrantAnswered,
  refuseAuthentication,
  sendAuthentication,
} from "./authenticating.ts";
import type { Bss } from "./bss.ts";
import { CommitQueue } from "./commit-queue.ts";
import { saeCommitInstead } from "./misbehaviour.ts";
import { servedCredential } from "./radius/served-password.ts";
import { isProtected } from "./sa-querying.ts";
import { type SaeCredential, SaeCredentials } from "./sae-credentials.ts";
import { sendCommit, sendConfirm, sendTokenRequest } from "./sae-frames.ts";
import { offersNothingButSae, offersSae, saeMethods, saeOffer } from "./sae-offer.ts";
import type { Station } from "./station.ts";
import { watch } from "./watching.ts";

/** What SAE works with, the same for all BSSs. */
export interface SaeTools {
  readonly groups: CyclicGroups;
  readonly arithmetic: SaeArithmetic;
  /** Nothing of it goes on. */
  close(): void;
}

type Effect = SaeEffect<SaeCredential>;
type Exchange = SaeExchange<SaeCredential>;

const algorithm = authenticationAlgorithm.sae;

/** What the passwords of a BSS are made of. */
export const saePasswordKeys = [
  "sae_password",
  "sae_password_file",
  "sae_password_psk",
  "wpa_passphrase",
  "ssid",
] as const;

export class SaeAuthentication {
  readonly #tokens: AntiCloggingTokens;
  readonly #waiting: CommitQueue;
  /** Stations whose exchange has begun and not ended: the more there are, the less is done for strangers. */
  readonly #unfinished = new Set<Station>();
  readonly #accepted = new AcceptedPasswords();
  #credentials: SaeCredentials;

  constructor(
    readonly bss: Bss,
    readonly tools: SaeTools,
  ) {
    this.#tokens = new AntiCloggingTokens(bss.clock, bss.entropy);
    this.#waiting = new CommitQueue(bss.clock);
    this.#credentials = new SaeCredentials(bss.settings);
  }

  get isOffered(): boolean {
    return offersSae(this.bss.settings);
  }

  get methods(): ReadonlySet<SaeMethod> {
    return saeMethods(this.bss.settings, this.#credentials, this.bss.radio.plan.band.name === "6GHz");
  }

  /** Nobody gets in by anything but SAE that hashes to the group. */
  get requiresHashToElement(): boolean {
    return offersNothingButSae(this.bss.settings) && !this.methods.has("looping");
  }

  /** The settings are others: so may the passwords be. */
  onSettings(before: BssSettings): void {
    const { settings } = this.bss;
    if (saePasswordKeys.every((key) => before[key] === settings[key])) return;
    this.usePasswordsOf(settings);
  }

  /** The passwords of other settings than those in force, at once: nobody gets in with one that is none any more. */
  usePasswordsOf(settings: BssSettings): void {
    const before = this.#credentials;
    this.#credentials = new SaeCredentials(settings);
    this.#credentials.inherit(before);
    for (const station of [...this.#unfinished]) if (!this.#mayGoOn(station.sae)) this.forget(station);
    before.wipe();
  }

  /** With the passwords that are in force now. What is being computed works on what is about to be wiped. */
  #mayGoOn(state: SaeState<SaeCredential>): boolean {
    if (state.kind === "computing") return state.credential.isServed;
    return (
      state.kind !== "committed" ||
      state.exchange.credential.isServed ||
      this.#credentials.has(state.exchange.credential.entry)
    );
  }

  /** @returns false where there is no such password for that station */
  bind(station: MacAddress, password: Uint8Array): boolean {
    return this.#credentials.bind(station, password);
  }

  /** @returns stations whose password is none any more; they are forgotten */
  reviseAccepted(): readonly MacAddress[] {
    return this.#accepted.revise((password) => this.#credentials.has(password));
  }

  /** The exchange of a station is over, and forgotten. */
  forget(station: Station): void {
    const { sae } = station;
    this.#unfinished.delete(station);
    this.#waiting.forget(station.address);
    this.#enter(station, { kind: "nothing" });
    if (sae.kind === "committed" || sae.kind === "accepted") wipeSaeKeys(sae.exchange.keys);
  }

  /** Nobody is answered any more. */
  stop(): void {
    this.#waiting.clear();
  }

  wipe(): void {
    this.#credentials.wipe();
  }

  onFrame(header: ManagementHeader, request: Authentication): void {
    switch (request.transaction) {
      case 1:
        return this.#onCommit(header, request);
      case 2:
        return this.#onConfirm(header.transmitter, request);
      default:
        if (request.status !== statusCode.success) return;
        return this.#refuse(header.transmitter, request.transaction, "transaction-sequence-error", "SAE has two steps");
    }
  }

  /** What costs no more than a hash is done at once. */
  #onCommit(header: ManagementHeader, { status, fields = new Uint8Array(0) }: Authentication): void {
    const { bss } = this;
    const { transmitter: address } = header;
    const instead = saeCommitInstead(bss.settings, status, fields);
    if (instead) return sendAuthentication(bss, address, { algorithm, transaction: 1, elements: [], ...instead });
    const known = bss.stations.get(address);
    bss.log.station(address, "IEEE 802.11", "debug", `start SAE authentication (RX commit, status=${status})`);
    const offer = saeOffer(bss.settings, this.methods, this.tools.groups);
    const method = saeMethodOf(status);
    if (method === undefined || !offer.methods.has(method)) {
      if (known !== undefined && known.sae.kind !== "nothing") return;
      return this.#refuse(address, 1, "unspecified-failure", whyNot(method, offer));
    }
    const verdict = readSaeCommit(offer, method, fields);
    if (verdict.type === "refused") {
      if (verdict.status === "unknown-password-identifier") {
        bss.reportRefusal({ type: "unknown-password-identifier", station: address });
      }
      const group = verdict.group === undefined ? undefined : new Writer().u16le(verdict.group).finish();
      return this.#refuse(address, 1, verdict.status, verdict.because, group);
    }
    const { request, token } = verdict;
    const own = known && ownValues(known.sae);
    if (own && isReflection(request.peer, own)) {
      return bss.tally.count("SAE Commit of ours sent back", address);
    }
    if (token !== undefined && !this.#tokens.redeem(address, token)) {
      return bss.tally.count("SAE Commit with a wrong anti-clogging token", address);
    }
    const hearsUs = token !== undefined;
    if (!this.#waiting.put(address, hearsUs, () => this.#answerCommit(header, request, hearsUs))) {
      bss.tally.count("SAE Commit that there was no room for", address);
    }
  }

  #answerCommit(header: ManagementHeader, request: SaeRequest, hearsUs: boolean): void {
    const { bss } = this;
    const { transmitter: address } = header;
    if (!hearsUs && this.#isClogged(bss.stations.get(address), request)) {
      return sendTokenRequest(bss, address, request, this.#tokens.issue(address));
    }
    const { passwordIdentifier, method } = request;
    const credential =
      this.#credentials.select(address, passwordIdentifier, method) ??
      this.#selectByOtherIdentifier(address, request) ??
      servedCredential(bss, address, passwordIdentifier);
    if (credential === undefined) return this.#refuseWithoutPassword(address, request);
    const station = entryFor(bss, header);
    if (station === undefined) return this.#refuse(address, 1, "no-more-stations", noRoomBecause(bss));
    if (station.link.kind === "new") watch(bss, station);
    bss.reportRefusal({ type: "authentication-begun", station: address, algorithm: "SAE" });
    this.#step(station, { type: "commit", request, credential });
  }

  /** An identifier that a station was given here, or by another access point with the same key, for this one time. */
  #selectByOtherIdentifier(address: MacAddress, { passwordIdentifier, method }: SaeRequest): SaeCredential | undefined {
    const { sae_pw_id_key: key } = this.bss.settings;
    if (passwordIdentifier === undefined || key?.length !== identifierKeyLength) return undefined;
    const identifier = openPasswordIdentifier(key, passwordIdentifier);
    return identifier && this.#credentials.select(address, identifier, method);
  }

  #onConfirm(address: MacAddress, { status, fields = new Uint8Array(0) }: Authentication): void {
    const { bss } = this;
    const station = bss.stations.get(address);
    bss.log.station(address, "IEEE 802.11", "debug", `SAE authentication (RX confirm, status=${status})`);
    if (status !== statusCode.success) return;
    if (station === undefined || station.sae.kind === "nothing") {
      bss.log.station(address, "IEEE 802.11", "debug", "SAE confirm before commit");
      return this.#refuse(address, 2, "unspecified-failure", "it sent Confirm before Commit");
    }
    const exchange = exchangeOf(station.sae);
    if (exchange === undefined) return;
    try {
      const reader = new Reader(fields, ["SAE Confirm"]);
      this.#step(station, { type: "confirm", frame: decodeSaeConfirm(reader, digestLengths[exchange.keys.digest]) });
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      this.#refuse(address, 2, "unspecified-failure", `its Confirm is malformed (${thrown.message})`);
    }
  }

  /** Whoever has begun already is not asked: it has shown that it hears us, or is about to. */
  #isClogged(known: Station | undefined, request: SaeRequest): boolean {
    const begun = known && this.#unfinished.has(known) ? requestOf(known.sae) : undefined;
    if (begun?.group === request.group) return false;
    return this.#unfinished.size >= this.bss.settings.anti_clogging_threshold;
  }

  #refuseWithoutPassword(address: MacAddress, { passwordIdentifier }: SaeRequest): void {
    if (passwordIdentifier === undefined) {
      return this.#refuse(address, 1, "unspecified-failure", "there is no password for it here");
    }
    this.bss.reportRefusal({ type: "unknown-password-identifier", station: address });
    this.#refuse(address, 1, "unknown-password-identifier", "no password here has the identifier that it named");
  }

  #step(station: Station, input: SaeInput<SaeCredential>): void {
    const { sae_sync, sae_confirm_immediate } = this.bss.settings;
    const rules = { mostSync: sae_sync, confirmsAtOnce: sae_confirm_immediate };
    const { state, effects } = stepSae(station.sae, input, rules);
    this.#enter(station, state);
    if (state.kind === "computing" || state.kind === "committed") this.#unfinished.add(station);
    else this.#unfinished.delete(station);
    const isAccepted = effects.some(({ type }) => type === "accept");
    for (const effect of effects) {
      // The driver may have refused it.
      if (this.bss.stations.get(station.address) !== station) return;
      this.#perform(station, effect, isAccepted);
    }
  }

  /** A password that a server sent is forgotten with the exchange that it was for. */
  #enter(station: Station, state: SaeState<SaeCredential>): void {
    const kept = credentialsOf(state);
    const served = credentialsOf(station.sae).filter(({ isServed }) => isServed);
    station.sae = state;
    for (const credential of served) if (!kept.includes(credential)) credential.wipe();
  }

  #perform(station: Station, effect: Effect, isAccepted: boolean): void {
    switch (effect.type) {
      case "compute":
        return this.#compute(station, effect.request, effect.credential);
      case "send-commit":
        return sendCommit(this.bss, station.address, effect.exchange);
      case "send-confirm":
        return sendConfirm(
          this.bss,
          station.address,
          effect,
          isAccepted ? this.#onConfirmAnswered(station) : undefined,
        );
      case "refuse":
        return this.#refuse(station.address, effect.transaction, effect.status, effect.because);
      case "accept":
        return this.#accept(station, effect.exchange);
      case "mismatch":
        return this.#onMismatch(station, effect.credential);
      case "forget":
        return wipeSaeKeys(effect.keys);
    }
  }

  #onConfirmAnswered(station: Station): (acknowledged: boolean) => void {
    return (acknowledged) => onGrantAnswered(this.bss, station, acknowledged);
  }

  #compute(station: Station, request: SaeRequest, credential: SaeCredential): void {
    const { bss } = this;
    const isWanted = (): boolean =>
      bss.stations.get(station.address) === station &&
      station.sae.kind === "computing" &&
      station.sae.request === request;
    const job = {
      group: request.group,
      source: credential.source(request),
      ownAddress: encodeMacAddress(bss.address),
      peerAddress: encodeMacAddress(station.address),
      peer: request.peer,
      keys: {
        extendedKey: request.extendedKey,
        rejectedGroups: request.rejectedGroups,
        withKek: request.method === "pk",
      },
    };
    this.tools.arithmetic.run(job, isWanted).then(
      (result) => {
        if (result === undefined) return;
        if (result.type === "answered" && result.pt) credential.keep(request, result.pt);
        if (isWanted()) return this.#step(station, { type: "computed", result });
        if (result.type === "answered") wipeSaeKeys(result.keys);
      },
      (thrown: unknown) => {
        bss.log.error(`SAE with ${station.address} failed: ${String(thrown)}`);
        // A mistake of ours must not keep the station from beginning anew.
        if (isWanted()) this.forget(station);
      },
    );
  }

  #accept(station: Station, exchange: Exchange): void {
    const { bss } = this;
    const { keys, request, credential } = exchange;
    const { address } = station;
    if (!credential.isServed) {
      this.#credentials.succeeded(address, credential);
      this.#accepted.note(address, credential.entry);
    }
    station.saeGroups = { used: request.group, rejected: saeGroupsOf(request.rejectedGroups) };
    if (!bss.settings.disable_pmksa_caching) {
      const akm = request.extendedKey ? "SAE-EXT-KEY" : "SAE";
      const { vlanId } = credential.entry;
      const ofVlan = vlanId === 0 ? {} : { vlanId };
      bss.authenticator?.options.pmksa.add({ station: address, akm, pmkid: keys.pmkid, pmk: keys.pmk, ...ofVlan });
    }
    // With protected frames what there is stays until an association is granted, as with open system authentication.
    if (isProtected(station)) {
      station.authenticatedBy = "SAE";
      return;
    }
    if (grant(bss, station, "SAE")) {
      // Ours has gone out before, with the Commit.
      if (bss.settings.sae_confirm_immediate) onGrantAnswered(bss, station, true);
      return;
    }
    this.#refuse(address, 2, "no-more-stations", "the driver takes no further station");
  }

  #onMismatch(station: Station, credential: SaeCredential): void {
    const method = requestOf(station.sae)?.method ?? "looping";
    const mayTryAnother = this.#credentials.failed(station.address, credential, method);
    if (mayTryAnother) {
      // The next Commit is to be answered with another password, even if it is the same one.
      this.forget(station);
      return this.#refuse(station.address, 2, "unspecified-failure", "it has not the password that was tried");
    }
    this.bss.reportRefusal({ type: "psk-mismatch", station: station.address });
    this.#refuse(station.address, 2, "challenge-failure", "its password is another one");
  }

  #refuse(station: MacAddress, transaction: number, status: StatusName, because: string, fields?: Uint8Array): void {
    const reply = { transaction, ...(fields === undefined ? {} : { fields }) };
    refuseAuthentication(this.bss, station, { algorithm, transaction }, status, because, reply);
  }
}

function whyNot(method: SaeMethod | undefined, { methods }: SaeOffer): string {
  const taken = [...methods].join(", ");
  return method === undefined
    ? "its Commit has a status that means nothing"
    : `it uses ${method}, and this network ${taken}`;
}

const requestOf = (state: SaeState<SaeCredential>): SaeRequest | undefined =>
  state.kind === "computing" ? state.request : exchangeOf(state)?.request;

function credentialsOf(state: SaeState<SaeCredential>): readonly SaeCredential[] {
  if (state.kind === "computing") return [state.credential, ...(state.newer ? [state.newer.credential] : [])];
  const exchange = exchangeOf(state);
  return exchange ? [exchange.credential] : [];
}

const exchangeOf = (state: SaeState<SaeCredential>): Exchange | undefined =>
  state.kind === "committed" || state.kind === "accepted" ? state.exchange : undefined;

const ownValues = (state: SaeState<SaeCredential>) => exchangeOf(state)?.own;
