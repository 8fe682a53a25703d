/** Where stations are, as access points have told in accounting: whom to ask when a session has to end. */

import { textOf } from "../../base/bytes.ts";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import { readableFirstOf } from "../../wire/radius/values.ts";
import type { AccountingRecord } from "./accounting.ts";
import type { RadiusSource } from "./source.ts";

export interface AccountedSession {
  readonly nas: RadiusSource;
  /** Octets, as the access point has told them. */
  readonly callingStationId: Uint8Array;
  readonly sessionId: Uint8Array | undefined;
  readonly nasIdentifier: Uint8Array | undefined;
}

/** Those that were told of longest ago go first. */
const mostSessions = 65_536;
const mostAccessPoints = 4096;

export class AccountedSessions {
  readonly #byStation = new Map<MacAddress, AccountedSession & { readonly number: number }>();
  /** When an access point began anew, or ended: what it has told before is over. */
  readonly #begun = new Map<string, number>();
  #number = 0;

  /** What is no value in it counts as absent: it has been written down all the same. */
  note({ packet, from }: Pick<AccountingRecord, "packet" | "from">): void {
    const { attributes } = packet;
    const status = readableFirstOf(attributes, radius.acctStatusType);
    this.#number += 1;
    if (status === acctStatusTypes.accountingOn || status === acctStatusTypes.accountingOff) {
      remember(
        this.#begun,
        accessPointOf(from, readableFirstOf(attributes, radius.nasIdentifier)),
        this.#number,
        mostAccessPoints,
      );
      return;
    }
    const calling = attributes.find(({ type }) => type === radius.callingStationId.place.type)?.value;
    const station = calling && parseMacAddress(textOf(calling.subarray(0, 17)));
    if (!calling || !station) return;
    const sessionId = readableFirstOf(attributes, radius.acctSessionId);
    if (status === acctStatusTypes.stop) {
      // One that it has left for another access point has its end told late.
      const known = this.#byStation.get(station);
      if (known && textOf(known.sessionId ?? none) === textOf(sessionId ?? none)) this.#byStation.delete(station);
      return;
    }
    const nasIdentifier = readableFirstOf(attributes, radius.nasIdentifier);
    const session = { nas: from, callingStationId: calling.slice(), sessionId, nasIdentifier, number: this.#number };
    remember(this.#byStation, station, session, mostSessions);
  }

  find(station: MacAddress): AccountedSession | undefined {
    const session = this.#byStation.get(station);
    if (!session) return undefined;
    const begun = this.#begun.get(accessPointOf(session.nas, session.nasIdentifier)) ?? 0;
    return session.number > begun ? session : undefined;
  }
}

const none = new Uint8Array();

/** Several may have one address. */
const accessPointOf = ({ address }: RadiusSource, identifier: Uint8Array | undefined): string =>
  `${address} ${textOf(identifier ?? none)}`;

function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
