import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const qrDescription = {
  name: "qr",
  summary: "draw a code by which a phone's camera joins a network",
  synopsis: [
    "[CONFIG]",
    "[--interface IF]",
    "[--ssid NAME]",
    "[--passphrase-file FILE | --open]",
    "[--hidden]",
    "[--wpa3-only | --type TYPE]",
    "[--png FILE]",
    "[--svg FILE]",
    "[--json]",
  ],
  text: [
    "Draws a QR code on the terminal, or writes it to files, that has all a phone needs to join a network. It is taken from a hostapd.conf, or from --ssid and a passphrase in a file, so that no command line has it. Whoever sees the code knows the passphrase.",
    "The code is a URI as the WPA3 Specification has it, in the way that cameras read: Android's, Apple's and ZXing's. Networks of WPA3 alone are marked so (R:1); a hidden SSID, the identifier of an SAE password and the public key of SAE-PK are told too.",
  ],
  arguments: [{ name: "CONFIG", kind: "file", optional: true }],
  options: [
    {
      name: "interface",
      letter: "i",
      value: "IF",
      kind: "interface",
      text: "of several networks in CONFIG the one of this interface (default: the first)",
    },
    { name: "ssid", value: "NAME", text: "this network, or this name in place of CONFIG's" },
    {
      name: "passphrase-file",
      value: "FILE",
      kind: "file",
      text: "the passphrase is the first line of this file, or with - of standard input",
    },
    { name: "open", text: "a network without passphrase: open, or Enhanced Open (OWE)" },
    { name: "hidden", text: "the network doesn't tell its name" },
    { name: "wpa3-only", text: "stations are to use WPA3 alone here" },
    {
      name: "type",
      value: "TYPE",
      kind: { oneOf: ["WPA", "SAE"] },
      text: "SAE marks a network of WPA3 alone for Android before 12, which doesn't know R:1; others may not take it (default: WPA)",
    },
    { name: "png", value: "FILE", kind: "file", text: "write a picture that only its owner can read" },
    { name: "svg", value: "FILE", kind: "file", text: "write it as SVG, likewise" },
    jsonOption("write what is in the code as JSON, one line, and draw nothing"),
  ],
  examples: ["beacon qr /etc/hostapd/hostapd.conf", "beacon qr --ssid meadow --passphrase-file - --png meadow.png"],
  exitStatuses: {
    0: "done",
    1: "where the configuration has no such network, or a file can't be read or written",
    2: "for a wrong command line",
  },
  json: {
    lineFor: "code: one",
    members: {
      ssid: "the network's name",
      type: "nopass, WEP, WPA or SAE",
      isHidden: "whether it has to be asked for by its name",
      uri: "the text of the code: the passphrase is in it",
      files: "those that were written",
    },
  },
  files: { "/etc/hostapd/hostapd.conf": "what is read where neither CONFIG nor --ssid is given" },
} as const satisfies CommandDescription;
