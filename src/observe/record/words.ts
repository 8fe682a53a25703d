/** A paragraph for each way in which an attempt to join can stand or end. Pure. */

import { adviceOnEap } from "../log-story/eap-advice.ts";
import type { Outcome } from "./attempts.ts";
import { dismissedWords, leftText, leftWords, networkDownWords } from "./departures.ts";
import type { Entry, EntryOf, Offered, Required } from "./entry.ts";
import type { Known, Words } from "./explanation.ts";
import { duration, listed, spelled, times } from "./plain-words.ts";
import { refusalWords } from "./refusals.ts";
import { bad, harmless } from "./verdicts.ts";

export interface Situation extends Known {
  readonly attempt: readonly Entry[];
  readonly bss: string;
  readonly offered: Offered | undefined;
  readonly required: Required | undefined;
  readonly signalDbm: number | undefined;
  readonly isRandom: boolean;
}

export function wordsFor(outcome: Outcome, situation: Situation): Words {
  const { now, maxInactivity } = situation;
  switch (outcome.kind) {
    case "in":
      return inWords(outcome, situation);
    case "no-address":
      return noAddressWords(outcome, situation);
    case "address-taken-by-another":
      return bad(
        "this network",
        `It is in, and found that the address which it was given (${outcome.declined.address ?? "unknown"}) is in use by another device (DHCP DECLINE).`,
        "who has that address: a device with a fixed one, or a second DHCP server ('ip neighbour show')",
      );
    case "blocked":
      return blockedWords(outcome.because);
    case "full":
      return bad(
        "this network",
        "It was refused because there are as many stations as this network takes (status 17, no more stations).",
        "max_num_sta in the configuration",
        "who is there: 'beacon stations'",
      );
    case "unknown-identifier":
      return bad(
        "the device",
        "It named a password identifier that no password here has (status 123, unknown password identifier).",
        "the identifier on the device, and those in sae_password and sae_password_file",
      );
    case "wrong-key":
      return wrongKeyWords(outcome.by, situation);
    case "element-mismatch":
      return bad(
        "the device",
        `It said other things in the handshake than when it asked to join (${outcome.explanation}): its driver is at fault, or somebody stands between and changes frames.`,
        "an update of the device's driver or firmware",
        "another place, to rule out that somebody disturbs",
      );
    case "channel-mismatch":
      return bad(
        "the device",
        `It says it is on another channel than this network (${outcome.explanation}): somebody may relay its frames, or it doesn't do what it says it can.`,
        "ocv=2, which bears with devices that claim it and don't do it",
      );
    case "stalled":
      return stalledWords(outcome.stalled, outcome.wasIn, situation);
    case "group-stalled":
      return bad(
        "the distance",
        "It was in, and did not answer when it was given the new key for frames to all (reason 16, group key handshake timeout): it was out of range, or slept too deep.",
        "wpa_group_update_count, which says how often it is asked",
      );
    case "eap-failed": {
      const known = adviceOnEap(outcome.reason);
      return bad(
        "the device",
        `It did not get through IEEE 802.1X: ${[`${outcome.reason}.`, ...(known ? [known.means] : [])].join(" ")} It was sent away (reason 23, IEEE 802.1X failed).`,
        ...(known?.advice ?? ["its name, password and certificate, and the log of the server that judges them"]),
      );
    }
    case "eap-silent":
      return bad(
        "the device",
        "It was asked to prove itself by IEEE 802.1X (EAP), and stopped answering: often it waits for somebody to enter a name, a password, or to trust the server's certificate.",
        "a question on the device's screen",
        "the authority's certificate on the device ('beacon pki' makes profiles)",
      );
    case "eap-unreachable":
      return bad(
        "a server",
        `Nobody could judge it: ${outcome.reason}.`,
        "the RADIUS server's address, port and secret, and a firewall between",
        "the server's own log",
      );
    case "refused":
      return refusalWords(outcome.refused, situation);
    case "unacknowledged":
      return unacknowledgedWords(outcome.unacknowledged, situation);
    case "dismissed":
      return dismissedWords(outcome.because, outcome.left);
    case "inactive":
      return harmless(
        "nobody",
        `It was silent for ${maxInactivity > 0 ? duration(maxInactivity) : "long"} and did not answer when it was asked whether it is there, so its place was given up (${leftText(outcome.left)}). It went out of range, slept, or was switched off: that is no mistake of anybody's, and it comes back by itself.`,
        "ap_max_inactivity, where it happens to a device that is there",
      );
    case "lost-frames":
      return bad(
        "the distance",
        "It was in, and stopped acknowledging what was sent to it (reason 34, missing acks), so it was sent away: it went out of range.",
        "the distance, the channel, and what stands between",
        "disassoc_low_ack=0, which keeps such stations until they are silent for long",
      );
    case "left":
      return leftWords(outcome.left, outcome.wasIn, situation.required);
    case "dropped-by-driver":
      return bad(
        "this network",
        "The radio's driver dropped it without being asked to: the device was reset, its firmware has a limit of stations, or somebody used 'iw station del'.",
        "the kernel's log: 'dmesg'",
      );
    case "sent-away":
      return bad("unclear", `It was sent away (${leftText(outcome.left)}).`, "the daemon's log of that time");
    case "network-down":
      return networkDownWords(outcome.network, now);
    case "moved":
      return harmless("nobody", "It went to another network of this machine.");
    case "ended":
      return harmless("unclear", "Its time here ended; nothing tells why.", "the daemon's log of that time");
    case "unfinished":
      return unfinishedWords(outcome.at, situation);
  }
}

function inWords({ connected, from }: Outcome & { kind: "in" }, situation: Situation): Words {
  const { now, bss, offered, ip, attempt } = situation;
  const akm = offered && offered.protocol !== "none" ? `, by ${listed(offered.akms)}` : "";
  const address =
    ip ??
    attempt.findLast((entry): entry is EntryOf<"address-taken"> & Entry => entry.type === "address-taken")?.address;
  const sentences = [
    `All is well: it is in on ${bss} for ${duration(now - connected.at)}${akm}${signalText(situation)}.`,
    ...(from === undefined || from === bss ? [] : [`It came over from ${from}, another network of this machine.`]),
    ...(address === undefined ? [] : [`It has the address ${address}.`]),
  ];
  return { verdict: "good", fault: "nobody", text: sentences.join(" "), advice: [] };
}

const signalText = ({ signalDbm }: Situation): string =>
  signalDbm === undefined ? "" : `, with a signal of ${signalDbm} dBm`;

function noAddressWords({ asked, connected }: Outcome & { kind: "no-address" }, { now, bss }: Situation): Words {
  return bad(
    "a server",
    `It is in for ${duration(now - connected.at)}, so radio and passphrase are well; but it has asked for an address ${times(asked.times)} and nobody has answered (DHCP DISCOVER without an OFFER that it took). Without an address it says 'no Internet', or tries to get one for ever. The device is not at fault: the DHCP server is, or there is none on ${bss}.`,
    `a DHCP server on ${bss}: 'beacon dhcp ${bss} --config FILE', 'beacon up', dnsmasq or dhcpd, and its log`,
    `an address of this machine's own there, in the server's subnet: 'ip address show dev ${bss}'`,
    "a firewall that drops UDP port 67; 'beacon doctor' looks at all of this",
  );
}

function wrongKeyWords(by: "WPA" | "SAE", { attempt, isRandom }: Situation): Words {
  const wrong = attempt.findLast(({ type }) => type === "wrong-key");
  const left = attempt.findLast((entry): entry is EntryOf<"left"> & Entry => entry.type === "left");
  const often = wrong && wrong.times > 1 ? `, ${times(wrong.times)}` : "";
  const text =
    by === "WPA"
      ? `It has another passphrase than this network: the proof that it sent in the 4-way handshake (the MIC of message 2) fits none of ours${often}. ${left ? `So it was sent away (${leftText(left)}).` : "It has not been let in."}`
      : `It has another passphrase than this network: what it confirmed in WPA3's exchange (SAE Confirm) does not fit ours${often} (status 15, challenge failure).`;
  return bad(
    "the device",
    text,
    "the passphrase on the device: forget the network there, and type it anew; capital letters count",
    "where the passphrase was changed here, every device has to learn the new one",
    ...(isRandom
      ? [
          "where passphrases go by address (wpa_psk_file, sae_password with mac=), the device's own address instead of a random one",
        ]
      : []),
  );
}

function stalledWords({ awaited, acknowledged }: EntryOf<"stalled">, wasIn: boolean, situation: Situation): Words {
  const { attempt } = situation;
  const left = attempt.findLast((entry): entry is EntryOf<"left"> & Entry => entry.type === "left");
  const code = left ? leftText(left) : "reason 15, 4-way handshake timeout";
  const when = wasIn ? "It was in, and when its keys were to be renewed" : "It was associated, and";
  if (acknowledged === false) {
    return bad(
      "the distance",
      `${when} our messages of the handshake did not reach it: the radio heard no acknowledgement${signalText(situation)}. It was given up (${code}). Most likely it is too far away.`,
      "the distance, the channel, and what stands between",
    );
  }
  const reached = acknowledged === true ? ", although it has acknowledged ours" : "";
  if (awaited === "message 2") {
    return bad(
      "the device",
      `${when} never answered the first message of the handshake (no message 2)${reached}. It was given up (${code}). So do devices whose driver can't do what was agreed on, that save power too eagerly, or that were moved on to another network in that moment. The passphrase has not been looked at yet.`,
      "an update of the device's driver, and its power saving",
      "plain settings, to see whether they help: rsn_pairwise=CCMP, wpa_key_mgmt=WPA-PSK, ieee80211w=0",
    );
  }
  return bad(
    "the device",
    `${when} its passphrase is right, but the last message of the handshake (message 4) never came${reached}. It was given up (${code}). It may have gone out of range just then, or does not accept what our message 3 says, because the beacon said something else.`,
    "whether another access point has the same name and other settings",
    "an update of the device's driver",
  );
}

function unacknowledgedWords({ answer, times: often }: EntryOf<"unacknowledged">, situation: Situation): Words {
  const { signalDbm } = situation;
  const isNear = signalDbm !== undefined && signalDbm >= -65;
  const why = isNear
    ? "Its signal is good, so it is not the distance: it may have gone on to another network or channel in that moment, sleeps, or our radio did not send."
    : "Most likely it is too far away: it hears us, and we hear it barely, or the other way round.";
  return bad(
    isNear ? "unclear" : "the distance",
    `It asked to join, and our answer to its ${answer} did not reach it: the radio heard no acknowledgement${often > 1 ? `, ${times(often)}` : ""}${signalText(situation)}. ${why}`,
    ...(isNear
      ? ["another device: where none gets in, it is the radio or its driver ('dmesg')"]
      : ["nearer to the access point", "the antenna, a channel that is less crowded, or 2.4 GHz in place of 5 GHz"]),
  );
}

function blockedWords(because: EntryOf<"blocked">["because"]): Words {
  const refused = "It was turned away before it could show a passphrase (status 1, unspecified failure), because";
  switch (because) {
    case "banned":
      return bad(
        "somebody here",
        `${refused} it was banned with 'beacon ban' or 'beacon kick --for'.`,
        "'beacon unban'",
      );
    case "denied":
      return bad(
        "this network",
        `${refused} its address is on the list of those who may not join.`,
        "deny_mac_file; 'beacon cli deny_acl SHOW'",
      );
    case "not-accepted":
      return bad(
        "this network",
        `${refused} only those addresses may join that are listed, and its address is not.`,
        "macaddr_acl and accept_mac_file; 'beacon cli accept_acl SHOW'",
      );
    case "no-vlan":
      return bad(
        "this network",
        `${refused} the VLAN that accept_mac_file has for it is none of this network's.`,
        "accept_mac_file and vlan_file",
      );
    case "not-granted":
      return bad(
        "a server",
        `${refused} the RADIUS server refuses its address (macaddr_acl=2).`,
        "the RADIUS server's users and log",
      );
  }
}

function unfinishedWords(at: (Outcome & { kind: "unfinished" })["at"], situation: Situation): Words {
  const { now, attempt } = situation;
  const ago = now - (attempt.at(-1)?.last ?? now);
  if (ago < 5) {
    return {
      verdict: "unknown",
      fault: "nobody",
      text: `It is on its way in: ${spelled(at)} has begun.`,
      advice: ["ask again in a moment"],
    };
  }
  const where = {
    SAE: "It began WPA3's exchange (SAE Commit) and did not go on (no Confirm)",
    authentication: "It began to authenticate and did not go on",
    association: "It authenticated and did not ask for an association",
    handshake: "It was associated, and the handshake of the keys is not done",
    EAP: "It was associated, and IEEE 802.1X is not done",
  }[at];
  return bad(
    "the device",
    `${where}, ${duration(ago)} ago${signalText(situation)}: it gave up, went on to another network, or is too far away.`,
    "whether it tries again, and nearer to the access point",
    ...(at === "SAE" ? ["sae_pwe=2, which lets both kinds of WPA3 devices in"] : []),
  );
}
