/** What happened to a station, a line each. Pure. */

import type { Entry, Offered } from "../../observe/record/entry.ts";
import { listed, reasonText, spelled } from "../../observe/record/plain-words.ts";
import { safe } from "./text.ts";

export const entryText = (entry: Entry): string => `${entry.bss}: ${safe(textOf(entry))}`;

function textOf(entry: Entry): string {
  switch (entry.type) {
    case "begun":
      return `begins to authenticate (${entry.algorithm})`;
    case "authenticated":
      return "has authenticated";
    case "refused":
      return `is refused at its ${entry.stage}: ${entry.explanation} (status ${entry.code}, ${spelled(entry.status)})`;
    case "blocked":
      return {
        banned: "is turned away: banned",
        denied: "is turned away: on the deny list",
        "not-accepted": "is turned away: not on the accept list",
        "no-vlan": "is turned away: its VLAN is none of this network's",
        "not-granted": "is turned away: the RADIUS server refuses its address",
      }[entry.because];
    case "full":
      return "is turned away: no room";
    case "unacknowledged":
      return `does not acknowledge our answer to its ${entry.answer}${signal(entry.signalDbm)}`;
    case "associated":
      return `is associated${entry.again ? " again" : ""}${offer(entry.offered)}${signal(entry.signalDbm)}`;
    case "wrong-key":
      return "sends a proof that fits no passphrase";
    case "unknown-identifier":
      return "names a password identifier that there isn't";
    case "element-mismatch":
    case "channel-mismatch":
      return `contradicts itself: ${entry.explanation}`;
    case "stalled":
      return `the handshake is given up: ${entry.awaited} did not come${
        entry.acknowledged === undefined
          ? ""
          : entry.acknowledged
            ? ", ours was acknowledged"
            : ", ours was not acknowledged"
      }`;
    case "group-stalled":
      return "does not answer when it is given the new group key";
    case "keyed":
      return "has proved the passphrase: the handshake is done";
    case "eap-begun":
      return "IEEE 802.1X begins";
    case "eap-method":
      return `is asked by EAP-${entry.method}`;
    case "eap-done":
      return "IEEE 802.1X is done";
    case "eap-failed":
      return `does not get through IEEE 802.1X: ${entry.reason}`;
    case "eap-silent":
      return "does not answer in IEEE 802.1X";
    case "eap-unreachable":
      return `nobody can judge it: ${entry.reason}`;
    case "connected":
      return `is in${entry.keyId === undefined ? "" : `, by the key '${entry.keyId}'`}${entry.vlanId === undefined ? "" : `, in VLAN ${entry.vlanId}`}`;
    case "disconnected":
      return "is out";
    case "left":
      return `${{ station: "leaves", "access-point": "is sent away", driver: "is dropped by the radio" }[entry.by]} (${reasonText(entry.reason, entry.code)})`;
    case "dismissed":
      return {
        kicked: "somebody sends it away",
        banned: "somebody bans it",
        denied: "it is on the deny list now",
        "not-accepted": "it is not on the accept list any more",
        "key-changed": "its passphrase is no longer in force",
        "session-over": "the time that it was granted is over",
        server: "the RADIUS server ends its session",
        moved: "goes to another network of ours",
      }[entry.because];
    case "moved":
      return `comes from ${entry.from}`;
    case "lost-frames":
      return "has stopped acknowledging";
    case "address-asked":
      return "asks for an address (DHCP)";
    case "address-taken":
      return `takes the address ${entry.address ?? "that it was offered"} (DHCP)`;
    case "address-declined":
      return `finds its address ${entry.address ?? ""} in use by another (DHCP)`;
  }
}

const signal = (dbm: number | undefined): string => (dbm === undefined ? "" : `; signal ${dbm} dBm`);

function offer(offered: Offered | undefined): string {
  if (!offered || offered.protocol === "none") return "";
  const protection = { none: "no PMF", capable: "PMF", required: "PMF demanded" }[offered.protection];
  return `: ${listed(offered.akms)}, ${listed(offered.pairwise)}, ${protection}`;
}
