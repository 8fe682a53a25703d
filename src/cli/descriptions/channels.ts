import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const channelsDescription = {
  name: "channels",
  summary: "show which channels an access point may use here, and why not the others",
  synopsis: ["[INTERFACE]", "[--json]"],
  text: [
    "Shows every channel of a radio, and whether an access point may use it under the rules in force; if not, why not.",
  ],
  arguments: [{ name: "INTERFACE", kind: "interface", optional: true }],
  options: [jsonOption("a line for each channel, as JSON")],
  examples: ["beacon channels wlan0"],
  exitStatuses: {
    0: "where some channel can be used",
    1: "where none can, or there is no radio",
    2: "for a wrong command line",
  },
  json: {
    lineFor: "channel",
    members: {
      radio: "name of the radio, such as phy0",
      band: "2.4GHz, 5GHz, 6GHz or 60GHz",
      channel: "number of the channel",
      frequency: "of its centre, in MHz",
      usable: "whether an access point may use it",
      why: "what limits it or keeps it from being used; absent where nothing does",
      maxPowerDbm: "highest power that is allowed, in dBm",
    },
  },
} as const satisfies CommandDescription;
