/** Who gets in: WPA, pre-shared keys, key renewal. */

import { ofBss, withoutEffect } from "../entry.ts";
import { bits, boolean, count, flag, hex, integer, type Kind, numbered, octets, path, words } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { readable } from "../octets.ts";

/** Authentication and key management suites, as hostapd names them. IEEE Std 802.11-2020, table 9-151. */
export const akmNames = [
  "WPA-PSK",
  "WPA-EAP",
  "FT-PSK",
  "FT-EAP",
  "FT-EAP-SHA384",
  "WPA-EAP-SHA384",
  "WPA-PSK-SHA256",
  "WPA-EAP-SHA256",
  "SAE",
  "SAE-EXT-KEY",
  "FT-SAE",
  "FT-SAE-EXT-KEY",
  "WPA-EAP-SUITE-B",
  "WPA-EAP-SUITE-B-192",
  "FILS-SHA256",
  "FILS-SHA384",
  "FT-FILS-SHA256",
  "FT-FILS-SHA384",
  "OWE",
  "DPP",
  "PASN",
  "EPPKE",
] as const;
export type AkmName = (typeof akmNames)[number];

/** Ciphers for one station's frames, as hostapd names them, strongest first. */
export const cipherNames = ["CCMP-256", "GCMP-256", "CCMP", "GCMP", "TKIP"] as const;
export type CipherName = (typeof cipherNames)[number];

const otherCiphers = [
  "NONE",
  "WEP40",
  "WEP104",
  "GTK_NOT_USED",
  "AES-128-CMAC",
  "BIP-GMAC-128",
  "BIP-GMAC-256",
  "BIP-CMAC-256",
];

export const cipherWords = words(
  {
    noun: "cipher",
    unknown: (_, text) => `invalid cipher '${text}'.`,
    unsupported: (text) => `unsupported pairwise cipher suite '${text}'`,
  },
  cipherNames,
  otherCiphers,
);

export const akmWords = words<AkmName>({ noun: "key_mgmt", unknown: (word) => `invalid key_mgmt '${word}'` }, akmNames);

const groupCipher: Kind<CipherName> = {
  shape: cipherNames.join(", "),
  parse(text, { files }) {
    const parsed = cipherWords.parse(text, { files, previous: undefined });
    if ("error" in parsed) return parsed;
    const [first, ...more] = parsed.value;
    return first === undefined || more.length > 0 ? { error: "one cipher has to be named" } : { value: first };
  },
  format: (value) => value,
};

const presharedKey: Kind<Uint8Array> = {
  ...hex(32, 32),
  shape: "64 hexadecimal digits",
  parse(text) {
    const parsed = hex(32, 32).parse(text, { files: noFiles, previous: undefined });
    if (!("error" in parsed)) return parsed;
    // the text itself stays out of the message: it is nearly a key
    const error = `${text.length} characters, where 64 hexadecimal digits have to be`;
    return { error, hostapd: "Invalid PSK '[REMOVED]'." };
  },
};

/** As hostapd reads it: hexadecimal, with or without 0x. */
const transitionBits: Kind<number> = {
  shape: "00..ff",
  parse(text) {
    const digits = /^\s*(?:0x)?([0-9a-f]{1,2})\s*$/i.exec(text)?.[1];
    return digits === undefined
      ? { error: `'${readable(text)}' is not an octet in hexadecimal` }
      : { value: Number.parseInt(digits, 16) };
  },
  format: (value) => value.toString(16).padStart(2, "0"),
};

const noFiles = (): Uint8Array => new Uint8Array();

const protocols = { wpa: 1, rsn: 2 } as const;
/** `wpa` is what came before IEEE Std 802.11i; `rsn` is WPA2 and WPA3. */
export type WpaProtocol = keyof typeof protocols;

export type AuthAlgorithm = "open" | "shared";

export const securityKeys = {
  auth_algs: ofBss({
    kind: authAlgorithms(),
    initial: new Set<AuthAlgorithm>(["open"]),
    cost: "live",
    doc: "Authentication that stations may begin with; shared is for WEP, where both are allowed if nothing is said.",
    inHostapd: () => "no authentication algorithms allowed",
  }),
  wpa: ofBss({
    kind: bits(protocols),
    initial: new Set<WpaProtocol>(),
    cost: "stations",
    doc: "Protection: 2 is WPA2 and WPA3, 1 the WPA before them; open network where there is none.",
  }),
  wpa_passphrase: ofBss({
    kind: octets(8, 63),
    initial: undefined,
    secret: true,
    clears: ["wpa_psk"],
    cost: "keys",
    doc: "The network's password.",
    inHostapd: (value) => `invalid WPA passphrase length ${value.length} (expected 8..63)`,
  }),
  wpa_psk: ofBss({
    kind: presharedKey,
    initial: undefined,
    secret: true,
    clears: ["wpa_passphrase"],
    cost: "keys",
    doc: "The network's key itself, instead of a password.",
  }),
  wpa_psk_file: ofBss({
    kind: path,
    initial: undefined,
    cost: "keys",
    doc: "File of passwords and keys for single stations or for all.",
  }),
  wpa_key_mgmt: ofBss({
    kind: akmWords,
    initial: new Set<AkmName>(["WPA-PSK"]),
    cost: "stations",
    doc: "Ways to prove oneself and to agree on keys.",
    yet: "Not FT, FILS, DPP, PASN and EPPKE; they are left out with a warning, and refused where they stand alone.",
  }),
  wpa_pairwise: ofBss({
    kind: cipherWords,
    initial: new Set<CipherName>(["TKIP"]),
    cost: "stations",
    doc: "Ciphers for WPA; for WPA2 too where rsn_pairwise is absent.",
  }),
  rsn_pairwise: ofBss({
    kind: cipherWords,
    initial: new Set<CipherName>(),
    cost: "stations",
    doc: "Ciphers for WPA2 and WPA3; those of wpa_pairwise where absent.",
  }),
  group_cipher: ofBss({
    kind: groupCipher,
    initial: undefined,
    cost: "stations",
    doc: "Cipher for broadcast; the weakest of the others where absent.",
    inHostapd: (value) => `unsupported group cipher suite '${value}'`,
  }),
  wpa_group_rekey: ofBss({
    kind: integer(0),
    initial: 600,
    cost: "live",
    doc: "Seconds between new group keys, 0 for never; 86400 where absent and the group cipher isn't TKIP.",
  }),
  wpa_strict_rekey: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "New group key whenever a station leaves.",
  }),
  wpa_gmk_rekey: withoutEffect(
    "there is no group master key: each group key is drawn anew",
    ofBss({
      kind: integer(0),
      initial: 86400,
      cost: "live",
      doc: "Seconds between new group master keys, 0 for never.",
    }),
  ),
  wpa_ptk_rekey: ofBss({
    kind: integer(0),
    initial: 0,
    cost: "live",
    doc: "Seconds that a station's key may live, 0 for ever.",
  }),
  wpa_deny_ptk0_rekey: ofBss({
    kind: numbered({ 0: "allow-always", 1: "allow-local-ok", 2: "allow-never" }),
    initial: "allow-always",
    cost: "live",
    doc: "Renewing the key with id 0 can leak frames on some drivers: allow it always, where the driver is safe, or never.",
    inHostapd: (value) => `Invalid wpa_deny_ptk0_rekey=${leadingInteger(value).value}; allowed range 0..2`,
  }),
  wpa_group_update_count: ofBss({
    kind: count(1, 0xffff_ffff),
    initial: 4,
    cost: "live",
    doc: "Transmissions of the group handshake before a station is given up.",
    inHostapd: (value) => `Invalid wpa_group_update_count=${leadingInteger(value).value}; allowed range 1..4294967295`,
  }),
  wpa_pairwise_update_count: ofBss({
    kind: count(1, 0xffff_ffff),
    initial: 4,
    cost: "live",
    doc: "Transmissions of a message of the 4-way handshake before a station is given up.",
    inHostapd: (value) =>
      `Invalid wpa_pairwise_update_count=${leadingInteger(value).value}; allowed range 1..4294967295`,
  }),
  wpa_disable_eapol_key_retries: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Send message 3 and group message 1 once only, for stations that can be fooled into reinstalling keys.",
  }),
  no_disconnect_on_group_keyerror: ofBss({
    kind: flag,
    initial: false,
    cost: "live",
    doc: "Let a station stay that doesn't answer the group key handshake, such as one that sleeps for long; it has no group key until the next.",
    inHostapd: () => "Invalid no_disconnect_on_group_keyerror",
  }),
  extended_key_id: ofBss({
    kind: numbered({ 0: "no", 1: "yes", 2: "start-at-1" }),
    initial: "no",
    cost: "stations",
    doc: "Two key ids per station, so that renewal loses nothing; 2 begins with key id 1.",
    inHostapd: (value) => `Invalid extended_key_id=${leadingInteger(value).value}; allowed range 0..2`,
  }),
  transition_disable: ofBss({
    kind: transitionBits,
    initial: 0,
    cost: "live",
    doc: "What stations are to do without in this network from now on: sum of 01 (WPA2-Personal), 02 (SAE without SAE-PK), 04 (WPA2-Enterprise), 08 (open instead of OWE).",
  }),
  rsn_preauth: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Offer authentication through another access point ahead of roaming.",
  }),
  eapol_version: ofBss({
    kind: integer(1, 3),
    initial: 2,
    cost: "live",
    doc: "Version number in EAPOL headers; old clients may want 1.",
    inHostapd: (value) => `invalid EAPOL version (${leadingInteger(value).value}): '${value}'.`,
  }),
  eapol_key_index_workaround: withoutEffect(
    "it concerns dynamic WEP only",
    ofBss({
      kind: boolean,
      initial: false,
      cost: "live",
      doc: "Leave the unicast bit out of the key index in EAPOL-Key frames of plain 802.1X, for an old client.",
    }),
  ),
  okc: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Opportunistic key caching: share pairwise master keys between the BSSs of this process with the same SSID.",
  }),
  disable_pmksa_caching: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Remember no pairwise master keys of stations that come back.",
  }),
} as const;

function authAlgorithms(): Kind<ReadonlySet<AuthAlgorithm>> {
  const kind = bits<AuthAlgorithm>({ open: 1, shared: 2 });
  return {
    ...kind,
    parse(text, context) {
      const parsed = kind.parse(text, context);
      if ("error" in parsed || parsed.value.size > 0) return parsed;
      return { error: "no way to authenticate is left: 1 is open, 2 shared key" };
    },
  };
}
