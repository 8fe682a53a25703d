/** Where on the air the radio is. */

import { settingsFor } from "../../ap/channel-settings.ts";
import { channelDefinitionOf, parseFrequencyRequest } from "../../ap/frequency-request.ts";
import { fail, type InterfaceContext, ok, onInterface } from "../command.ts";

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
] as const;
