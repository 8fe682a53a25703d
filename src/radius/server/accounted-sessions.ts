/** Where stations are, as access points have told in accounting: whom to ask when a session has to end. */

import { MalformedError, textOf } from "../../base/bytes.ts";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { type AttributeType, acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import type { RadiusPacket } from "../../wire/radius/packet.ts";
import { firstOf } from "../../wire/radius/values.ts";
import type { AccountingRecord } from "./accounting.ts";
import type { RadiusSource } from "./authentication.ts";

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

  note({ packet, from }: Pick<AccountingRecord, "packet" | "from">): void {
    const status = told(packet, radius.acctStatusType);
    this.#number += 1;
    if (status === acctStatusTypes.accountingOn || status === acctStatusTypes.accountingOff) {
      remember(this.#begun, accessPointOf(from, told(packet, radius.nasIdentifier)), this.#number, mostAccessPoints);
      return;
    }
    const calling = packet.attributes.find(({ type }) => type === radius.callingStationId.place.type)?.value;
    const station = calling && parseMacAddress(textOf(calling.subarray(0, 17)));
    if (!calling || !station) return;
    const sessionId = told(packet, radius.acctSessionId);
    if (status === acctStatusTypes.stop) {
      // One that it has left for another access point has its end told late.
      const known = this.#byStation.get(station);
      if (known && textOf(known.sessionId ?? none) === textOf(sessionId ?? none)) this.#byStation.delete(station);
      return;
    }
    const nasIdentifier = told(packet, radius.nasIdentifier);
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

/** What is no value counts as absent: it has been written down all the same. */
function told<T>({ attributes }: RadiusPacket, type: AttributeType<T>): T | undefined {
  try {
    return firstOf(attributes, type);
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return undefined;
  }
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
