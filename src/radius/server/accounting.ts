/** The accounting side of a RADIUS server: a request is answered when what it says is written down. RFC 2866, RFC 5997. */

import { MalformedError, Reader, textOf } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { type AttributeType, acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import { decodeRadiusPacket, type RadiusPacket, radiusCodes } from "../../wire/radius/packet.ts";
import { firstOf, proxyStatesOf } from "../../wire/radius/values.ts";
import { checkMessageAuthenticator, sealAnswer, verifyRequestAuthenticator } from "../sealing.ts";
import type { ClientTable, KnownClient } from "./clients.ts";
import type { ServerCounters } from "./counters.ts";
import { Duplicates } from "./duplicates.ts";
import type { RadiusSource } from "./source.ts";
import type { StrangerLog } from "./strangers.ts";

/** An Accounting-Request of a client. */
export interface AccountingRecord {
  /** Seconds of UNIX time when it was heard. */
  readonly time: number;
  readonly from: RadiusSource;
  readonly packet: RadiusPacket;
}

export interface AccountingServerOptions {
  readonly clients: ClientTable;
  readonly counters: ServerCounters;
  readonly strangers: StrangerLog;
  readonly clock: Clock;
  readonly log: Log;
  /** radius_server_acct_log. */
  readonly isLogged: boolean;
  /** @returns false where it could not be written: the client asks again then */
  readonly record: (record: AccountingRecord) => Promise<boolean>;
  readonly send: (packet: Uint8Array, to: RadiusSource) => void;
}

export class AccountingServer {
  readonly #duplicates: Duplicates;

  constructor(readonly options: AccountingServerOptions) {
    this.#duplicates = new Duplicates(options.clock);
  }

  /** Never throws, whatever the octets are. */
  receive(octets: Uint8Array, from: RadiusSource): void {
    const { clients, counters, strangers } = this.options;
    const client = clients.find(from);
    if (!client) {
      counters.count("invalidAccountingRequests", undefined);
      strangers.hear("unknown", from.address);
      return;
    }
    let packet: RadiusPacket;
    try {
      packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      counters.count("malformedAccountingRequests", client.index);
      this.#debug(`malformed packet from ${from.address}: ${thrown.message}`);
      return;
    }
    switch (packet.code) {
      case radiusCodes["Accounting-Request"]:
        counters.count("accountingRequests", client.index);
        if (verifyRequestAuthenticator(client.secret, octets)) return this.#onRequest(packet, client, from);
        counters.count("accountingBadAuthenticators", client.index);
        strangers.hear("accounting", from.address);
        return;
      case radiusCodes["Status-Server"]:
        if (checkMessageAuthenticator(client.secret, octets) === "right") this.#answer(packet, client, from);
        return;
      default:
        counters.count("unknownAccountingTypes", client.index);
        this.#debug(`unexpected code ${packet.code} from ${from.address}`);
    }
  }

  #onRequest(packet: RadiusPacket, client: KnownClient, from: RadiusSource): void {
    const heard = this.#duplicates.hear(from, packet.identifier, packet.authenticator);
    if (heard.kind === "duplicate") {
      if (heard.answer) this.options.send(heard.answer, from);
      return;
    }
    const { clock, counters, log } = this.options;
    try {
      if (firstOf(packet.attributes, radius.acctStatusType) === undefined) {
        heard.settle(undefined);
        return this.#debug(`Unable to parse Acct-Status-Type from ${from.address}`);
      }
      if (this.options.isLogged) log.info(accountingLine(packet));
    } catch (thrown) {
      heard.settle(undefined);
      if (!(thrown instanceof MalformedError)) throw thrown;
      counters.count("malformedAccountingRequests", client.index);
      return this.#debug(`malformed request from ${from.address}: ${thrown.message}`);
    }
    this.options.record({ time: clock.unixTime(), from, packet }).then(
      (isWritten) => {
        if (isWritten) counters.count("accountingResponses", client.index);
        heard.settle(isWritten ? this.#answer(packet, client, from) : undefined);
      },
      (thrown: unknown) => {
        heard.settle(undefined);
        log.error(`RADIUS accounting: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}`);
      },
    );
  }

  #answer(packet: RadiusPacket, client: KnownClient, from: RadiusSource): Uint8Array {
    const isStatus = packet.code === radiusCodes["Status-Server"];
    const contents = {
      code: radiusCodes["Accounting-Response"],
      identifier: packet.identifier,
      attributes: proxyStatesOf(packet),
    };
    const octets = sealAnswer(client.secret, packet.authenticator, contents, isStatus);
    this.options.send(octets, from);
    return octets;
  }

  #debug(text: string): void {
    this.options.log.debug(`RADIUS SRV: ${text}`);
  }
}

const statusNames = new Map<number, string>([
  [acctStatusTypes.start, "Accounting-Start"],
  [acctStatusTypes.stop, "Accounting-Stop"],
  [acctStatusTypes.interimUpdate, "Accounting-Interim-Update"],
  [acctStatusTypes.accountingOn, "Accounting-On"],
  [acctStatusTypes.accountingOff, "Accounting-Off"],
]);

/** What hostapd logs of it. @throws MalformedError */
export function accountingLine({ attributes }: RadiusPacket): string {
  const shown = (type: AttributeType<Uint8Array>): string => printable(textOf(firstOf(attributes, type) ?? none));
  const number = (type: AttributeType<number>): number => firstOf(attributes, type) ?? 0;
  const status = number(radius.acctStatusType);
  const name = statusNames.get(status) ?? String(status);
  const nas = `RADIUS ACCT: NAS='${shown(radius.nasIdentifier)}'`;
  if (status === acctStatusTypes.accountingOn || status === acctStatusTypes.accountingOff) {
    return `${nas} status='${name}'`;
  }
  const station = printable(firstOf(attributes, radius.callingStationId) ?? "");
  const who = `${nas} session='${shown(radius.acctSessionId)}' status='${name}' station='${station}' username='${shown(radius.userName)}'`;
  if (status === acctStatusTypes.start) return who;
  const octets = (gigawords: AttributeType<number>, rest: AttributeType<number>): number =>
    number(gigawords) * 0x1_0000_0000 + number(rest);
  return [
    who,
    `session_time=${number(radius.acctSessionTime)}`,
    `term_cause=${number(radius.acctTerminateCause)}`,
    `pck_in=${number(radius.acctInputPackets)}`,
    `pck_out=${number(radius.acctOutputPackets)}`,
    `bytes_in=${octets(radius.acctInputGigawords, radius.acctInputOctets)}`,
    `bytes_out=${octets(radius.acctOutputGigawords, radius.acctOutputOctets)}`,
  ].join(" ");
}

const none = new Uint8Array();

/** Nobody else's octets make lines of their own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f]/g, "?");
