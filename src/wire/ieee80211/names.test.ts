import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonName } from "./reason-code.ts";
import { statusName } from "./status-code.ts";
import { akmName, cipherName, suiteText } from "./suites.ts";
import { joinRates, splitRates } from "./supported-rates.ts";

test("codes and suites have names, and those without are shown as numbers", () => {
  assert.equal(reasonName(15), "4-way-handshake-timeout");
  assert.equal(reasonName(40), "reason-40");
  assert.equal(statusName(17), "no-more-stations");
  assert.equal(statusName(65535), "status-65535");
  assert.equal(cipherName(0x000fac04), "CCMP");
  assert.equal(cipherName(0x0050f202), "TKIP");
  assert.equal(akmName(0x000fac02), "WPA-PSK");
  assert.equal(akmName(0x0040960a), "00-40-96-10");
  assert.equal(suiteText(0xffffff01), "ff-ff-ff-1");
});

test("more than eight rates need a second element; demands on stations come last", () => {
  const rates = [2, 4, 11, 22, 12, 18, 24, 36].map((rate) => ({ rate, basic: rate < 23 }));
  assert.equal(splitRates({ rates, selectors: [] }).length, 1);
  const elements = splitRates({ rates, selectors: ["ht", "saeHashToElementOnly"] });
  assert.deepEqual(
    elements.map(({ id, data }) => [id, ...data]),
    [
      [1, 0x82, 0x84, 0x8b, 0x96, 0x8c, 0x92, 24, 36],
      [50, 0xff, 0xfb],
    ],
  );
  assert.deepEqual(joinRates(elements), { rates, selectors: ["ht", "saeHashToElementOnly"] });
});
