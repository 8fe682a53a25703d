import assert from "node:assert/strict";
import { test } from "node:test";
import { Workshop } from "../../testing/radio-workshop.ts";
import { hexOf } from "../base/bytes.ts";
import { encodeElements } from "../wire/ieee80211/element.ts";

// The virtual radio has CCMP, and nothing else.
const closed = "ssid=somename\nhw_mode=g\nchannel=1\nwpa=2\nwpa_passphrase=correct horse\nrsn_pairwise=CCMP";

test("without the group's cipher in the radio, broadcast frames would go out in the clear: it doesn't begin", async () => {
  const shop = new Workshop(`${closed}\ngroup_cipher=GCMP`);
  await assert.rejects(shop.radio.enable(), /the radio has no GCMP, which is the cipher for broadcast/);
  assert.ok(!shop.radio.bsses[0]?.isBeaconing);
});

test("a pairwise cipher that it hasn't got is warned of, and the others work", async () => {
  const shop = await new Workshop(`${closed} GCMP-256`).up();
  assert.ok(shop.said(/the radio has no GCMP-256: stations that are to use it will not get in/));
  await shop.station({ security: { secret: { passphrase: "correct horse" } } });
});

test("a driver that tells of no ciphers is believed to have them", async () => {
  const shop = new Workshop(closed);
  shop.whims.capabilities = (real) => ({ ...real, ciphers: new Set() });
  await shop.up();
  assert.ok(!shop.said(/the radio has no/));
});

test("for tests of stations: each of the elements that say how it is protected may be another one", async () => {
  const compatible = `${closed}\nrsn_override_key_mgmt=SAE\nrsn_override_mfp=0\nrsn_override_key_mgmt_2=SAE\nsae_pwe=2`;
  const elementsOf = async (...lines: readonly string[]): Promise<readonly string[]> => {
    const shop = await new Workshop([compatible, ...lines].join("\n")).up();
    const { elements = [] } = shop.radio.bsses[0]?.authenticator?.options ?? {};
    return elements.map((element) => hexOf(encodeElements([element])));
  };
  const [rsne, first, second, extension] = await elementsOf();
  const [r, o, o2, x] = ["30020100", "dd05506f9a2901", "dd05506f9a2a01", "dd05506f9a2b01"];
  assert.deepEqual(await elementsOf(`rsne_override=${r}`), [r, first, second, extension]);
  assert.deepEqual(await elementsOf("rsne_override="), [first, second, extension]);
  assert.deepEqual(await elementsOf("rsnxe_override=f40120"), [rsne, "f40120", first, second, extension]);
  const all = [`rsnoe_override=${o}`, `rsno2e_override=${o2}`, `rsnxoe_override=${x}`];
  assert.deepEqual(await elementsOf(...all), [rsne, o, o2, x]);
});
