/** The network that `beacon start` makes: its names and secrets, and the hostapd.conf that says so. */

import { channelOf } from "../../ap/channel-plan.ts";
import { utf8 } from "../../base/bytes.ts";
import type { Entropy } from "../../base/entropy.ts";
import { parseConfiguration } from "../../config/parser.ts";
import type { Configuration } from "../../config/registry.ts";
import { files } from "../../daemon/read-configuration.ts";
import type { ChannelChoice } from "./choose-radio.ts";

export interface Network {
  readonly interfaceName: string;
  readonly ssid: string;
  readonly passphrase: string;
  readonly channel: number;
  readonly frequency: number;
  /** Directory of the control socket. */
  readonly controlDirectory: string;
  /** How often the first key message is sent to a station that doesn't answer it rightly; hostapd's default where undefined. */
  readonly handshakeAttempts: number | undefined;
}

/** Without those that are easily taken for another. */
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Of equally likely letters. */
export function randomLetters(entropy: Entropy, count: number): string {
  let text = "";
  while (text.length < count) {
    for (const octet of entropy.bytes(count)) {
      const limit = 256 - (256 % letters.length);
      if (octet < limit && text.length < count) text += letters.charAt(octet % letters.length);
    }
  }
  return text;
}

export function newNetwork(
  { frequency }: ChannelChoice,
  entropy: Entropy,
  rest: Pick<Network, "interfaceName" | "controlDirectory" | "handshakeAttempts">,
): Network {
  const groups = [4, 4, 4, 4].map((count) => randomLetters(entropy, count));
  return {
    ...rest,
    ssid: `Beacond-${randomLetters(entropy, 4)}`,
    passphrase: groups.join("-"),
    channel: channelOf(frequency).channel,
    frequency,
  };
}

/** As a file for the daemon. */
export const configurationText = (network: Network): string => `\
interface=${network.interfaceName}
ssid=${network.ssid}
hw_mode=${network.frequency < 3000 ? "g" : "a"}
channel=${network.channel}
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=${network.passphrase}
ctrl_interface=${network.controlDirectory}
${network.handshakeAttempts === undefined ? "" : `wpa_pairwise_update_count=${network.handshakeAttempts}\n`}`;

export function configurationOf(network: Network): Configuration {
  const { configuration, problems } = parseConfiguration(utf8(configurationText(network)), "start", files);
  if (configuration === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return configuration;
}
