/** Looks after stations that have gone silent: runs the inactivity machine of each. */

import { type Duration, seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { reasonCode } from "../wire/ieee80211/reason-code.ts";
import type { Bss } from "./bss.ts";
import * as inactivity from "./inactivity.ts";
import { dropStation, sendAway, tellToGo } from "./leaving.ts";
import { advance } from "./linking.ts";
import type { Station } from "./station.ts";

/** From the station's first sign of life on; again when it associates. */
export function watch(bss: Bss, station: Station): void {
  station.inactivity = inactivity.initial;
  const { associationOffload, inactivityTimer } = bss.radio.capabilities;
  // It was told ap_max_inactivity, and tells who has gone.
  if (associationOffload && inactivityTimer) return;
  arm(bss, station, maxInactivityOf(bss, station));
}

/** What the station was told that it may be silent. */
function maxInactivityOf({ settings }: Bss, { association }: Station): Duration {
  const period = association?.maxIdlePeriod;
  return seconds(period === undefined ? settings.ap_max_inactivity : Math.ceil(period * 1.024));
}

/** hostapd's AP_DISASSOC_DELAY: a station that is no longer associated is soon no longer authenticated either. */
const afterDisassociation = seconds(3);

export function watchDisassociated(bss: Bss, station: Station): void {
  station.inactivity = { kind: "disassociated" };
  arm(bss, station, afterDisassociation);
}

export function onProbeStatus(bss: Bss, address: MacAddress, acknowledged: boolean): void {
  const station = bss.stations.get(address);
  if (!station || !acknowledged) return;
  bss.report({ type: "poll-answered", station: address });
  step(bss, station, { type: "pollAnswered" });
}

export function onLowAcknowledgement(bss: Bss, address: MacAddress): void {
  if (!bss.settings.disassoc_low_ack || !bss.stations.has(address)) return;
  bss.log.station(address, "IEEE 802.11", "info", "disconnected due to excessive missing ACKs");
  bss.report({ type: "low-acknowledgement", station: address });
  sendAway(bss, address, "missing-acks", "disassociation");
}

function arm(bss: Bss, station: Station, after: Parameters<Station["timers"]["arm"]>[1]): void {
  station.timers.arm("inactivity", after, () => {
    step(bss, station, { type: "timer", silence: silenceOf(bss, station), spread: randomFraction(bss) });
  });
}

function silenceOf(bss: Bss, station: Station): (inactivity.Input & { type: "timer" })["silence"] {
  // What never got as far as an association has nothing to say.
  if (!station.isAssociated) return "gone";
  const { port } = bss;
  if (!port) return "gone";
  const statistics = bss.attempt(() => port.statistics(station.address) ?? ("gone" as const));
  return statistics === undefined ? "unknown" : statistics === "gone" ? "gone" : statistics.inactive;
}

const randomFraction = (bss: Bss): number => (bss.entropy.bytes(1)[0] ?? 0) / 256;

function step(bss: Bss, station: Station, input: inactivity.Input): void {
  const { settings } = bss;
  const policy = {
    maxInactivity: maxInactivityOf(bss, station),
    skipPoll: settings.skip_inactivity_poll !== "no",
  };
  const isHeard = input.type === "timer" && typeof input.silence === "number";
  const counted =
    isHeard && settings.skip_inactivity_poll === "even-heard" ? { ...input, silence: policy.maxInactivity } : input;
  const { state, effects } = inactivity.step(policy, station.inactivity, counted);
  station.inactivity = state;
  const { address } = station;
  const isOffloaded = bss.radio.capabilities.associationOffload;
  for (const effect of effects) {
    switch (effect.type) {
      case "arm":
        arm(bss, station, effect.after);
        break;
      case "poll":
        bss.attempt((port) => port.probeStation(address));
        break;
      case "disassociate":
        if (!station.isAssociated) return giveUp(bss, station);
        tellToGo(bss, address, "disassociation", reasonCode[effect.reason]);
        // There is nothing between associated and unknown where the firmware keeps the states.
        if (isOffloaded) dropStation(bss, station);
        else advance(bss, station, { type: "disassociated" });
        bss.log.station(address, "IEEE 802.11", "info", "disassociated due to inactivity");
        bss.report({ type: "station-left", station: address, by: "access-point", reason: effect.reason });
        if (isOffloaded) return;
        break;
      case "deauthenticate":
        return giveUp(bss, station);
    }
  }
}

function giveUp(bss: Bss, station: Station): void {
  tellToGo(bss, station.address, "deauthentication", reasonCode["invalid-authentication"]);
  bss.log.station(station.address, "IEEE 802.11", "info", "deauthenticated due to inactivity (timer DEAUTH/REMOVE)");
  dropStation(bss, station);
}
