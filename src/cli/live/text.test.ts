import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dnsmasqLeases, ownLeases } from "./leases.ts";
import { secondsOf } from "./orders.ts";
import { columnsOf, fitted, folded, octets, safe, span } from "./text.ts";
import { happenedOf } from "./watch.ts";

test("octets, spans and times", () => {
  assert.deepEqual([0, 999, 1000, 15_400, 999_499, 999_500, 1.2e9].map(octets), [
    "0 B",
    "999 B",
    "1.0 kB",
    "15 kB",
    "999 kB",
    "1.0 MB",
    "1.2 GB",
  ]);
  assert.deepEqual([0, 59, 60, 3599, 3600, 90_061].map(span), ["0s", "59s", "1m 00s", "59m 59s", "1h 00m", "1d 01h"]);
  assert.deepEqual(["90", "30s", "10m", "2h", "1d"].map(secondsOf), [90, 30, 600, 7200, 86_400]);
  assert.deepEqual(["", "0", "x", "-1", "10 m", "1w", "367d", "99999999999"].map(secondsOf), Array(8).fill(undefined));
});

test("wide characters take two columns, and marks none", () => {
  assert.deepEqual(["abc", "客厅", "📱", "e\u0301"].map(columnsOf), [3, 4, 2, 1]);
});

test("fitted: just so wide, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 40 }), (text, width) => {
      const shown = fitted(safe(text), width);
      // One column may be missing where a wide character was cut.
      assert.ok(columnsOf(shown) === width, `${columnsOf(shown)} ${width} ${JSON.stringify(text)}`);
    }),
  );
});

test("folded: no word is lost", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
      fc.integer({ min: 5, max: 80 }),
      (words, width) => {
        const lines = folded(words.join(" "), width);
        assert.equal(lines.join(" "), words.join(" "));
        for (const line of lines) assert.ok(line.length <= width || !line.includes(" "));
      },
    ),
  );
});

test("leases: the last line of an address counts, and what means nothing is passed over", () => {
  const line = (record: object): string => `12345678 ${JSON.stringify(record)}`;
  const bound = {
    address: "192.168.7.9",
    client: "hw 1",
    hardware: "00:00:5e:00:53:01",
    state: "bound",
    until: 2000,
    since: 1,
  };
  const journal = [
    line(bound),
    "garbage",
    line({ ...bound, address: "192.168.7.10", hostName: "phone", until: null }),
    line({ ...bound, state: "released" }),
    "",
  ];
  assert.deepEqual(ownLeases(journal.join("\n")), [
    { hardware: "00:00:5e:00:53:01", ip: "192.168.7.10", hostName: "phone", until: undefined },
  ]);
  const dnsmasq =
    "1700000000 00:00:5e:00:53:01 192.168.1.10 phone 01:00\n0 00:00:5e:00:53:02 192.168.1.11 * *\nduid 00:01\n1 x y z\n";
  assert.deepEqual(dnsmasqLeases(dnsmasq), [
    { hardware: "00:00:5e:00:53:01", ip: "192.168.1.10", hostName: "phone", until: 1_700_000_000 },
    { hardware: "00:00:5e:00:53:02", ip: "192.168.1.11", hostName: undefined, until: undefined },
  ]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      ownLeases(text);
      dnsmasqLeases(text);
    }),
  );
});

test("events: what they say, and about whom", () => {
  assert.deepEqual(happenedOf("wlan0", "<3>AP-STA-CONNECTED 00:00:5e:00:53:01 keyid=x", 5), {
    at: 5,
    interface: "wlan0",
    event: "AP-STA-CONNECTED",
    station: "00:00:5e:00:53:01",
    text: "AP-STA-CONNECTED 00:00:5e:00:53:01 keyid=x",
  });
  assert.equal(happenedOf("wlan0", "<3>AP-DISABLED ", 5)?.event, "AP-DISABLED");
  for (const nothing of ["", "OK", "<3>", "<3> "]) assert.equal(happenedOf("wlan0", nothing, 5), undefined);
  fc.assert(
    fc.property(fc.string(), (text) =>
      assert.doesNotMatch(happenedOf("wlan0", `<3>${text}`, 1)?.text ?? "", /\p{Cc}/u),
    ),
  );
});
