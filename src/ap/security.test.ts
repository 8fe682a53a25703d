import assert from "node:assert/strict";
import { test } from "node:test";
import { Workshop } from "../../testing/radio-workshop.ts";

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
