import type { CommandDescription } from "../../base/command-line/description.ts";

export const defaultDirectory = "/var/run/hostapd";
/** Seconds. */
export const defaultPing = 5;

const client = {
  synopsis: [
    "[-p DIRECTORY]",
    "[-i INTERFACE]",
    "[-l LINK]",
    "[-s DIRECTORY]",
    "[-a PROGRAM [-B] [-P FILE]]",
    "[-r]",
    "[-G SECONDS]",
    "[-hv]",
    "[COMMAND...]",
  ],
  text: [
    "Sends a command to a running access point by its control socket and shows the answer. Without a command it asks for them on a prompt; with -a it runs a program for each event.",
  ],
  arguments: [{ name: "COMMAND", kind: "text", optional: true, repeated: true }],
  options: [
    { name: "h", text: "show this text" },
    { name: "v", text: "show the version" },
    {
      name: "p",
      value: "DIRECTORY",
      kind: "directory",
      text: `directory of the control sockets (default: ${defaultDirectory})`,
    },
    { name: "s", value: "DIRECTORY", kind: "directory", text: "directory for the client's own socket (default: /tmp)" },
    {
      name: "i",
      value: "INTERFACE",
      kind: "interface",
      text: "control socket to use: an interface's name, or 'global' (default: the first in the directory)",
    },
    { name: "l", value: "LINK", text: "link of that interface, for a multi-link access point" },
    { name: "a", value: "PROGRAM", kind: "file", text: "run this for each event: PROGRAM INTERFACE EVENT..." },
    { name: "B", text: "go into the background (with -a)" },
    { name: "r", text: "keep trying to connect" },
    { name: "P", value: "FILE", kind: "file", text: "file for the process ID (with -B)" },
    { name: "G", value: "SECONDS", text: `how often the daemon is asked whether it lives (default: ${defaultPing})` },
  ],
  files: { [`${defaultDirectory}/INTERFACE`]: "control sockets" },
} as const;

export const cliDescription = {
  ...client,
  name: "cli",
  summary: "speak with a running access point, in hostapd_cli's words",
  text: [
    ...client.text,
    "Standard output has the daemon's answers only. Called by the name hostapd_cli, this program keeps to hostapd_cli's ways. 'beacon cli help' lists the commands; they are answered in the words of hostapd's control protocol, which no JSON is part of.",
  ],
  examples: [`beacon cli -p ${defaultDirectory} -i wlan0 all_sta`],
  exitStatuses: {
    0: "done",
    1: "where the daemon refuses (FAIL) or can't be reached",
    2: "for a command that there isn't, or arguments that it doesn't take",
  },
} as const satisfies CommandDescription;

/** A program of its own name. */
export const hostapdCliDescription = {
  ...client,
  name: "",
  summary: "speak with a running access point",
  examples: [`hostapd_cli -p ${defaultDirectory} -i wlan0 all_sta`],
  exitStatuses: {
    0: "done, also where the daemon answers FAIL",
    255: "where it can't be reached, or the command line is wrong",
  },
} as const satisfies CommandDescription;
