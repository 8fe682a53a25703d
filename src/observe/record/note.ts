/** From the access point's events to what is kept of a station. Pure. */

import type { ApEvent } from "../../ap/events.ts";
import { eapTypeName } from "../../wire/eap/types.ts";
import { reasonCode } from "../../wire/ieee80211/reason-code.ts";
import { statusCode } from "../../wire/ieee80211/status-code.ts";
import type { Note, Required } from "./entry.ts";
import { offeredIn } from "./terms.ts";

/**
 * @param required what the BSS requires now
 * @returns undefined for what is kept of nobody
 */
export function noteOf(event: ApEvent, required: () => Required | undefined): Note | undefined {
  switch (event.type) {
    case "authentication-begun":
      return { type: "begun", algorithm: event.algorithm };
    case "station-authenticated":
      return { type: "authenticated" };
    case "station-refused":
      return {
        type: "refused",
        stage: event.at,
        status: event.status,
        code: statusCode[event.status],
        explanation: event.explanation,
        offered: event.elements && offeredIn(event.elements),
        required: event.at === "association" ? required() : undefined,
        signalDbm: event.signalDbm,
      };
    case "rejected-blocked-station":
      return { type: "blocked", because: event.because };
    case "rejected-max-stations":
      return { type: "full" };
    case "answer-unacknowledged":
      return { type: "unacknowledged", answer: event.answer, signalDbm: event.signalDbm };
    case "station-associated":
      return {
        type: "associated",
        again: event.again,
        offered: offeredIn(event.elements),
        required: required(),
        signalDbm: event.signalDbm,
      };
    case "psk-mismatch":
      return { type: "wrong-key" };
    case "unknown-password-identifier":
      return { type: "unknown-identifier" };
    case "element-mismatch":
      return { type: "element-mismatch", explanation: event.explanation };
    case "channel-mismatch":
      return { type: "channel-mismatch", explanation: event.fault };
    case "handshake-stalled":
      return { type: "stalled", awaited: event.awaited, acknowledged: event.acknowledged };
    case "handshake-timeout":
      return event.handshake === "group" ? { type: "group-stalled" } : undefined;
    case "handshake-completed":
      return { type: "keyed" };
    case "eap-started":
      return { type: "eap-begun" };
    case "eap-method-proposed":
      return { type: "eap-method", method: eapTypeName({ vendor: event.vendor, type: event.method }) };
    case "eap-succeeded":
      return { type: "eap-done" };
    case "eap-failed":
      return { type: "eap-failed", reason: event.reason };
    case "eap-timed-out":
      return { type: "eap-silent" };
    case "eap-unreachable":
      return { type: "eap-unreachable", reason: event.reason };
    case "station-connected":
      return { type: "connected", keyId: event.keyId, vlanId: event.vlanId };
    case "station-disconnected":
      return { type: "disconnected" };
    case "station-left":
      return { type: "left", by: event.by, reason: event.reason, code: reasonCode[event.reason] };
    case "station-dismissed":
      return { type: "dismissed", because: event.because };
    case "low-acknowledgement":
      return { type: "lost-frames" };
    case "ap-enabled":
    case "ap-disabled":
    case "eap-request-repeated":
    case "group-key-changed":
    case "sending-delayed":
    case "unprotected-beacon":
    case "bridge-port-added":
    case "bridge-port-removed":
    case "poll-answered":
    case "station-mode-changed":
    case "probe-request":
    case "management-received":
    case "management-noticed":
    case "management-transmitted":
    case "eapol-received":
    case "eapol-sent":
    case "channel-switch-started":
    case "channel-switched":
    case "channel-switch-finished":
    case "interface-enabled":
    case "interface-disabled":
    case "interface-removed":
    case "interface-added":
    case "state-changed":
    case "channel":
    case "regulatory-changed":
      return undefined;
  }
}
