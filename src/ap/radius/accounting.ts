/** Accounting: when sessions begin, how they go, why they end. RFC 2866, RFC 2869, section 2.1. */

import { type Duration, milliseconds, seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { Persistence } from "../../radius/client/attempts.ts";
import type { RadiusClient } from "../../radius/client/client.ts";
import { radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import type { Bss } from "../bss.ts";
import type { Station } from "../station.ts";
import {
  type AccountedSession,
  counterAttributes,
  endAttributes,
  type SessionStatus,
  sessionRecord,
  stateRecord,
  type TerminateCause,
} from "./accounting-records.ts";
import { grantOf, newSessionId, sessionIdText } from "./identity.ts";

/** Attributes before and behind Acct-Delay-Time. */
interface Contents {
  readonly before: readonly RadiusAttribute[];
  readonly after: readonly RadiusAttribute[];
}

interface Delivery {
  readonly station?: MacAddress | undefined;
  readonly persistence: Persistence;
  /** Seconds that have gone by since it was made. */
  readonly age?: number;
  readonly done?: (isAnswered: boolean) => void;
}

/** An update that didn't arrive is made anew soon, so often. */
const mostInterimFailures = 10;
/** Without updates, the counters are read all the same, for the end. */
const readInterval = seconds(300);

export class Accounting {
  /** Of the access point as a whole, from Accounting-On to Accounting-Off. */
  #sessionId = 0n;
  #isOn = false;
  #isEnding = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    readonly bss: Bss,
    readonly client: RadiusClient,
  ) {}

  /** The network is on the air. */
  start(): void {
    this.#isEnding = false;
    this.onServers();
  }

  /** Sessions that end from now on end because the access point does. */
  expectEnd(): void {
    this.#isEnding = true;
  }

  /** The network has left the air, after its stations. */
  stop(): void {
    if (this.#isOn) this.#tellState("accountingOff");
    this.#isOn = false;
  }

  /** There may be servers now where there were none. */
  onServers(): void {
    if (!this.client.hasServers || !this.bss.isBeaconing) return;
    if (this.#isOn) return;
    this.#isOn = true;
    this.#tellLeft();
    this.#sessionId = newSessionId(this.bss);
    this.#tellState("accountingOn");
  }

  /** The port is open. */
  begin(station: Station): void {
    const { bss } = this;
    if (station.accounted) return;
    // A session that has ended doesn't begin again.
    if (station.hasBeenAccounted) station.sessionId = newSessionId(bss);
    station.hasBeenAccounted = true;
    const { address, sessionId } = station;
    bss.log.station(address, "RADIUS", "info", `starting accounting session ${sessionIdText(sessionId)}`);
    station.terminateCause = undefined;
    station.accounted = { began: bss.clock.now(), counters: undefined, interimFailures: 0 };
    if (!this.client.hasServers) return;
    this.#send(station, "start", "until-answered", []);
    this.#note(station, station.accounted);
    this.#armInterim(station, this.#interval(station));
  }

  /** The port is closed; nothing of it is left but what was counted. */
  end(station: Station): void {
    const { accounted } = station;
    if (!accounted) return;
    station.timers.disarm("accounting");
    const { address, sessionId } = station;
    this.#readCounters(station, accounted);
    station.accounted = undefined;
    const { log } = this.bss;
    if (this.client.hasServers) {
      const cause = this.#isEnding ? "admin-reboot" : station.terminateCause;
      this.#send(station, "stop", "until-answered", endAttributes(this.bss, accounted, cause));
    }
    log.station(address, "RADIUS", "info", `stopped accounting session ${sessionIdText(sessionId)}`);
  }

  /** The server has asked for another interval. */
  onInterval(station: Station): void {
    if (station.accounted) this.#armInterim(station, this.#interval(station));
  }

  /** Who has ended it, as it was told. */
  noteLeaving(
    address: MacAddress,
    { by, reason }: { readonly by: "station" | "access-point" | "driver"; readonly reason: string },
  ): void {
    const station = this.bss.stations.get(address);
    if (!station) return;
    const ours = reason === "inactivity" ? "idle-timeout" : reason === "mic-failure" ? "admin-reset" : "nas-request";
    station.terminateCause ??= { station: "user-request", driver: "lost-carrier", "access-point": ours }[
      by
    ] as TerminateCause;
  }

  #interval(station: Station): Duration | undefined {
    const configured = this.bss.settings.radius_acct_interim_interval;
    if (configured > 0) return seconds(configured);
    return grantOf(station)?.interimInterval;
  }

  #armInterim(station: Station, after: Duration | undefined): void {
    station.timers.arm("accounting", after ?? readInterval, () => {
      const { accounted } = station;
      if (!accounted) return;
      const interval = this.#interval(station);
      this.#readCounters(station, accounted);
      this.#note(station, accounted);
      if (interval !== undefined) this.#tellInterim(station, accounted);
      this.#armInterim(station, interval);
    });
  }

  #tellInterim(station: Station, accounted: AccountedSession): void {
    this.#send(station, "interimUpdate", "once", counterAttributes(this.bss, accounted), (isAnswered) => {
      if (station.accounted !== accounted) return;
      accounted.interimFailures = isAnswered ? 0 : accounted.interimFailures + 1;
      if (isAnswered) return;
      if (accounted.interimFailures > mostInterimFailures) {
        accounted.interimFailures = 0;
        return;
      }
      // Sooner than the next, with what is counted then; the first at once, since it has waited already.
      const failures = accounted.interimFailures;
      const wait = failures === 1 ? milliseconds(0) : seconds(3 * 2 ** (failures - 1));
      const interval = this.#interval(station);
      if (interval !== undefined && wait < interval) this.#armInterim(station, wait);
    });
  }

  #readCounters({ address }: Station, accounted: AccountedSession): void {
    accounted.counters = this.bss.attempt((port) => port.statistics(address)) ?? accounted.counters;
  }

  #send(
    station: Station,
    status: SessionStatus,
    persistence: Persistence,
    counters: readonly RadiusAttribute[],
    done?: (isAnswered: boolean) => void,
  ): void {
    const { bss } = this;
    // What is said of the station is said as it is now, however often it is sent.
    const record = sessionRecord(bss, station, status);
    const { address, sessionId } = station;
    const ends = status === "stop" ? sessionIdText(sessionId) : undefined;
    const transmit = (more: readonly RadiusAttribute[]): void => {
      const attributes = { before: record(more), after: counters };
      this.#transmit(attributes, { station: address, persistence, ...(done && { done }), ...(ends && { ends }) });
    };
    const { database } = bss.radius;
    // At the end there is no time to look anything up.
    if (!database || this.#isEnding) return transmit([]);
    // One after the other: a session's end may not overtake its beginning.
    this.#looking = this.#looking.then(async () => transmit(await database.attributesFor(address, "acct")));
  }

  /** If the process were killed now, that is what would be told at the next start. */
  #note(station: Station, accounted: AccountedSession): void {
    const { bss } = this;
    const { journal } = bss.radius;
    if (!journal || !this.client.hasServers) return;
    const attributes = [...sessionRecord(bss, station, "stop")([]), ...endAttributes(bss, accounted, "nas-reboot")];
    journal.note(bss.name, sessionIdText(station.sessionId), { since: bss.clock.unixTime(), attributes });
  }

  /** What a process before this one has left. */
  #tellLeft(): void {
    const { bss } = this;
    const left = bss.radius.journal?.takeLeft(bss.name) ?? [];
    if (left.length === 0) return;
    bss.log.module("RADIUS", "info", `${left.length} accounting records of before are sent`);
    for (const { since: made, attributes, settle } of left) {
      const age = Math.max(0, Math.round(bss.clock.unixTime() - made));
      this.#request({ before: attributes, after: [] }, { persistence: "until-answered", age, done: settle });
    }
  }

  #tellState(status: "accountingOn" | "accountingOff"): void {
    const before = stateRecord(this.bss, status, this.#sessionId);
    this.#transmit({ before, after: [] }, { persistence: "until-answered" });
  }

  /** Kept until it is answered, where there is a journal and it has to be heard. */
  #transmit(contents: Contents, { ends, done, ...how }: Delivery & { readonly ends?: string }): void {
    const { bss } = this;
    const attributes = [...contents.before, ...contents.after];
    const settle =
      how.persistence === "until-answered"
        ? bss.radius.journal?.keep(bss.name, { since: bss.clock.unixTime(), attributes }, ends)
        : undefined;
    this.#request(contents, {
      ...how,
      done: (isAnswered) => {
        settle?.();
        done?.(isAnswered);
      },
    });
  }

  #request({ before, after }: Contents, { station, persistence, age = 0, done = () => undefined }: Delivery): void {
    this.client.send({
      station,
      persistence,
      carriesEap: false,
      isBound: false,
      attributes: ({ delay }) => [
        ...before,
        ...new AttributeList().add(radius.acctDelayTime, age + delay).list,
        ...after,
      ],
      answered: () => done(true),
      failed: () => done(false),
    });
  }
}
