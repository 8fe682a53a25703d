import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const explainDescription = {
  name: "explain",
  summary: "say in words what a log tells: who joined, who could not and why",
  synopsis: ["--log FILE", "[--json]"],
  text: [
    "Reads a log that hostapd or beacond has written and says in words what happened: which network came up, who joined, who could not and why, how it ended, what is harmless, and what to look at next.",
  ],
  arguments: [],
  options: [
    { name: "log", value: "FILE", kind: "file", text: "the log; - for standard input" },
    jsonOption("a line for each finding, as JSON"),
  ],
  examples: ["beacon explain --log /var/log/hostapd.log"],
  exitStatuses: {
    0: "nothing is wrong as far as the log tells",
    1: "something is",
    2: "for a wrong command line or a file that can't be read",
  },
  json: {
    lineFor: "finding",
    members: {
      verdict: "good, bad, harmless or unknown",
      text: "what happened, in a sentence or two",
      lines: "lines of the log that say so, from 1",
      advice: "what to do or to look at, the likeliest first",
    },
  },
} as const satisfies CommandDescription;
