/** Association requests that claim too much: elements empty, as long as can be, repeated, overlapping, all bits set. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesOfHex, concat, Reader, utf8 } from "../../src/base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../../src/base/mac-address.ts";
import { decodeAssociationResponse } from "../../src/wire/ieee80211/association-response.ts";
import { decodeManagementHeader } from "../../src/wire/ieee80211/frame.ts";
import { ControlledNetwork } from "../../testing/controlled-network.ts";

const stranger = "02:99:00:00:00:02" as MacAddress;

const octets = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail(hex);
const element = (id: number, data: Uint8Array): Uint8Array => concat(Uint8Array.of(id, data.length), data);
const filled = (length: number, octet = 0xff): Uint8Array => new Uint8Array(length).fill(octet);

const ssid = element(0, utf8("open"));
const rates = octets("010882848b960c121824");
const moreRates = octets("32043048606c");
const fixed = octets("31040500");

class Claimant {
  readonly network = new ControlledNetwork();
  readonly #answers: { readonly status: number; readonly aid: number }[] = [];
  readonly #antenna = {
    frequency: () => 2412,
    answersTo: (receiver: MacAddress) => receiver === stranger,
    receive: (frame: Uint8Array) => this.#hear(frame),
  };

  static async begin(more = ""): Promise<Claimant> {
    const claimant = new Claimant();
    await claimant.network.start(
      `ssid=open\nhw_mode=g\nchannel=1\nieee80211n=1\nwmm_enabled=1\nbeacon_int=1000\n${more}`,
    );
    claimant.network.medium.attach(claimant.#antenna);
    return claimant;
  }

  /** Begins anew each time. @returns the status of the answer; undefined where there was none */
  ask(...elements: readonly Uint8Array[]): number | undefined {
    this.#answers.length = 0;
    this.#send(0xc0, octets("0300"));
    this.#send(0xb0, octets("000001000000"));
    this.#send(0x00, concat(fixed, ...elements));
    assert.ok(this.#answers.length <= 1, "one answer for one request");
    return this.#answers[0]?.status;
  }

  /** What the access point says of it. */
  describe(): string {
    return this.network.ask(`STA ${stranger}`);
  }

  #send(subtype: number, body: Uint8Array): void {
    const bss = this.network.control.options.daemon.radios()[0]?.bsses[0] ?? assert.fail("no BSS");
    const address = encodeMacAddress(bss.address);
    const header = concat(Uint8Array.of(subtype, 0, 0, 0), address, encodeMacAddress(stranger), address, filled(2, 0));
    this.network.medium.transmit(this.#antenna, concat(header, body), 2412);
    this.network.pass(5);
  }

  #hear(frame: Uint8Array): void {
    const reader = new Reader(frame, ["frame"]);
    if (((frame[0] ?? 0) & 0x0c) !== 0) return;
    const { receiver, subtype } = decodeManagementHeader(reader);
    if (receiver !== stranger || subtype !== "association-response") return;
    const { status, aid } = decodeAssociationResponse(reader);
    this.#answers.push({ status, aid });
  }
}

const extended = (extension: number, data: Uint8Array): Uint8Array =>
  element(255, concat(Uint8Array.of(extension), data));
const identifiers = [...Array(256).keys()].filter((id) => id !== 0 && id !== 255);

for (const [what, more] of [
  ["an open network", ""],
  ["an HT network that insists", "require_ht=1"],
] as const) {
  describe(what, () => {
    test("any element, empty, of 255 octets, and repeated: one answer each, and no trouble", async () => {
      const claimant = await Claimant.begin(more);
      let accepted = 0;
      for (const id of identifiers) {
        for (const claim of [
          element(id, filled(0)),
          element(id, filled(255)),
          element(id, filled(255, 0)),
          concat(element(id, filled(1)), element(id, filled(255)), element(id, filled(0))),
        ]) {
          const status = claimant.ask(ssid, rates, claim);
          assert.ok(status !== undefined, `element ${id}: no answer`);
          if (status === 0) accepted += 1;
          assert.match(claimant.describe(), status === 0 ? /\[ASSOC\]/ : /^/);
        }
        // as if it were its first
        assert.ok(claimant.ask(element(id, filled(255)), ssid, rates) !== undefined);
      }
      for (let extension = 0; extension < 256; extension++) {
        for (const length of [0, 1, 254]) {
          assert.ok(
            claimant.ask(ssid, rates, extended(extension, filled(length))) !== undefined,
            `extension ${extension}`,
          );
        }
      }
      if (more === "") assert.ok(accepted > 500, `${accepted} accepted`);
      assert.equal(
        claimant.network.records.find(({ text }) => /TypeError|RangeError/.test(text)),
        undefined,
      );
    });
  });
}

test("a station that claims every capability is in, and shown with what it claims", async () => {
  const claimant = await Claimant.begin();
  const everything = [
    octets(`2d1a${"ff".repeat(26)}`),
    element(127, filled(20)),
    element(59, filled(32)),
    element(33, Uint8Array.of(0x80, 0x7f)),
    element(70, filled(5)),
    octets(`bf0c${"ff".repeat(12)}`),
    octets("c701ff"),
    octets("dd070050f2020001ff"),
    octets("dd05506f9a16ff"),
    extended(35, filled(60)),
    extended(108, filled(60)),
    element(244, filled(16)),
  ];
  assert.equal(claimant.ask(ssid, rates, moreRates, ...everything), 0);
  const shown = claimant.describe();
  assert.match(shown, /^flags=\[AUTH\]\[ASSOC\]\[AUTHORIZED\].*\[WMM\].*\[HT\]/m);
  assert.match(shown, /^min_txpower=-128\nmax_txpower=127$/m);
  assert.match(shown, new RegExp(`^ext_capab=${"ff".repeat(20)}$`, "m"));
});

test("what overlaps the end is refused, wherever the end is", async () => {
  const claimant = await Claimant.begin();
  const whole = concat(ssid, rates, octets(`2d1a${"00".repeat(26)}`));
  for (let cut = 1; cut < whole.length; cut++) {
    const status = claimant.ask(whole.subarray(0, cut));
    const ends = [ssid.length, ssid.length + rates.length];
    assert.equal(status === 0, ends.includes(cut) && cut > ssid.length, `${cut} octets: status ${status}`);
  }
  for (const lie of [0xff, 0x80, rates.length]) {
    const bent = concat(ssid, rates);
    bent[ssid.length + 1] = lie;
    assert.notEqual(claimant.ask(bent), 0);
  }
});

test("an SSID of 33 octets, another's, or two of them", async () => {
  const claimant = await Claimant.begin();
  assert.notEqual(claimant.ask(element(0, filled(33)), rates), 0);
  assert.notEqual(claimant.ask(element(0, utf8("other")), rates), 0);
  assert.notEqual(claimant.ask(rates), 0);
  assert.equal(claimant.ask(ssid, ssid, rates), 0);
});

test("a thousand elements, 255 rates", async () => {
  const claimant = await Claimant.begin();
  assert.equal(claimant.ask(ssid, rates, ...Array(700).fill(octets("dd00"))), 0);
  assert.ok(claimant.ask(ssid, element(1, filled(255, 0x82)), element(50, filled(255, 0x30))) !== undefined);
});
