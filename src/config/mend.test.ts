import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../base/bytes.ts";
import { changedLines, diffText, mend } from "./mend.ts";
import { octetTextOf } from "./octets.ts";
import { parseConfiguration } from "./parser.ts";

const noFiles = (): Uint8Array => new Uint8Array();
const problemsOf = (text: string | Uint8Array) =>
  parseConfiguration(typeof text === "string" ? utf8(text) : text, "h.conf", noFiles).problems;
const once = (text: string): string => octetTextOf(mend(utf8(text), problemsOf(text)).text);
/** A mend may bring another one to light. */
const mended = (text: string): string => once(once(text));

for (const [what, before, after] of [
  ["case of a word", "hw_mode=G", "hw_mode=g"],
  ["case of words in a list", "wpa_key_mgmt=wpa-psk sae", "wpa_key_mgmt=WPA-PSK SAE"],
  ["separators of a key", "wpa-passphrase=12345678", "wpa_passphrase=12345678"],
  ["case of a key", "SSID=home", "ssid=home"],
  ["blanks on both sides", "ssid = home", "ssid=home"],
  ["blanks before a key", "  ssid=home", "ssid=home"],
  ["a byte order mark", "\ufeffssid=home", "ssid=home"],
  ["Windows' line ends", "ssid=home\r\nchannel=1\r", "ssid=home\nchannel=1"],
  ["what counts later", "channel=1\nchannel=6", "#channel=1\nchannel=6"],
  ["a misspelt key: not certain", "chanel=6", "chanel=6"],
  ["a misspelt word: not certain", "wpa_key_mgmt=WPA-PKS", "wpa_key_mgmt=WPA-PKS"],
  ["nothing is wrong", "channel=6", "channel=6"],
] as const) {
  test(`mended: ${what}`, () => {
    assert.equal(mended(before), after);
  });
}

test("whatever stands in a file: what is mended is not worse, lines stay as many, and mending again ends", () => {
  const keys = fc.constantFrom(
    "ssid",
    "SSID ",
    "hw_mode",
    "channel",
    "wpa",
    "wpa_key_mgmt",
    " wpa-passphrase",
    "# x",
    "chanel",
    "",
  );
  const line = fc.tuple(
    keys,
    fc.constantFrom("=", " = ", ""),
    fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("G", "wpa-psk", "1", "6\r")),
  );
  fc.assert(
    fc.property(
      fc.array(
        line.map((parts) => parts.join("")),
        { maxLength: 8 },
      ),
      (lines) => {
        let text = utf8(lines.join("\n"));
        const errors = () => problemsOf(text).filter(({ severity }) => severity === "error").length;
        const before = errors();
        let passes = 0;
        for (; passes < 8; passes++) {
          const { text: after, lines: changes } = mend(text, problemsOf(text));
          assert.equal(octetTextOf(after).split("\n").length, octetTextOf(text).split("\n").length);
          assert.equal(changes.length === 0, octetTextOf(after) === octetTextOf(text));
          if (changes.length === 0) break;
          text = after;
        }
        assert.ok(passes < 8);
        assert.ok(errors() <= before || before === 0);
      },
    ),
  );
});

test("a diff shows the lines that differ", () => {
  const changes = changedLines(utf8("a\nB\nc"), utf8("a\nb\nc"));
  assert.equal(
    diffText("f", changes, (line) => line),
    "--- f\n+++ f\n@@ -2 +2 @@\n-B\n+b\n",
  );
});
