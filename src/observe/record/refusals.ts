/** Refusals at authentication and association: what the status code means to the person with the device. Pure. */

import type { EntryOf, Offered, Required } from "./entry.ts";
import type { Words } from "./explanation.ts";
import { listed } from "./plain-words.ts";

interface Terms {
  readonly offered: Offered | undefined;
  readonly required: Required | undefined;
}

export function refusalWords(refused: EntryOf<"refused">, terms: Terms): Words {
  const { status, code, explanation, stage } = refused;
  const named = `(status ${code}, ${status.replaceAll("-", " ")})`;
  const known = meaningOf(status, terms);
  const words = known?.text ?? `It was refused at its ${stage}: ${explanation}`;
  return {
    verdict: status === "refused-temporarily" ? "harmless" : "bad",
    fault: known?.fault ?? "unclear",
    text: `${words} ${named}.${known && explanation !== "" ? ` In short: ${explanation}.` : ""}`,
    advice: known?.advice ?? ["the daemon's log of that time"],
  };
}

type Meaning = Pick<Words, "fault" | "text" | "advice">;

function meaningOf(status: string, { offered, required }: Terms): Meaning | undefined {
  switch (status) {
    case "robust-management-policy-violation":
      return {
        fault: "this network",
        text: "It can't protect management frames (PMF, 802.11w), and this network lets nobody in without",
        advice: [
          "ieee80211w=1 in place of 2, which lets old and new devices in (with WPA3 beside it: wpa_key_mgmt=WPA-PSK SAE, sae_require_mfp=1)",
          "an update of the device",
        ],
      };
    case "invalid-pairwise-cipher":
    case "invalid-group-cipher":
    case "cipher-rejected-per-policy":
      return {
        fault: "this network",
        text: `It and this network have no cipher in common: it offers ${shown(offered?.pairwise)}, and the network takes ${shown(required?.pairwise)}`,
        advice: [
          "rsn_pairwise=CCMP, which every device of the last fifteen years knows",
          "a device that knows TKIP only is too old to be let in safely",
        ],
      };
    case "invalid-akmp": {
      const wants3 = required?.akms.includes("SAE") && !required.akms.includes("WPA-PSK");
      return {
        fault: "this network",
        text: `It and this network have no way in common to prove who they are: it offers ${shown(offered?.akms)}, and the network takes ${shown(required?.akms)}`,
        advice: wants3
          ? ["wpa_key_mgmt=WPA-PSK SAE with ieee80211w=1, which lets devices with WPA2 in beside those with WPA3"]
          : ["wpa_key_mgmt"],
      };
    }
    case "invalid-element":
      return {
        fault: "the device",
        text:
          offered?.protocol === "none"
            ? "It asked to join without any protection, and this network is protected"
            : "What it said of its protection makes no sense, or is none that this network takes",
        advice: ["forget the network on the device and join anew: it may remember it as open", "the device's driver"],
      };
    case "challenge-failure":
      return {
        fault: "the device",
        text: "What it sent as proof of the passphrase does not fit",
        advice: ["the passphrase on the device: forget the network there, and type it anew"],
      };
    case "unsupported-authentication-algorithm":
      return {
        fault: "this network",
        text: "It asked for a way to authenticate that this network doesn't have",
        advice: [
          "wpa_key_mgmt: WPA3 is SAE; a device may remember the network with another protection: forget it there and join anew",
        ],
      };
    case "unsupported-finite-cyclic-group":
      return {
        fault: "this network",
        text: "It asked for a group of WPA3's arithmetic that this network doesn't take, and did not try another",
        advice: ["sae_groups=19, which every device with WPA3 knows"],
      };
    case "poor-channel-conditions":
      return {
        fault: "the distance",
        text: "It is too far away for what this network is set up to take",
        advice: ["nearer to the access point", "rssi_reject_assoc_rssi"],
      };
    case "no-ht-support":
    case "vht-not-supported":
    case "he-not-supported":
    case "eht-not-supported":
      return {
        fault: "this network",
        text: "It is of an older generation of Wi-Fi than this network demands",
        advice: ["require_ht, require_vht, require_he"],
      };
    case "no-more-stations":
      return {
        fault: "this network",
        text: "There is no room for another station",
        advice: ["max_num_sta; 'beacon stations'"],
      };
    case "refused-temporarily":
      return {
        fault: "nobody",
        text: "It is in already as far as this network knows, and protected: it was asked to prove that it is really that device, and to come back in a moment",
        advice: ["nothing: it comes back by itself"],
      };
    case "rejected-with-suggested-bss-transition":
    case "try-another-bss":
      return {
        fault: "nobody",
        text: "It was sent to another network of this machine that suits it better",
        advice: [],
      };
    case "unknown-password-identifier":
      return {
        fault: "the device",
        text: "It named a password identifier that no password here has",
        advice: ["the identifier on the device, and those in sae_password and sae_password_file"],
      };
    case "invalid-pmkid":
      return {
        fault: "nobody",
        text: "It wanted to come in by a key that it remembers from before, and this network does not remember it",
        advice: ["nothing: it comes back by itself with the passphrase"],
      };
    default:
      return undefined;
  }
}

const shown = (names: readonly string[] | undefined): string =>
  names === undefined || names.length === 0 ? "nothing that is known here" : listed(names, "or");
