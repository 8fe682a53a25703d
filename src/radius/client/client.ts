/** A RADIUS client: one kind of requests, to the first of its servers that answers. RFC 2865, 2866, 3579, 5080. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import type { Timer } from "../../base/clock.ts";
import { type Duration, inSeconds, since } from "../../base/duration.ts";
import { News } from "../../base/news.ts";
import { decodeRadiusPacket, type RadiusPacket } from "../../wire/radius/packet.ts";
import { faultOfAnswer } from "./answer-check.ts";
import * as attempts from "./attempts.ts";
import type { PendingRequest, RadiusRequest } from "./request.ts";
import { answerCode, type SealedRequest, sealRequest } from "./request-kind.ts";
import type { Slot } from "./server-link.ts";
import { type Member, type PoolOptions, type PoolSettings, type Server, ServerPool } from "./server-pool.ts";
import { countAnswer, type ServerStatistics } from "./statistics.ts";

export interface ClientSettings extends PoolSettings {
  /** An answer without it counts as none, but for one that came over TLS from a server with a certificate. */
  readonly requireMessageAuthenticator: boolean;
}

export interface ClientOptions extends PoolOptions {
  /** Requests that wait at most; where there are more, the oldest go. */
  readonly mostPending?: number;
}

interface Pending {
  readonly request: RadiusRequest;
  /** When it was sent first. */
  readonly began: Duration;
  attempts: attempts.Attempts;
  slot: Slot | undefined;
  /** As it was sent last; undefined until it was sent at all. */
  sealed: SealedRequest | undefined;
  sentAt: Duration;
  timer: Timer | undefined;
}

export class RadiusClient {
  /** The oldest first. */
  readonly #pending = new Set<Pending>();
  readonly #pool: ServerPool<Pending>;
  #requireMessageAuthenticator = true;
  readonly #news: News;
  /** Called when no request waits for an answer any more. */
  onIdle: (() => void) | undefined;

  constructor(readonly options: ClientOptions) {
    this.#news = new News(options.clock);
    this.#pool = new ServerPool(options, {
      onPacket: (packet, userOf) => this.#onPacket(packet, userOf),
      onLost: (users) => {
        for (const pending of users) this.#advance(pending, { type: "lost" });
      },
      onMoved: (isSilent) => {
        for (const pending of [...this.#pending]) this.#move(pending, isSilent);
      },
    });
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  get hasServers(): boolean {
    return this.#pool.members.length > 0;
  }

  /** Its servers, in the order of the settings. */
  get members(): readonly Member[] {
    return this.#pool.members;
  }

  /** Place of the server that is asked. */
  get current(): number {
    return this.#pool.current;
  }

  /** Source ports that are open. */
  get ports(): number {
    return this.#pool.ports;
  }

  /** Other servers, or the same: what waits for an answer goes to those that there are from now on. */
  configure(settings: ClientSettings): void {
    this.#requireMessageAuthenticator = settings.requireMessageAuthenticator;
    this.#pool.configure(settings);
  }

  /** Nothing is waited for any more, and nothing called. */
  close(): void {
    for (const pending of [...this.#pending]) this.#drop(pending);
    this.#pool.close();
  }

  /** What comes of it is told to the request, which may be before this returns. */
  send(request: RadiusRequest): PendingRequest {
    const { kind, log, clock, mostPending = 10_000 } = this.options;
    if (!this.hasServers) {
      log.module("RADIUS", "info", `No ${kind.toLowerCase()} server configured`);
      request.failed(`there is no ${kind.toLowerCase()} server`);
      return { cancel: () => undefined };
    }
    const now = clock.now();
    const pending: Pending = {
      request,
      began: now,
      attempts: attempts.initial,
      slot: undefined,
      sealed: undefined,
      sentAt: now,
      timer: undefined,
    };
    if (this.#pending.size >= mostPending) this.#giveUpOldest();
    this.#pending.add(pending);
    this.#advance(pending, { type: "begin" });
    return { cancel: () => this.#drop(pending) };
  }

  /** An input to a request's attempts, and what comes of it. */
  #advance(pending: Pending, input: attempts.Input): void {
    const { persistence } = pending.request;
    const policy = { persistence, servers: this.#pool.members.length };
    const { state, effects } = attempts.step(policy, pending.attempts, input);
    pending.attempts = state;
    for (const effect of effects) {
      // What came before may have ended it, or moved it to another server.
      if (!this.#pending.has(pending) || pending.attempts !== state) return;
      this.#perform(pending, effect);
    }
  }

  #perform(pending: Pending, effect: attempts.Effect): void {
    switch (effect.type) {
      case "transmit":
        return this.#transmit(pending);
      case "wait": {
        const chance = (this.options.entropy.bytes(1)[0] ?? 0) / 255;
        return this.#wait(pending, attempts.waitAfter(effect.attempt, chance));
      }
      case "wait-for-turn":
        return this.#wait(pending, attempts.waitForTurn(effect.turn));
      case "tell-silence":
        return this.#pool.onSilence(pending.began);
      case "give-up":
        return this.#fail(pending, "no answer from the server");
    }
  }

  #wait(pending: Pending, wait: Duration): void {
    pending.timer?.cancel();
    pending.timer = this.options.clock.after("RADIUS answer", wait, () => {
      const { asked } = this.#pool;
      if (asked && pending.sealed) asked.statistics.timeouts += 1;
      this.#advance(pending, { type: "timeout" });
    });
  }

  #transmit(pending: Pending): void {
    const { kind, log, clock } = this.options;
    const { asked } = this.#pool;
    if (!asked) return this.#fail(pending, `there is no ${kind.toLowerCase()} server`);
    const isAgain = pending.slot?.isOpen === true;
    // What a stream has taken arrives; another copy would be another request.
    if (isAgain && pending.slot?.isReliable) return;
    // The delay that an accounting request tells is another one, which makes it another request.
    const isRenewed = !isAgain || kind === "Accounting";
    if (isRenewed && !this.#seal(pending, asked.server)) return;
    const { slot, sealed, request } = pending;
    if (!slot || !sealed) return;
    if (pending.attempts.here > 1) {
      asked.statistics.retransmissions += 1;
      this.#debug(request, `Resending RADIUS message (id=${slot.identifier})`);
    } else {
      asked.statistics.requests += 1;
      log.module("RADIUS", "debug", `Sending RADIUS message to ${kind.toLowerCase()} server`);
    }
    pending.sentAt = clock.now();
    slot.send(sealed.packet);
  }

  /** @returns false where it can't be sent, and has failed or waits */
  #seal(pending: Pending, { secret }: Server): boolean {
    const { kind, entropy, clock } = this.options;
    pending.slot?.release();
    pending.slot = this.#pool.take(pending);
    if (!pending.slot) return false;
    const { identifier } = pending.slot;
    const delay = Math.round(inSeconds(since(clock, pending.began)));
    try {
      pending.sealed = sealRequest(kind, entropy, pending.request, { secret, identifier, delay });
      return true;
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      this.#fail(pending, `the request is no RADIUS packet: ${thrown.message}`);
      return false;
    }
  }

  /** @param isSilent the server that was asked is left for its silence, to this request or to another */
  #move(pending: Pending, isSilent: boolean): void {
    pending.timer?.cancel();
    pending.timer = undefined;
    pending.slot = undefined;
    if (!this.hasServers) return this.#fail(pending, "there is no server any more");
    if (pending.request.isBound) return this.#fail(pending, "the server that knew of this conversation doesn't answer");
    const hadAllAttempts = isSilent && pending.attempts.here >= attempts.attemptsPerServer;
    this.#advance(pending, { type: "moved", isSilent: hadAllAttempts });
  }

  #onPacket(octets: Uint8Array, userOf: (identifier: number) => Pending | undefined): void {
    const { kind, log } = this.options;
    const statistics = this.#pool.asked?.statistics;
    if (!statistics) return;
    let packet: RadiusPacket;
    try {
      packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      statistics.malformed += 1;
      return this.#tellDropped(`Parsing incoming frame failed (${thrown.message})`);
    }
    const pending = userOf(packet.identifier);
    if (!pending?.sealed) {
      statistics.dropped += 1;
      const which = `type=${kind === "Authentication" ? 0 : 1} id=${packet.identifier}`;
      return log.module("RADIUS", "debug", `No matching RADIUS request found (${which}) - dropping packet`);
    }
    const fault = this.#faultOf(pending.request, pending.sealed, pending.slot, octets);
    if (fault !== undefined) {
      statistics.badAuthenticators += 1;
      return this.#tellDropped(fault);
    }
    const code = answerCode(kind, packet.code);
    if (code === undefined) {
      statistics.unknownTypes += 1;
      return this.#tellDropped(`Unknown RADIUS message code ${packet.code}`);
    }
    this.#measure(statistics, pending);
    countAnswer(statistics, code);
    const { request, sealed } = pending;
    const wasSilent = this.#pool.onAnswer();
    this.#drop(pending);
    if (wasSilent) this.#recover();
    const { secret, authenticator } = sealed;
    request.answered({ code, attributes: packet.attributes, secret, authenticator });
  }

  #faultOf(
    { carriesEap }: RadiusRequest,
    { secret, authenticator }: SealedRequest,
    slot: Slot | undefined,
    octets: Uint8Array,
  ): string | undefined {
    // Over TLS nobody else can have sent it, where the certificate has shown who that is.
    const isDemanded = this.#requireMessageAuthenticator && slot?.isAuthentic !== true;
    const needed = carriesEap ? "for-eap" : isDemanded ? "by-settings" : undefined;
    const messageAuthenticator = this.options.kind === "Accounting" ? undefined : needed;
    return faultOfAnswer(octets, { secret, authenticator, messageAuthenticator });
  }

  #measure(statistics: ServerStatistics, { request, sentAt }: Pending): void {
    const roundTrip = Math.round(since(this.options.clock, sentAt) / 10);
    statistics.roundTripTime = roundTrip;
    const shown = `${Math.floor(roundTrip / 100)}.${String(roundTrip % 100).padStart(2, "0")}`;
    this.#debug(request, `Received RADIUS packet matched with a pending request, round trip time ${shown} sec`);
  }

  /** The server is back: what has waited for it doesn't wait for its next attempt, but doesn't come all at once. */
  #recover(): void {
    let turn = 0;
    for (const pending of this.#pending) {
      if (!attempts.hasWaited(pending.attempts)) continue;
      turn += 1;
      this.#advance(pending, { type: "server-back", turn });
    }
  }

  #giveUpOldest(): void {
    const { log } = this.options;
    const [oldest] = this.#pending;
    if (!oldest) return;
    if (this.#news.isNews("queue")) {
      log.module("RADIUS", "warning", "Removing the oldest un-ACKed packet due to retransmit list limits");
    }
    this.#fail(oldest, "too many requests wait for an answer");
  }

  #fail(pending: Pending, reason: string): void {
    if (!this.#drop(pending)) return;
    pending.request.failed(reason);
  }

  /** @returns false where it was over before */
  #drop(pending: Pending): boolean {
    pending.timer?.cancel();
    pending.timer = undefined;
    pending.slot?.release();
    pending.slot = undefined;
    const wasPending = this.#pending.delete(pending);
    if (wasPending && this.#pending.size === 0) this.onIdle?.();
    return wasPending;
  }

  #debug({ station }: RadiusRequest, text: string): void {
    const { log } = this.options;
    if (station === undefined) log.module("RADIUS", "debug", text);
    else log.station(station, "RADIUS", "debug", text);
  }

  /** One line a minute for each kind of mistake. */
  #tellDropped(text: string): void {
    if (this.#news.isNews(text.replace(/\d+/g, ""))) this.options.log.module("RADIUS", "info", text);
  }
}
