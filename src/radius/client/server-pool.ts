/**
 * The servers of a client: which of them is asked (server-choice.ts), how it is reached, when one before it is asked again.
 * RFC 3539, section 3.4; RFC 5997.
 */

import type { Clock, Timer } from "../../base/clock.ts";
import { type Duration, seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { parseIpAddress } from "../../base/ip-address.ts";
import type { Log } from "../../base/log.ts";
import { News } from "../../base/news.ts";
import { sameValue } from "../../base/same-value.ts";
import type { Endpoint, RadiusNetwork } from "./port.ts";
import { probeServer } from "./probe.ts";
import type { RequestKind } from "./request-kind.ts";
import * as choice from "./server-choice.ts";
import { ServerLink, type Slot } from "./server-link.ts";
import { newStatistics, type ServerStatistics } from "./statistics.ts";

export interface Server {
  readonly endpoint: Endpoint;
  readonly secret: Uint8Array;
}

export interface PoolSettings {
  /** The first is the primary one. */
  readonly servers: readonly Server[];
  /** Time after which the first is asked again; zero for never. */
  readonly retryPrimary: Duration;
  /** Only one that says that it is there is gone back to. RFC 5997. */
  readonly probesPrimary: boolean;
}

export interface PoolOptions {
  readonly kind: RequestKind;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly network: RadiusNetwork;
}

/** A server, and what was counted of it. */
export interface Member {
  readonly server: Server;
  readonly statistics: ServerStatistics;
}

export interface PoolListener<T> {
  /** @param userOf whom an identifier is of */
  onPacket(packet: Uint8Array, userOf: (identifier: number) => T | undefined): void;
  /** The connection is gone that requests of these were sent over; the server that is asked is the same. */
  onLost(users: readonly T[]): void;
  /** Another server is asked from now on, or there is none: nobody's {@link Slot} is open. @param isSilent the one before has left requests without an answer */
  onMoved(isSilent: boolean): void;
}

/** @typeParam T whoever has a request that waits for an answer */
export class ServerPool<T> {
  #settings: PoolSettings = { servers: [], retryPrimary: seconds(0), probesPrimary: false };
  #members: readonly Member[] = [];
  #choice = choice.among(0);
  #link: ServerLink<T> | undefined;
  #retryPrimary: Timer | undefined;
  #probes: readonly { cancel(): void }[] = [];
  /** The server that is asked has left a request without answer. */
  #isSilent = false;
  readonly #news: News;

  constructor(
    readonly options: PoolOptions,
    readonly listener: PoolListener<T>,
  ) {
    this.#news = new News(options.clock);
  }

  /** In the order of the settings. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** Place of the one that is asked. */
  get current(): number {
    return this.#choice.current;
  }

  /** The one that is asked; undefined where there is none. */
  get asked(): Member | undefined {
    return this.#members[this.#choice.current];
  }

  /** Source ports that are open. */
  get ports(): number {
    return this.#link?.ports ?? 0;
  }

  /** Other servers, or the same: the one that is asked stays if it is among them, and what was counted stays with each. */
  configure(settings: PoolSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (before.retryPrimary !== settings.retryPrimary || settings.servers.length !== before.servers.length) {
      this.#armRetryPrimary();
    }
    if (sameValue(before.servers, settings.servers)) return;
    this.#endProbes();
    const asked = this.asked?.server;
    this.#members = settings.servers.map((server) => {
      const known = this.#members.find((member) => sameValue(member.server, server));
      return { server, statistics: known?.statistics ?? newStatistics() };
    });
    const still = settings.servers.findIndex((server) => asked !== undefined && sameValue(server, asked));
    this.#choice = { ...choice.among(settings.servers.length), current: Math.max(0, still) };
    if (still >= 0) return;
    this.#hangUp();
    this.#tellServer();
    this.listener.onMoved(false);
  }

  close(): void {
    this.#hangUp();
    this.#retryPrimary?.cancel();
    this.#retryPrimary = undefined;
    this.#endProbes();
  }

  /** @returns an identifier at the server that is asked; undefined where there is no server, or all are in use */
  take(user: T): Slot | undefined {
    const { asked } = this;
    if (!asked) return undefined;
    this.#link ??= this.#connect(asked.server.endpoint);
    return this.#link.take(user);
  }

  /** A request has had all its attempts, the first of them at `began`. */
  onSilence(began: Duration): void {
    this.#isSilent = true;
    this.#lookUpAgain(began);
    this.#choose({ type: "silent", server: this.#choice.current, since: began });
  }

  /** The server that is asked has answered. @returns whether it had been silent before */
  onAnswer(): boolean {
    const wasSilent = this.#isSilent;
    this.#isSilent = false;
    this.#choose({ type: "answered", server: this.#choice.current, at: this.options.clock.now() });
    return wasSilent;
  }

  #connect(endpoint: Endpoint): ServerLink<T> {
    const link: ServerLink<T> = new ServerLink(this.options.network, endpoint, {
      onPacket: (packet, userOf) => this.listener.onPacket(packet, userOf),
      onFailure: (reason, users) => this.#onFailure(link, reason, users),
    });
    return link;
  }

  #hangUp(): void {
    this.#link?.close();
    this.#link = undefined;
  }

  #onFailure(link: ServerLink<T>, reason: string, users: readonly T[]): void {
    if (link !== this.#link) return;
    const { current } = this.#choice;
    const { kind, log } = this.options;
    const host = this.asked?.server.endpoint.host ?? "";
    if (this.#news.isNews(`failure ${current}`)) log.module("RADIUS", "info", `${kind} server ${host}: ${reason}`);
    this.#choose({ type: "unreachable", server: current });
    if (this.#choice.current === current) this.listener.onLost(users);
  }

  #choose(input: choice.Input): void {
    const { asked } = this;
    const { current } = this.#choice;
    this.#choice = choice.step(this.#choice, input);
    if (this.#choice.current === current) return;
    if (input.type !== "return") {
      this.#tellFailover(asked);
      this.#endProbes();
    }
    this.#tellServer();
    this.#isSilent = false;
    this.#hangUp();
    this.listener.onMoved(input.type === "silent");
  }

  #tellServer(): void {
    const { kind, log } = this.options;
    const endpoint = this.asked?.server.endpoint;
    if (endpoint) log.module("RADIUS", "info", `${kind} server ${endpoint.host}:${endpoint.port}`);
  }

  #tellFailover(from: Member | undefined): void {
    const { kind, log } = this.options;
    const endpoint = from?.server.endpoint;
    const which = `${endpoint?.host}:${endpoint?.port}`;
    log.module("RADIUS", "notice", `No response from ${kind} server ${which} - failover`);
  }

  /** A host that has moved has another address. @param began when the request was sent first that has no answer */
  #lookUpAgain(began: Duration): void {
    const { answeredAt } = this.#choice;
    const host = this.asked?.server.endpoint.host;
    const isThere = answeredAt !== undefined && answeredAt >= began;
    if (host === undefined || parseIpAddress(host) || isThere) return;
    this.#hangUp();
  }

  #armRetryPrimary(): void {
    this.#retryPrimary?.cancel();
    this.#retryPrimary = undefined;
    const { retryPrimary, servers } = this.#settings;
    if (retryPrimary <= 0 || servers.length < 2) return;
    this.#retryPrimary = this.options.clock.after("RADIUS primary server", retryPrimary, () => {
      this.#armRetryPrimary();
      if (this.#settings.probesPrimary) this.#probe();
      else this.#choose({ type: "return", to: 0 });
    });
  }

  /** Of several that are there the first: one behind it that answers sooner is left again. */
  #probe(): void {
    this.#endProbes();
    const before = this.#settings.servers.slice(0, this.#choice.current);
    this.#probes = before.map((server, to) =>
      probeServer(this.options, server, () => this.#choose({ type: "return", to })),
    );
  }

  #endProbes(): void {
    for (const probe of this.#probes) probe.cancel();
    this.#probes = [];
  }
}
