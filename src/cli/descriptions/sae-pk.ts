import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const saePkDescription = {
  name: "sae-pk",
  summary: "make a password that carries the fingerprint of a key (SAE-PK)",
  synopsis: ["[--key FILE]", "[--strength N]", "[--threads N]", "[--json]", "SSID"],
  text: [
    "Makes a password for SAE-PK: whoever knows it can join the network, and can't pass for its access point, since the password carries a fingerprint of the access point's key. Prints lines for hostapd.conf, one of which is to be taken: the longer the password, the harder it is to forge. That takes some seconds, or with --strength 5 some weeks.",
  ],
  arguments: [{ name: "SSID", kind: "text" }],
  options: [
    {
      name: "key",
      value: "FILE",
      kind: "file",
      text: "a private key of the curve P-256, P-384 or P-521, as DER or PEM (default: a new one for P-256)",
    },
    {
      name: "strength",
      value: "N",
      kind: { oneOf: ["3", "5"] },
      text: "3 or 5; with 5 a password of the same length is 65,536 times as strong (default: 3)",
    },
    {
      name: "threads",
      value: "N",
      kind: { from: 1, to: 256 },
      text: "(default: as many as there are processors)",
    },
    jsonOption("write it as one line of JSON, not as lines for hostapd.conf"),
  ],
  examples: ['beacon sae-pk "my network" >>/etc/hostapd/hostapd.conf'],
  exitStatuses: { 0: "done", 1: "where the key can't be read or used", 2: "for a wrong command line" },
  json: {
    lineFor: "password that was made, with its key: one",
    members: {
      ssid: "the network's name",
      strength: "3 or 5",
      passwords: "the same in several lengths, the shortest first; one is to be taken",
      key: "modifier and private key, as behind pk= of sae_password: a secret",
    },
  },
} as const satisfies CommandDescription;
