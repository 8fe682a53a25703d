import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";
import { socketOptions } from "./socket-options.ts";

export const reloadDescription = {
  name: "reload",
  summary: "have a running access point read its file again, or say what that would do",
  synopsis: ["[--plan]", "[--json]", "[-p DIRECTORY]", "[-i INTERFACE]"],
  text: [
    "Has a running access point read its configuration file again and put in force what has changed, and says whom that concerned. Only stations that a change really concerns have to go. A file with errors changes nothing; what the kernel refuses half-way is taken back.",
  ],
  arguments: [],
  options: [
    { name: "plan", text: "say what would be done, and do nothing" },
    jsonOption("answer as JSON, one line for each radio"),
    ...socketOptions("interface of one radio (default: all radios)"),
  ],
  examples: ["beacon reload --plan -i wlan0"],
  exitStatuses: {
    0: "done",
    1: "where it can't be done or nobody answers",
    2: "for a wrong command line",
  },
  json: {
    lineFor: "radio",
    members: {
      radio: "interface of its first BSS",
      isUp: "whether it is on the air",
      changes: "what is configured otherwise: key and BSS of each; values are not shown",
      steps:
        "what is done for it: type, bss, keys, whom it makes leave (leaving), how many that are at most (stations), channel",
    },
  },
} as const satisfies CommandDescription;
