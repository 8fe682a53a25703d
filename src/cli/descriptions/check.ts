import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const checkDescription = {
  name: "check",
  summary: "find what is wrong with configuration files",
  synopsis: ["[--json]", "FILE..."],
  text: [
    "Says what is wrong with hostapd.conf and dhcpd.conf files, where, and what would be right. What stands in them without effect here is named too. Nothing is started, and the files named in them are read but not changed.",
  ],
  arguments: [{ name: "FILE", kind: "file", repeated: true }],
  options: [jsonOption("a line for each finding, as JSON")],
  examples: ["beacon check /etc/hostapd/hostapd.conf"],
  exitStatuses: {
    0: "where no file has an error (warnings don't count)",
    1: "where one has, or can't be read",
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
    },
  },
  seeAlso: ["hostapd.conf(5)", "dhcpd.conf(5)"],
} as const satisfies CommandDescription;
