/** Which of what a station offers fits what this BSS takes. IEEE Std 802.11-2020, 12.6.3. */

import { MalformedError, Reader } from "../base/bytes.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { decodeRsne, type Rsne } from "../wire/ieee80211/rsne.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";
import {
  type AkmName,
  akmName,
  type CipherName,
  cipherName,
  type ManagementCipherName,
} from "../wire/ieee80211/suites.ts";
import { decodeWpaIe } from "../wire/ieee80211/wpa-ie.ts";
import { preferredAkm } from "./akm-order.ts";
import { type Negotiated, strongestFirst } from "./negotiated.ts";
import { type RsnOverrides, rsnSelectionOf, selectedTerms } from "./override.ts";
import { isWpaElement } from "./received-key.ts";

export interface RsnPolicy {
  readonly protocols: ReadonlySet<"wpa" | "rsn">;
  readonly akms: ReadonlySet<AkmName>;
  readonly wpaPairwise: ReadonlySet<CipherName>;
  readonly rsnPairwise: ReadonlySet<CipherName>;
  readonly group: CipherName;
  readonly extendedKeyId: boolean;
  /** Absent where management frames are not protected. */
  readonly managementProtection?: ManagementProtection | undefined;
  /** Other terms, for stations that say they have taken them. */
  readonly overrides?: RsnOverrides | undefined;
}

export interface ManagementProtection {
  readonly required: boolean;
  /** Of stations that prove themselves by SAE. */
  readonly requiredWithSae?: boolean;
  readonly groupCipher: ManagementCipherName;
  /** Operating channel validation, absent where there is none. */
  readonly channelValidation?: "strict" | "lenient";
}

export interface Agreement {
  readonly agreed: Negotiated;
  /** The station's element that was agreed on. */
  readonly element: Element;
}

export interface Refusal {
  readonly refused: StatusName;
  /** What was offered and what is required, for people. */
  readonly explanation: string;
}

/** The RSNE counts where both are offered and both are taken. */
export function negotiate(policy: RsnPolicy, elements: readonly Element[]): Agreement | Refusal {
  // Of several, which is a mistake of the station's, the last counts, as in hostapd.
  const rsne = policy.protocols.has("rsn") ? elements.findLast(({ id }) => id === elementId.rsn) : undefined;
  const wpa = policy.protocols.has("wpa") ? elements.findLast(isWpaElement) : undefined;
  const element = rsne ?? wpa;
  if (!element) {
    return refuse("invalid-element", "it offered no protection, and this network is protected");
  }
  try {
    const offer = rsne ? offerOfRsne(rsne.data) : offerOfWpa(element.data);
    const rsnSelection = rsne && policy.overrides && rsnSelectionOf(elements);
    const choice = choose(termsFor(policy, rsnSelection), rsne ? "rsn" : "wpa", offer, element);
    if ("refused" in choice) return choice;
    const rsnxe = rsne && elements.findLast(({ id }) => id === elementId.rsnExtension);
    const told = { ...(rsnxe && { rsnxe }), ...(rsnSelection && { rsnSelection }) };
    return { ...choice, agreed: { ...choice.agreed, ...told } };
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return refuse("invalid-element", `its ${rsne ? "RSNE" : "WPA element"} is malformed: ${thrown.message}`);
  }
}

/** The terms that a station says it has taken; where there are none of that kind, nothing fits. */
function termsFor(policy: RsnPolicy, selection: Element | undefined): RsnPolicy {
  const which = selection && selectedTerms(selection);
  if (which === undefined) return policy;
  const terms = policy.overrides?.[which];
  return {
    ...policy,
    akms: terms?.akms ?? new Set(),
    rsnPairwise: terms?.pairwise ?? new Set(),
    managementProtection: terms?.managementProtection,
  };
}

type Offer = Pick<Rsne, "group" | "pairwise" | "akm" | "capabilities" | "pmkids" | "groupManagement">;

const offerOfRsne = (body: Uint8Array): Offer => decodeRsne(new Reader(body, ["RSNE"]));

const offerOfWpa = (body: Uint8Array): Offer => ({
  ...decodeWpaIe(new Reader(body, ["WPA element"])),
  capabilities: new Set(),
  pmkids: [],
  groupManagement: undefined,
});

function choose(policy: RsnPolicy, protocol: "wpa" | "rsn", offer: Offer, element: Element): Agreement | Refusal {
  const group = cipherName(offer.group);
  if (group !== policy.group) {
    return refuse(
      "invalid-group-cipher",
      `it offered the group cipher ${group}, and this network uses ${policy.group}`,
    );
  }
  const akms = offer.akm.map(akmName);
  const akm = preferredAkm(akms, policy.akms);
  if (akm === undefined) {
    return refuse(
      "invalid-akmp",
      `it offered ${list(akms)} to prove itself, and this network takes ${list([...policy.akms])}`,
    );
  }
  const taken = protocol === "rsn" ? policy.rsnPairwise : policy.wpaPairwise;
  const ciphers = offer.pairwise.map(cipherName);
  const pairwise = strongestFirst.find((name) => ciphers.includes(name) && taken.has(name));
  if (pairwise === undefined) {
    return refuse("invalid-pairwise-cipher", `it offered ${list(ciphers)}, and this network takes ${list([...taken])}`);
  }
  const protection = chooseProtection(protectionFor(policy, akm), protocol, pairwise, offer);
  if ("refused" in protection) return protection;
  return {
    element,
    agreed: {
      protocol,
      akm,
      pairwise,
      group: policy.group,
      pmkids: offer.pmkids,
      ...protection,
      extendedKeyId: policy.extendedKeyId && offer.capabilities.has("extendedKeyId"),
    },
  };
}

function protectionFor({ managementProtection }: RsnPolicy, akm: AkmName): ManagementProtection | undefined {
  const requires = managementProtection?.requiredWithSae === true && (akm === "SAE" || akm === "SAE-EXT-KEY");
  return managementProtection && requires ? { ...managementProtection, required: true } : managementProtection;
}

type AgreedProtection = Pick<
  Negotiated,
  "managementFrameProtection" | "demandsManagementFrameProtection" | "channelValidation"
>;

/** IEEE Std 802.11-2020, 12.6.3, table 12-5. */
function chooseProtection(
  policy: ManagementProtection | undefined,
  protocol: "wpa" | "rsn",
  pairwise: CipherName,
  { capabilities, groupManagement }: Offer,
): AgreedProtection | Refusal {
  const isCapable = capabilities.has("mfpCapable");
  const demands = capabilities.has("mfpRequired") ? { demandsManagementFrameProtection: true } : {};
  // The first WPA knows nothing of it: what lets its stations in lets them in unprotected.
  if (!policy || protocol === "wpa") return { managementFrameProtection: false, ...demands };
  if (!isCapable && (policy.required || (capabilities.has("ocvCapable") && policy.channelValidation === "strict"))) {
    const why = policy.required ? "this network demands them" : "validation of the channel goes with them";
    return refuse("robust-management-policy-violation", `it doesn't protect management frames, and ${why}`);
  }
  if (!isCapable) return { managementFrameProtection: false, ...demands };
  const cipher = groupManagement === undefined ? "AES-128-CMAC" : cipherName(groupManagement);
  if (cipher !== policy.groupCipher) {
    return refuse(
      "cipher-rejected-per-policy",
      `it offered ${cipher} for management frames to all, and this network uses ${policy.groupCipher}`,
    );
  }
  if (pairwise === "TKIP") {
    return refuse("robust-management-policy-violation", "it wants to protect management frames, and TKIP can't");
  }
  const { channelValidation } = policy;
  return {
    managementFrameProtection: true,
    ...demands,
    ...(channelValidation && capabilities.has("ocvCapable") ? { channelValidation } : {}),
  };
}

const list = (names: readonly string[]): string => names.join(", ") || "nothing";
const refuse = (refused: StatusName, explanation: string): Refusal => ({ refused, explanation });
