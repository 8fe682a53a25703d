/** The files that describe the network of `beacon up`: hostapd.conf and dhcpd.conf. Pure. */

import { channelOf } from "../../ap/channel-plan.ts";
import { broadcastOf, formatIpv4Address, type Ipv4Network, ipv4AddressOf } from "../../base/ipv4-address.ts";
import type { Band } from "../../driver/port.ts";
import { wifiUri } from "../qr/wifi-uri.ts";

export interface UpNetwork {
  readonly interfaceName: string;
  readonly ssid: string;
  /** undefined for an open network. */
  readonly passphrase: string | undefined;
  readonly band: Band;
  readonly frequency: number;
  readonly isGuest: boolean;
  /** Two letters, where the user named one. */
  readonly country: string | undefined;
  readonly controlDirectory: string;
}

/** An SSID of any characters. */
const ssid2 = (ssid: string): string => `ssid2=${Buffer.from(ssid, "utf8").toString("hex")}`;

export function hostapdConf(network: UpNetwork): string {
  const { interfaceName, ssid, band, frequency, isGuest, country, controlDirectory } = network;
  const lines = [
    // A passphrase may hold what looks like a comment.
    "inline_comments=0",
    `interface=${interfaceName}`,
    "driver=nl80211",
    /^[\x21-\x7e][\x20-\x7e]*$/.test(ssid) && !ssid.includes("#") ? `ssid=${ssid}` : ssid2(ssid),
    ...(country === undefined ? [] : [`country_code=${country}`, "ieee80211d=1"]),
    `hw_mode=${frequency < 3000 ? "g" : "a"}`,
    `channel=${channelOf(frequency).channel}`,
    ...(band.name === "6GHz" ? ["op_class=131"] : []),
    ...(band.ht ? ["ieee80211n=1"] : []),
    ...(band.vht && band.name === "5GHz" ? ["ieee80211ac=1"] : []),
    ...(band.he || band.name === "6GHz" ? ["ieee80211ax=1"] : []),
    "wmm_enabled=1",
    ...(isGuest ? ["ap_isolate=1"] : []),
    ...securityLines(network),
    `ctrl_interface=${controlDirectory}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** WPA2 and WPA3 together as today's phones and yesterday's take them; WPA3 alone where the band demands it. */
function securityLines({ passphrase, band }: UpNetwork): string[] {
  if (passphrase === undefined) {
    return band.name === "6GHz" ? ["wpa=2", "wpa_key_mgmt=OWE", "rsn_pairwise=CCMP", "ieee80211w=2"] : [];
  }
  if (band.name === "6GHz") {
    return [
      "wpa=2",
      "wpa_key_mgmt=SAE",
      "rsn_pairwise=CCMP",
      "ieee80211w=2",
      "sae_pwe=1",
      `sae_password=${passphrase}`,
    ];
  }
  return [
    "wpa=2",
    "wpa_key_mgmt=WPA-PSK SAE",
    "rsn_pairwise=CCMP",
    "ieee80211w=1",
    "sae_require_mfp=1",
    "sae_pwe=2",
    `wpa_passphrase=${passphrase}`,
  ];
}

/** The first address is ours; stations get those from the tenth on. */
export const ownAddress = ({ address }: Ipv4Network) => ipv4AddressOf(address + 1);

/** Whoever has the router's address asks it for names too. */
export function dhcpdConf(network: Ipv4Network): string {
  const shown = (offset: number): string => formatIpv4Address(ipv4AddressOf(network.address + offset));
  return `authoritative;
subnet ${formatIpv4Address(network.address)} netmask ${formatIpv4Address(network.mask)} {
  range ${shown(10)} ${shown(250)};
  default-lease-time 3600;
  max-lease-time 86400;
  option routers ${shown(1)};
  option domain-name-servers ${shown(1)};
  option broadcast-address ${formatIpv4Address(broadcastOf(network))};
}
`;
}

/** What a phone's camera reads. */
export function joinText({ ssid, passphrase, band }: Pick<UpNetwork, "ssid" | "passphrase" | "band">): string {
  const place = { ssid, isHidden: false };
  if (passphrase === undefined) return wifiUri({ ...place, type: "nopass" });
  const transitionDisable = band.name === "6GHz" ? 1 : 0;
  const noMore = { passwordIdentifier: undefined, publicKey: undefined };
  return wifiUri({ ...place, type: "WPA", password: passphrase, transitionDisable, ...noMore });
}
