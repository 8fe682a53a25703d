/** The elements that say how a BSS is protected. */

import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { encodeRsne, type RsnCapability } from "../wire/ieee80211/rsne.ts";
import { encodeRsnxe, type RsnExtensionName } from "../wire/ieee80211/rsnxe.ts";
import { akmSuite, cipherSuite, type Suite, wpaAkmSuite, wpaCipherSuite } from "../wire/ieee80211/suites.ts";
import { encodeWpaIe } from "../wire/ieee80211/wpa-ie.ts";
import { strongestFirst } from "./negotiated.ts";
import type { ManagementProtection, RsnPolicy } from "./negotiation.ts";
import { overrideElement, type RsnOverride } from "./override.ts";

export interface OfferedCapabilities {
  readonly preauthentication: boolean;
  /** One replay counter for each WMM access category and more. */
  readonly wmm: boolean;
  /** Of the RSNXE, which there is where one of them is. */
  readonly extension: ReadonlySet<RsnExtensionName>;
  /** Of the RSNXE Override element. */
  readonly overridingExtension?: ReadonlySet<RsnExtensionName>;
}

/** RSNE first, then the WPA element and what overrides the RSNE, as beacons carry them. IEEE Std 802.11-2020, 9.4.2.24. */
export function securityElements(policy: RsnPolicy, offered: OfferedCapabilities): Element[] {
  const elements: Element[] = [];
  const isRsn = policy.protocols.has("rsn");
  if (isRsn) {
    const terms = { ...policy, pairwise: policy.rsnPairwise };
    elements.push({ id: elementId.rsn, data: rsneBody(policy, terms, offered) });
  }
  if (isRsn && offered.extension.size > 0) {
    elements.push({ id: elementId.rsnExtension, data: encodeRsnxe({ capabilities: offered.extension }) });
  }
  if (policy.protocols.has("wpa")) {
    const body = encodeWpaIe({
      group: inWpa(policy.group),
      pairwise: strongestFirst.filter((name) => policy.wpaPairwise.has(name) && name in wpaCipherSuite).map(inWpa),
      akm: (["WPA-EAP", "WPA-PSK"] as const).filter((name) => policy.akms.has(name)).map((name) => wpaAkmSuite[name]),
      capabilities: undefined,
    });
    elements.push({ id: elementId.vendorSpecific, data: body });
  }
  return [...elements, ...overrideElements(policy, offered)];
}

function overrideElements(policy: RsnPolicy, offered: OfferedCapabilities): Element[] {
  const { first, second } = policy.overrides ?? {};
  const { overridingExtension: capabilities = new Set() } = offered;
  return [
    ...(first ? [overrideElement("rsne", rsneBody(policy, first, offered))] : []),
    ...(second ? [overrideElement("rsne2", rsneBody(policy, second, offered))] : []),
    ...((first || second) && capabilities.size > 0 ? [overrideElement("rsnxe", encodeRsnxe({ capabilities }))] : []),
  ];
}

function rsneBody(
  { group, extendedKeyId }: RsnPolicy,
  { akms, pairwise, managementProtection }: Pick<RsnOverride, "akms" | "pairwise"> & Partial<RsnOverride>,
  offered: OfferedCapabilities,
): Uint8Array {
  const capabilities = new Set<RsnCapability>();
  if (offered.preauthentication) capabilities.add("preauthentication");
  if (extendedKeyId) capabilities.add("extendedKeyId");
  if (managementProtection) capabilities.add("mfpCapable");
  if (managementProtection?.required) capabilities.add("mfpRequired");
  if (managementProtection?.channelValidation) capabilities.add("ocvCapable");
  return encodeRsne({
    group: cipherSuite[group],
    pairwise: strongestFirst.filter((name) => pairwise.has(name)).map((name) => cipherSuite[name]),
    akm: [...akms].map((name) => akmSuite[name]),
    capabilities,
    ptksaReplayCounters: offered.wmm ? 16 : 1,
    gtksaReplayCounters: 1,
    otherCapabilities: 0,
    pmkids: [],
    groupManagement: groupManagementOf(managementProtection),
  });
}

/** BIP-CMAC-128 is what an absent field means, and some stations know no other RSNE. IEEE Std 802.11-2020, 9.4.2.24.1. */
const groupManagementOf = (protection: ManagementProtection | undefined): Suite | undefined =>
  protection && protection.groupCipher !== "AES-128-CMAC" ? cipherSuite[protection.groupCipher] : undefined;

/** WPA numbers the ciphers that it knows as RSN does, under its own OUI. */
const inWpa = (name: keyof typeof cipherSuite): number => 0x0050f200 | (cipherSuite[name] & 0xff);
