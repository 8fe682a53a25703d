/** What can't be together of SAE, OWE and their modes, and what phones stumble over of what can. */

import { sameBytes, textOf } from "../base/bytes.ts";
import { identifierKeyLength } from "../crypto/sae/password-identifier.ts";
import { isSaePkPassword, saePkPairOf } from "../crypto/sae/pk.ts";
import { hasServedPsks } from "./check-radius.ts";
import { error, type Found, note, warning } from "./found.ts";
import { implementedAkms } from "./implemented.ts";
import type { AkmName, CipherName } from "./keys/security.ts";
import type { BssSettings, RadioSettings } from "./registry.ts";
import type { SaePassword } from "./sae-passwords.ts";
import { is6GHz, offeredAkmsOf } from "./settings.ts";

const saeAkms: readonly AkmName[] = ["SAE", "SAE-EXT-KEY"];
const pskAkms: readonly AkmName[] = ["WPA-PSK", "WPA-PSK-SHA256"];
const strongGroups: ReadonlySet<number> = new Set([15, 16, 17, 18, 19, 20, 21, 25, 26, 28, 29, 30]);

const hasAny = (akms: ReadonlySet<AkmName>, of: readonly AkmName[]): boolean => of.some((akm) => akms.has(akm));

/** The key itself where it was given, else the one that asks for WPA3. */
const whereSaid = (bss: BssSettings, key: string): string => (bss.given.has(key) ? key : "wpa_key_mgmt");

const passwordsOf = (bss: BssSettings): readonly SaePassword[] => [
  ...bss.sae_password,
  ...(bss.sae_password_file?.passwords ?? []),
];

/** Of a network with WPA. */
export function* wpa3Findings(radio: RadioSettings, bss: BssSettings): Generator<Found> {
  yield* overrideFindings(bss);
  const akms = saeAkms.filter((akm) => offeredAkmsOf(bss).has(akm));
  if (akms.length > 0) {
    yield* saeFindings(bss);
    if (hasAny(bss.wpa_key_mgmt, pskAkms)) yield* samePasswordFindings(bss);
  }
  if (hasAny(bss.wpa_key_mgmt, saeAkms)) {
    yield* phoneFindings(bss);
    if (!is6GHz(radio.op_class)) yield* methodFindings(bss);
  }
  yield* cipherFindings(bss);
  yield* oweFindings(bss);
  yield* transitionDisableFindings(bss);
  if ((akms.length > 0 || bss.wpa_key_mgmt.has("OWE")) && !bss.wpa.has("rsn")) {
    yield error("wpa_key_mgmt", `${[...akms, "OWE"][0]} needs wpa=2`);
  }
}

/** Stations expect a key behind each password that looks as if there were one. */
function* keylessFindings(bss: BssSettings, passwords: readonly SaePassword[]): Generator<Found> {
  const withKey = passwords.filter(({ pk }) => pk !== undefined).map(({ password }) => textOf(password));
  if (withKey.length === 0) return;
  const hostapd = "SAE-PK: SAE password uses SAE-PK style, but does not have PK configured";
  const looksKeyed = (password: Uint8Array): boolean =>
    isSaePkPassword(textOf(password)) && !withKey.includes(textOf(password));
  if (passwords.some(({ password, pk }) => pk === undefined && looksKeyed(password))) {
    yield error("sae_password", "a password looks as if it were made for SAE-PK, and has no pk=", hostapd);
  }
  if (bss.wpa_passphrase !== undefined && looksKeyed(bss.wpa_passphrase)) {
    yield error(
      "wpa_passphrase",
      "it looks as if it were made for SAE-PK, and no sae_password has a key for it",
      hostapd,
    );
  }
}

/** WPA3-Personal Compatibility Mode: what old stations see stays in wpa_key_mgmt. */
function* overrideFindings(bss: BssSettings): Generator<Found> {
  const sets = [
    {
      akms: bss.rsn_override_key_mgmt,
      mfp: bss.rsn_override_mfp,
      key: "rsn_override_key_mgmt",
      mfpKey: "rsn_override_mfp",
    },
    {
      akms: bss.rsn_override_key_mgmt_2,
      mfp: bss.rsn_override_mfp_2,
      key: "rsn_override_key_mgmt_2",
      mfpKey: "rsn_override_mfp_2",
    },
  ] as const;
  for (const { akms, mfp, key, mfpKey } of sets) {
    if (akms.size === 0) continue;
    if (!bss.wpa.has("rsn")) {
      yield error(key, `${key} overrides the RSNE, which there is with wpa=2 only`);
    }
    const later = [...akms].filter((akm) => !implementedAkms.has(akm));
    if (later.length > 0) yield warning(key, `${later.join(", ")} is not done yet and left out`);
    if (mfp !== "required" && saeAkms.some((akm) => akms.has(akm))) {
      yield warning(mfpKey, `WPA3 wants protected management frames of all who use it: ${mfpKey}=2`);
    }
  }
  if (sets.every(({ akms }) => akms.size === 0) && bss.rsn_override_omit_rsnxe) {
    yield warning("rsn_override_omit_rsnxe", "rsn_override_omit_rsnxe=1 has no effect without rsn_override_key_mgmt");
  }
}

function* saeFindings(bss: BssSettings): Generator<Found> {
  const passwords = passwordsOf(bss);
  if (passwords.length === 0 && (bss.wpa_passphrase === undefined || bss.sae_password_psk) && !hasServedPsks(bss)) {
    const message = "nobody gets in with SAE, which has no password: sae_password, sae_password_file or wpa_passphrase";
    yield { ...warning("wpa_key_mgmt", message), missing: ["sae_password", "sae_password_file", "wpa_passphrase"] };
  }
  const weak = (bss.sae_groups ?? []).filter((group) => !strongGroups.has(group));
  if (weak.length > 0 && weak.length === bss.sae_groups?.length) {
    yield warning("sae_groups", `nobody gets in with SAE: ${weak.join(", ")} are too weak or no groups at all`);
  } else if (weak.length > 0) {
    yield warning("sae_groups", `${weak.join(", ")} are too weak or no groups at all, and are left out`);
  }
  const keyless = passwords.filter(
    ({ pk }) => pk !== undefined && saePkPairOf(pk.modifier, pk.privateKey) === undefined,
  );
  if (keyless.length > 0) {
    yield error("sae_password", "pk= holds no private key of the curves P-256, P-384 or P-521", "Invalid sae_password");
  }
  const untypable = passwords.filter(({ pk, password }) => pk !== undefined && !isSaePkPassword(textOf(password)));
  if (untypable.length > 0 && !bss.sae_pk_password_check_skip) {
    const message =
      "a password with pk= has to be one that was made with the key (groups of four letters with hyphens)";
    yield error("sae_password", message, "Invalid SAE password for a SAE-PK sae_password entry");
  }
  yield* keylessFindings(bss, passwords);
  yield* identifierFindings(bss, passwords);
}

/** Identifiers that change. */
function* identifierFindings(bss: BssSettings, passwords: readonly SaePassword[]): Generator<Found> {
  const { sae_pw_id_num: count, sae_pw_id_key: key } = bss;
  if (key !== undefined && key.length !== identifierKeyLength) {
    yield warning(
      "sae_pw_id_key",
      `the key has ${key.length} octets, and with any but ${identifierKeyLength} it has no effect`,
    );
  } else if (count > 0 && key === undefined) {
    yield {
      ...warning("sae_pw_id_num", "sae_pw_id_num has no effect without sae_pw_id_key"),
      missing: ["sae_pw_id_key"],
    };
  } else if (count > 0 && passwords.every(({ identifier }) => identifier === undefined)) {
    yield warning("sae_pw_id_num", "sae_pw_id_num has no effect, because no password has an identifier (|id=)");
  }
}

/** Terms under which not all phones join, or not with WPA3. Wi-Fi Alliance, WPA3 Specification 3.4, 2. */
function* phoneFindings(bss: BssSettings): Generator<Found> {
  const isTransition = hasAny(bss.wpa_key_mgmt, pskAkms);
  if (bss.ieee80211w === "no") {
    const message = isTransition
      ? "phones take WPA2 here, because WPA3 wants protected management frames, which are off: ieee80211w=1"
      : "phones don't join, because WPA3 wants protected management frames, which are off: ieee80211w=2";
    yield { ...warning(whereSaid(bss, "ieee80211w"), message), missing: ["ieee80211w"] };
  }
  if (isTransition && bss.ieee80211w === "required") {
    yield note("ieee80211w", "ieee80211w=2 keeps old devices out, which WPA-PSK is there for: ieee80211w=1");
  }
  if (bss.ieee80211w === "optional" && !bss.sae_require_mfp) {
    const fix = isTransition ? "sae_require_mfp=1" : "ieee80211w=2";
    yield note(
      "ieee80211w",
      `WPA3 wants protected management frames of all who use it, and here they may go without: ${fix}`,
    );
  }
  if (isTransition && bss.wpa.has("wpa")) {
    yield warning("wpa", "some phones don't take WPA3 beside the first WPA, which is broken anyway: wpa=2");
  }
  if (!hasAny(bss.wpa_key_mgmt, ["SAE"])) {
    yield note("wpa_key_mgmt", "SAE-EXT-KEY alone is for the devices of Wi-Fi 7: SAE beside it lets the others in");
  }
  if (bss.sae_groups !== undefined && !bss.sae_groups.includes(19)) {
    yield note("sae_groups", "group 19 is the one that all devices know, and sae_groups leaves it out");
  }
}

/** People type one password, and their phones use it for both. One for SAE-PK is kept from WPA2, where it could be guessed. */
function* samePasswordFindings(bss: BssSettings): Generator<Found> {
  const { wpa_passphrase: passphrase } = bss;
  const forAny = passwordsOf(bss).filter(({ station, identifier, pk }) => !station && !identifier && !pk);
  if (passphrase === undefined || forAny.length === 0) return;
  if (forAny.some(({ password }) => sameBytes(password, passphrase))) return;
  const property = bss.sae_password.length > 0 ? "sae_password" : "sae_password_file";
  yield warning(property, "phones use one password for WPA2 and WPA3, and wpa_passphrase is none of those for SAE");
}

/** How the password becomes an element of the group, in bands where both ways are allowed. */
function* methodFindings(bss: BssSettings): Generator<Found> {
  const hashesAnyway =
    offeredAkmsOf(bss).has("SAE-EXT-KEY") || passwordsOf(bss).some(({ identifier, pk }) => identifier ?? pk);
  if (bss.sae_pwe === "looping" && !bss.given.has("sae_pwe") && !hashesAnyway) {
    const message = "sae_pwe is missing, so it is hostapd's default, the old way that leaks; sae_pwe=2 has both";
    yield { ...note("wpa_key_mgmt", message), missing: ["sae_pwe"] };
  }
  if (bss.sae_pwe === "hash-to-element") {
    yield note(
      "sae_pwe",
      "sae_pwe=1 keeps out devices of the first years of WPA3, until 2021 or so: sae_pwe=2 has both ways",
    );
  }
}

function* cipherFindings(bss: BssSettings): Generator<Found> {
  const akms: readonly AkmName[] = [...saeAkms, "OWE"];
  if (!hasAny(bss.wpa_key_mgmt, akms)) return;
  const named = (["rsn_pairwise", "wpa_pairwise"] as const).find((key) => bss.given.has(key));
  const isAlone = [...bss.wpa_key_mgmt].every((akm) => akms.includes(akm));
  // Where no cipher is named, that is said elsewhere.
  if (bss.rsn_pairwise.has("TKIP") && (isAlone || named !== undefined)) {
    const message = "WPA3 knows no TKIP, and frames to all would go out with it: rsn_pairwise=CCMP";
    yield warning(named ?? "wpa_pairwise", message);
  }
  const old: readonly CipherName[] = ["CCMP", "TKIP"];
  if (bss.rsn_pairwise.size > 0 && !old.some((cipher) => bss.rsn_pairwise.has(cipher))) {
    const message = `few phones take ${[...bss.rsn_pairwise].join(" or ")}: CCMP beside it lets the others in`;
    yield note("rsn_pairwise", message);
  }
}

function* oweFindings(bss: BssSettings): Generator<Found> {
  if (!bss.wpa_key_mgmt.has("OWE")) return;
  if ((bss.owe_groups ?? [19]).every((group) => ![19, 20, 21].includes(group))) {
    yield error("owe_groups", "OWE has the groups 19, 20 and 21, and owe_groups names none of them");
  } else if (bss.owe_groups !== undefined && !bss.owe_groups.includes(19)) {
    yield note("owe_groups", "group 19 is the one that all devices know, and owe_groups leaves it out");
  }
  if (bss.ieee80211w !== "required") {
    const message = "phones want protected management frames with OWE, and may stay away otherwise: ieee80211w=2";
    yield { ...warning(whereSaid(bss, "ieee80211w"), message), missing: ["ieee80211w"] };
  }
}

/** A network in two halves. @param bsses of the radio, this one among them */
export function* oweTransitionFindings(bss: BssSettings, bsses: readonly BssSettings[]): Generator<Found> {
  const { owe_transition_ifname: name, owe_transition_bssid: bssid, owe_transition_ssid: ssid } = bss;
  if (name === undefined && bssid === undefined && ssid === undefined) return;
  const property =
    name !== undefined ? "owe_transition_ifname" : bssid !== undefined ? "owe_transition_bssid" : "owe_transition_ssid";
  if (name === undefined && (bssid === undefined || ssid === undefined)) {
    const message = "the partner's owe_transition_bssid and owe_transition_ssid go together, and one is missing";
    yield { ...warning(property, message), missing: ["owe_transition_bssid", "owe_transition_ssid"] };
  }
  if (bss.wpa.size > 0 && !bss.wpa_key_mgmt.has("OWE")) {
    return yield warning(property, "OWE transition mode is for an open network and one with OWE, and this is neither");
  }
  if (bss.wpa_key_mgmt.has("OWE") && bss.wpa.size > 0 && bss.ignore_broadcast_ssid === "no") {
    const message =
      "people would see two networks: in OWE transition mode the encrypted one hides, ignore_broadcast_ssid=1";
    yield { ...warning(property, message), missing: ["ignore_broadcast_ssid"] };
  }
  const partner = bsses.find((other) => other.interface === name);
  if (partner === undefined) return;
  const isEncrypted = bss.wpa.size > 0;
  if (partner === bss || isEncrypted === partner.wpa.size > 0) {
    yield warning(
      property,
      `${partner.interface} is no partner for OWE transition mode: one half is open, the other has OWE`,
    );
  }
}

/** Stations do what they are told here for good, until somebody deletes the network in them. */
function* transitionDisableFindings(bss: BssSettings): Generator<Found> {
  const bits = bss.transition_disable;
  const offered = offeredAkmsOf(bss);
  const hasPk = passwordsOf(bss).some(({ pk }) => pk !== undefined);
  const missing = [
    { bit: 1, isThere: hasAny(offered, saeAkms), what: "SAE" },
    { bit: 2, isThere: hasPk, what: "a password for SAE-PK" },
    { bit: 8, isThere: offered.has("OWE"), what: "OWE" },
  ].filter(({ bit, isThere }) => (bits & bit) !== 0 && !isThere);
  for (const { bit, what } of missing) {
    const value = bit.toString(16).padStart(2, "0");
    yield warning(
      "transition_disable",
      `bit ${value} tells stations to demand ${what} here from now on, which there isn't: they wouldn't come back`,
    );
  }
}
