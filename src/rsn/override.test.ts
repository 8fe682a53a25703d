import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench } from "../../testing/authenticator-bench.ts";
import { hexOf } from "../base/bytes.ts";
import { type Element, elementId, oui, vendorElement } from "../wire/ieee80211/element.ts";
import { encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { akmSuite, cipherSuite } from "../wire/ieee80211/suites.ts";
import { securityElements } from "./elements.ts";
import { negotiate, type RsnPolicy } from "./negotiation.ts";
import { isOverrideElement, knowsOverriding } from "./override.ts";

const protection = { required: true, groupCipher: "AES-128-CMAC" } as const;
const policy: RsnPolicy = {
  protocols: new Set(["rsn"]),
  akms: new Set(["WPA-PSK"]),
  wpaPairwise: new Set(),
  rsnPairwise: new Set(["CCMP"]),
  group: "CCMP",
  extendedKeyId: false,
  overrides: {
    first: { akms: new Set(["SAE"]), pairwise: new Set(["CCMP"]), managementProtection: protection },
    second: { akms: new Set(["SAE-EXT-KEY"]), pairwise: new Set(["GCMP-256"]), managementProtection: protection },
  },
};

const selection = (which: number): Element => vendorElement(oui.wifiAlliance, 0x2c, Uint8Array.of(which));
const rsne = (akm: keyof typeof akmSuite, pairwise: keyof typeof cipherSuite, protects = true): Element => ({
  id: elementId.rsn,
  data: encodeRsne({
    ...rsneDefaults,
    akm: [akmSuite[akm]],
    pairwise: [cipherSuite[pairwise]],
    capabilities: new Set(protects ? ["mfpCapable"] : []),
  }),
});

test("the elements: old stations see WPA2, the others what overrides it", () => {
  const elements = securityElements(policy, {
    preauthentication: false,
    wmm: false,
    extension: new Set(),
    overridingExtension: new Set(["saeHashToElement"]),
  });
  // Wi-Fi Alliance, WPA3 Specification 3.4, 9: the bodies of RSNE and RSNXE behind 50-6F-9A and the type.
  assert.deepEqual(
    elements.map(({ id, data }) => `${id} ${hexOf(data)}`),
    [
      "48 0100000fac040100000fac040100000fac020000",
      "221 506f9a290100000fac040100000fac040100000fac08c000",
      "221 506f9a2a0100000fac040100000fac090100000fac18c000",
      "221 506f9a2b20",
    ],
  );
});

describe("what a station has taken", () => {
  const verdict = (...elements: readonly Element[]): string => {
    const found = negotiate(policy, elements);
    return "refused" in found ? found.refused : `${found.agreed.akm} ${found.agreed.pairwise}`;
  };

  test("its selection says which terms hold, and no others", () => {
    assert.equal(verdict(rsne("WPA-PSK", "CCMP", false)), "WPA-PSK CCMP");
    assert.equal(verdict(rsne("WPA-PSK", "CCMP", false), selection(0)), "WPA-PSK CCMP");
    assert.equal(verdict(rsne("SAE", "CCMP"), selection(1)), "SAE CCMP");
    assert.equal(verdict(rsne("SAE-EXT-KEY", "GCMP-256"), selection(2)), "SAE-EXT-KEY GCMP-256");
    assert.equal(verdict(rsne("SAE", "CCMP")), "invalid-akmp");
    assert.equal(verdict(rsne("SAE", "CCMP"), selection(2)), "invalid-akmp");
    assert.equal(verdict(rsne("WPA-PSK", "CCMP"), selection(1)), "invalid-akmp");
    assert.equal(verdict(rsne("SAE-EXT-KEY", "CCMP"), selection(2)), "invalid-pairwise-cipher");
    assert.equal(verdict(rsne("SAE", "CCMP", false), selection(1)), "robust-management-policy-violation");
    assert.equal(verdict(rsne("WPA-PSK", "CCMP"), selection(7)), "WPA-PSK CCMP");
  });

  test("terms that there are not", () => {
    const { overrides, ...plain } = policy;
    const withFirst = { ...plain, overrides: { first: overrides?.first, second: undefined } };
    const found = negotiate(withFirst, [rsne("SAE-EXT-KEY", "GCMP-256"), selection(2)]);
    assert.equal("refused" in found && found.refused, "invalid-akmp");
    const without = negotiate(plain, [rsne("WPA-PSK", "CCMP"), selection(1)]);
    assert.ok(!("refused" in without), "a network without overriding knows no selection");
    assert.equal(without.agreed.rsnSelection, undefined);
  });
});

const cookie = Uint8Array.of(0x50, 0x6f, 0x9a, 0, 0, 0x29);
const snonceWith = (knows: boolean): Uint8Array => {
  const snonce = new Uint8Array(32).fill(5);
  if (knows) snonce.set(cookie, 26);
  return snonce;
};

test("the nonce tells who knows overriding", () => {
  assert.ok(knowsOverriding(snonceWith(true)));
  assert.ok(!knowsOverriding(snonceWith(false)));
});

describe("the 4-way handshake", () => {
  const overrides = policy.overrides ?? assert.fail();
  const begin = (told: Element | undefined) => {
    const bench = new AuthenticatorBench({ overrides, agreed: told ? { rsnSelection: told } : {} });
    return { bench, station: bench.join() };
  };
  const items = (...elements: readonly Element[]) => elements.map((element) => ({ kind: "element", element }) as const);

  test("message 3 tells the override elements to those who know them, and to nobody else", () => {
    for (const knows of [true, false]) {
      const { bench, station } = begin(knows ? selection(1) : undefined);
      const twist = knows ? { items: items(selection(1)) } : {};
      station.answer(station.supplicant.message2(station.last.pdu, snonceWith(knows), twist));
      const third = station.supplicant.open(station.last.pdu);
      const told = third.items.filter((item) => item.kind === "element" && isOverrideElement(item.element));
      assert.equal(told.length, knows ? 2 : 0);
      station.answer(station.supplicant.message4(station.last.pdu));
      assert.ok(bench.news().some((act) => act.startsWith("authorize")));
    }
  });

  test("whose messages don't agree on it is sent away: somebody stands between", () => {
    const cases = [
      { told: selection(1), knows: true, repeated: undefined },
      { told: selection(1), knows: false, repeated: selection(1) },
      { told: selection(1), knows: true, repeated: selection(2) },
      { told: undefined, knows: true, repeated: selection(1) },
      // Its elements were taken away on the air; the nonce still tells.
      { told: undefined, knows: true, repeated: undefined },
      { told: undefined, knows: false, repeated: selection(0) },
    ];
    for (const { told, knows, repeated } of cases) {
      const { bench, station } = begin(told);
      const twist = repeated ? { items: items(repeated) } : {};
      station.answer(station.supplicant.message2(station.last.pdu, snonceWith(knows), twist));
      assert.ok(
        bench.news().includes("deauthenticate invalid-authentication"),
        JSON.stringify({ told, knows, repeated }),
      );
    }
  });
});
