/** Accounting: when sessions begin, how they go, why they end. RFC 2866, RFC 2869, section 2.1. */

import { utf8 } from "../../base/bytes.ts";
import { type Duration, inSeconds, milliseconds, seconds, since } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { StationStatistics } from "../../driver/port.ts";
import type { Persistence } from "../../radius/client/attempts.ts";
import type { RadiusClient } from "../../radius/client/client.ts";
import { acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, typeOf } from "../../wire/radius/values.ts";
import type { Bss } from "../bss.ts";
import type { Station } from "../station.ts";
import { grantOf, multiSessionIdOf, nameOfAddress, sessionIdText } from "./identity.ts";
import { commonAttributes } from "./request-attributes.ts";

/** Acct-Terminate-Cause. RFC 2866, section 5.10. */
export const terminateCauses = {
  "user-request": 1,
  "lost-carrier": 2,
  "idle-timeout": 4,
  "session-timeout": 5,
  "admin-reset": 6,
  "admin-reboot": 7,
  "nas-error": 9,
  "nas-request": 10,
} as const;

export type TerminateCause = keyof typeof terminateCauses;

/** A session that is accounted for. */
export interface AccountedSession {
  readonly began: Duration;
  /** As read last: when the driver has forgotten the station, it is all there is. */
  counters: StationStatistics | undefined;
  interimFailures: number;
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
    if (this.client.servers.length === 0 || !this.bss.isBeaconing) return;
    if (this.#isOn) return;
    this.#isOn = true;
    this.#sessionId = randomId(this.bss);
    this.#tellState("accountingOn");
  }

  /** The port is open. */
  begin(station: Station): void {
    const { bss } = this;
    if (station.accounted) return;
    // A session that has ended doesn't begin again.
    if (station.hasBeenAccounted) station.sessionId = randomId(bss);
    station.hasBeenAccounted = true;
    const { address, sessionId } = station;
    bss.log.station(address, "RADIUS", "info", `starting accounting session ${sessionIdText(sessionId)}`);
    station.terminateCause = undefined;
    station.accounted = { began: bss.clock.now(), counters: undefined, interimFailures: 0 };
    if (this.client.servers.length === 0) return;
    this.#send(station, "start", "until-answered", []);
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
    if (this.client.servers.length > 0) {
      const cause = this.#isEnding ? "admin-reboot" : station.terminateCause;
      const { list } = new AttributeList().put(...this.#counters(accounted));
      if (cause) list.push(...new AttributeList().add(radius.acctTerminateCause, terminateCauses[cause]).list);
      this.#send(station, "stop", "until-answered", list);
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
      if (interval === undefined) this.#readCounters(station, accounted);
      else this.#tellInterim(station, accounted);
      this.#armInterim(station, interval);
    });
  }

  #tellInterim(station: Station, accounted: AccountedSession): void {
    this.#readCounters(station, accounted);
    this.#send(station, "interimUpdate", "once", this.#counters(accounted), (isAnswered) => {
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

  #counters({ began, counters }: AccountedSession): readonly RadiusAttribute[] {
    const list = new AttributeList().add(
      radius.acctSessionTime,
      Math.max(0, Math.floor(inSeconds(since(this.bss.clock, began)))),
    );
    if (!counters) return list.list;
    const { rxPackets, txPackets, rxBytes, txBytes } = counters;
    return list
      .add(radius.acctInputPackets, rxPackets % 2 ** 32)
      .add(radius.acctOutputPackets, txPackets % 2 ** 32)
      .add(radius.acctInputOctets, low(rxBytes))
      .add(radius.acctInputGigawords, high(rxBytes))
      .add(radius.acctOutputOctets, low(txBytes))
      .add(radius.acctOutputGigawords, high(txBytes)).list;
  }

  #send(
    station: Station,
    status: "start" | "stop" | "interimUpdate",
    persistence: Persistence,
    counters: readonly RadiusAttribute[],
    done?: (isAnswered: boolean) => void,
  ): void {
    const { bss } = this;
    const { settings } = bss;
    const grant = grantOf(station);
    const configured = settings.radius_acct_req_attr;
    // What is said of the station is said as it is now, however often it is sent.
    const { address, association, sessionId } = station;
    const subject = { address, association, sessionId, multiSessionId: multiSessionIdOf(station) };
    const common = commonAttributes(bss, configured, subject);
    const at = timestamp(bss);
    const attributes = (more: readonly RadiusAttribute[]): readonly RadiusAttribute[] => {
      const list = new AttributeList().add(radius.acctStatusType, acctStatusTypes[status]);
      // RADIUS, or the network's own keys. RFC 2866, section 5.6.
      if (!configured.some(({ type }) => type === typeOf(radius.acctAuthentic)))
        list.add(radius.acctAuthentic, grant ? 1 : 2);
      list.add(radius.userName, grant?.identity ?? nameOfAddress(address)).put(...common, ...more);
      for (const value of grant?.classes ?? []) list.add(radius.class, value);
      if (grant?.chargeableUserIdentity) list.add(radius.chargeableUserIdentity, grant.chargeableUserIdentity);
      return [...list.list, ...at];
    };
    const transmit = (more: readonly RadiusAttribute[]): void =>
      this.#transmit(address, persistence, () => attributes(more), counters, done);
    const { database } = bss.radius;
    // At the end there is no time to look anything up.
    if (!database || this.#isEnding) return transmit([]);
    // One after the other: a session's end may not overtake its beginning.
    this.#looking = this.#looking.then(async () => transmit(await database.attributesFor(address, "acct")));
  }

  #tellState(status: "accountingOn" | "accountingOff"): void {
    const { bss } = this;
    const list = new AttributeList()
      .add(radius.acctStatusType, acctStatusTypes[status])
      .put(...commonAttributes(bss, bss.settings.radius_acct_req_attr, undefined))
      .add(radius.acctSessionId, utf8(sessionIdText(this.#sessionId)));
    const attributes = [...list.list, ...timestamp(bss)];
    this.#transmit(undefined, "until-answered", () => attributes, []);
  }

  #transmit(
    station: MacAddress | undefined,
    persistence: Persistence,
    before: () => readonly RadiusAttribute[],
    after: readonly RadiusAttribute[],
    done: (isAnswered: boolean) => void = () => undefined,
  ): void {
    this.client.send({
      station,
      persistence,
      carriesEap: false,
      isBound: false,
      attributes: ({ delay }) => [...before(), ...new AttributeList().add(radius.acctDelayTime, delay).list, ...after],
      answered: () => done(true),
      failed: () => done(false),
    });
  }
}

const low = (count: bigint): number => Number(count & 0xffff_ffffn);
const high = (count: bigint): number => Number((count >> 32n) & 0xffff_ffffn);

export const randomId = ({ entropy }: Bss): bigint => new DataView(entropy.bytes(8).slice().buffer).getBigUint64(0);

/** A clock that was never set says nothing. RFC 2869, section 5.3. */
function timestamp({ clock }: Bss): readonly RadiusAttribute[] {
  const now = Math.floor(clock.unixTime());
  return now > 1_000_000_000 ? new AttributeList().add(radius.eventTimestamp, now).list : [];
}
