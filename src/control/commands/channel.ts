/** Where on the air the radio is. */

import { isRefusal, planChannel } from "../../ap/channel-plan.ts";
import { settingsFor } from "../../ap/channel-settings.ts";
import { channelDefinitionOf, parseFrequencyRequest } from "../../ap/frequency-request.ts";
import { notifyWidth } from "../../ap/width-notification.ts";
import { leadingInteger } from "../../config/numbers.ts";
import { bssOf, fail, type InterfaceContext, ok, onInterface } from "../command.ts";

/** @throws BeaconError where that can't be */
function switchChannel({ radio, log }: InterfaceContext, args: string): string {
  const [counted] = /^\s*[+-]?\d+/.exec(args) ?? [];
  if (counted === undefined) {
    log.error("chanswitch: invalid cs_count provided");
    return fail;
  }
  const request = parseFrequencyRequest(args.slice(counted.length));
  const definition = channelDefinitionOf(request);
  radio.switchChannel({
    settings: settingsFor(radio.settings, definition, request),
    definition,
    count: Number(counted),
    blockTransmission: args.includes(" blocktx"),
  });
  return ok;
}

function changeColor({ radio, log }: InterfaceContext, args: string): string {
  const color = Number.parseInt(args, 10);
  if (!(color >= 0 && color <= 63)) {
    log.error("color_change: Invalid color provided");
    return fail;
  }
  radio.coloring.change(color);
  return ok;
}

/** On the primary channel that there is, without an announcement. @throws BeaconError where that can't be */
function setBandwidth({ radio, log }: InterfaceContext, args: string): string {
  const { plan, capabilities } = radio;
  if (!plan || !capabilities?.widthChanges) return fail;
  const request = parseFrequencyRequest(`${plan.definition.frequency} ${args}`);
  // Up to 40 MHz the offset says it all; hostapd's own tests leave the old centre beside it.
  const asked = request.bandwidth <= 40 ? { ...request, centerFrequency1: 0, centerFrequency2: 0 } : request;
  const target = planChannel(settingsFor(radio.settings, channelDefinitionOf(asked), asked), capabilities);
  if (isRefusal(target)) {
    log.error(target.message);
    return fail;
  }
  radio.changeWidth(target);
  return ok;
}

const widths = ["20", "40", "80", "160"] as const;

function notifyWidthChange(context: InterfaceContext, args: string): string {
  const bss = bssOf(context);
  const width = widths[leadingInteger(args).value];
  const band = context.radio.plan?.band.name;
  const isTooWide = band === "2.4GHz" && width !== "20" && width !== "40";
  if (!bss || !width || band === "6GHz" || isTooWide) return fail;
  notifyWidth(bss, width);
  return ok;
}

export const channelCommands = [
  onInterface(
    "COLOR_CHANGE",
    "<color>",
    "Gives the radio another BSS colour, 1 to 63, announced; 0 for none.",
    changeColor,
  ),
  onInterface(
    "CHAN_SWITCH",
    "<cs_count> <freq> [sec_channel_offset=] [center_freq1=] [center_freq2=] [bandwidth=] [blocktx] [ht] [vht] [he] [eht]",
    "Takes the radio and all its stations to another channel, announced for cs_count beacons.",
    switchChannel,
  ),
  onInterface(
    "SET_BW",
    "[sec_channel_offset=] [center_freq1=] [center_freq2=] [bandwidth=] [ht] [vht] [he] [eht]",
    "Makes the channel wider or narrower at once, for tests.",
    setBandwidth,
  ),
  onInterface(
    "NOTIFY_CW_CHANGE",
    "<0/1/2/3>",
    "Tells HT and VHT stations that we receive 20, 40, 80 or 160 MHz from now on.",
    notifyWidthChange,
  ),
] as const;
