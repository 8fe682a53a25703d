import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const dhcpDescription = {
  name: "dhcp",
  summary: "give the devices of an interface their addresses, by a dhcpd.conf",
  synopsis: ["INTERFACE", "--config FILE", "[--leases FILE]", "[--import FILE]", "[--json]"],
  text: [
    "Gives the devices of one interface their addresses, as ISC's dhcpd does, and by its configuration file: dhcpd.conf(5). It stays in the foreground. The interface needs an address of one of the file's subnets. 'beacon check FILE' says what is wrong with a file, and what of it has no effect here.",
  ],
  arguments: [{ name: "INTERFACE", kind: "interface" }],
  options: [
    { name: "config", value: "FILE", kind: "file", text: "what to serve" },
    {
      name: "leases",
      value: "FILE",
      kind: "file",
      text: "where leases are kept: /var/lib/beacond/INTERFACE.leases otherwise",
    },
    {
      name: "import",
      value: "FILE",
      kind: "file",
      text: "leases that ISC's dhcpd has given, in its own file: those are kept",
    },
    jsonOption("a line for each thing that happens, as JSON"),
  ],
  examples: [
    "beacon dhcp wlan0 --config /etc/dhcp/dhcpd.conf",
    "beacon dhcp wlan0 --config /etc/dhcp/dhcpd.conf --import /var/lib/dhcp/dhcpd.leases",
  ],
  exitStatuses: { 0: "ended by a signal", 1: "failed", 2: "for a wrong command line" },
  json: {
    lineFor: "thing that happens",
    members: {
      type: "serving, leased, released, expired, in-use, refused, exhausted, unheard or unwritten",
      text: "the same in words",
      interface: "the interface that is served; with serving",
      address: "the IPv4 address it is about, if any",
      hardware: "the device's hardware address, if known",
      hostName: "what the device calls itself, if it does",
      reason: "why; with refused and unwritten",
    },
  },
  files: { "/var/lib/beacond/INTERFACE.leases": "leases, a line each" },
  seeAlso: ["dhcpd.conf(5)"],
} as const satisfies CommandDescription;
