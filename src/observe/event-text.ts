/** What happens, in hostapd's words: other programs wait for them on the control socket and look for them in logs. */

import type { ApEvent } from "../ap/events.ts";
import { hexOf } from "../base/bytes.ts";
import type { Level } from "../base/log.ts";
import type { ChannelDefinition, StationModeChange } from "../driver/port.ts";

export interface EventText {
  /** The interface that it is told on. */
  readonly interface: string;
  readonly level: Level;
  /** Some end in a space, in hostapd too. */
  readonly text: string;
  /** It stands in the log as well; else it is for monitors alone. */
  readonly logged: boolean;
}

/** @returns undefined for what hostapd keeps to itself, or says in the log only */
export function eventText(event: ApEvent): EventText | undefined {
  const to = "bss" in event ? event.bss : event.radio;
  const told = (text: string): EventText => ({ interface: to, level: "info", text, logged: true });
  const forMonitors = (text: string): EventText => ({ interface: to, level: "info", text, logged: false });
  switch (event.type) {
    case "ap-enabled":
      // told once for a radio, on the first of its interfaces
      return event.bss === event.radio ? told("AP-ENABLED ") : undefined;
    case "ap-disabled":
      return told("AP-DISABLED ");
    case "interface-enabled":
      return told("INTERFACE-ENABLED ");
    case "interface-disabled":
      return told("INTERFACE-DISABLED ");
    case "station-connected": {
      const keyId = event.keyId === undefined ? "" : ` keyid=${event.keyId}`;
      const vlanId = event.vlanId === undefined ? "" : ` vlanid=${event.vlanId}`;
      return told(`AP-STA-CONNECTED ${event.station}${keyId}${vlanId}`);
    }
    case "station-disconnected":
      return told(`AP-STA-DISCONNECTED ${event.station}`);
    case "unknown-password-identifier":
      return told(`CTRL-EVENT-SAE-UNKNOWN-PASSWORD-IDENTIFIER ${event.station}`);
    case "psk-mismatch":
      return told(`AP-STA-POSSIBLE-PSK-MISMATCH ${event.station}`);
    case "handshake-completed":
      return told(`EAPOL-4WAY-HS-COMPLETED ${event.station}`);
    case "eap-started":
      return told(`CTRL-EVENT-EAP-STARTED ${event.station}`);
    case "eap-method-proposed":
      return told(`CTRL-EVENT-EAP-PROPOSED-METHOD vendor=${event.vendor} method=${event.method}`);
    case "eap-request-repeated":
      return told(`CTRL-EVENT-EAP-RETRANSMIT${event.passThrough ? "2" : ""} ${event.station}`);
    case "eap-timed-out":
      return told(`CTRL-EVENT-EAP-TIMEOUT-FAILURE${event.passThrough ? "2" : ""} ${event.station}`);
    case "eap-succeeded":
      return told(`CTRL-EVENT-EAP-SUCCESS${event.passThrough ? "2" : ""} ${event.station}`);
    case "eap-failed":
      return told(`CTRL-EVENT-EAP-FAILURE${event.passThrough ? "2" : ""} ${event.station}`);
    case "channel-mismatch":
      return told(`OCV-FAILURE addr=${event.station} frame=${event.frame} error=${event.fault}`);
    case "unprotected-beacon":
      return told(`CTRL-EVENT-UNPROT-BEACON reporter=${event.reporter}`);
    case "rejected-max-stations":
      return told(`AP-REJECTED-MAX-STA ${event.station}`);
    case "rejected-blocked-station":
      return told(`AP-REJECTED-BLOCKED-STA ${event.station}`);
    case "bridge-port-added":
      return told(`WDS-STA-INTERFACE-ADDED ifname=${event.interfaceName} sta_addr=${event.station}`);
    case "bridge-port-removed":
      return told(`WDS-STA-INTERFACE-REMOVED ifname=${event.interfaceName} sta_addr=${event.station}`);
    case "poll-answered":
      return told(`AP-STA-POLL-OK ${event.station}`);
    case "station-mode-changed":
      return told(`STA-OPMODE-${modeNames[event.change.kind]}-CHANGED ${event.station} ${modeText(event.change)}`);
    case "probe-request":
      return forMonitors(`RX-PROBE-REQUEST sa=${event.station} signal=${event.signalDbm ?? 0}`);
    case "management-received":
      return told(`MGMT-RX ${hexOf(event.frame)}`);
    case "management-noticed":
      return forMonitors(`AP-MGMT-FRAME-RECEIVED buf=${hexOf(event.frame)}`);
    case "management-transmitted": {
      const subtype = (event.frame[0] ?? 0) >>> 4;
      return told(`MGMT-TX-STATUS stype=${subtype} ok=${event.acknowledged ? 1 : 0} buf=${hexOf(event.frame)}`);
    }
    case "eapol-sent":
      return told(`EAPOL-TX ${event.station} ${hexOf(event.pdu)}`);
    case "eapol-received":
      return told(`EAPOL-RX ${event.station} ${hexOf(event.pdu)}`);
    case "sending-delayed":
      return told(`DELAY-EAPOL-TX-${event.attempt}`);
    case "channel-switch-started":
      return told(`CTRL-EVENT-STARTED-CHANNEL-SWITCH ${channelText(event.channel, event.radar)}`);
    case "channel-switched":
      return told(`CTRL-EVENT-CHANNEL-SWITCH ${channelText(event.channel, event.radar)}`);
    case "channel-switch-finished":
      return told(`AP-CSA-FINISHED freq=${event.frequency} dfs=${Number(event.radar)}`);
    case "regulatory-changed":
      // hostapd says nothing of it; these are wpa_supplicant's words
      return forMonitors(`CTRL-EVENT-REGDOM-CHANGE ${regulatoryText(event.alpha2, event.initiator)}`);
    case "station-authenticated":
    case "station-associated":
    case "authentication-begun":
    case "answer-unacknowledged":
    case "station-left":
    case "station-dismissed":
    case "station-refused":
    case "handshake-timeout":
    case "handshake-stalled":
    case "element-mismatch":
    case "eap-unreachable":
    case "group-key-changed":
    case "low-acknowledgement":
    case "interface-removed":
    case "interface-added":
    case "state-changed":
    case "channel":
      return undefined;
  }
}

const modeNames: Readonly<Record<StationModeChange["kind"], string>> = {
  "power-save": "SMPS-MODE",
  width: "MAX-BW",
  streams: "N_SS",
};

const modeText = ({ to }: StationModeChange): string => (to === "20-no-ht" ? "20(no-HT)" : `${to}`);

const widthTexts: Readonly<Record<ChannelDefinition["width"], string>> = {
  "20-no-ht": "20 MHz (no HT)",
  "20": "20 MHz",
  "40": "40 MHz",
  "80": "80 MHz",
  "80+80": "80+80 MHz",
  "160": "160 MHz",
  "320": "320 MHz",
};

/** hostapd tells the side of the second half for 40 MHz only, where the kernel still has it as a type of channel. */
function channelText(channel: ChannelDefinition, radar: boolean): string {
  const { frequency, width, centerFrequency1, centerFrequency2 = 0, punctured = 0 } = channel;
  const bitmap = punctured.toString(16).padStart(4, "0");
  const offset = width === "40" ? Math.sign(centerFrequency1 - frequency) : 0;
  return [
    `freq=${frequency} ht_enabled=${width === "20-no-ht" ? 0 : 1} ch_offset=${offset} ch_width=${widthTexts[width]}`,
    `cf1=${centerFrequency1} cf2=${centerFrequency2} is_dfs0=0 dfs=${Number(radar)} puncturing_bitmap=0x${bitmap}`,
  ].join(" ");
}

const initiators: Readonly<Record<string, string>> = {
  core: "CORE",
  user: "USER",
  driver: "DRIVER",
  "country-element": "COUNTRY_IE",
};

function regulatoryText(alpha2: string, initiator: string): string {
  const by = initiators[initiator] ?? "unknown";
  return alpha2 === "00" ? `init=${by} type=WORLD` : `init=${by} type=COUNTRY alpha2=${alpha2}`;
}
