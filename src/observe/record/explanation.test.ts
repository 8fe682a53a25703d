import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MacAddress } from "../../base/mac-address.ts";
import { RecordBook } from "./book.ts";
import type { NetworkEntry, Note, Offered, Required } from "./entry.ts";
import { type Explanation, explain, type Fault, type Known } from "./explanation.ts";

const station = "00:00:5e:00:53:01" as MacAddress;
const random = "02:00:5e:00:53:01" as MacAddress;

const offered: Offered = {
  protocol: "rsn",
  akms: ["WPA-PSK"],
  pairwise: ["CCMP"],
  group: "CCMP",
  protection: "none",
  generation: "n",
};
const required: Required = {
  protocols: ["rsn"],
  akms: ["SAE"],
  pairwise: ["GCMP"],
  group: "GCMP",
  protection: "required",
};

const begun: Note = { type: "begun", algorithm: "SAE" };
const authenticated: Note = { type: "authenticated" };
const associated: Note = { type: "associated", again: false, offered, required, signalDbm: -50 };
const connected: Note = { type: "connected", keyId: undefined, vlanId: undefined };
const disconnected: Note = { type: "disconnected" };
const wrongKey: Note = { type: "wrong-key" };
const left = (by: "station" | "access-point" | "driver", reason: string, code: number): Note => ({
  type: "left",
  by,
  reason,
  code,
});
const refused = (status: string, code: number, explanation = "because"): Note => ({
  type: "refused",
  stage: "association",
  status,
  code,
  explanation,
  offered,
  required,
  signalDbm: -50,
});
const stalled = (awaited: "message 2" | "message 4", acknowledged: boolean | undefined): Note => ({
  type: "stalled",
  awaited,
  acknowledged,
});
const timeout = left("access-point", "4-way-handshake-timeout", 15);
const joined = [authenticated, associated, connected];

/** What is said of a station to which this has happened, a second apart, `later` seconds after the last of it. */
function explained(notes: readonly Note[], more: Partial<Known> & { readonly later?: number } = {}): Explanation {
  const { later = 10, ...known } = more;
  let now = 1_700_000_000;
  const book = new RecordBook({ clock: { unixTime: () => now }, settingsOf: () => undefined });
  for (const note of notes) {
    book.note(known.station ?? station, "wlan0", note);
    now += 1;
  }
  now += later - 1;
  const record = book.of(known.station ?? station);
  return explain({
    station,
    record,
    network: [],
    now,
    ban: undefined,
    maxInactivity: 300,
    isHeard: false,
    started: now - 3600,
    ...known,
  });
}

/** How it ended, whose fault it is, and what has to be in the words. */
const cases: readonly (readonly [what: string, notes: readonly Note[], Explanation["kind"], Fault, RegExp])[] = [
  ["in", joined, "in", "nobody", /^All is well: it is in on wlan0 for 10 seconds, by WPA-PSK/],
  [
    "a wrong passphrase with WPA2",
    [authenticated, associated, wrongKey, wrongKey, stalled("message 2", true), timeout],
    "wrong-key",
    "the device",
    /another passphrase .*MIC of message 2.* twice\. .*\(reason 15, 4-way handshake timeout\)/,
  ],
  [
    "a wrong passphrase with WPA3",
    [begun, wrongKey],
    "wrong-key",
    "the device",
    /SAE Confirm.*status 15, challenge failure/,
  ],
  [
    "no message 2, acknowledged",
    [authenticated, associated, stalled("message 2", true), timeout],
    "stalled",
    "the device",
    /never answered the first message .*\(no message 2\), although it has acknowledged ours.*reason 15/,
  ],
  [
    "no message 2, not acknowledged",
    [authenticated, associated, stalled("message 2", false), timeout],
    "stalled",
    "the distance",
    /did not reach it: the radio heard no acknowledgement, with a signal of -50 dBm/,
  ],
  [
    "no message 4",
    [authenticated, associated, stalled("message 4", true), timeout],
    "stalled",
    "the device",
    /its passphrase is right.*\(message 4\) never came/,
  ],
  [
    "beacon and message 3 differ",
    [authenticated, associated, left("station", "handshake-element-mismatch", 17)],
    "left",
    "this network",
    /not what our beacon says \(reason 17, handshake element mismatch\)/,
  ],
  [
    "PMF",
    [authenticated, refused("robust-management-policy-violation", 31)],
    "refused",
    "this network",
    /PMF, 802\.11w.*\(status 31, robust management policy violation\)/,
  ],
  [
    "ciphers",
    [authenticated, refused("invalid-pairwise-cipher", 42)],
    "refused",
    "this network",
    /it offers CCMP, and the network takes GCMP \(status 42/,
  ],
  [
    "AKMs",
    [authenticated, refused("invalid-akmp", 43)],
    "refused",
    "this network",
    /it offers WPA-PSK, and the network takes SAE \(status 43/,
  ],
  [
    "a refusal of another kind",
    [authenticated, refused("bad-power-capability", 23, "it is too loud")],
    "refused",
    "unclear",
    /refused at its association: it is too loud \(status 23/,
  ],
  [
    "far away",
    [{ type: "unacknowledged", answer: "authentication", signalDbm: -91 }],
    "unacknowledged",
    "the distance",
    /did not reach it.*signal of -91 dBm\. Most likely it is too far away/,
  ],
  [
    "near, and no acknowledgement",
    [{ type: "unacknowledged", answer: "authentication", signalDbm: -40 }],
    "unacknowledged",
    "unclear",
    /signal is good/,
  ],
  [
    "on the deny list",
    [{ type: "blocked", because: "denied" }],
    "blocked",
    "this network",
    /list of those who may not join/,
  ],
  [
    "not on the accept list",
    [{ type: "blocked", because: "not-accepted" }],
    "blocked",
    "this network",
    /only those addresses may join/,
  ],
  [
    "refused by RADIUS",
    [{ type: "blocked", because: "not-granted" }],
    "blocked",
    "a server",
    /RADIUS server refuses its address/,
  ],
  ["full", [{ type: "full" }], "full", "this network", /as many stations as this network takes \(status 17/],
  ["password identifier", [{ type: "unknown-identifier" }], "unknown-identifier", "the device", /status 123/],
  [
    "kicked",
    [...joined, { type: "dismissed", because: "kicked" }, left("access-point", "no-more-stations", 5), disconnected],
    "dismissed",
    "somebody here",
    /sent it away by a command \(reason 5, no more stations\)/,
  ],
  [
    "another passphrase is in force",
    [
      ...joined,
      { type: "dismissed", because: "key-changed" },
      left("access-point", "invalid-authentication", 2),
      disconnected,
    ],
    "dismissed",
    "somebody here",
    /no longer in force.*\(reason 2/,
  ],
  [
    "inactivity",
    [...joined, left("access-point", "inactivity", 4), disconnected],
    "inactive",
    "nobody",
    /silent for 5 minutes .*\(reason 4, inactivity\).*no mistake of anybody's/,
  ],
  [
    "lost",
    [...joined, { type: "lost-frames" }, left("access-point", "missing-acks", 34), disconnected],
    "lost-frames",
    "the distance",
    /reason 34, missing acks/,
  ],
  [
    "left",
    [...joined, left("station", "leaving-network-deauthentication", 3), disconnected],
    "left",
    "nobody",
    /by its own word \(reason 3, leaving network deauthentication\)/,
  ],
  [
    "cancelled",
    [authenticated, associated, left("station", "leaving-network-deauthentication", 3)],
    "left",
    "the device",
    /before it was in \(reason 3/,
  ],
  [
    "EAP",
    [authenticated, associated, { type: "eap-begun" }, { type: "eap-failed", reason: "there is no user 'x'" }],
    "eap-failed",
    "the device",
    /there is no user 'x'\. No line of the file of users.*reason 23/,
  ],
  [
    "EAP without an answer",
    [authenticated, associated, { type: "eap-begun" }, { type: "eap-silent" }],
    "eap-silent",
    "the device",
    /stopped answering/,
  ],
  [
    "no RADIUS server",
    [authenticated, associated, { type: "eap-unreachable", reason: "no RADIUS server answers" }],
    "eap-unreachable",
    "a server",
    /Nobody could judge it: no RADIUS server answers\./,
  ],
  [
    "group key",
    [...joined, { type: "group-stalled" }, left("access-point", "group-key-handshake-timeout", 16), disconnected],
    "group-stalled",
    "the distance",
    /reason 16/,
  ],
  [
    "no address",
    [...joined, { type: "address-asked" }, { type: "address-asked" }],
    "no-address",
    "a server",
    /asked for an address twice and nobody has answered \(DHCP DISCOVER/,
  ],
  [
    "an address that is another's",
    [...joined, { type: "address-declined", address: "10.0.0.2" }],
    "address-taken-by-another",
    "this network",
    /10\.0\.0\.2.*DHCP DECLINE/,
  ],
  [
    "has an address",
    [...joined, { type: "address-asked" }, { type: "address-taken", address: "10.0.0.2" }],
    "in",
    "nobody",
    /It has the address 10\.0\.0\.2\./,
  ],
  ["begun, not gone on", [begun], "unfinished", "the device", /SAE Commit.*no Confirm.*10 seconds ago/],
  [
    "dropped by the radio",
    [...joined, left("driver", "unspecified", 1), disconnected],
    "dropped-by-driver",
    "this network",
    /iw station del/,
  ],
];

for (const [what, notes, kind, fault, words] of cases) {
  test(`${what}: ${kind}`, () => {
    const explanation = explained(notes);
    assert.deepEqual([explanation.kind, explanation.fault], [kind, fault], explanation.text);
    assert.match(explanation.text, words);
    assert.ok(explanation.verdict !== "bad" || explanation.advice.length > 0, "nothing to do about it");
  });
}

const network = (what: NetworkEntry["what"], at: number): NetworkEntry => ({
  at,
  bss: "wlan0",
  what,
  frequency: undefined,
});

for (const [what, words] of [
  ["stopping", /The daemon was stopped .*\(reason 3, leaving network deauthentication\)/],
  ["down", /The network itself went off the air/],
  ["interface-down", /Somebody took the interface wlan0 down/],
  ["interface-gone", /The interface wlan0 went away/],
] as const) {
  test(`a network that ends takes its stations along: ${what}`, () => {
    const { kind, text } = explained([...joined, disconnected], { network: [network(what, 1_700_000_003)] });
    assert.equal(kind, "network-down");
    assert.match(text, words);
  });
}

test("a station that moved is in where it is, and came from there", () => {
  const { kind, text } = explained([
    ...joined,
    authenticated,
    associated,
    { type: "dismissed", because: "moved" },
    disconnected,
    { type: "moved", from: "wlan1" },
    connected,
  ]);
  assert.equal(kind, "in");
  assert.match(text, /It came over from wlan1/);
});

test("whoever asks in the name of a station that is in doesn't change what is said of it", () => {
  const { kind } = explained([...joined, refused("refused-temporarily", 30)]);
  assert.equal(kind, "in");
});

test("over and over again the same is told once, with how often", () => {
  const attempt = [authenticated, associated, wrongKey, stalled("message 2", true), timeout];
  const { text, entries } = explained([...attempt, ...attempt, ...attempt]);
  assert.match(text, /So it went 3 times in a row, the first time 2[0-9] seconds ago\./);
  assert.equal(entries.length, attempt.length);
  assert.match(explained([...attempt, ...joined]).text, /^All is well.*Before that it tried a wrong passphrase\.$/);
});

test("a random address is said to be one where that matters", () => {
  const blocked: Note = { type: "blocked", because: "not-accepted" };
  const told = explained([blocked], { station: random });
  assert.equal(told.isRandom, true);
  assert.match(told.text, /random one, which devices make up for privacy/);
  assert.doesNotMatch(explained([blocked]).text, /random/);
});

test("a ban is told of whether it has tried or not", () => {
  const ban = { since: 1_700_000_000, until: 1_700_000_610 };
  assert.match(explained([...joined, disconnected], { ban }).text, /It is banned here since .* for another 9 minutes/);
  assert.equal(explained([], { ban: { since: 0 } }).kind, "banned");
});

test("who has never been heard, and who was merely heard", () => {
  assert.match(explained([]).text, /Nothing has been heard of it since the daemon began, 1 hour ago/);
  assert.equal(explained([], { isHeard: true }).kind, "heard");
});

const anyNote: fc.Arbitrary<Note> = fc.constantFrom<Note>(
  ...cases.flatMap(([, notes]) => notes),
  { type: "moved", from: "wlan9" },
  { type: "channel-mismatch", explanation: "x" },
  { type: "element-mismatch", explanation: "x" },
  { type: "keyed" },
  { type: "eap-done" },
  { type: "eap-method", method: "TLS" },
  left("access-point", "unspecified", 1),
  left("station", "reason-200", 200),
);

test("whatever happens to a station, in any order, there are words for it", () => {
  fc.assert(
    fc.property(
      fc.array(anyNote, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 0, max: 1e6 }),
      (notes, later) => {
        const { text, advice, fault } = explained(notes, { later });
        assert.match(text, /^[A-Z].*[.:]/s);
        for (const each of [text, fault, ...advice]) assert.doesNotMatch(each, /undefined|NaN|\[object/);
      },
    ),
    { numRuns: 1000 },
  );
});
