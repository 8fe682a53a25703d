/** Commands that ask a network while it runs. */

import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";
import { socketOptions } from "./socket-options.ts";

const whereOptions = socketOptions("the network on that interface alone (default: all)");
const whereSynopsis = ["[-p DIRECTORY]", "[-i INTERFACE]"] as const;

const asked = { 0: "done", 1: "where nobody answers, or it can't be done", 2: "for a wrong command line" } as const;

const devicesFile = {
  "/var/lib/beacond/devices.json": "names and bans, for root only; STATE_DIRECTORY names another directory",
} as const;

export const statusDescription = {
  name: "status",
  summary: "show which networks run here, since when, and what is wrong with them",
  synopsis: ["[--json]", ...whereSynopsis],
  text: [
    "Shows each network that runs on this machine: its name and protection, channel and country, how many stations are in, how long it is up, and what somebody should look at.",
  ],
  arguments: [],
  options: [jsonOption("a line for each network, as JSON"), ...whereOptions],
  examples: ["beacon status"],
  exitStatuses: { ...asked, 1: "where nobody answers, or a network is not on the air" },
  json: {
    lineFor: "network",
    members: {
      interface: "its interface",
      ssid: "its name, printf-escaped",
      state: "of the radio, in hostapd's word: ENABLED",
      frequency: "MHz; channel, width and generation of Wi-Fi (generation) stand beside it",
      required: "what it demands: protocols, akms, pairwise, group, protection (of management frames)",
      stations: "how many are associated",
      up: "seconds of UNIX time at which it came on the air; now and started (of the daemon) likewise",
      warnings: "what somebody should look at, in words",
    },
  },
} as const satisfies CommandDescription;

export const stationsDescription = {
  name: "stations",
  summary: "show who is in: name, address, signal, rates, time, protection",
  synopsis: ["[--sort FIELD]", "[--leases FILE]", "[--json]", ...whereSynopsis],
  text: [
    "Shows the stations of each network as a table: who they are, the address that they have been given and for how long, how well they are heard, how fast they send and receive, how long they are in, how they are protected, and how much they have received and sent.",
    "Addresses come from the leases of beacon dhcp, beacon up and dnsmasq, and from what stations themselves ask for.",
  ],
  arguments: [],
  options: [
    {
      name: "sort",
      value: "FIELD",
      kind: { oneOf: ["name", "address", "signal", "time", "bytes"] },
      text: "name (default), address, signal, time or bytes",
    },
    { name: "leases", value: "FILE", kind: "file", text: "leases of a 'beacon dhcp --leases FILE'" },
    jsonOption("a line for each station, as JSON"),
    ...whereOptions,
  ],
  examples: ["beacon stations"],
  exitStatuses: asked,
  json: {
    lineFor: "station",
    members: {
      interface: "of the network that it is in",
      address: "its own; random where isRandom says that it has made it up",
      name: "that beacon rename gave it; hostName is what it calls itself",
      standing: "in, associated or authenticated",
      ip: "its address of IPv4, and leaseEnds, in seconds of UNIX time",
      signalDbm: "how well it is heard",
      rxRate: "of what it sends, in units of 100 kb/s; txRate of what it is sent",
      rxBytes: "octets that it has sent; txBytes those that it was sent",
      connected: "for so many seconds; silent since it was heard last",
      security: "protocol, akm, cipher, and protection of management frames; absent in an open network",
      generation: "of Wi-Fi: before, n, ac, ax, be",
    },
  },
  files: {
    "/var/lib/beacond/*.leases": "leases of beacon dhcp",
    "/run/beacond/leases/*": "leases of beacon up",
    "/var/lib/misc/dnsmasq.leases": "leases of dnsmasq",
  },
} as const satisfies CommandDescription;

export const watchDescription = {
  name: "watch",
  summary: "watch who comes and goes: a live table, or lines where nobody looks",
  synopsis: ["[--json]", ...whereSynopsis],
  text: [
    "On a terminal, shows the networks, their stations and what has happened last, and keeps that up to date until q or Ctrl-C. Elsewhere it writes a line for each thing that happens.",
  ],
  arguments: [],
  options: [jsonOption("a line for each thing that happens, as JSON"), ...whereOptions],
  examples: ["beacon watch"],
  exitStatuses: { ...asked, 0: "ended by q or a signal", 1: "where nobody answers, or the access point went away" },
  json: {
    lineFor: "thing that happens",
    members: {
      at: "seconds of UNIX time",
      interface: "of the network",
      event: "in hostapd's words: AP-STA-CONNECTED",
      station: "its address, where it is about one; name, where it has one",
      text: "what it says, whole",
    },
  },
} as const satisfies CommandDescription;

const stationArgument = { name: "STATION", kind: "station" } as const;
const whoText =
  "STATION is an address, the name that 'beacon rename' has given it, the name that it gives itself, or its IPv4 address; the beginning of a name will do.";

const orderJson = {
  lineFor: "access point (process) that was asked",
  members: {
    station: "its address",
    found: "whether there was something to do",
    notKept: "why it holds only until the access point ends; absent where it is kept",
  },
} as const;

export const kickDescription = {
  name: "kick",
  summary: "send a station away, for a while if you like",
  synopsis: ["STATION", "[--for TIME]", "[--json]", ...whereSynopsis],
  text: [
    "Sends a station away from all networks of this machine. It may come back at once, unless --for keeps it out.",
    whoText,
  ],
  arguments: [stationArgument],
  options: [
    { name: "for", value: "TIME", text: "keep it out for so long: 30s, 10m, 2h, 1d" },
    jsonOption("a line for each access point that was asked, as JSON"),
    ...whereOptions,
  ],
  examples: ["beacon kick tablet --for 10m"],
  exitStatuses: { ...asked, 1: "where nobody answers, or it is not in" },
  json: orderJson,
  files: devicesFile,
} as const satisfies CommandDescription;

export const banDescription = {
  name: "ban",
  summary: "keep a station out for good",
  synopsis: ["[STATION]", "[--json]", ...whereSynopsis],
  text: [
    "Sends a station away from all networks of this machine and keeps it out, also after a restart, until 'beacon unban'. Without STATION, shows who is banned. Devices that make up another address for each network, or each day, come back under that.",
    whoText,
  ],
  arguments: [{ ...stationArgument, optional: true }],
  options: [
    jsonOption("as JSON: a line for each access point that was asked, or each device that is banned"),
    ...whereOptions,
  ],
  examples: ["beacon ban 00:00:5e:00:53:01"],
  exitStatuses: asked,
  json: orderJson,
  files: devicesFile,
} as const satisfies CommandDescription;

export const unbanDescription = {
  name: "unban",
  summary: "let a station in again that was banned",
  synopsis: ["STATION", "[--json]", ...whereSynopsis],
  text: ["Ends a ban, and what is left of 'beacon kick --for'.", whoText],
  arguments: [stationArgument],
  options: [jsonOption("a line for each access point that was asked, as JSON"), ...whereOptions],
  examples: ["beacon unban tablet"],
  exitStatuses: { ...asked, 1: "where nobody answers, or it was not banned" },
  json: orderJson,
  files: devicesFile,
} as const satisfies CommandDescription;

export const renameDescription = {
  name: "rename",
  summary: "give a station a name that people know it by",
  synopsis: ["STATION", "[NAME]", "[--json]", ...whereSynopsis],
  text: [
    "Notes what people call a device: that name stands in tables and explanations, and the other commands understand it. Without NAME it is taken back.",
    whoText,
  ],
  arguments: [stationArgument, { name: "NAME", kind: "text", optional: true }],
  options: [jsonOption("a line for each access point that was asked, as JSON"), ...whereOptions],
  examples: [`beacon rename 00:00:5e:00:53:01 "Anna's phone"`],
  exitStatuses: asked,
  json: orderJson,
  files: devicesFile,
} as const satisfies CommandDescription;
