import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const checkDescription = {
  name: "check",
  summary: "find what is wrong with configuration files",
  synopsis: ["[--fix [--dry-run]]", "[--no-radio]", "[--json]", "FILE..."],
  text: [
    "Says what is wrong with hostapd.conf and dhcpd.conf files, where, and what would be right. What stands in them without effect here is named too, and so is what the files say that they name: passwords, addresses, VLANs, users, certificates. Where this machine has the radio, the file is held against it: channel, country, modes, ciphers, how many networks it can be, and what else is on it.",
    "Nothing is started, and nothing is changed without --fix.",
  ],
  arguments: [{ name: "FILE", kind: "file", repeated: true }],
  options: [
    {
      name: "fix",
      text: "write the mends that are certain: wrong case, blanks, separators and line ends, and lines without effect, which become comments. What is changed is shown, and the file as it was is kept beside it (FILE.before-fix). A misspelt key is not certain",
    },
    { name: "dry-run", text: "show what --fix would change, and write nothing" },
    { name: "no-radio", text: "look at the files only: they are for another machine" },
    jsonOption("a line for each finding, as JSON"),
  ],
  examples: ["beacon check /etc/hostapd/hostapd.conf", "beacon check --fix --dry-run /etc/hostapd/hostapd.conf"],
  exitStatuses: {
    0: "where no file has an error (warnings don't count)",
    1: "where one has, or can't be read or written",
    2: "for a wrong command line",
  },
  json: {
    lineFor: "finding",
    members: {
      file: "the file",
      line: "from 1; 0 where the whole file is meant",
      column: "octets from the start of the line, from 1; 0 where the whole line is meant",
      length: "octets that are meant",
      severity: "error, warning or note",
      key: "the key of the configuration; absent where it is about none",
      message: "what is wrong, in words",
      fix: "what to write instead of what is pointed at; absent where nobody knows",
      mended: "true where --fix has mended it, or would",
    },
  },
  files: { "FILE.before-fix": "a file as it was before --fix; further ones have a number at the end" },
  seeAlso: ["hostapd.conf(5)", "dhcpd.conf(5)"],
} as const satisfies CommandDescription;
