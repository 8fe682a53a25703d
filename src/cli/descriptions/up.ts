import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const upDescription = {
  name: "up",
  summary: "make a working network in one line: radio, channel, protection, addresses, way out",
  synopsis: [
    "[--ssid NAME]",
    "[--passphrase P | --passphrase-file FILE | --open]",
    "[--interface IF]",
    "[--channel N | --band 2.4|5|6]",
    "[--country XX]",
    "[--share IF]",
    "[--guest]",
    "[--qr]",
    "[--print-config]",
    "[--json]",
  ],
  text: [
    "A working network in one line: takes a radio that nothing else uses, a permitted channel, WPA2 and WPA3 together, addresses that collide with no route, gives devices their addresses, and lets them out by this machine's own way to the Internet. It says what it has chosen and why, and stays in the foreground; at the end all is put back. What a killed one has left behind, the next 'beacon up' or 'beacon down' cleans.",
  ],
  arguments: [],
  options: [
    { name: "ssid", value: "NAME", text: "the network's name; Beacond-XXXX otherwise" },
    {
      name: "passphrase",
      value: "P",
      text: "8 to 63 characters; one is made up otherwise. What stands in a command line is kept by the shell's history and by sudo's log: --passphrase - reads a line of standard input",
    },
    { name: "passphrase-file", value: "FILE", kind: "file", text: "the passphrase is the first line of this file" },
    { name: "open", text: "without protection" },
    { name: "interface", value: "IF", kind: "interface", text: "this radio's interface, whatever uses it now" },
    { name: "channel", value: "N", kind: { from: 1, to: 253 }, text: "this channel" },
    {
      name: "band",
      value: "BAND",
      kind: { oneOf: ["2.4", "5", "6"] },
      text: "a channel of this band: 2.4, 5 or 6 GHz",
    },
    { name: "country", value: "XX", text: "your country's letters: more channels, and within its rules" },
    { name: "share", value: "IF", kind: "interface", text: "lets stations out by this interface only" },
    { name: "guest", text: "stations see neither each other nor private networks" },
    { name: "qr", text: "show a code by which a phone's camera joins" },
    { name: "print-config", text: "write the hostapd.conf that it would run, and do nothing" },
    jsonOption("a line for what was chosen and for each thing that happens, as JSON"),
  ],
  examples: ["beacon up --ssid meadow --passphrase-file /root/meadow.txt"],
  exitStatuses: { 0: "ended by a signal", 1: "failed", 2: "for a wrong command line" },
  json: {
    lineFor: "thing that happens; the first, with type chosen, is what was chosen",
    members: {
      type: "chosen, or happening",
      interface: "with chosen: the radio's interface",
      frequency: "with chosen: of the channel, in MHz",
      network: "with chosen: the stations' subnet",
      uplink: "with chosen: the interface that leads out; absent where there is none",
      ssid: "with chosen: the network's name",
      passphrase: "with chosen: a secret; absent where it is open",
      join: "with chosen: the text that a camera reads",
      reasons: "with chosen: why radio and channel",
      seconds: "with happening: since the beginning",
      who: "with happening: a station, or what it is about",
      what: "with happening: what happens, in words",
      why: "with happening: why; absent where nothing is to be said of it",
    },
  },
  files: {
    "/run/beacond/up/INTERFACE.json": "what has been changed and is put back at the end",
    "/run/beacond/leases/": "who had which address, until the next boot",
  },
} as const satisfies CommandDescription;

export const downDescription = {
  name: "down",
  summary: "end it, and clean up behind one that was killed",
  synopsis: ["[INTERFACE]", "[--json]"],
  text: ["Ends the networks of 'beacon up', or the one on INTERFACE, and puts back what a killed one has left behind."],
  arguments: [{ name: "INTERFACE", kind: "interface", optional: true }],
  options: [jsonOption("a line for each network, as JSON")],
  examples: ["beacon down wlan0"],
  exitStatuses: { 0: "done", 1: "something could not be put back", 2: "for a wrong command line" },
  json: {
    lineFor: "network",
    members: {
      interface: "its interface",
      complaints: "what could not be put back, in words; empty where all is as it was",
    },
  },
} as const satisfies CommandDescription;
