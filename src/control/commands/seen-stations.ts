/** TRACK_STA_LIST: the stations that the radio has heard lately. */

import { inSeconds, since } from "../../base/duration.ts";
import { type InterfaceContext, onInterface } from "../command.ts";

function list({ radio }: InterfaceContext): string {
  const { seen } = radio;
  return seen
    .list()
    .map(
      ({ address, at, signalDbm = 0 }) => `${address} ${Math.floor(inSeconds(since(seen.clock, at)))} ${signalDbm}\n`,
    )
    .join("");
}

export const seenStationCommands = [
  onInterface("TRACK_STA_LIST", "", "Shows the stations that were heard lately: address, seconds ago, signal.", list),
] as const;
