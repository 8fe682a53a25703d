import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApEvent } from "../ap/events.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { eventText } from "./event-text.ts";

const station = "02:00:00:00:01:00" as MacAddress;
const at = { bss: "wlan0", radio: "wlan0" } as const;
const octets = Uint8Array.of(0xb0, 0x00, 0x3a, 0x01);

/** hostapd 2.12-devel's texts (src/common/wpa_ctrl.h, src/ap), spaces at their ends included. */
const texts: readonly (readonly [ApEvent, string])[] = [
  [{ ...at, type: "ap-enabled" }, "AP-ENABLED "],
  [{ ...at, type: "ap-disabled" }, "AP-DISABLED "],
  [{ ...at, type: "interface-enabled" }, "INTERFACE-ENABLED "],
  [{ ...at, type: "interface-disabled" }, "INTERFACE-DISABLED "],
  [{ ...at, type: "station-connected", station }, `AP-STA-CONNECTED ${station}`],
  [
    { ...at, type: "station-connected", station, keyId: "phone", vlanId: 7 },
    `AP-STA-CONNECTED ${station} keyid=phone vlanid=7`,
  ],
  [{ ...at, type: "station-disconnected", station }, `AP-STA-DISCONNECTED ${station}`],
  [{ ...at, type: "psk-mismatch", station }, `AP-STA-POSSIBLE-PSK-MISMATCH ${station}`],
  [{ ...at, type: "handshake-completed", station }, `EAPOL-4WAY-HS-COMPLETED ${station}`],
  [{ ...at, type: "rejected-max-stations", station }, `AP-REJECTED-MAX-STA ${station}`],
  [{ ...at, type: "rejected-blocked-station", station, because: "denied" }, `AP-REJECTED-BLOCKED-STA ${station}`],
  [{ ...at, type: "poll-answered", station }, `AP-STA-POLL-OK ${station}`],
  ...(
    [
      [{ kind: "power-save", to: "static" }, "SMPS-MODE-CHANGED", "static"],
      [{ kind: "width", to: "20-no-ht" }, "MAX-BW-CHANGED", "20(no-HT)"],
      [{ kind: "width", to: "80+80" }, "MAX-BW-CHANGED", "80+80"],
      [{ kind: "streams", to: 2 }, "N_SS-CHANGED", "2"],
    ] as const
  ).map(([change, name, to]): readonly [ApEvent, string] => [
    { ...at, type: "station-mode-changed", station, change },
    `STA-OPMODE-${name} ${station} ${to}`,
  ]),
  [{ ...at, type: "management-received", frame: octets, frequency: 2412, signalDbm: -30 }, "MGMT-RX b0003a01"],
  [
    { ...at, type: "management-transmitted", frame: octets, acknowledged: true },
    "MGMT-TX-STATUS stype=11 ok=1 buf=b0003a01",
  ],
  [{ ...at, type: "eapol-sent", station, pdu: octets }, `EAPOL-TX ${station} b0003a01`],
];

for (const [event, text] of texts) {
  test(`${text}is told, and logged`, () => {
    assert.deepEqual(eventText(event), { interface: "wlan0", level: "info", text, logged: true });
  });
}

test("probe requests are for monitors alone", () => {
  const event = { ...at, type: "probe-request", station, signalDbm: -42 } as const;
  const text = `RX-PROBE-REQUEST sa=${station} signal=-42`;
  assert.deepEqual(eventText(event), { interface: "wlan0", level: "info", text, logged: false });
});

test("a radio with several interfaces is enabled once, and disabled on each", () => {
  assert.equal(eventText({ type: "ap-enabled", bss: "wlan0_1", radio: "wlan0" }), undefined);
  assert.equal(eventText({ type: "ap-disabled", bss: "wlan0_1", radio: "wlan0" })?.interface, "wlan0_1");
});

test("a change of the regulatory domain is told on the radio's first interface", () => {
  const change = (alpha2: string, initiator: string) =>
    eventText({ type: "regulatory-changed", radio: "wlan0", alpha2, initiator });
  assert.equal(change("US", "user")?.text, "CTRL-EVENT-REGDOM-CHANGE init=USER type=COUNTRY alpha2=US");
  assert.equal(change("00", "core")?.text, "CTRL-EVENT-REGDOM-CHANGE init=CORE type=WORLD");
});

test("what hostapd keeps to itself stays so", () => {
  assert.equal(eventText({ ...at, type: "station-authenticated", station }), undefined);
  assert.equal(eventText({ type: "state-changed", radio: "wlan0", from: "DISABLED", to: "ENABLED" }), undefined);
});
