/** Action frames. IEEE Std 802.11-2020, 9.6, 10.28.4. */

import { Reader } from "../base/bytes.ts";
import { isGroupAddress } from "../base/mac-address.ts";
import { actionCategory, actionErrorBit, decodeAction, encodeAction, isRobust } from "../wire/ieee80211/action.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { gasAction } from "../wire/ieee80211/gas.ts";
import type { Bss } from "./bss.ts";
import { decodeCoexistenceReport } from "./coexistence.ts";
import { onGasRequest } from "./gas.ts";
import { hasProtection, onSaQuery } from "./sa-querying.ts";
import { onWmmAction } from "./traffic-admission.ts";
import { onWnm } from "./wnm.ts";

/** 20/40 BSS Coexistence Management, a Public Action. IEEE Std 802.11-2020, table 9-364. */
const coexistenceAction = 0;

const known: ReadonlySet<number> = new Set(Object.values(actionCategory));

export function onAction(bss: Bss, header: ManagementHeader, reader: Reader): void {
  const { transmitter, receiver } = header;
  const body = reader.field("action");
  const action = decodeAction(new Reader(body.bytes, body.path));
  const station = bss.stations.get(transmitter);
  if (action.category !== actionCategory.public && !station?.isAssociated) {
    return bss.tally.count("action frame of a station that is not associated", transmitter);
  }
  if (station && hasProtection(station) && !header.protected && isRobust(action.category)) {
    return bss.log.station(
      transmitter,
      "IEEE 802.11",
      "debug",
      "Dropped unprotected Robust Action frame from an MFP STA",
    );
  }
  if (station && action.category === actionCategory.saQuery) return onSaQuery(bss, station, header, body);
  if (station && action.category === actionCategory.wnm) return onWnm(bss, station, body);
  if (action.category === actionCategory.public && action.rest[0] === coexistenceAction) {
    const report = decodeCoexistenceReport(new Reader(action.rest.subarray(1), [...body.path, "coexistence"]));
    return bss.radio.onCoexistenceReport(bss, transmitter, report, station?.isAssociated ?? false);
  }
  if (action.category === actionCategory.public && action.rest[0] === gasAction.initialRequest) {
    return onGasRequest(bss, transmitter, new Reader(action.rest.subarray(1), [...body.path, "GAS"]));
  }
  if (action.category === actionCategory.wmm) return onWmmAction(bss, header, body);
  if (known.has(action.category) || action.category & actionErrorBit) return;
  bss.log.station(
    transmitter,
    "IEEE 802.11",
    "debug",
    `handle_action - unknown action category ${action.category} or invalid frame`,
  );
  if (isGroupAddress(receiver)) return;
  bss.sendManagement(
    { subtype: "action", receiver: transmitter },
    encodeAction({ category: action.category | actionErrorBit, rest: action.rest }),
  );
}
