import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Reader } from "../base/bytes.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { decodeRsne, encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { type AkmName, akmSuite, cipherSuite, wpaAkmSuite, wpaCipherSuite } from "../wire/ieee80211/suites.ts";
import { encodeWpaIe } from "../wire/ieee80211/wpa-ie.ts";
import { preferredAkm } from "./akm-order.ts";
import { securityElements } from "./elements.ts";
import { negotiate, type RsnPolicy } from "./negotiation.ts";

const wpa2: RsnPolicy = {
  protocols: new Set(["rsn"]),
  akms: new Set(["WPA-PSK"]),
  wpaPairwise: new Set(["TKIP"]),
  rsnPairwise: new Set(["CCMP"]),
  group: "CCMP",
  extendedKeyId: false,
};
const mixed: RsnPolicy = {
  ...wpa2,
  protocols: new Set(["wpa", "rsn"]),
  group: "TKIP",
  rsnPairwise: new Set(["CCMP", "TKIP"]),
};

const rsne = (fields: Partial<Parameters<typeof encodeRsne>[0]>): Element => ({
  id: elementId.rsn,
  data: encodeRsne({ ...rsneDefaults, akm: [akmSuite["WPA-PSK"]], ...fields }),
});
const wpaIe: Element = {
  id: elementId.vendorSpecific,
  data: encodeWpaIe({
    group: wpaCipherSuite.TKIP,
    pairwise: [wpaCipherSuite.TKIP],
    akm: [wpaAkmSuite["WPA-PSK"]],
    capabilities: undefined,
  }),
};

const refusedBy = (policy: RsnPolicy, ...elements: Element[]) => {
  const outcome = negotiate(policy, elements);
  assert.ok("refused" in outcome);
  return outcome;
};

test("what fits is agreed on, with the strongest cipher of both", () => {
  const offer = rsne({ group: cipherSuite.TKIP, pairwise: [cipherSuite.TKIP, cipherSuite.CCMP] });
  const outcome = negotiate(mixed, [offer, wpaIe]);
  assert.ok("agreed" in outcome);
  assert.deepEqual(
    [outcome.agreed.protocol, outcome.agreed.pairwise, outcome.agreed.akm, outcome.element],
    ["rsn", "CCMP", "WPA-PSK", offer],
  );
});

test("of several key managements the best of both, in whatever order they are named", () => {
  const chosen = (taken: readonly AkmName[], offered: readonly AkmName[]): string => {
    const outcome = negotiate({ ...wpa2, akms: new Set(taken) }, [
      rsne({ akm: offered.map((name) => akmSuite[name]), capabilities: new Set(["mfpCapable"]) }),
    ]);
    return "agreed" in outcome ? outcome.agreed.akm : outcome.refused;
  };
  for (const order of [
    ["WPA-PSK", "SAE"],
    ["SAE", "WPA-PSK"],
  ] as const) {
    assert.equal(chosen(order, ["WPA-PSK", "SAE"]), "SAE");
    assert.equal(chosen(order, ["SAE", "WPA-PSK"]), "SAE");
    assert.equal(chosen(order, ["WPA-PSK"]), "WPA-PSK");
  }
  assert.equal(chosen(["WPA-PSK", "WPA-PSK-SHA256"], ["WPA-PSK", "WPA-PSK-SHA256"]), "WPA-PSK-SHA256");
  assert.equal(chosen(["WPA-PSK"], ["SAE", "OWE"]), "invalid-akmp");
  // Each has its place in the order.
  for (const akm of Object.keys(akmSuite) as AkmName[]) assert.ok(preferredAkm([akm], new Set([akm])), akm);
});

test("a station of the first WPA joins a mixed network only", () => {
  const outcome = negotiate(mixed, [wpaIe]);
  assert.ok("agreed" in outcome);
  assert.deepEqual([outcome.agreed.protocol, outcome.agreed.pairwise], ["wpa", "TKIP"]);
  assert.equal(refusedBy(wpa2, wpaIe).refused, "invalid-element");
});

test("each misfit has its status code, and words that name both sides", () => {
  assert.equal(refusedBy(wpa2).refused, "invalid-element");
  assert.equal(refusedBy(wpa2, rsne({ group: cipherSuite.TKIP })).refused, "invalid-group-cipher");
  const cipher = refusedBy(wpa2, rsne({ pairwise: [cipherSuite.GCMP] }));
  assert.equal(cipher.refused, "invalid-pairwise-cipher");
  assert.equal(cipher.explanation, "it offered GCMP, and this network takes CCMP");
  assert.equal(refusedBy(wpa2, rsne({ akm: [akmSuite.SAE] })).refused, "invalid-akmp");
  assert.equal(refusedBy(wpa2, { id: elementId.rsn, data: Uint8Array.of(1) }).refused, "invalid-element");
  assert.equal(refusedBy(wpa2, { id: elementId.rsn, data: Uint8Array.of(2, 0) }).refused, "invalid-element");
});

describe("table 12-5: protection of management frames", () => {
  const optional: RsnPolicy = { ...wpa2, managementProtection: { required: false, groupCipher: "AES-128-CMAC" } };
  const required: RsnPolicy = { ...wpa2, managementProtection: { required: true, groupCipher: "AES-128-CMAC" } };
  const capable = rsne({ capabilities: new Set(["mfpCapable"]) });
  const demanding = rsne({ capabilities: new Set(["mfpCapable", "mfpRequired"]) });
  const agreedBy = (policy: RsnPolicy, element: Element) => {
    const outcome = negotiate(policy, [element]);
    assert.ok("agreed" in outcome, JSON.stringify(outcome));
    return outcome.agreed;
  };

  test("where both can, it is; where the network demands it, no station is without", () => {
    assert.equal(agreedBy(wpa2, capable).managementFrameProtection, false);
    assert.equal(agreedBy(optional, rsne({})).managementFrameProtection, false);
    for (const policy of [optional, required]) {
      assert.equal(agreedBy(policy, capable).managementFrameProtection, true);
      assert.equal(agreedBy(policy, demanding).demandsManagementFrameProtection, true);
    }
    const refusal = refusedBy(required, rsne({}));
    assert.equal(refusal.refused, "robust-management-policy-violation");
    assert.match(refusal.explanation, /this network demands them/);
  });

  test("sae_require_mfp: of SAE's stations it is demanded, of others not", () => {
    const akms = new Set<AkmName>(["WPA-PSK", "SAE", "SAE-EXT-KEY"]);
    const policyWith = (requiredWithSae: boolean): RsnPolicy => ({
      ...wpa2,
      akms,
      managementProtection: { required: false, requiredWithSae, groupCipher: "AES-128-CMAC" },
    });
    for (const name of ["SAE", "SAE-EXT-KEY"] as const) {
      const akm = [akmSuite[name]];
      assert.equal(refusedBy(policyWith(true), rsne({ akm })).refused, "robust-management-policy-violation", name);
      assert.equal(agreedBy(policyWith(false), rsne({ akm })).managementFrameProtection, false);
      const able = rsne({ akm, capabilities: new Set(["mfpCapable"]) });
      assert.equal(agreedBy(policyWith(true), able).managementFrameProtection, true);
    }
    assert.equal(agreedBy(policyWith(true), rsne({})).managementFrameProtection, false);
  });

  test("the group cipher for management frames is the network's, BIP-CMAC-128 where none is named", () => {
    const cipher = (name: keyof typeof cipherSuite) =>
      rsne({ capabilities: new Set(["mfpCapable"]), groupManagement: cipherSuite[name] });
    assert.ok(agreedBy(required, cipher("AES-128-CMAC")).managementFrameProtection);
    const gmac: RsnPolicy = { ...wpa2, managementProtection: { required: true, groupCipher: "BIP-GMAC-256" } };
    assert.ok(agreedBy(gmac, cipher("BIP-GMAC-256")).managementFrameProtection);
    for (const [policy, element] of [
      [required, cipher("BIP-GMAC-256")],
      [gmac, cipher("BIP-CMAC-256")],
      [gmac, capable],
    ] as const) {
      assert.equal(refusedBy(policy, element).refused, "cipher-rejected-per-policy");
    }
  });

  test("TKIP and the first WPA can't", () => {
    const tkip: RsnPolicy = { ...mixed, managementProtection: { required: false, groupCipher: "AES-128-CMAC" } };
    const group = cipherSuite.TKIP;
    const pairwise = [cipherSuite.TKIP];
    const capabilities = new Set(["mfpCapable"] as const);
    assert.equal(
      refusedBy(tkip, rsne({ group, pairwise, capabilities })).refused,
      "robust-management-policy-violation",
    );
    assert.equal(agreedBy(tkip, rsne({ group, pairwise })).managementFrameProtection, false);
    assert.equal(agreedBy(tkip, wpaIe).managementFrameProtection, false);
    assert.ok(agreedBy(tkip, rsne({ group, capabilities })).managementFrameProtection);
  });

  test("validation of the channel goes with it", () => {
    const validating = (channelValidation: "strict" | "lenient"): RsnPolicy => ({
      ...wpa2,
      managementProtection: { required: false, groupCipher: "AES-128-CMAC", channelValidation },
    });
    const both = rsne({ capabilities: new Set(["mfpCapable", "ocvCapable"]) });
    const copied = rsne({ capabilities: new Set(["ocvCapable"]) });
    assert.equal(agreedBy(validating("strict"), both).channelValidation, "strict");
    assert.equal(agreedBy(validating("lenient"), both).channelValidation, "lenient");
    assert.equal(agreedBy(validating("strict"), capable).channelValidation, undefined);
    assert.equal(agreedBy(optional, both).channelValidation, undefined);
    assert.equal(refusedBy(validating("strict"), copied).refused, "robust-management-policy-violation");
    // Old stations copy the bit from our own element.
    assert.equal(agreedBy(validating("lenient"), copied).channelValidation, undefined);
  });

  test("our own RSNE tells it", () => {
    const told = (policy: RsnPolicy) => {
      const [element] = securityElements(policy, { preauthentication: false, wmm: false, extension: new Set() });
      return decodeRsne(new Reader(element?.data ?? assert.fail(), ["RSNE"]));
    };
    assert.deepEqual([...told(wpa2).capabilities], []);
    assert.equal(told(wpa2).groupManagement, undefined);
    assert.deepEqual([...told(optional).capabilities], ["mfpCapable"]);
    assert.deepEqual([...told(required).capabilities].sort(), ["mfpCapable", "mfpRequired"]);
    assert.equal(told(required).groupManagement, undefined);
    const gmac: RsnPolicy = { ...wpa2, managementProtection: { required: true, groupCipher: "BIP-GMAC-256" } };
    assert.equal(told(gmac).groupManagement, cipherSuite["BIP-GMAC-256"]);
  });
});

test("our own elements say what we take", () => {
  const [rsn, wpa] = securityElements(mixed, { preauthentication: false, wmm: true, extension: new Set() });
  assert.ok(rsn && wpa);
  const decoded = decodeRsne(new Reader(rsn.data, ["RSNE"]));
  assert.deepEqual(decoded.pairwise, [cipherSuite.CCMP, cipherSuite.TKIP]);
  assert.deepEqual(decoded.group, cipherSuite.TKIP);
  assert.equal(decoded.ptksaReplayCounters, 16);
  assert.deepEqual(wpa.data, wpaIe.data);
});
