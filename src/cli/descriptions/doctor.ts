import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const doctorDescription = {
  name: "doctor",
  summary: "walk the chain from the chip to the Internet, and say what is not well and what mends it",
  synopsis: ["[INTERFACE]", "[--config FILE]", "[--json]"],
  text: [
    "Walks the whole chain from the chip to the Internet and says of each link whether it is well, not well, or can't be told, what shows that, and the one command that mends it. It changes nothing. Some links only root can see.",
  ],
  arguments: [{ name: "INTERFACE", kind: "interface", optional: true }],
  options: [
    { name: "config", value: "FILE", kind: "file", text: "the configuration: /etc/hostapd/hostapd.conf otherwise" },
    jsonOption("a line for each link, as JSON"),
  ],
  examples: ["beacon doctor wlan0"],
  exitStatuses: { 0: "where nothing is not well", 1: "where something is", 2: "for a wrong command line" },
  json: {
    lineFor: "link of the chain",
    members: {
      link: "the link",
      verdict: "well, not well or can't tell",
      evidence: "what shows it, in words",
      mend: "the command that mends it; absent where there is none",
    },
  },
  files: { "/etc/hostapd/hostapd.conf": "the configuration that is looked at" },
} as const satisfies CommandDescription;
