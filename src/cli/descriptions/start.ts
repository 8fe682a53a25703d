import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const startDescription = {
  name: "start",
  summary: "bring an access point up and show what happens on it",
  synopsis: ["[--virtual | --interface IF]", "[--once]", "[--json]"],
  text: [
    "Brings an access point up and shows what happens on it, until Ctrl-C.",
    "As root it takes the first Wi-Fi radio that can be an access point and that nothing else uses. Where there is none, or not as root, it takes a virtual radio inside this process, where three virtual stations try to join: one with the right passphrase, one with a wrong one, and one whose only cipher is too old.",
  ],
  arguments: [],
  options: [
    { name: "virtual", text: "take the virtual radio in any case" },
    {
      name: "interface",
      value: "IF",
      kind: "interface",
      text: "take this interface, whatever uses it now",
    },
    {
      name: "once",
      text: "end after the show, as it does where nobody watches (output that is no terminal)",
    },
    jsonOption("a line for each thing that happens, as JSON"),
  ],
  examples: ["beacon start --virtual --once"],
  exitStatuses: {
    0: "where all came out as it should",
    1: "where something didn't",
    2: "for a wrong command line",
  },
  json: {
    lineFor: "thing that happens",
    members: {
      type: "happening",
      seconds: "since the beginning",
      who: "a station, or the access point",
      what: "what happens, in words",
      why: "why; absent where nothing is to be said of it",
    },
  },
} as const satisfies CommandDescription;
