/** From a configuration to what somebody needs who wants to join its network. */

import { ConfigurationError } from "../../base/errors.ts";
import type { AkmName } from "../../config/keys/security.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { SaePassword } from "../../config/sae-passwords.ts";
import { offeredAkmsOf, wepOf } from "../../config/settings.ts";
import { saePkPairOf } from "../../crypto/sae/pk.ts";
import type { Joining, WifiNetwork } from "./wifi-uri.ts";

const pskAkms: ReadonlySet<AkmName> = new Set<AkmName>(["WPA-PSK", "WPA-PSK-SHA256", "FT-PSK"]);
const saeAkms: ReadonlySet<AkmName> = new Set<AkmName>(["SAE", "SAE-EXT-KEY", "FT-SAE", "FT-SAE-EXT-KEY"]);

/** @throws ConfigurationError where a camera can't be told how to join */
export function networkOf(bss: BssSettings): WifiNetwork {
  return { ssid: ssidText(bss.ssid), isHidden: bss.ignore_broadcast_ssid !== "no", ...joiningOf(bss) };
}

function joiningOf(bss: BssSettings): Joining {
  const wep = wepOf(bss);
  if (wep !== undefined) {
    const key = wep.keys.get(wep.defaultKey);
    if (key === undefined) throw new ConfigurationError(`wep_key${wep.defaultKey} is missing`);
    return { type: "WEP", password: wepText(key) };
  }
  const akms = offeredAkmsOf(bss);
  const has = (wanted: ReadonlySet<AkmName>): boolean => [...wanted].some((akm) => akms.has(akm));
  if (bss.wpa.size === 0 || akms.has("OWE")) return { type: "nopass" };
  if (has(pskAkms)) {
    const password = pskText(bss);
    // Who takes WPA3 alone needs no password of its own: wpa_passphrase counts for SAE too.
    return { type: "WPA", password, transitionDisable: bss.transition_disable, ...noMore };
  }
  if (has(saeAkms)) return saeJoining(bss);
  throw new ConfigurationError(
    "whoever joins this network has to prove who he is (WPA-Enterprise), which no code can tell: 'beacon pki client' writes profiles for that",
  );
}

const noMore = { passwordIdentifier: undefined, publicKey: undefined } as const;

function saeJoining(bss: BssSettings): Joining {
  const passwords = [...bss.sae_password, ...(bss.sae_password_file?.passwords ?? [])];
  const forAll = passwords.filter(({ station }) => station === undefined);
  const chosen = forAll.find(({ identifier }) => identifier === undefined) ?? forAll[0];
  // 1: WPA2 is not to be used, 2: nor is SAE without SAE-PK. WPA3 Specification 3.3, section 8.
  const transitionDisable = bss.transition_disable === 0 ? 1 : bss.transition_disable;
  if (chosen !== undefined) {
    const { password, identifier } = chosen;
    return {
      type: "WPA",
      password: text(password, "the password"),
      transitionDisable,
      passwordIdentifier: identifier === undefined ? undefined : text(identifier, "the password's identifier"),
      publicKey: publicKeyOf(chosen),
    };
  }
  if (bss.wpa_passphrase !== undefined && !bss.sae_password_psk)
    return { type: "WPA", password: text(bss.wpa_passphrase, "the passphrase"), transitionDisable, ...noMore };
  throw new ConfigurationError(
    passwords.length > 0
      ? "each password of this network is for one station: name the one that is meant, by --passphrase-file"
      : "the configuration has no password for all stations: name the one that is meant, by --passphrase-file",
  );
}

function publicKeyOf({ pk }: SaePassword): Uint8Array | undefined {
  return pk && saePkPairOf(pk.modifier, pk.privateKey)?.publicKey;
}

function pskText({ wpa_passphrase, wpa_psk, wpa_psk_file }: BssSettings): string {
  if (wpa_passphrase !== undefined) return text(wpa_passphrase, "the passphrase");
  if (wpa_psk !== undefined) return Buffer.from(wpa_psk).toString("hex");
  throw new ConfigurationError(
    wpa_psk_file === undefined
      ? "the configuration has no passphrase: a server has it. Name the one that is meant, by --passphrase-file"
      : `the passphrases are in '${wpa_psk_file}': name the one that is meant, by --passphrase-file`,
  );
}

/** Keys of 5, 13 and 16 octets are words where they can be read, as clients take them. */
const wepText = (key: Uint8Array): string => {
  const latin = Buffer.from(key).toString("latin1");
  return /^[\x21-\x7e]+$/.test(latin) ? latin : Buffer.from(key).toString("hex");
};

const ssidText = (ssid: Uint8Array): string => text(ssid, "the SSID");

function text(octets: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    throw new ConfigurationError(`${what} is not UTF-8, and cameras read nothing else`);
  }
}
