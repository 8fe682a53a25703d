import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";
import { socketOptions } from "./socket-options.ts";

export const explainDescription = {
  name: "explain",
  summary: "say in words why a device is in or is not, or what a log tells",
  synopsis: ["[STATION | last | --log FILE]", "[--json]", "[-p DIRECTORY]", "[-i INTERFACE]"],
  text: [
    "Says why a device is in a network or is not: when it came, what it offered and what was required, where it failed, whose fault that most likely was, and what to do. The running access point has kept that of each device that it has heard. STATION is an address, the name that 'beacon rename' has given it, the name that it gives itself, or its IPv4 address; 'last' is whoever had trouble last.",
    "With --log, reads a log that hostapd or beacond has written instead and says what happened: which network came up, who joined, who could not and why, how it ended, what is harmless, and what to look at next.",
  ],
  arguments: [{ name: "STATION", kind: "station", optional: true }],
  options: [
    { name: "log", value: "FILE", kind: "file", text: "the log; - for standard input" },
    jsonOption("as JSON: one line for a station, a line for each finding in a log"),
    ...socketOptions("ask the access point on that interface (default: all)"),
  ],
  examples: ["beacon explain last", "beacon explain --log /var/log/hostapd.log"],
  exitStatuses: {
    0: "nothing is wrong as far as is known",
    1: "something is, or nobody answers",
    2: "for a wrong command line or a file that can't be read",
  },
  json: {
    lineFor: "finding, or for the station",
    members: {
      verdict: "good, bad, harmless or unknown",
      text: "what happened, in a few sentences",
      lines: "of a log: its lines that say so, from 1",
      advice: "what to do or to look at, the likeliest first",
      station: "its address; name where it has one, isRandom where it has made the address up",
      kind: "in, no-address, wrong-key, refused, blocked, banned, unacknowledged, stalled, inactive, left, dismissed, network-down and so on",
      fault: "the device, this network, the distance, a server, somebody here, nobody, unclear",
      offered: "what it offered: protocol, akms, pairwise, group, protection, generation",
      required: "what the network required",
      entries: "what happened, each with type, at (seconds of UNIX time), bss, times and last",
    },
  },
} as const satisfies CommandDescription;
