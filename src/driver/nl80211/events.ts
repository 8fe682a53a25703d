/** What the kernel reports, as the driver port's events, and whom it concerns. Pure. */

import { Reader } from "../../base/bytes.ts";
import { decodeMacAddress, macAddressOf } from "../../base/mac-address.ts";
import type { GenericMessage } from "../../wire/netlink/generic.ts";
import {
  channelSwitched,
  channelSwitchStarted,
  colorChangeAborted,
  colorChanged,
  colorCollision,
  radarDetected,
  stopAp,
} from "../../wire/nl80211/access-point.ts";
import { decodeChannel, widthOf } from "../../wire/nl80211/channel.ts";
import {
  connectionQuality,
  controlPortFrame,
  controlPortStatus,
  frameStatus,
  probeStatus,
  receivedFrame,
  unexpectedFourAddressFrame,
  unexpectedFrame,
} from "../../wire/nl80211/frame.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import {
  keyTypes,
  radarEvents,
  regulatoryInitiators,
  regulatoryTypes,
  smpsModes,
} from "../../wire/nl80211/generated/enums.ts";
import { michaelMicFailure } from "../../wire/nl80211/key.ts";
import { regulatoryChange } from "../../wire/nl80211/regulatory.ts";
import { scanAborted, scanDone } from "../../wire/nl80211/scan.ts";
import { delStation, stationArrival, stationModeChanged } from "../../wire/nl80211/station.ts";
import type { BssEvent, RadioEvent, RegulatoryDomain, StationModeChange } from "../port.ts";
import { eapolEtherType } from "./commands.ts";

export type KernelEvent =
  | { readonly scope: "bss"; readonly ifIndex: number; readonly event: BssEvent }
  | { readonly scope: "radio"; readonly wiphy: number; readonly event: RadioEvent }
  /** The rules of all radios, or of one, have changed; the domain is undefined where it wasn't told. */
  | { readonly scope: "regulatory"; readonly wiphy: number | undefined; readonly domain: RegulatoryDomain | undefined };

/** @returns undefined for what isn't of interest here @throws MalformedError */
export function decodeEvent({ command, attributes }: GenericMessage): KernelEvent | undefined {
  switch (command) {
    case commands.FRAME: {
      const { ifIndex, wiphy, frame, frequency = 0, signal } = receivedFrame.decode(attributes);
      if (ifIndex === undefined) {
        if (wiphy === undefined) return undefined;
        return { scope: "radio", wiphy, event: { type: "neighbour-beacon", frame, frequency } };
      }
      return bss(ifIndex, { type: "management", frame, frequency, signalDbm: signal });
    }
    case commands.FRAME_TX_STATUS: {
      const { ifIndex, frame, cookie, acknowledged } = frameStatus.decode(attributes);
      return bss(ifIndex, { type: "management-status", cookie, frame, acknowledged: acknowledged === true });
    }
    case commands.CONTROL_PORT_FRAME: {
      const { ifIndex, station, frame, etherType, unencrypted } = controlPortFrame.decode(attributes);
      if (etherType !== eapolEtherType) return undefined;
      return bss(ifIndex, { type: "eapol", source: station, payload: frame, encrypted: unencrypted !== true });
    }
    case commands.CONTROL_PORT_FRAME_TX_STATUS: {
      const { ifIndex, frame, cookie, acknowledged } = controlPortStatus.decode(attributes);
      const station = decodeMacAddress(new Reader(frame, ["EAPOL status", "destination"]));
      return bss(ifIndex, { type: "eapol-status", cookie, station, acknowledged: acknowledged === true });
    }
    case commands.UNEXPECTED_FRAME: {
      const { ifIndex, station } = unexpectedFrame.decode(attributes);
      return station && bss(ifIndex, { type: "unexpected-frame", source: station, fourAddress: false });
    }
    case commands.UNEXPECTED_4ADDR_FRAME: {
      const { ifIndex, station } = unexpectedFourAddressFrame.decode(attributes);
      return station && bss(ifIndex, { type: "unexpected-frame", source: station, fourAddress: true });
    }
    case commands.PROBE_CLIENT: {
      const { ifIndex, station, acknowledged } = probeStatus.decode(attributes);
      return bss(ifIndex, { type: "probe-status", station, acknowledged: acknowledged === true });
    }
    case commands.NOTIFY_CQM: {
      const { ifIndex, station, quality } = connectionQuality.decode(attributes);
      if (station === undefined || quality?.lostPackets === undefined) return undefined;
      return bss(ifIndex, { type: "low-acknowledgement", station });
    }
    case commands.STA_OPMODE_CHANGED: {
      const { ifIndex, station, ...values } = stationModeChanged.decode(attributes);
      const change = modeChangeOf(values);
      return change && bss(ifIndex, { type: "station-mode-changed", station, change });
    }
    case commands.MICHAEL_MIC_FAILURE: {
      const { ifIndex, station, keyType } = michaelMicFailure.decode(attributes);
      return bss(ifIndex, { type: "michael-mic-failure", station, group: keyType === keyTypes.GROUP });
    }
    case commands.NEW_STATION: {
      const { ifIndex, station, requestElements: elements = new Uint8Array() } = stationArrival.decode(attributes);
      return bss(ifIndex, { type: "station-associated", station, elements, reassociation: undefined });
    }
    case commands.DEL_STATION: {
      const { ifIndex, station } = delStation.decode(attributes);
      return station && bss(ifIndex, { type: "station-removed", station });
    }
    case commands.STOP_AP:
      return bss(stopAp.decode(attributes).ifIndex, { type: "stopped" });
    case commands.OBSS_COLOR_COLLISION: {
      const { ifIndex, colors = 0n } = colorCollision.decode(attributes);
      return bss(ifIndex, { type: "color-collision", colors });
    }
    case commands.COLOR_CHANGE_COMPLETED:
      return bss(colorChanged.decode(attributes).ifIndex, { type: "color-changed" });
    case commands.COLOR_CHANGE_ABORTED:
      return bss(colorChangeAborted.decode(attributes).ifIndex, { type: "color-change-aborted" });
    case commands.CH_SWITCH_STARTED_NOTIFY: {
      const values = channelSwitchStarted.decode(attributes);
      const channel = decodeChannel(values);
      return channel && bss(values.ifIndex, { type: "channel-switch-started", channel });
    }
    case commands.CH_SWITCH_NOTIFY: {
      const values = channelSwitched.decode(attributes);
      const channel = decodeChannel(values);
      return channel && bss(values.ifIndex, { type: "channel-switched", channel });
    }
    case commands.NEW_SCAN_RESULTS:
      return bss(scanDone.decode(attributes).ifIndex, { type: "scan-finished", aborted: false });
    case commands.SCAN_ABORTED:
      return bss(scanAborted.decode(attributes).ifIndex, { type: "scan-finished", aborted: true });
    case commands.RADAR_DETECT: {
      const { wiphy, event, ...values } = radarDetected.decode(attributes);
      const channel = decodeChannel(values);
      if (event !== radarEvents.DETECTED || channel === undefined) return undefined;
      return { scope: "radio", wiphy, event: { type: "radar-detected", channel } };
    }
    case commands.REG_CHANGE:
    case commands.WIPHY_REG_CHANGE: {
      const { wiphy, alpha2, type, initiator } = regulatoryChange.decode(attributes);
      const ofOne = command === commands.WIPHY_REG_CHANGE;
      const world = type === regulatoryTypes.WORLD || type === regulatoryTypes.CUSTOM_WORLD;
      const letters = alpha2 ?? (world ? "00" : undefined);
      const domain = letters === undefined ? undefined : { alpha2: letters, initiator: initiatorOf(initiator) };
      return { scope: "regulatory", wiphy: ofOne ? wiphy : undefined, domain };
    }
    case commands.REG_BEACON_HINT:
      return { scope: "regulatory", wiphy: regulatoryChange.decode(attributes).wiphy, domain: undefined };
    default:
      return undefined;
  }
}

const bss = (ifIndex: number, event: BssEvent): KernelEvent => ({ scope: "bss", ifIndex, event });

const powerSaves: ReadonlyMap<number, "off" | "static" | "dynamic"> = new Map([
  [smpsModes.OFF, "off"],
  [smpsModes.STATIC, "static"],
  [smpsModes.DYNAMIC, "dynamic"],
] as const);

function modeChangeOf({
  powerSave,
  width,
  streams,
}: Pick<ReturnType<typeof stationModeChanged.decode>, "powerSave" | "width" | "streams">):
  | StationModeChange
  | undefined {
  const mode = powerSave === undefined ? undefined : powerSaves.get(powerSave);
  if (mode) return { kind: "power-save", to: mode };
  const wide = width === undefined ? undefined : widthOf(width);
  if (wide) return { kind: "width", to: wide };
  return streams === undefined ? undefined : { kind: "streams", to: streams };
}

function initiatorOf(initiator: number | undefined): RegulatoryDomain["initiator"] {
  switch (initiator) {
    case regulatoryInitiators.CORE:
      return "core";
    case regulatoryInitiators.USER:
      return "user";
    case regulatoryInitiators.DRIVER:
      return "driver";
    case regulatoryInitiators.COUNTRY_IE:
      return "country-element";
    default:
      return "unknown";
  }
}

/** An EAPOL frame from a packet socket, for drivers whose control port is the network interface. */
export function decodeEapolFrame(frame: Uint8Array): BssEvent {
  const r = new Reader(frame, ["Ethernet"]);
  r.take(6);
  const source = macAddressOf(r.take(6));
  if (r.u16be() !== eapolEtherType) r.fail("not EAPOL");
  return { type: "eapol", source, payload: r.rest(), encrypted: true };
}
