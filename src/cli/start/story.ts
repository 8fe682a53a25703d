/** What happens, in plain words: who, what, and why. Pure. */

import { channelOf } from "../../ap/channel-plan.ts";
import type { ApEvent } from "../../ap/events.ts";
import type { Duration } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { StationEvent } from "../../virtual/station-event.ts";

export interface Happening {
  readonly what: string;
  readonly why?: string;
  readonly tone?: "good" | "bad";
}

export interface Naming {
  /** What people call a station. */
  nameOf(station: MacAddress): string;
  /** The access point's own. */
  address(): MacAddress | undefined;
}

const words = (name: string): string => name.replaceAll("-", " ").replace("4 way", "4-way");
const numbered = (aid: number | undefined): string => (aid === undefined ? "" : ` as number ${aid}`);
const shown = (time: Duration): string => `${time.toFixed(1)} ms`;

/** As the access point has it. @returns undefined for what nobody needs to know to follow */
export function tellOfAccessPoint(event: ApEvent, naming: Naming): Happening | undefined {
  const nameOf = (station: MacAddress): string => naming.nameOf(station);
  switch (event.type) {
    case "ap-enabled":
      return { what: `is on the air as ${naming.address() ?? event.bss}`, tone: "good" };
    case "ap-disabled":
      return { what: "is off the air" };
    case "station-authenticated":
      return { what: `lets ${nameOf(event.station)} ask to join (anybody may: open-system authentication)` };
    case "station-associated":
      return { what: `takes ${nameOf(event.station)} on${numbered(event.aid)}; now it has to know the passphrase` };
    case "station-connected":
      return { what: `lets ${nameOf(event.station)} in: it has proved that it knows the passphrase`, tone: "good" };
    case "station-disconnected":
      return { what: `carries no more data for ${nameOf(event.station)}` };
    case "station-left":
      return tellOfLeaving(event, nameOf(event.station));
    case "station-refused":
      return {
        what: `refuses ${nameOf(event.station)} at its ${event.at} (${words(event.status)})`,
        why: event.explanation,
        tone: "bad",
      };
    case "psk-mismatch":
      return {
        what: `doesn't let ${nameOf(event.station)} in: what it sends as proof is wrong`,
        why: "it has another passphrase than this network",
        tone: "bad",
      };
    case "handshake-timeout":
      return { what: `gives up waiting for ${nameOf(event.station)} in the ${event.handshake} handshake`, tone: "bad" };
    case "rejected-max-stations":
      return { what: `refuses ${nameOf(event.station)}`, why: "there are as many stations as it takes", tone: "bad" };
    case "rejected-blocked-station":
      return { what: `refuses ${nameOf(event.station)}`, why: "its address is not allowed here", tone: "bad" };
    case "channel-mismatch":
      return { what: `doesn't believe ${nameOf(event.station)}`, why: "it says it is on another channel", tone: "bad" };
    case "unprotected-beacon":
      return { what: `hears from ${nameOf(event.reporter)} that somebody forges its beacons`, tone: "bad" };
    case "bridge-port-added":
      return { what: `gives ${nameOf(event.station)} an interface of its own: it bridges`, tone: "good" };
    case "bridge-port-removed":
      return { what: `takes the interface of ${nameOf(event.station)} back` };
    case "unknown-password-identifier":
      return {
        what: `refuses ${nameOf(event.station)}`,
        why: "no password has the identifier that it named",
        tone: "bad",
      };
    case "group-key-changed":
      return { what: "has a new key for frames to all" };
    case "low-acknowledgement":
      return { what: `hears no more acknowledgements from ${nameOf(event.station)}`, tone: "bad" };
    case "station-mode-changed":
      return { what: `hears from ${nameOf(event.station)} how it receives from now on` };
    case "interface-disabled":
      return { what: "has lost its interface: it is down", tone: "bad" };
    case "channel-switch-started":
      return { what: `tells all stations that it goes to ${event.channel.frequency} MHz` };
    case "channel-switched":
      return { what: `is on ${event.channel.frequency} MHz now`, tone: "good" };
    case "channel-switch-finished":
      return undefined;
    case "interface-enabled":
      return { what: "has its interface back", tone: "good" };
    case "interface-removed":
      return { what: "has lost its interface: it was removed", tone: "bad" };
    case "interface-added":
      return { what: "sees its interface again" };
    case "regulatory-changed":
      return { what: `follows the radio rules of ${event.alpha2 === "00" ? "the whole world" : event.alpha2} now` };
    case "eap-failed":
      return { what: `doesn't let ${nameOf(event.station)} in`, why: event.reason, tone: "bad" };
    case "eap-timed-out":
      return { what: `gives up waiting for an answer of ${nameOf(event.station)}`, tone: "bad" };
    case "eap-unreachable":
      return { what: `can't have ${nameOf(event.station)} authenticated`, why: event.reason, tone: "bad" };
    case "answer-unacknowledged":
      return {
        what: `hears nothing that says ${nameOf(event.station)} got its answer`,
        why: "out of range, or asleep",
        tone: "bad",
      };
    case "element-mismatch":
      return {
        what: `doesn't let ${nameOf(event.station)} in`,
        why: "it says other things in the handshake than when it asked to join",
        tone: "bad",
      };
    case "authentication-begun":
    case "station-dismissed":
    case "handshake-stalled":
    case "eap-started":
    case "eap-method-proposed":
    case "eap-request-repeated":
    case "eap-succeeded":
    case "handshake-completed":
    case "sending-delayed":
    case "poll-answered":
    case "probe-request":
    case "management-received":
    case "management-noticed":
    case "management-transmitted":
    case "eapol-received":
    case "eapol-sent":
    case "state-changed":
    case "channel":
      return undefined;
  }
}

function tellOfLeaving({ by, reason }: Extract<ApEvent, { type: "station-left" }>, name: string): Happening {
  switch (by) {
    case "station":
      return { what: `hears ${name} say goodbye (${words(reason)})` };
    case "access-point":
      return { what: `sends ${name} away (${words(reason)})` };
    case "driver":
      return { what: `finds that the radio has dropped ${name}` };
  }
}

/** As a virtual station, or the machine behind the access point, has it. */
export function tellOfStation(event: StationEvent, ssid: string): Happening | undefined {
  switch (event.type) {
    case "network-found":
      return { what: `finds '${ssid}' on channel ${channelOf(event.frequency).channel} and asks to join` };
    case "network-not-found":
      return { what: `can't find '${ssid}'`, tone: "bad" };
    case "authentication-refused":
    case "association-refused":
      return { what: `hears that it is refused (${words(event.status)})`, tone: "bad" };
    case "association-postponed":
      return { what: `has to come back in ${shown(event.after)}: it is in already, under another key` };
    case "unprotected-frame-ignored":
      return { what: `takes no notice of an unprotected frame (${words(event.subtype)})` };
    case "unanswered":
      return { what: `gets no answer to its ${event.request}`, tone: "bad" };
    case "key-message-ignored":
      return { what: "takes no notice of a key message", why: event.why };
    case "connected":
      return { what: "is connected; what it sends is encrypted from here on", tone: "good" };
    case "group-key-changed":
      return { what: "has the new key for frames to all" };
    case "handshake-refused":
      return { what: "breaks off", why: event.why, tone: "bad" };
    case "told-to-leave":
      return { what: `is told to leave (${words(event.reason)})`, tone: "bad" };
    case "lost":
      return { what: "hears the access point no more", tone: "bad" };
    case "left":
      return { what: "has left" };
    case "gave-up":
      return { what: "tries no more" };
    case "ping-answered":
      return { what: `asks for ${event.address} and has the answer after ${shown(event.after)}`, tone: "good" };
    case "ping-unanswered":
      return { what: `asks for ${event.address} and gets no answer`, tone: "bad" };
    case "scanning":
    case "authenticated":
    case "associated":
    case "key-message":
    case "received":
      return undefined;
  }
}
