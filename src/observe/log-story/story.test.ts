import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { logFacts } from "./facts.ts";
import { logStory } from "./story.ts";

const story = (text: string) => logStory(logFacts(text));

/** A Raspberry Pi's, whose USB dongle spoke Realtek's private interface. */
const raspberryPi = `Configuration file: /etc/hostapd/hostapd.conf
drv->ifindex=3
l2_sock_recv==l2_sock_xmit=0x0x125e638
+rtl871x_sta_deauth_ops, ff:ff:ff:ff:ff:ff is deauth, reason=2
rtl871x_set_key_ops
Using interface wlan0 with hwaddr d8:eb:97:14:06:4f and ssid 'RTL8188CUS'
rtl871x_set_wps_assoc_resp_ie
rtl871x_set_wps_beacon_ie
rtl871x_set_wps_probe_resp_ie
random: Only 17/20 bytes of strong random data available from /dev/random
random: Not enough entropy pool available for secure operations
WPA: Not enough entropy in random pool for secure operations - update keys later when the first station connects
rtl871x_set_key_ops
rtl871x_set_beacon_ops
rtl871x_set_hidden_ssid_ops
+rtl871x_get_sta_wpaie, 08:d4:2b:1a:cd:2c is sta's address
wlan0: STA 08:d4:2b:1a:cd:2c IEEE 802.11: associated
rtl871x_set_key_ops
+rtl871x_send_eapol
+rtl871x_send_eapol
rtl871x_set_key_ops
wlan0: AP-STA-CONNECTED 08:d4:2b:1a:cd:2c
wlan0: STA 08:d4:2b:1a:cd:2c RADIUS: starting accounting session 520782E0-00000000
wlan0: STA 08:d4:2b:1a:cd:2c WPA: pairwise key handshake completed (RSN)
rtl871x_set_key_ops
+rtl871x_sta_remove_ops, 08:d4:2b:1a:cd:2c is sta address removed
+rtl871x_sta_deauth_ops, ff:ff:ff:ff:ff:ff is deauth, reason=2
ELOOP: remaining socket: sock=6 eloop_data=0x125e6a8 user_data=(nil) handler=0x29df0
(second start) drv->ifindex=6
`;

test("a dongle that lost its power: joined, no data, everybody out as the daemon ended, another index, entropy harmless", () => {
  const findings = story(raspberryPi);
  const [joined, data, out, index] = [
    findings.find(({ text }) => /08:d4:2b:1a:cd:2c joined and completed the handshake/.test(text)),
    findings.find(({ text }) => /^No data/.test(text)),
    findings.find(({ text }) =>
      /thrown out with a broadcast deauthentication, reason 2 .* as the daemon itself ended/.test(text),
    ),
    findings.find(({ text }) => /index has changed from 3 to 6/.test(text)),
  ];
  assert.equal(joined?.verdict, "good");
  assert.equal(data?.verdict, "bad");
  assert.deepEqual([out?.verdict, out?.lines], ["bad", [27, 28]]);
  assert.deepEqual([index?.verdict, index?.lines], ["bad", [2, 29]]);
  const advice = index?.advice.join("\n") ?? "";
  for (const word of [/power/, /module/, /kernel/]) assert.match(advice, word);
  const entropy = findings.find(({ text }) => /entropy/.test(text));
  assert.deepEqual([entropy?.verdict, entropy?.lines], ["harmless", [10, 11, 12]]);
  assert.ok(findings.some(({ text }) => /private interface/.test(text)));
});

test("the deauthentication that a daemon begins with is nothing to tell", () => {
  const beginning = raspberryPi.split("\n").slice(0, 15).join("\n");
  assert.ok(!story(beginning).some(({ text }) => /thrown out/.test(text)));
});

test("a wrong passphrase is the likeliest cause of a wrong proof, in syslog's form too", () => {
  const log = [
    "wlan0: STA 02:00:00:00:01:00 IEEE 802.11: associated (aid 1)",
    "wlan0: AP-STA-POSSIBLE-PSK-MISMATCH 02:00:00:00:01:00",
    "wlan0: STA 02:00:00:00:01:00 IEEE 802.11: deauthenticated due to local deauth request",
  ];
  const inSyslog = log.map((line) => `Nov 22 03:04:05 pi hostapd[412]: ${line}`);
  for (const lines of [log, inSyslog]) {
    const [finding] = story(lines.join("\n"));
    assert.equal(finding?.verdict, "bad");
    assert.match(finding?.text ?? "", /02:00:00:00:01:00 gave a wrong proof of the passphrase/);
    assert.deepEqual(finding?.lines, [1, 2, 3]);
  }
});

test("what keeps an access point from starting is named with what helps", () => {
  const findings = story(`Configuration file: /etc/hostapd.conf
rfkill: WLAN soft blocked
nl80211: Could not configure driver mode
wlan0: AP-DISABLED
`);
  const [blocked, mode] = findings.filter(({ verdict }) => verdict === "bad");
  assert.match(blocked?.advice[0] ?? "", /rfkill unblock/);
  assert.match(mode?.text ?? "", /refused to become an access point/);
});

test("a text that is no log says so", () => {
  assert.deepEqual(
    story("dear diary\n").map(({ verdict }) => verdict),
    ["unknown"],
  );
});

test("whatever a log has in it, a story comes out, soon", () => {
  const lines = raspberryPi.split("\n");
  const noise = fc.array(fc.oneof(fc.constantFrom(...lines), fc.string({ maxLength: 300 })), { maxLength: 60 });
  fc.assert(
    fc.property(noise, (all) => {
      assert.ok(story(all.join("\n")).length > 0);
    }),
  );
  const begun = performance.now();
  story(`wlan0: STA ${"02:".repeat(30_000)} IEEE 802.11: ${"not allowed ".repeat(3000)}\n`.repeat(50));
  assert.ok(performance.now() - begun < 2000);
});

test("who did not get through IEEE 802.1X, why, and what to look at", () => {
  const refused = (reason: string): string => {
    const log = [
      "wlan0: AP-ENABLED",
      "wlan0: STA 02:00:00:00:00:01 IEEE 802.11: associated",
      `wlan0: STA 02:00:00:00:00:01 IEEE 802.1X: EAP failed: ${reason}`,
      "wlan0: CTRL-EVENT-EAP-FAILURE 02:00:00:00:00:01",
    ];
    const found = logStory(logFacts(log.join("\n"))).find(({ text }) => text.startsWith("02:00:00:00:00:01"));
    return [found?.text, ...(found?.advice ?? [])].join("|");
  };
  assert.match(refused("there is no user 'bob'"), /there is no user 'bob'\. No line of the file.*\|eap_user_file/);
  assert.match(refused("it does not speak MD5, and wants PEAP"), /no method in common/);
  assert.match(refused("MSCHAPV2: the password is wrong"), /another password/);
  assert.match(refused("PEAP: tlsv1 alert unknown ca"), /does not believe the server's certificate.*ca_cert/);
  assert.match(refused("the RADIUS server refuses it"), /RADIUS server's log/);
  assert.match(refused("something new"), /something new\.\|the RADIUS server's log/);
});
