/**
 * Admission control of access categories: a station asks for medium time (ADDTS). As hostapd, each request is judged by
 * itself: only one that would take most of the time is refused. Wi-Fi WMM Specification, 3.5.
 */

import { MalformedError, type Reader } from "../base/bytes.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import type { WmmTspec } from "../wire/ieee80211/wmm.ts";
import {
  decodeWmmAction,
  encodeWmmAction,
  type WmmAction,
  wmmActionCode,
  wmmAddtsStatus,
} from "../wire/ieee80211/wmm-action.ts";
import type { Bss } from "./bss.ts";

/** In microseconds: SIFS and acknowledgement of each frame, roughly. */
const frameOverhead = 50;
/** Of a second, in microseconds. */
const mostMediumTime = 750_000;
/** 1 in units of 1/8192. */
const unity = 0x2000;

export type Admission =
  | { readonly status: typeof wmmAddtsStatus.accepted; readonly mediumTime: number }
  | { readonly status: typeof wmmAddtsStatus.invalidParameters | typeof wmmAddtsStatus.refused };

/** How much time the traffic takes; `mediumTime` in units of 32 us per second. */
export function judgeTspec(tspec: WmmTspec): Admission {
  const invalid: Admission = { status: wmmAddtsStatus.invalidParameters };
  if (tspec.nominalMsduSize === 0 || tspec.minimumPhyRate < 1_000_000) return invalid;
  if (tspec.surplusBandwidthAllowance <= unity) return invalid;
  // The upper bit of the size says that it is always the same.
  const perSecond = Math.ceil(Math.floor(tspec.meanDataRate / 8) / tspec.nominalMsduSize);
  const bits = (tspec.nominalMsduSize & 0x7fff) * 8;
  const duration = Math.floor(bits / Math.floor(tspec.minimumPhyRate / 1_000_000)) + frameOverhead;
  const time = Math.floor((tspec.surplusBandwidthAllowance * perSecond * duration) / unity);
  if (time > mostMediumTime) return { status: wmmAddtsStatus.refused };
  return { status: wmmAddtsStatus.accepted, mediumTime: Math.floor(time / 32) };
}

/** @param body from the category on */
export function onWmmAction(bss: Bss, { transmitter }: ManagementHeader, body: Reader): void {
  const station = bss.stations.get(transmitter);
  const say = (text: string): void => bss.log.station(transmitter, "IEEE 802.11", "debug", text);
  if (!station?.isAssociated || station.association?.wmm === undefined) {
    return say("wmm action received is not from associated wmm station");
  }
  const action = decodeOrTell(body, say);
  if (!action) return;
  if (action.code !== wmmActionCode.addtsRequest) {
    return say(`hostapd_wmm_action - unknown action code ${action.code}`);
  }
  const { tspec } = action;
  const admission = judgeTspec(tspec);
  const mediumTime = "mediumTime" in admission ? admission.mediumTime : tspec.mediumTime;
  say(`action response - reason ${admission.status}`);
  bss.sendManagement(
    { subtype: "action", receiver: transmitter },
    encodeWmmAction({
      code: wmmActionCode.addtsResponse,
      dialogToken: action.dialogToken,
      status: admission.status,
      tspec: { ...tspec, mediumTime },
    }),
  );
}

function decodeOrTell(body: Reader, say: (text: string) => void): WmmAction | undefined {
  try {
    return decodeWmmAction(body);
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    say(`hostapd_wmm_action - could not parse wmm action: ${thrown.message}`);
    return undefined;
  }
}
