/** A RADIUS client: one kind of requests, to the first of its servers that answers. RFC 2865, 2866, 3579, 5080. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import type { Clock, Timer } from "../../base/clock.ts";
import { type Duration, inSeconds, milliseconds, seconds, since } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { parseIpAddress } from "../../base/ip-address.ts";
import type { Log } from "../../base/log.ts";
import { News } from "../../base/news.ts";
import { sameValue } from "../../base/same-value.ts";
import { decodeRadiusPacket, type RadiusPacket, radiusCodeName, radiusCodes } from "../../wire/radius/packet.ts";
import { sealAccessRequest, sealChecksummedRequest } from "../sealing.ts";
import { faultOfAnswer } from "./answer-check.ts";
import * as attempts from "./attempts.ts";
import type { Endpoint, RadiusNetwork } from "./port.ts";
import { probeServer } from "./probe.ts";
import type { PendingRequest, RadiusAnswer, RadiusRequest } from "./request.ts";
import * as choice from "./server-choice.ts";
import { ServerLink, type Slot } from "./server-link.ts";
import { newStatistics, type ServerStatistics } from "./statistics.ts";

export type ClientKind = "Authentication" | "Accounting";

export interface Server {
  readonly endpoint: Endpoint;
  readonly secret: Uint8Array;
}

export interface ClientSettings {
  readonly servers: readonly Server[];
  /** Time after which the first is asked again; zero for never. */
  readonly retryPrimary: Duration;
  /** Only one that says that it is there is gone back to. RFC 5997. */
  readonly probesPrimary: boolean;
  readonly requireMessageAuthenticator: boolean;
}

export interface ClientOptions {
  readonly kind: ClientKind;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly network: RadiusNetwork;
  /** Requests that wait at most; where there are more, the oldest go. */
  readonly mostPending?: number;
}

interface Pending {
  readonly request: RadiusRequest;
  /** When it was sent first. */
  readonly began: Duration;
  attempts: attempts.Attempts;
  slot: Slot<Pending> | undefined;
  packet: Uint8Array;
  authenticator: Uint8Array;
  secret: Uint8Array;
  sentAt: Duration;
  timer: Timer | undefined;
}

/** Between two requests that waited for a server to come back. */
const recoveryPace = milliseconds(5);

const answerCodes: Readonly<Record<ClientKind, ReadonlySet<number>>> = {
  Authentication: new Set([
    radiusCodes["Access-Accept"],
    radiusCodes["Access-Reject"],
    radiusCodes["Access-Challenge"],
  ]),
  Accounting: new Set([radiusCodes["Accounting-Response"]]),
};

export class RadiusClient {
  readonly #pending = new Set<Pending>();
  #settings: ClientSettings = {
    servers: [],
    retryPrimary: seconds(0),
    probesPrimary: false,
    requireMessageAuthenticator: true,
  };
  #choice = choice.among(0);
  #link: ServerLink<Pending> | undefined;
  #statistics: ServerStatistics[] = [];
  #retryPrimary: Timer | undefined;
  #probes: readonly { cancel(): void }[] = [];
  /** The server that is asked has left a request without answer. */
  #isSilent = false;
  readonly #news: News;
  /** Called when no request waits for an answer any more. */
  onIdle: (() => void) | undefined;

  constructor(readonly options: ClientOptions) {
    this.#news = new News(options.clock);
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  get servers(): readonly Server[] {
    return this.#settings.servers;
  }

  /** In the order of {@link servers}. */
  get statistics(): readonly ServerStatistics[] {
    return this.#statistics;
  }

  /** Place of the server that is asked. */
  get current(): number {
    return this.#choice.current;
  }

  /** Source ports that are open. */
  get ports(): number {
    return this.#link?.ports ?? 0;
  }

  /** Other servers, or the same: what waits for an answer goes to those that there are from now on. */
  configure(settings: ClientSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (before.retryPrimary !== settings.retryPrimary || settings.servers.length !== before.servers.length) {
      this.#armRetryPrimary();
    }
    if (sameValue(before.servers, settings.servers)) return;
    this.#endProbes();
    this.#statistics = settings.servers.map((server) => {
      const known = before.servers.findIndex((other) => sameValue(other, server));
      return this.#statistics[known] ?? newStatistics();
    });
    const asked = before.servers[this.#choice.current];
    const still = settings.servers.findIndex((server) => asked !== undefined && sameValue(server, asked));
    this.#choice = { ...choice.among(settings.servers.length), current: Math.max(0, still) };
    if (still >= 0) return;
    this.#link?.close();
    this.#link = undefined;
    if (settings.servers.length > 0) this.#tellServer();
    for (const pending of [...this.#pending]) this.#move(pending, false);
  }

  /** Nothing is waited for any more, and nothing called. */
  close(): void {
    for (const pending of [...this.#pending]) this.#drop(pending);
    this.#link?.close();
    this.#link = undefined;
    this.#retryPrimary?.cancel();
    this.#retryPrimary = undefined;
    this.#endProbes();
  }

  send(request: RadiusRequest): PendingRequest {
    const { clock, mostPending = 10_000 } = this.options;
    const now = clock.now();
    const pending: Pending = {
      request,
      began: now,
      attempts: attempts.initial,
      slot: undefined,
      packet: nothing,
      authenticator: nothing,
      secret: nothing,
      sentAt: now,
      timer: undefined,
    };
    if (this.#settings.servers.length === 0) {
      const { kind, log } = this.options;
      log.module("RADIUS", "info", `No ${kind.toLowerCase()} server configured`);
      request.failed(`there is no ${kind.toLowerCase()} server`);
      return { cancel: () => undefined };
    }
    if (this.#pending.size >= mostPending) this.#giveUpOldest();
    this.#pending.add(pending);
    this.#advance(pending, { type: "begin" });
    return { cancel: () => this.#drop(pending) };
  }

  /** An input to a request's attempts, and what comes of it. */
  #advance(pending: Pending, input: attempts.Input): void {
    const { persistence } = pending.request;
    const policy = { persistence, servers: this.#settings.servers.length };
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
        const { clock, entropy } = this.options;
        pending.timer?.cancel();
        const after = attempts.waitAfter(effect.attempt, (entropy.bytes(1)[0] ?? 0) / 255);
        pending.timer = clock.after("RADIUS answer", after, () => this.#onTimeout(pending));
        return;
      }
      case "tell-silence":
        this.#isSilent = true;
        this.#lookUpAgain(pending.began);
        return this.#choose({ type: "silent", server: this.#choice.current, since: pending.began });
      case "give-up":
        return this.#fail(pending, "no answer from the server");
    }
  }

  #onTimeout(pending: Pending): void {
    const statistics = this.#statistics[this.#choice.current];
    if (statistics && pending.packet.length > 0) statistics.timeouts += 1;
    this.#advance(pending, { type: "timeout" });
  }

  #transmit(pending: Pending): void {
    const { kind, log, clock } = this.options;
    const server = this.#settings.servers[this.#choice.current];
    const statistics = this.#statistics[this.#choice.current];
    if (!server || !statistics) return this.#fail(pending, `there is no ${kind.toLowerCase()} server`);
    const isAgain = pending.slot?.isOpen === true;
    // What a stream has taken arrives; another copy would be another request.
    if (isAgain && pending.slot?.isReliable) return;
    // Its delay is another one, which makes it another request.
    const isRenewed = !isAgain || kind === "Accounting";
    if (isRenewed && !this.#seal(pending, server)) return;
    const { slot, request } = pending;
    if (!slot) return;
    if (pending.attempts.here > 1) {
      statistics.retransmissions += 1;
      this.#debug(request, `Resending RADIUS message (id=${slot.identifier})`);
    } else {
      statistics.requests += 1;
      log.module("RADIUS", "debug", `Sending RADIUS message to ${kind.toLowerCase()} server`);
    }
    pending.sentAt = clock.now();
    slot.send(pending.packet);
  }

  /** @returns false where it can't be sent, and has failed or waits */
  #seal(pending: Pending, server: Server): boolean {
    const { kind, entropy, clock } = this.options;
    pending.slot?.release();
    pending.slot = undefined;
    this.#link ??= this.#connect(server);
    const slot = this.#link.take(pending);
    if (!slot) return false;
    pending.slot = slot;
    const { secret } = server;
    const { identifier } = slot;
    const delay = Math.round(inSeconds(since(clock, pending.began)));
    try {
      if (kind === "Authentication") {
        const authenticator = Uint8Array.from(entropy.bytes(16));
        const attributes = pending.request.attributes({ secret, authenticator, delay });
        const contents = { code: radiusCodes["Access-Request"], identifier, attributes };
        pending.packet = sealAccessRequest(secret, authenticator, contents);
      } else {
        const attributes = pending.request.attributes({ secret, authenticator: zeros, delay });
        const contents = { code: radiusCodes["Accounting-Request"], identifier, attributes };
        pending.packet = sealChecksummedRequest(secret, contents, false);
      }
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      this.#fail(pending, `the request is no RADIUS packet: ${thrown.message}`);
      return false;
    }
    pending.authenticator = pending.packet.slice(4, 20);
    pending.secret = secret;
    return true;
  }

  #connect({ endpoint }: Server): ServerLink<Pending> {
    const link: ServerLink<Pending> = new ServerLink(this.options.network, endpoint, {
      onPacket: (packet, userOf) => this.#onPacket(packet, userOf),
      onFailure: (reason, users) => this.#onFailure(link, reason, users),
    });
    return link;
  }

  #onFailure(link: ServerLink<Pending>, reason: string, users: readonly Pending[]): void {
    if (link !== this.#link) return;
    const { current } = this.#choice;
    const { kind, log } = this.options;
    const host = this.#settings.servers[current]?.endpoint.host ?? "";
    if (this.#news.isNews(`failure ${current}`)) log.module("RADIUS", "info", `${kind} server ${host}: ${reason}`);
    this.#choose({ type: "unreachable", server: current });
    if (this.#choice.current !== current) return;
    for (const pending of users) this.#advance(pending, { type: "lost" });
  }

  #choose(input: choice.Input): void {
    const { state, effects } = choice.step(this.#choice, input);
    const isSilent = input.type === "silent";
    this.#choice = state;
    for (const { from } of effects) {
      if (input.type !== "return") {
        this.#tellFailover(from);
        this.#endProbes();
      }
      this.#tellServer();
      this.#isSilent = false;
      this.#link?.close();
      this.#link = undefined;
      for (const pending of [...this.#pending]) {
        this.#move(pending, isSilent && pending.attempts.here >= attempts.attemptsPerServer);
      }
    }
  }

  #move(pending: Pending, isSilent: boolean): void {
    pending.timer?.cancel();
    pending.timer = undefined;
    pending.slot = undefined;
    if (this.#settings.servers.length === 0) return this.#fail(pending, "there is no server any more");
    if (pending.request.isBound) return this.#fail(pending, "the server that knew of this conversation doesn't answer");
    this.#advance(pending, { type: "moved", isSilent });
  }

  #tellServer(): void {
    const { kind, log } = this.options;
    const endpoint = this.#settings.servers[this.#choice.current]?.endpoint;
    if (endpoint) log.module("RADIUS", "info", `${kind} server ${endpoint.host}:${endpoint.port}`);
  }

  #tellFailover(from: number): void {
    const { kind, log } = this.options;
    const endpoint = this.#settings.servers[from]?.endpoint;
    const which = `${endpoint?.host}:${endpoint?.port}`;
    log.module("RADIUS", "notice", `No response from ${kind} server ${which} - failover`);
  }

  #onPacket(octets: Uint8Array, userOf: (identifier: number) => Pending | undefined): void {
    const { kind, log } = this.options;
    const statistics = this.#statistics[this.#choice.current];
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
    if (!pending) {
      statistics.dropped += 1;
      const which = `type=${kind === "Authentication" ? 0 : 1} id=${packet.identifier}`;
      return log.module("RADIUS", "debug", `No matching RADIUS request found (${which}) - dropping packet`);
    }
    const fault = this.#faultOf(pending, octets);
    if (fault !== undefined) {
      statistics.badAuthenticators += 1;
      return this.#tellDropped(fault);
    }
    const code = radiusCodeName(packet.code);
    if (!answerCodes[kind].has(packet.code) || code === undefined) {
      statistics.unknownTypes += 1;
      return this.#tellDropped(`Unknown RADIUS message code ${packet.code}`);
    }
    this.#count(statistics, pending, code);
    const wasSilent = this.#isSilent;
    this.#isSilent = false;
    this.#choose({ type: "answered", server: this.#choice.current, at: this.options.clock.now() });
    const { request, secret, authenticator } = pending;
    this.#drop(pending);
    if (wasSilent) this.#recover();
    request.answered({ code: code as RadiusAnswer["code"], attributes: packet.attributes, secret, authenticator });
  }

  #faultOf({ request, secret, authenticator, slot }: Pending, octets: Uint8Array): string | undefined {
    // Over TLS nobody else can have sent it, where the certificate has shown who that is.
    const isDemanded = this.#settings.requireMessageAuthenticator && slot?.isAuthentic !== true;
    const needed = request.carriesEap ? "for-eap" : isDemanded ? "by-settings" : undefined;
    const messageAuthenticator = this.options.kind === "Accounting" ? undefined : needed;
    return faultOfAnswer(octets, { secret, authenticator, messageAuthenticator });
  }

  #count(statistics: ServerStatistics, { request, sentAt }: Pending, code: string): void {
    const roundTrip = Math.round(since(this.options.clock, sentAt) / 10);
    statistics.roundTripTime = roundTrip;
    const shown = `${Math.floor(roundTrip / 100)}.${String(roundTrip % 100).padStart(2, "0")}`;
    this.#debug(request, `Received RADIUS packet matched with a pending request, round trip time ${shown} sec`);
    if (code === "Access-Accept") statistics.accepts += 1;
    else if (code === "Access-Reject") statistics.rejects += 1;
    else if (code === "Access-Challenge") statistics.challenges += 1;
    else statistics.responses += 1;
  }

  /** The server is back: what has waited for it doesn't wait for its next attempt, but doesn't come all at once. */
  #recover(): void {
    let delay = 0;
    for (const pending of this.#pending) {
      if (pending.attempts.here < 2) continue;
      pending.timer?.cancel();
      delay += recoveryPace;
      const wait = milliseconds(delay);
      pending.attempts = { ...pending.attempts, here: Math.min(pending.attempts.here, attempts.attemptsPerServer - 1) };
      pending.timer = this.options.clock.after("RADIUS answer", wait, () => this.#onTimeout(pending));
    }
  }

  #giveUpOldest(): void {
    for (const oldest of this.#pending) {
      if (this.#news.isNews("queue"))
        this.options.log.module(
          "RADIUS",
          "warning",
          "Removing the oldest un-ACKed packet due to retransmit list limits",
        );
      return this.#fail(oldest, "too many requests wait for an answer");
    }
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

  #armRetryPrimary(): void {
    this.#retryPrimary?.cancel();
    this.#retryPrimary = undefined;
    const { retryPrimary, servers } = this.#settings;
    if (retryPrimary <= 0 || servers.length < 2) return;
    this.#retryPrimary = this.options.clock.after("RADIUS primary server", retryPrimary, () => {
      this.#armRetryPrimary();
      if (!this.#settings.probesPrimary) return this.#choose({ type: "return", to: 0 });
      this.#endProbes();
      const before = this.#settings.servers.slice(0, this.#choice.current);
      // Of several that are there the first: one behind it that answers sooner is left again.
      this.#probes = before.map((server, to) =>
        probeServer(this.options, server, () => this.#choose({ type: "return", to })),
      );
    });
  }

  #endProbes(): void {
    for (const probe of this.#probes) probe.cancel();
    this.#probes = [];
  }

  /** A host that has moved has another address. @param since when the request was sent first that has no answer */
  #lookUpAgain(since: Duration): void {
    const { current, answeredAt } = this.#choice;
    const host = this.#settings.servers[current]?.endpoint.host;
    const isThere = answeredAt !== undefined && answeredAt >= since;
    if (host === undefined || parseIpAddress(host) || isThere) return;
    this.#link?.close();
    this.#link = undefined;
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

const nothing = new Uint8Array();
const zeros = new Uint8Array(16);
