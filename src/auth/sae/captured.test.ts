/** Exchanges between programs that are not ours: what their frames say, and that both ends' numbers come out here too. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aircrackAir, saeHashingAir, saeLoopingAir, saePasswordElements } from "../../../test/vectors/sae-air.ts";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { bytesOfHex, concat, hexOf, Reader, textOf, utf8 } from "../../base/bytes.ts";
import { nobleGroups } from "../../crypto/backend/noble-groups.ts";
import { opensslGroups } from "../../crypto/backend/openssl-groups.ts";
import { type CyclicGroup, CyclicGroups, type GroupNumber, numeral } from "../../crypto/groups/cyclic-group.ts";
import { digestLengths } from "../../crypto/prf.ts";
import {
  deriveSaeKeys,
  isAcceptableCommit,
  multiplyPasswordElement,
  type PasswordElement,
  type SaeCommitValues,
  verifySaeConfirm,
} from "../../crypto/sae/exchange.ts";
import { derivePt, derivePweFromPt } from "../../crypto/sae/hash-to-element.ts";
import { bothAddresses, derivePweByLooping } from "../../crypto/sae/looping.ts";
import { decodeEapol } from "../../wire/eapol/eapol.ts";
import { decodeEapolKey } from "../../wire/eapol/eapol-key.ts";
import { decodeKeyData } from "../../wire/eapol/kde.ts";
import { type Authentication, decodeAuthentication } from "../../wire/ieee80211/authentication.ts";
import { decodeDataHeader } from "../../wire/ieee80211/data-frame.ts";
import { managementHeaderLength } from "../../wire/ieee80211/frame.ts";
import { decodeMsdu } from "../../wire/ieee80211/llc-snap.ts";
import {
  decodeSaeConfirm,
  encodeSaeCommit,
  encodeSaeConfirm,
  encodeSaeTokenRequest,
  type SaeConfirmFrame,
  saeGroupsOf,
} from "../../wire/ieee80211/sae.ts";
import { statusCode } from "../../wire/ieee80211/status-code.ts";
import { readSaeCommit, type SaeMethod, type SaeOffer, saeMethodOf } from "./request.ts";

const openssl = opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called");
const backends = [openssl, nobleGroups];

const octets = (hex: string): Uint8Array => bytesOfHex(hex.replaceAll(":", "")) ?? assert.fail("not hexadecimal");

function authenticationOf(frame: string): Authentication & { readonly fields: Uint8Array } {
  const read = decodeAuthentication(new Reader(octets(frame).subarray(managementHeaderLength), ["Authentication"]));
  assert.equal(read.algorithm, 3);
  return { ...read, fields: read.fields ?? assert.fail("nothing after the status code") };
}

const groups = new CyclicGroups(openssl);
const methods = new Set<SaeMethod>(["looping", "hash-to-element"]);

const offering = (...numbers: readonly GroupNumber[]): SaeOffer => ({
  methods,
  groups: new Map(
    numbers.map((number) => {
      const { scalarLength: scalar, elementLength: element } = groups.get(number);
      return [number, { number, lengths: { scalar, element } }] as const;
    }),
  ),
});

/** What a Commit asks for, as an access point reads it that takes this group only. */
function commitOf(frame: string, group: GroupNumber) {
  const { fields, status, transaction } = authenticationOf(frame);
  assert.equal(transaction, 1);
  const verdict = readSaeCommit(offering(group), saeMethodOf(status) ?? assert.fail("no Commit"), fields);
  assert.ok(verdict.type === "request", JSON.stringify(verdict));
  return verdict;
}

function confirmOf(frame: string, group: CyclicGroup, method: SaeMethod): SaeConfirmFrame {
  const { fields, status, transaction } = authenticationOf(frame);
  assert.deepEqual([transaction, status], [2, statusCode.success]);
  const length = digestLengths[method === "looping" ? "sha256" : group.digest];
  const read = decodeSaeConfirm(new Reader(fields, ["SAE Confirm"]), length);
  assert.deepEqual([read.rest.length, encodeSaeConfirm(read)], [0, fields]);
  return read;
}

/** PWE by itself. */
const elementOf = (group: CyclicGroup, pwe: PasswordElement): string =>
  hexOf(multiplyPasswordElement(group, numeral(1, group.scalarLength), pwe) ?? assert.fail("the neutral element"));

const addressesOf = ([ap, station]: readonly [string, string]): Uint8Array =>
  bothAddresses(octets(ap), octets(station));

function looped(group: CyclicGroup, password: string, addresses: Uint8Array): string {
  const base = derivePweByLooping(group, utf8(password), addresses, new FixedEntropy());
  return elementOf(group, { base, factor: undefined });
}

describe("an exchange by looping, with a token", () => {
  const v = saeLoopingAir;

  test("the frames", () => {
    const asked = authenticationOf(v.tokenRequest);
    assert.equal(asked.status, statusCode["anti-clogging-token-required"]);
    const token = asked.fields.slice(2);
    assert.deepEqual(encodeSaeTokenRequest(v.group, token, false), asked.fields);
    const first = commitOf(v.commit, v.group);
    const second = commitOf(v.commitWithToken, v.group);
    assert.equal(first.token, undefined);
    assert.deepEqual(second.token, token);
    assert.deepEqual(second.request, first.request);
    const again = encodeSaeCommit({ group: v.group, token, ...second.request.peer, elements: [] });
    assert.deepEqual(again, authenticationOf(v.commitWithToken).fields);
  });

  for (const arithmetic of backends) {
    test(`the numbers, by ${arithmetic.name}`, () => {
      const group = new CyclicGroups(arithmetic).get(v.group);
      assert.equal(looped(group, v.password, addressesOf(v.addresses)), v.pwe);
      const station = commitOf(v.commitWithToken, v.group).request.peer;
      const ap = commitOf(v.apCommit, v.group).request.peer;
      checkKeys(group, v, { ap, station }, "looping", new Uint8Array(0));
    });
  }
});

describe("an exchange by hashing, with an identifier, a group that is rejected, and a token", () => {
  const v = saeHashingAir;

  test("the frames", () => {
    const refused = readSaeCommit(offering(20), "hash-to-element", authenticationOf(v.commitOfGroup21).fields);
    assert.equal(refused.type === "refused" && refused.status, "unsupported-finite-cyclic-group");
    const { status, fields } = authenticationOf(v.rejection);
    assert.deepEqual([status, [...fields]], [statusCode["unsupported-finite-cyclic-group"], [21, 0]]);

    const { request, token } = commitOf(v.commitWithToken, v.group);
    assert.equal(textOf(request.passwordIdentifier ?? assert.fail("no identifier")), v.identifier);
    assert.deepEqual(saeGroupsOf(request.rejectedGroups), [21]);
    assert.equal(request.akmSuite, undefined);
    const asked = authenticationOf(v.tokenRequest);
    assert.deepEqual(encodeSaeTokenRequest(v.group, token ?? assert.fail("no token"), true), asked.fields);
    // An access point that has group 21 too was never asked for it: somebody else has said no.
    const fooled = readSaeCommit(offering(20, 21), "hash-to-element", authenticationOf(v.commitWithToken).fields);
    assert.equal(fooled.type, "refused");
  });

  for (const arithmetic of backends) {
    test(`the numbers, by ${arithmetic.name}`, () => {
      const group = new CyclicGroups(arithmetic).get(v.group);
      const pt = derivePt(group, utf8(v.ssid), utf8(v.password), utf8(v.identifier));
      assert.equal(hexOf(pt), v.pt);
      assert.equal(elementOf(group, derivePweFromPt(group, pt, addressesOf(v.addresses))), v.pwe);
      const station = commitOf(v.commitWithToken, v.group).request;
      const ap = commitOf(v.apCommit, v.group).request.peer;
      checkKeys(group, v, { ap, station: station.peer }, "hash-to-element", station.rejectedGroups);
    });
  }
});

interface Recorded {
  readonly confirm: string;
  readonly apConfirm: string;
  readonly k: string;
  readonly kck: string;
  readonly pmk: string;
  readonly pmkid: string;
}

function checkKeys(
  group: CyclicGroup,
  recorded: Recorded,
  { ap, station }: Readonly<Record<"ap" | "station", SaeCommitValues>>,
  pwe: "looping" | "hash-to-element",
  rejectedGroups: Uint8Array,
): void {
  for (const commit of [ap, station]) assert.ok(isAcceptableCommit(group, commit));
  const options = { pwe, extendedKey: false, rejectedGroups, withKek: false };
  const keys = deriveSaeKeys(group, octets(recorded.k), ap.scalar, station.scalar, options);
  assert.deepEqual(
    [keys.kck, keys.pmk, keys.pmkid].map((key) => hexOf(key)),
    [recorded.kck, recorded.pmk, recorded.pmkid],
  );
  const [theirs, ours] = [recorded.confirm, recorded.apConfirm].map((frame) => confirmOf(frame, group, pwe));
  assert.ok(theirs && verifySaeConfirm(keys, theirs.sendConfirm, station, ap, theirs.confirm));
  assert.ok(ours && verifySaeConfirm(keys, ours.sendConfirm, ap, station, ours.confirm));
}

for (const arithmetic of backends) {
  test(`password elements of other groups, by ${arithmetic.name}`, () => {
    const v = saePasswordElements;
    const addresses = addressesOf(v.addresses);
    for (const number of [20, 21] as const) {
      const group = new CyclicGroups(arithmetic).get(number);
      assert.equal(looped(group, v.password, addresses), v.looping[number], `group ${number}, looping`);
    }
    for (const number of [15, 20, 21] as const) {
      const group = new CyclicGroups(arithmetic).get(number);
      const pt = derivePt(group, utf8(v.ssid), utf8(v.password), undefined);
      assert.equal(
        elementOf(group, derivePweFromPt(group, pt, addresses)),
        v.hashing[number],
        `group ${number}, hashing`,
      );
    }
  });
}

test("aircrack-ng's exchange: its frames, and the name of the key in message 1, which comes of both scalars", () => {
  const v = aircrackAir;
  for (const arithmetic of backends) {
    const group = new CyclicGroups(arithmetic).get(19);
    const [station, ap] = [v.commit, v.apCommit].map((frame) => commitOf(frame, 19).request);
    assert.ok(station && ap);
    assert.deepEqual(
      [station.method, station.rejectedGroups.length, station.passwordIdentifier],
      ["looping", 0, undefined],
    );
    for (const { peer } of [station, ap]) assert.ok(isAcceptableCommit(group, peer));
    for (const frame of [v.confirm, v.apConfirm]) assert.equal(confirmOf(frame, group, "looping").sendConfirm, 0);
    const r = new Reader(octets(v.message1), ["frame"]);
    decodeDataHeader(r);
    const { body } = decodeEapol(new Reader(decodeMsdu(r).payload, ["EAPOL"]));
    const { keyData } = decodeEapolKey(new Reader(body, ["EAPOL-Key"]));
    const [pmkid] = decodeKeyData(new Reader(keyData, ["Key Data"]));
    const sum = group.scalars.add(station.peer.scalar, ap.peer.scalar);
    assert.deepEqual(pmkid, { kind: "pmkid", pmkid: sum.slice(0, 16) });
  }
  const cut = concat(authenticationOf(v.commit).fields.subarray(0, -1));
  assert.equal(readSaeCommit(offering(19), "looping", cut).type, "refused");
});
