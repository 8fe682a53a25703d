import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApEvent, BssEventBody } from "../../ap/events.ts";
import { concat } from "../../base/bytes.ts";
import { type MacAddress, macAddressOf } from "../../base/mac-address.ts";
import { fromJson } from "../../base/shape.ts";
import { defaultBss } from "../../config/settings.ts";
import { elementId, encodeElement } from "../../wire/ieee80211/element.ts";
import { encodeRsne, rsneDefaults } from "../../wire/ieee80211/rsne.ts";
import { akmSuite } from "../../wire/ieee80211/suites.ts";
import { RecordBook } from "./book.ts";
import { stationRecordShape } from "./entry.ts";

const station = "00:00:5e:00:53:01" as MacAddress;

function bench() {
  let now = 1_700_000_000;
  const protectedBss = {
    ...defaultBss("wlan0"),
    wpa: new Set(["rsn"] as const),
    wpa_key_mgmt: new Set(["WPA-PSK"] as const),
  };
  const open = defaultBss("guest");
  const book = new RecordBook({
    clock: { unixTime: () => now },
    settingsOf: (name) => (name === "wlan0" ? protectedBss : name === "guest" ? open : undefined),
  });
  return {
    book,
    pass: (seconds: number) => {
      now += seconds;
    },
    tell: (event: BssEventBody, bss = "wlan0") => book.onEvent({ ...event, bss, radio: "wlan0" } as ApEvent),
    types: (of = station) => book.of(of)?.entries.map(({ type }) => type),
  };
}

const rsne = (mfp: boolean): Uint8Array =>
  concat(
    encodeElement(
      elementId.rsn,
      encodeRsne({
        ...rsneDefaults,
        akm: [akmSuite["WPA-PSK"]],
        capabilities: new Set(mfp ? (["mfpCapable"] as const) : []),
      }),
    ),
    encodeElement(elementId.htCapabilities, new Uint8Array(26)),
  );

test("what a station offers, and what was required, stands beside its association and beside a refusal", () => {
  const { book, tell } = bench();
  const elements = rsne(true);
  tell({ type: "station-associated", station, aid: 1, again: false, elements, signalDbm: -40 });
  const explanation = "it doesn't protect management frames, and this network demands them";
  tell({
    type: "station-refused",
    station,
    at: "association",
    status: "robust-management-policy-violation",
    explanation,
    elements: rsne(false),
  });
  const [associated, refused] = book.of(station)?.entries ?? [];
  assert.ok(associated?.type === "associated" && refused?.type === "refused");
  assert.deepEqual(associated.offered, {
    protocol: "rsn",
    akms: ["WPA-PSK"],
    pairwise: ["CCMP"],
    group: "CCMP",
    protection: "capable",
    generation: "n",
  });
  assert.deepEqual(associated.required?.akms, ["WPA-PSK"]);
  assert.deepEqual([refused.code, refused.offered?.protection, refused.explanation], [31, "none", explanation]);
});

test("elements that can't be read are no offer, and no error", () => {
  const { book, tell } = bench();
  const elements = Uint8Array.of(elementId.rsn, 40, 1);
  tell({ type: "station-associated", station, aid: 1, again: false, elements, signalDbm: undefined });
  const [entry] = book.of(station)?.entries ?? [];
  assert.ok(entry?.type === "associated" && entry.offered === undefined);
});

test("the same again is counted, and what is older than the limit is left out", () => {
  const { book, tell, pass, types } = bench();
  for (let i = 0; i < 500; i++) {
    tell({ type: "psk-mismatch", station });
    pass(1);
  }
  assert.deepEqual(types(), ["wrong-key"]);
  const [entry] = book.of(station)?.entries ?? [];
  assert.deepEqual([entry?.times, (entry?.last ?? 0) - (entry?.at ?? 0)], [500, 499]);
  for (let i = 0; i < 1000; i++) tell({ type: i % 2 ? "psk-mismatch" : "low-acknowledgement", station });
  const record = book.of(station);
  assert.ok(record && record.entries.length <= 48 && record.omitted === 1001 - record.entries.length);
});

test("a station that moves to another network of ours: once more in, and from where", () => {
  const { tell, types, book } = bench();
  tell({ type: "station-connected", station });
  tell({ type: "station-dismissed", station, because: "moved" });
  tell({ type: "station-disconnected", station });
  tell({ type: "station-connected", station }, "guest");
  assert.deepEqual(types(), ["connected", "dismissed", "disconnected", "moved", "connected"]);
  const moved = book.of(station)?.entries[3];
  assert.ok(moved?.type === "moved" && moved.from === "wlan0" && moved.bss === "guest");
  tell({ type: "station-disconnected", station }, "guest");
  tell({ type: "station-connected", station }, "wlan0");
  assert.equal(types()?.includes("moved"), true);
  assert.equal(types()?.filter((type) => type === "moved").length, 1);
});

const made = (i: number): MacAddress => macAddressOf(Uint8Array.of(2, 0, i >>> 24, i >>> 16, i >>> 8, i));

test("a flood of made-up addresses pushes out neither who has been in nor who has acknowledged, and is bounded", () => {
  const { book, tell } = bench();
  const inside = Array.from({ length: 100 }, (_, i) => macAddressOf(Uint8Array.of(0, 1, 2, 3, 4, i)));
  for (const each of inside) tell({ type: "station-connected", station: each });
  const near = "00:00:5e:00:53:02" as MacAddress;
  tell({ type: "station-authenticated", station: near });
  for (let i = 0; i < 100_000; i++) {
    tell({
      type: "station-refused",
      station: made(i),
      at: "authentication",
      status: "unspecified-failure",
      explanation: "no",
    });
  }
  assert.ok(inside.every((each) => book.of(each)));
  assert.ok(book.of(near));
  assert.equal(book.of(made(0)), undefined);
  assert.ok(book.of(made(99_999)));
  assert.ok(book.size <= 256 + 512 + 512 + 1024, `${book.size}`);
});

test("whoever joins an open network under many addresses pushes out nobody who has proved a key", () => {
  const { book, tell } = bench();
  tell({ type: "station-connected", station });
  for (let i = 0; i < 5000; i++) tell({ type: "station-connected", station: made(i) }, "guest");
  assert.ok(book.of(station));
  assert.ok(book.size < 600);
});

test("the work for one station doesn't grow with their number", () => {
  const { tell } = bench();
  const round = (from: number): number => {
    const begun = process.cpuUsage().user;
    for (let i = 0; i < 20_000; i++) tell({ type: "station-connected", station: made(from + (i % 1000)) });
    return process.cpuUsage().user - begun;
  };
  round(0);
  const [few, many] = [round(0), round(1_000_000)];
  assert.ok(many < 20 * few + 200_000, `${few} and ${many} microseconds`);
});

test("the last is who had trouble last, not who is well", () => {
  const { book, tell, pass } = bench();
  assert.equal(book.last, undefined);
  const other = "00:00:5e:00:53:02" as MacAddress;
  tell({ type: "station-connected", station: other });
  assert.equal(book.last, other);
  tell({ type: "psk-mismatch", station });
  pass(1);
  tell({ type: "station-connected", station: other });
  assert.equal(book.last, station);
});

test("networks have a record of their own, bounded", () => {
  const { book, tell } = bench();
  for (let i = 0; i < 500; i++) tell({ type: i % 2 ? "ap-disabled" : "ap-enabled" });
  tell({ type: "interface-removed" });
  assert.equal(book.network.at(-1)?.what, "interface-gone");
  assert.ok(book.network.length <= 128);
});

test("a record survives JSON, and entries of a type that is not known are left out", () => {
  const { book, tell } = bench();
  const elements = rsne(true);
  tell({ type: "station-associated", station, aid: 1, again: false, elements, signalDbm: -40 });
  tell({ type: "handshake-stalled", station, awaited: "message 2", acknowledged: undefined });
  tell({ type: "station-left", station, by: "access-point", reason: "4-way-handshake-timeout" });
  book.nameItself(station, "phone");
  const record = book.of(station);
  const sent = JSON.parse(JSON.stringify(record)) as { entries: unknown[] };
  sent.entries.push({ type: "of-tomorrow", at: 1, bss: "wlan0", times: 1, last: 1 });
  const read = fromJson(stationRecordShape, JSON.stringify(sent));
  assert.deepEqual(read.entries, JSON.parse(JSON.stringify(record?.entries)));
  assert.equal(read.hostName, "phone");
});
