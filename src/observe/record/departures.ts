/** How stations go, and who has made them: they themselves, somebody here, a server, the network's own end. Pure. */

import type { EntryOf, NetworkEntry, Required } from "./entry.ts";
import type { Words } from "./explanation.ts";
import { duration, listed, reasonText } from "./plain-words.ts";
import { bad, harmless } from "./verdicts.ts";

export const leftText = ({ reason, code }: EntryOf<"left">): string => reasonText(reason, code);

/** @param left how it was told; undefined where it was not */
export function dismissedWords(because: EntryOf<"dismissed">["because"], left: EntryOf<"left"> | undefined): Words {
  const code = left ? ` (${leftText(left)})` : "";
  switch (because) {
    case "kicked":
      return harmless(
        "somebody here",
        `Somebody here sent it away by a command${code}. It may come back, unless it was also banned.`,
      );
    case "banned":
      return bad("somebody here", `Somebody here banned it, and it had to go${code}.`, "'beacon unban'");
    case "denied":
      return bad(
        "somebody here",
        `Its address was put on the list of those who may not join, and it had to go${code}.`,
        "deny_mac_file",
      );
    case "not-accepted":
      return bad(
        "somebody here",
        `Its address is no longer on the list of those who may join, and it had to go${code}.`,
        "accept_mac_file",
      );
    case "key-changed":
      return bad(
        "somebody here",
        `The passphrase that it came in with is no longer in force, and it had to go${code}.`,
        "the new passphrase on the device",
      );
    case "session-over":
      return harmless("a server", `The time that the RADIUS server had granted it was over${code}; it may come again.`);
    case "server":
      return bad("a server", `The RADIUS server ended its session${code}.`, "the RADIUS server's log");
    case "moved":
      return harmless("nobody", "It went to another network of this machine.");
  }
}

/** By its own word. @param wasIn it had got through the handshake @param required what it has to have to be let in */
export function leftWords(left: EntryOf<"left">, wasIn: boolean, required: Required | undefined): Words {
  const code = leftText(left);
  switch (left.reason) {
    case "handshake-element-mismatch":
      return bad(
        "this network",
        `It broke the handshake off because what we said in it is not what our beacon says (${code}): another access point has the same name or address, or the driver changes the beacon.`,
        "other access points with this name: a scan on the device",
        "the driver: 'beacon doctor'",
      );
    case "802.1x-authentication-failed":
      return bad(
        "the device",
        `It broke IEEE 802.1X off itself (${code}): mostly because it doesn't trust the server's certificate.`,
        "the authority's certificate and the server's name on the device",
      );
    case "4-way-handshake-timeout":
      return bad(
        "the device",
        `It gave the handshake up itself, because our next message did not come or did not fit (${code}).`,
        "the passphrase on the device, and the distance",
      );
    case "invalid-group-cipher":
    case "invalid-pairwise-cipher":
    case "invalid-akmp":
    case "invalid-rsne-capabilities":
    case "cipher-out-of-policy":
    case "bad-cipher-or-akm":
      return bad(
        "this network",
        `It left because it does not want what this network offers (${code}); we offer ${required ? listed(required.pairwise) : "other ciphers"}.`,
        "rsn_pairwise=CCMP, which all devices know",
      );
  }
  if (!wasIn) {
    return bad(
      "the device",
      `It left by its own word before it was in (${code}): somebody cancelled, it chose another network, or it could not do what was agreed on.`,
      "the device's own words, and whether it tries again",
    );
  }
  return harmless(
    "nobody",
    `It left by its own word (${code}): Wi-Fi was switched off there, it went to sleep, or it chose another network.`,
  );
}

/** @param now seconds of UNIX time */
export function networkDownWords({ what, bss, at }: NetworkEntry, now: number): Words {
  const ago = `${duration(now - at)} ago`;
  switch (what) {
    case "interface-gone":
      return bad(
        "this network",
        `The interface ${bss} went away ${ago}, and everybody with it: a USB device that lost its power or was reset, or a driver that was removed.`,
        "'dmesg', and the power of the USB device",
      );
    case "interface-down":
      return bad(
        "this network",
        `Somebody took the interface ${bss} down ${ago}, and everybody had to go.`,
        "who does that: NetworkManager, ifplugd, a script ('beacon doctor')",
      );
    case "stopping":
      return harmless(
        "somebody here",
        `The daemon was stopped ${ago}, and told everybody to go (reason 3, leaving network deauthentication).`,
        "who stopped it: 'journalctl -u beacond', Ctrl-C, a restart",
      );
    default:
      return harmless(
        "somebody here",
        `The network itself went off the air ${ago}, and told everybody to go (reason 3, leaving network deauthentication): it was disabled, or began anew with other settings.`,
        "the daemon's log of that time",
      );
  }
}
