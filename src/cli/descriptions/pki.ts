import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";

export const defaultPkiDirectory = "/etc/beacond/pki";

const directoryOption = {
  name: "dir",
  letter: "d",
  value: "DIRECTORY",
  kind: "directory",
  text: `where the authority is (default: ${defaultPkiDirectory})`,
} as const;
const daysOption = {
  name: "days",
  value: "N",
  kind: { from: 1, to: 824 },
  text: "how long it holds (default: 820); Apple's devices take no server's certificate of more than 825 days",
} as const;
const passphraseOption = {
  name: "passphrase-file",
  value: "FILE",
  kind: "file",
  text: "the passphrase of the .p12 file is the first line of this file, or with - of standard input; otherwise one is made up and shown",
} as const;
const exitStatuses = {
  0: "done",
  1: "where it can't be done; nothing is changed then",
  2: "for a wrong command line",
} as const;
const filesJson = {
  lineFor: "certificate that was made: one",
  members: {
    kind: "authority, server or client",
    name: "of the client, the server's domain, or the authority's name",
    serial: "serial number in hexadecimal digits; absent for the authority",
    until: "when it ends",
    directory: "where its files are",
    passphrase: "of the .p12 file, where one was made up: a secret",
  },
} as const;

export const pkiInitDescription = {
  name: "pki init",
  summary: "make an authority, the server's certificate, and what goes into hostapd.conf",
  synopsis: [
    "[DIRECTORY]",
    "--domain NAME",
    "--ssid NAME",
    "[--organization NAME]",
    "[--key TYPE]",
    "[--days N]",
    "[--json]",
  ],
  text: [
    "Makes all that WPA-Enterprise with certificates wants: an authority for this network alone, a certificate for the server with a domain name that devices check, the file of users, and lines for hostapd.conf. The directory must not be there yet, or be empty. It and its keys can be read by its owner alone.",
    "The domain need not be in DNS: it is what devices compare. Take one that is yours, such as radius.example.org.",
  ],
  arguments: [{ name: "DIRECTORY", kind: "directory", optional: true }],
  options: [
    { name: "domain", value: "NAME", text: "the name in the server's certificate" },
    { name: "ssid", value: "NAME", text: "the network that profiles are for" },
    { name: "organization", value: "NAME", text: "told beside the names (default: the domain)" },
    {
      name: "key",
      value: "TYPE",
      kind: { oneOf: ["ec", "rsa"] },
      text: "ec is P-256, which all devices of the last ten years take; rsa has 3072 bits (default: ec)",
    },
    daysOption,
    jsonOption("say what was made as JSON, a line each"),
  ],
  examples: ["beacon pki init /etc/beacond/pki --domain radius.example.org --ssid castle"],
  exitStatuses,
  json: { ...filesJson, lineFor: "certificate that was made" },
} as const satisfies CommandDescription;

export const pkiClientDescription = {
  name: "pki client",
  summary: "make a certificate for somebody, and profiles for his devices",
  synopsis: ["NAME", "[-d DIRECTORY]", "[--days N]", "[--passphrase-file FILE]", "[--json]"],
  text: [
    "Makes a key and a certificate for a person or a device, and all that devices want to join with it: a .p12 file, a profile for Apple's devices (.mobileconfig), one for Windows (XML), one for NetworkManager, a network block for wpa_supplicant, and what to enter on Android. All of them name the authority and the server's domain, so that nobody can pass for the server.",
  ],
  arguments: [{ name: "NAME", kind: "text" }],
  options: [directoryOption, daysOption, passphraseOption, jsonOption("say what was made as JSON")],
  examples: ["beacon pki client anna"],
  exitStatuses,
  json: filesJson,
} as const satisfies CommandDescription;

export const pkiRenewDescription = {
  name: "pki renew",
  summary: "make a new certificate for the server, or for somebody",
  synopsis: ["[NAME]", "[-d DIRECTORY]", "[--days N]", "[--passphrase-file FILE]", "[--json]"],
  text: [
    "Makes a new key and certificate with the same names for the server, or for NAME. Devices trust the server's new one as they did the old one, and notice nothing. What was there before is kept in the folder old; a client's old certificate goes on to work until it ends or is revoked.",
  ],
  arguments: [{ name: "NAME", kind: "text", optional: true }],
  options: [directoryOption, daysOption, passphraseOption, jsonOption("say what was made as JSON")],
  examples: ["beacon pki renew && beacon reload"],
  exitStatuses,
  json: filesJson,
} as const satisfies CommandDescription;

export const pkiRevokeDescription = {
  name: "pki revoke",
  summary: "have the server refuse somebody's certificates from now on",
  synopsis: ["NAME", "[-d DIRECTORY]", "[--json]"],
  text: [
    "Puts all certificates of NAME into the authority's revocation list, which the server reads again within five minutes, or at once with 'beacon reload'. Who is in the network already stays until the next authentication: 'beacon cli deauthenticate ADDRESS' ends that.",
  ],
  arguments: [{ name: "NAME", kind: "text" }],
  options: [directoryOption, jsonOption("say what was revoked as JSON, a line for each certificate")],
  examples: ["beacon pki revoke anna && beacon reload"],
  exitStatuses,
  json: {
    lineFor: "certificate that was revoked",
    members: { name: "whose it is", serial: "serial number in hexadecimal digits" },
  },
} as const satisfies CommandDescription;

export const pkiShowDescription = {
  name: "pki show",
  summary: "list the certificates, and say which end soon",
  synopsis: ["[-d DIRECTORY]", "[--json]"],
  text: ["Lists the authority's certificates: whose, until when, and which were revoked."],
  arguments: [],
  options: [directoryOption, jsonOption("a line for each certificate, as JSON")],
  examples: ["beacon pki show"],
  exitStatuses: {
    0: "where the server's certificate holds for a month and more",
    1: "where it doesn't, or nothing can be read",
    2: "for a wrong command line",
  },
  json: {
    lineFor: "certificate",
    members: {
      kind: "authority, server or client",
      name: "whose it is",
      serial: "serial number in hexadecimal digits; absent for the authority",
      until: "when it ends",
      state: "valid, expired or revoked",
      days: "how many are left; negative where it has ended",
    },
  },
} as const satisfies CommandDescription;

export const pkiDescription = {
  name: "pki",
  summary: "make the certificates of WPA-Enterprise, and profiles for devices",
  synopsis: ["COMMAND [ARGUMENTS]"],
  text: [
    "Certificates for networks where everybody has a key of his own. The program openssl makes them; it has to be installed.",
  ],
  arguments: [],
  options: [],
  examples: ["beacon pki init --domain radius.example.org --ssid castle", "beacon pki client anna"],
  exitStatuses,
  commands: [pkiInitDescription, pkiClientDescription, pkiRenewDescription, pkiRevokeDescription, pkiShowDescription],
  files: {
    [`${defaultPkiDirectory}/ca.key`]: "the authority's key: whoever has it can make certificates",
    [`${defaultPkiDirectory}/server.pem`]: "the server's key and certificate",
    [`${defaultPkiDirectory}/trust.pem`]: "the authority's certificate and revocation list, for ca_cert",
    [`${defaultPkiDirectory}/network.conf`]: "lines for hostapd.conf",
    [`${defaultPkiDirectory}/users`]: "the file of users, for eap_user_file",
    [`${defaultPkiDirectory}/clients/NAME/`]: "what NAME's devices want",
  },
} as const satisfies CommandDescription;
