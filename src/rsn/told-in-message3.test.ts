/** What message 3 tells stations whose RSNXE asks for it: other password identifiers of SAE, the SSID. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticatorBench, type JoinedStation } from "../../testing/authenticator-bench.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { openPasswordIdentifier } from "../crypto/sae/password-identifier.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { encodeRsnxe, type RsnExtensionName } from "../wire/ieee80211/rsnxe.ts";
import type { AuthenticatorPolicy } from "./context.ts";

const key = new Uint8Array(32).fill(9);

const claiming = (...capabilities: readonly RsnExtensionName[]): Element => ({
  id: elementId.rsnExtension,
  data: encodeRsnxe({ capabilities: new Set(capabilities) }),
});

/** A station that has associated after SAE, as far as message 3. */
function proved(
  rsnxe: Element | undefined,
  policy: Partial<AuthenticatorPolicy>,
  identifier: string | undefined,
): JoinedStation {
  const known = { pmk: new Uint8Array(32).fill(0x11), pmkid: new Uint8Array(16) };
  const bench = new AuthenticatorBench({
    agreed: { akm: "SAE", ...(rsnxe && { rsnxe }) },
    policy,
    known: identifier === undefined ? known : { ...known, passwordIdentifier: utf8(identifier) },
  });
  const station = bench.join();
  toMessage3(station, rsnxe);
  return station;
}

function toMessage3(station: JoinedStation, element: Element | undefined): void {
  const items = element ? [{ kind: "element", element } as const] : [];
  station.answer(station.supplicant.message2(station.last.pdu, new Uint8Array(32).fill(station.count), { items }));
}

/** Identifiers of the last message; undefined where it brings none. */
function toldTo(station: JoinedStation): readonly string[] | undefined {
  const { items } = station.supplicant.open(station.last.pdu);
  const item = items.find(({ kind }) => kind === "sae-password-identifiers");
  return item?.kind === "sae-password-identifiers"
    ? item.identifiers.map((sealed) => textOf(openPasswordIdentifier(key, sealed) ?? assert.fail("of another key")))
    : undefined;
}

const changing = { changingIdentifiers: { key, count: 3 } };
const able = claiming("saeHashToElement", "saePasswordIdentifierChange");

test("a station that takes them is told as many as configured, all of them its own", () => {
  assert.deepEqual(toldTo(proved(able, changing, "mine")), ["mine", "mine", "mine"]);
});

test("nobody else is: one that doesn't take them, that has named none, where there is no key", () => {
  assert.equal(toldTo(proved(claiming("saeHashToElement"), changing, "mine")), undefined);
  assert.equal(toldTo(proved(undefined, changing, "mine")), undefined);
  assert.equal(toldTo(proved(able, changing, undefined)), undefined);
  assert.equal(toldTo(proved(able, {}, "mine")), undefined);
});

test("no more than fit, however many are wanted", () => {
  const told = toldTo(proved(able, { changingIdentifiers: { key, count: 1_000_000 } }, "mine")) ?? assert.fail();
  assert.ok(told.length >= 6 && told.length <= 9, String(told.length));
  assert.equal(toldTo(proved(able, changing, "x".repeat(240))), undefined);
});

test("once for each exchange: a new PTK brings no others, a message 3 that was lost does", () => {
  const station = proved(able, changing, "mine");
  station.bench.pass(1500);
  assert.equal(toldTo(station)?.length, 3);
  station.answer(station.supplicant.message4(station.last.pdu));
  assert.ok(station.authenticator.isEstablished);
  station.authenticator.rekey();
  toMessage3(station, able);
  assert.equal(toldTo(station), undefined);
});

test("ssid_protection: the SSID is told to those who can check it, and to nobody else", () => {
  const toldSsid = (rsnxe: Element | undefined, policy: Partial<AuthenticatorPolicy>): string | undefined => {
    const station = proved(rsnxe, policy, undefined);
    const { items } = station.supplicant.open(station.last.pdu);
    const item = items.find((each) => each.kind === "element" && each.element.id === elementId.ssid);
    return item?.kind === "element" ? textOf(item.element.data) : undefined;
  };
  const castle = { protectedSsid: utf8("castle") };
  assert.equal(toldSsid(claiming("ssidProtection"), castle), "castle");
  assert.equal(toldSsid(claiming("saeHashToElement"), castle), undefined);
  assert.equal(toldSsid(undefined, castle), undefined);
  assert.equal(toldSsid(claiming("ssidProtection"), {}), undefined);
});

test("an RSNXE that is malformed claims nothing", () => {
  for (const data of [[], [0x0f], [0xff, 0xff]]) {
    const rsnxe = { id: elementId.rsnExtension, data: Uint8Array.from(data) };
    const station = proved(rsnxe, { ...changing, protectedSsid: utf8("castle") }, "mine");
    assert.equal(toldTo(station), undefined);
    const { items } = station.supplicant.open(station.last.pdu);
    assert.ok(!items.some((item) => item.kind === "element" && item.element.id === elementId.ssid));
  }
});
