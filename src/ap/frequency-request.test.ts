import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ConfigurationError } from "../base/errors.ts";
import { channelDefinitionOf, parseFrequencyRequest } from "./frequency-request.ts";

const definitionOf = (text: string) => channelDefinitionOf(parseFrequencyRequest(text));

describe("a channel as commands name it", () => {
  const good: readonly (readonly [string, ReturnType<typeof definitionOf>])[] = [
    ["2462", { frequency: 2462, width: "20-no-ht", centerFrequency1: 2462 }],
    ["2462 ht", { frequency: 2462, width: "20", centerFrequency1: 2462 }],
    ["2462 bandwidth=20 center_freq1=2462 ht", { frequency: 2462, width: "20", centerFrequency1: 2462 }],
    ["2437 sec_channel_offset=1 bandwidth=40 ht", { frequency: 2437, width: "40", centerFrequency1: 2447 }],
    [
      "2437 sec_channel_offset=-1 center_freq1=2427 bandwidth=40 ht",
      { frequency: 2437, width: "40", centerFrequency1: 2427 },
    ],
    [
      "5180 sec_channel_offset=1 center_freq1=5210 bandwidth=80 vht",
      { frequency: 5180, width: "80", centerFrequency1: 5210 },
    ],
    [
      "5240 sec_channel_offset=-1 center_freq1=5210 bandwidth=80 he",
      { frequency: 5240, width: "80", centerFrequency1: 5210 },
    ],
    [
      "5180 sec_channel_offset=1 center_freq1=5210 center_freq2=5775 bandwidth=80 vht",
      { frequency: 5180, width: "80+80", centerFrequency1: 5210, centerFrequency2: 5775 },
    ],
    [
      "5260 sec_channel_offset=1 center_freq1=5250 bandwidth=160 vht",
      { frequency: 5260, width: "160", centerFrequency1: 5250 },
    ],
    [
      "5180 sec_channel_offset=1 center_freq1=5210 bandwidth=80 punct_bitmap=8 eht",
      { frequency: 5180, width: "80", centerFrequency1: 5210, punctured: 8 },
    ],
    ["5955 center_freq1=6105 bandwidth=320 eht", { frequency: 5955, width: "320", centerFrequency1: 6105 }],
    ["5975 center_freq1=5985 bandwidth=80 he", { frequency: 5975, width: "80", centerFrequency1: 5985 }],
  ];
  for (const [text, expected] of good) test(text, () => assert.deepEqual(definitionOf(text), expected));

  const bad = [
    "",
    "0",
    "often",
    "2462 bandwidth=30",
    "2462 center_freq1=2457 ht",
    "2462 sec_channel_offset=1 ht",
    "2437 bandwidth=40 sec_channel_offset=1",
    "2437 bandwidth=40 ht",
    "2437 bandwidth=40 sec_channel_offset=1 center_freq1=2427 ht",
    "2437 bandwidth=40 sec_channel_offset=1 center_freq1=2447 center_freq2=2467 ht",
    "5180 bandwidth=80 sec_channel_offset=1 vht",
    "5180 bandwidth=80 sec_channel_offset=1 center_freq1=5210 ht",
    "5180 bandwidth=80 sec_channel_offset=-1 center_freq1=5210 vht",
    "5180 bandwidth=80 sec_channel_offset=1 center_freq1=5290 vht",
    "5180 bandwidth=80 sec_channel_offset=1 center_freq1=5210 center_freq2=5290 vht",
    "5180 bandwidth=160 sec_channel_offset=1 center_freq1=5250 center_freq2=5570 vht",
    "5180 punct_bitmap=1 ht",
    "5955 center_freq1=6105 bandwidth=320 he",
  ];
  for (const text of bad) test(`refused: ${text}`, () => assert.throws(() => definitionOf(text), ConfigurationError));

  test("what a generation brings with it", () => {
    const { ht, vht, he } = parseFrequencyRequest("5180 eht");
    assert.deepEqual({ ht, vht, he }, { ht: true, vht: true, he: true });
    assert.equal(parseFrequencyRequest("2412 he").vht, false);
    assert.equal(parseFrequencyRequest("5955").he, true);
  });

  test("any text is a request or refused", () => {
    const words = fc.constantFrom("ht", "vht", "bandwidth=", "center_freq1=", "5180", "-1", "40", " ", "=", "x");
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        try {
          const { frequency, width, centerFrequency1 } = definitionOf(`5180${parts.join("")}`);
          assert.ok(frequency > 0 && width !== undefined && centerFrequency1 > 0);
        } catch (thrown) {
          assert.ok(thrown instanceof ConfigurationError);
        }
      }),
    );
  });
});
