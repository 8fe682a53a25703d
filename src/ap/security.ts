/** From a BSS's settings to its authenticator. */

import { ConfigurationError } from "../base/errors.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import { groupCipherOf, implementedOf, offeredAkmsOf, pairwiseCiphersOf } from "../config/settings.ts";
import { identifierKeyLength } from "../crypto/sae/password-identifier.ts";
import type { ApSecurity, RadioCapabilities } from "../driver/port.ts";
import { BssAuthenticator } from "../rsn/bss-authenticator.ts";
import type { AuthenticatorPolicy } from "../rsn/context.ts";
import { type OfferedCapabilities, securityElements } from "../rsn/elements.ts";
import type { RsnPolicy } from "../rsn/negotiation.ts";
import type { RsnOverride, RsnOverrides } from "../rsn/override.ts";
import { PmksaCache } from "../rsn/pmksa-cache.ts";
import type { AuthenticatorPort, RsnEvent } from "../rsn/port.ts";
import type { RsnExtensionName } from "../wire/ieee80211/rsnxe.ts";
import { type AkmName, akmSuite, type CipherName, cipherSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";
import { sendEapol } from "./eapol.ts";
import { sendAway } from "./leaving.ts";
import {
  checkManagementProtection,
  installGroupKeys,
  managementProtectionOf,
  managementProtectionUse,
  operatingChannelOf,
  protectsBeacons,
  transmitWidthOf,
} from "./management-protection.ts";
import { misbehaviourOf, securityElementsInstead } from "./misbehaviour.ts";
import { authorize } from "./port-control.ts";
import { findPmk } from "./radius/psk-search.ts";
import { saeAkms } from "./sae-offer.ts";
import { enterVlanOfKey } from "./vlans.ts";
import { wepSuite } from "./wep.ts";

/** @returns undefined for an open network */
export function rsnPolicyOf(
  settings: BssSettings,
  radio: Pick<RadioCapabilities, "extendedKeyId" | "ciphers">,
): RsnPolicy | undefined {
  const group = groupCipherOf(settings);
  if (group === undefined) return undefined;
  return {
    protocols: settings.wpa,
    akms: suitesOf(settings.wpa_key_mgmt),
    wpaPairwise: settings.wpa_pairwise,
    rsnPairwise: settings.rsn_pairwise,
    group,
    extendedKeyId: settings.extended_key_id !== "no" && radio.extendedKeyId,
    managementProtection: managementProtectionOf(settings, radio),
    overrides: overridesOf(settings, radio),
  };
}

const suitesOf = (akms: BssSettings["wpa_key_mgmt"]): ReadonlySet<AkmName> =>
  new Set([...implementedOf(akms)].filter((name): name is AkmName & typeof name => name in akmSuite));

/** @returns undefined where nothing overrides the RSNE */
function overridesOf(settings: BssSettings, radio: Pick<RadioCapabilities, "ciphers">): RsnOverrides | undefined {
  const override = (
    akms: BssSettings["wpa_key_mgmt"],
    pairwise: BssSettings["rsn_pairwise"],
    mfp: BssSettings["ieee80211w"],
  ): RsnOverride | undefined => {
    const names = suitesOf(akms);
    if (!settings.wpa.has("rsn") || names.size === 0) return undefined;
    return { akms: names, pairwise, managementProtection: managementProtectionOf(settings, radio, mfp) };
  };
  const { rsn_override_key_mgmt, rsn_override_key_mgmt_2 } = settings;
  const first = override(rsn_override_key_mgmt, settings.rsn_override_pairwise, settings.rsn_override_mfp);
  const second = override(rsn_override_key_mgmt_2, settings.rsn_override_pairwise_2, settings.rsn_override_mfp_2);
  return first || second ? { first, second } : undefined;
}

export function apSecurity(settings: BssSettings, radio: RadioCapabilities): ApSecurity {
  const policy = rsnPolicyOf(settings, radio);
  if (!policy) {
    const wep = wepSuite({ settings });
    return {
      privacy: wep !== undefined,
      wpaVersions: [],
      akmSuites: [],
      pairwiseCiphers: wep === undefined ? [] : [wep],
      groupCipher: wep,
    };
  }
  return {
    privacy: true,
    wpaVersions: [
      ...(policy.protocols.has("wpa") ? [1 as const] : []),
      ...(policy.protocols.has("rsn") ? [2 as const] : []),
    ],
    akmSuites: [...suitesOf(offeredAkmsOf(settings))].map((name) => akmSuite[name]),
    pairwiseCiphers: [...pairwiseCiphersOf(settings)].map((name) => cipherSuite[name]),
    groupCipher: cipherSuite[policy.group],
  };
}

/** @returns undefined for an open network @throws ConfigurationError where the radio can't protect what it has to */
export function createAuthenticator(bss: Bss): BssAuthenticator | undefined {
  const { settings, clock, entropy, log } = bss;
  const policy = rsnPolicyOf(settings, bss.radio.capabilities);
  if (!policy) return undefined;
  checkManagementProtection(bss);
  checkCiphers(bss, policy);
  const elements =
    settings.own_ie_override ?? securityElementsInstead(settings, securityElements(policy, offeredBy(bss, policy)));
  if (deniesPtk0Rekey(settings, bss.radio.capabilities)) {
    log.info("Disable PTK0 rekey support - replaced with disconnect");
  }
  return new BssAuthenticator({
    port: authenticatorPort(bss),
    clock,
    entropy,
    log,
    // Settings that are changed while the network is up count from the next time that they are asked for.
    get policy() {
      return authenticatorPolicy(bss);
    },
    pmksa: new PmksaCache(clock),
    aa: bss.address,
    elements,
    groupCipher: policy.group,
    managementCipher: managementProtectionOf(settings, bss.radio.capabilities, managementProtectionUse(settings))
      ?.groupCipher,
    protectsBeacons: protectsBeacons(settings, bss.radio.capabilities),
    get groupRekeySeconds() {
      return bss.settings.wpa_group_rekey;
    },
    get strictRekey() {
      return bss.settings.wpa_strict_rekey;
    },
  });
}

function offeredBy(bss: Bss, { akms, overrides }: RsnPolicy): OfferedCapabilities {
  const { settings } = bss;
  const overriding = new Set([...(overrides?.first?.akms ?? []), ...(overrides?.second?.akms ?? [])]);
  return {
    preauthentication: settings.rsn_preauth,
    wmm: settings.wmm_enabled,
    extension: settings.rsn_override_omit_rsnxe && overrides ? new Set() : rsnExtensionOf(bss, akms),
    overridingExtension: rsnExtensionOf(bss, overriding),
  };
}

/**
 * What the radio has no cipher for, the kernel refuses keys for. Frames to a group would then go out in the clear; a
 * station merely gets no further than the handshake.
 * @throws ConfigurationError where it is the group's
 */
function checkCiphers({ settings, radio, log }: Bss, { group }: RsnPolicy): void {
  const { ciphers } = radio.capabilities;
  // An old driver may tell of none.
  const lacks = (cipher: CipherName): boolean => ciphers.size > 0 && !ciphers.has(cipherSuite[cipher]);
  if (lacks(group)) throw new ConfigurationError(`the radio has no ${group}, which is the cipher for broadcast`);
  for (const cipher of pairwiseCiphersOf(settings)) {
    if (lacks(cipher)) log.warning(`the radio has no ${cipher}: stations that are to use it will not get in`);
  }
}

/** A station that asks for a new PTK, or whose PTK is old, is sent away instead. */
const deniesPtk0Rekey = (settings: BssSettings, radio: Pick<RadioCapabilities, "replacesPairwiseKeys">): boolean =>
  settings.wpa_deny_ptk0_rekey === "allow-never" ||
  (settings.wpa_deny_ptk0_rekey === "allow-local-ok" && !radio.replacesPairwiseKeys);

/** @param akms that it goes with */
function rsnExtensionOf({ sae, settings }: Bss, akms: ReadonlySet<AkmName>): ReadonlySet<RsnExtensionName> {
  const extension = new Set<RsnExtensionName>();
  if (settings.ssid_protection) extension.add("ssidProtection");
  if (!saeAkms.some((akm) => akms.has(akm))) return extension;
  const { methods } = sae;
  if (methods.has("hash-to-element")) extension.add("saeHashToElement");
  if (methods.has("pk")) extension.add("saePk");
  return extension;
}

const authenticatorPolicy = ({ settings, radio }: Bss): AuthenticatorPolicy => ({
  eapolVersion: settings.eapol_version,
  pairwiseAttempts: settings.wpa_pairwise_update_count,
  groupAttempts: settings.wpa_group_update_count,
  noRetries: settings.wpa_disable_eapol_key_retries,
  keepsWithoutGroupKey: settings.no_disconnect_on_group_keyerror,
  denyPtk0Rekey: deniesPtk0Rekey(settings, radio.capabilities),
  firstKeyId: settings.extended_key_id === "start-at-1" ? 1 : 0,
  ptkRekeySeconds: settings.wpa_ptk_rekey,
  protectedSsid: settings.ssid_protection ? settings.ssid : undefined,
  changingIdentifiers: changingIdentifiersOf(settings),
  owePtkSha256: settings.owe_ptk_workaround,
  transmitStatus: radio.capabilities.controlPortTxStatus,
  transitionDisable: settings.transition_disable,
  misbehaviour: misbehaviourOf(settings, radio.settings),
});

/** sae_pw_id_num and sae_pw_id_key, of which neither does anything alone. */
const changingIdentifiersOf = ({ sae_pw_id_num: count, sae_pw_id_key: key }: BssSettings) =>
  count > 0 && key?.length === identifierKeyLength ? { key, count } : undefined;

function authenticatorPort(bss: Bss): AuthenticatorPort {
  return {
    sendEapol: (station, pdu, options) => sendEapol(bss, station, pdu, options),
    installPairwiseKey: (station, { cipher, key, index, receiveOnly = false }) =>
      bss.attempt((port) => {
        port.installKey({ cipher: cipherSuite[cipher], key, index, station, receiveOnly });
        return true;
      }) ?? false,
    sendWithKey: (station, index) =>
      bss.attempt((port) => {
        port.sendWithKey(index, station);
        return true;
      }) ?? false,
    installGroupKey: (key, ciphers, vlanId) => installGroupKeys(bss, key, ciphers, vlanId),
    groupKeySequence: (index, vlanId) =>
      bss.attempt((port) => (vlanId === 0 ? port : bss.vlans.portOf(vlanId))?.keySequence(index)) ?? new Uint8Array(6),
    onKeyProved: (station, by) => {
      const entry = bss.stations.get(station);
      return entry !== undefined && enterVlanOfKey(bss, entry, by);
    },
    findPmk: (station, fits, found, evidence) => findPmk(bss, station, fits, found, evidence),
    authorize: (station, by) => {
      const entry = bss.stations.get(station);
      if (!entry) return;
      authorize(bss, entry, by);
      entry.dot1x?.onKeys();
    },
    deauthenticate: (station, reason) => {
      if (reason === "4-way-handshake-timeout") bss.report({ type: "handshake-timeout", station, handshake: "4-way" });
      if (reason === "group-key-handshake-timeout")
        bss.report({ type: "handshake-timeout", station, handshake: "group" });
      sendAway(bss, station, reason, "deauthentication");
    },
    operatingChannel: () => operatingChannelOf(bss),
    transmitWidth: (station) => transmitWidthOf(bss, bss.stations.get(station)),
    report: (event) => onRsnEvent(bss, event),
  };
}

function onRsnEvent(bss: Bss, event: RsnEvent): void {
  switch (event.type) {
    case "handshake-completed": {
      const name = event.protocol === "rsn" ? "RSN" : "WPA";
      bss.log.station(event.station, "WPA", "info", `pairwise key handshake completed (${name})`);
      return bss.report({ type: "handshake-completed", station: event.station });
    }
    case "psk-mismatch":
    case "handshake-stalled":
    case "element-mismatch":
      return bss.reportRefusal(event);
    case "group-key-changed":
    case "channel-mismatch":
      return bss.report(event);
    case "sending-delayed":
      return bss.report(event);
    case "michael-mic-failure":
      return bss.countermeasures.onFailure(event.station, "station");
  }
}

/** The master key that a station's handshake settled on. */
export const pmkOf = (bss: Bss, station: MacAddress): Uint8Array | undefined => bss.authenticator?.get(station)?.pmk;
