/**
 * Seeds from the folder corpus: each is given to each decoder there is, whole, cut at each octet, and with each octet
 * changed; requests and frames also to a whole access point. A decoder that is new is found by itself.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bytesOfHex, MalformedError, Reader, utf8 } from "../../src/base/bytes.ts";
import { ControlledNetwork, client, globalPath } from "../../testing/controlled-network.ts";
import { repositoryRoot } from "../../testing/repository.ts";
import * as air from "../vectors/air.ts";

const folder = join(repositoryRoot(), "test", "fuzz", "corpus");

const linesOf = (file: string): string[] =>
  readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

const octetsOf = (line: string): Uint8Array =>
  line === "-" ? new Uint8Array() : (bytesOfHex(line) ?? assert.fail(`no hexadecimal: ${line}`));

const captured = Object.values(air)
  .flatMap((group: unknown) => (typeof group === "object" && group !== null ? Object.values(group) : []))
  .filter((value): value is string => typeof value === "string" && /^([0-9a-f]{2})+$/.test(value));

// Refusals are many here, and nobody reads where they came from.
Error.stackTraceLimit = 0;

const seeds: readonly Uint8Array[] = [
  ...["elements.txt", "frames.txt"].flatMap((file) => linesOf(file).map(octetsOf)),
  // also without their MAC header, and as what an element holds
  ...captured.map((frame) => octetsOf(frame).subarray(0, 400)),
  ...captured.map((frame) => octetsOf(frame).subarray(24, 400)),
  ...linesOf("elements.txt").map((line) => octetsOf(line).subarray(2)),
];

type Decoder = (octets: Uint8Array) => unknown;

const eht = { hePhy: new Uint8Array(11), band: "6GHz", isStation: true };
/** What decoders are told beside the octets. */
const further: Readonly<Record<string, readonly unknown[]>> = {
  decodeSaeCommit: [19, { scalar: 32, element: 64 }],
  decodeLoopingSaeCommit: [19, { scalar: 32, element: 64 }],
  decodeSaeConfirm: [32],
  decodeEhtCapabilities: [eht],
};

/** Of all modules below src/wire: functions that begin with `decode`, and take octets or a reader over them. */
async function decoders(): Promise<ReadonlyMap<string, Decoder>> {
  const root = join(repositoryRoot(), "src", "wire");
  const found = new Map<string, Decoder>();
  for (const entry of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".ts") || entry.endsWith(".test.ts")) continue;
    const source = readFileSync(join(root, entry), "utf8");
    const declared = source.matchAll(/^export (?:const|function) (decode\w+)(?: = )?(?:<[^>]*>)?\(\s*\w+: (\w+)/gm);
    const names = [...declared].map(([, name = "", takes = ""]) => ({ name, takes }));
    if (names.length === 0) continue;
    const module: Record<string, unknown> = await import(
      new URL(`../../src/wire/${entry.replace(/\.ts$/, ".js")}`, import.meta.url).href
    );
    for (const { name, takes } of names) {
      const decode = module[name];
      assert.ok(typeof decode === "function", name);
      const more = further[name] ?? [];
      if (takes === "Uint8Array") found.set(name, (octets) => decode(octets, ...more));
      if (takes === "Reader") found.set(name, (octets) => decode(new Reader(octets, [name]), ...more));
    }
  }
  return found;
}

/** Anything but MalformedError is a mistake of ours. */
function decodeOrRefuse(name: string, decode: Decoder, octets: Uint8Array): void {
  try {
    decode(octets);
  } catch (thrown) {
    if (thrown instanceof MalformedError) return;
    throw new Error(`${name} of ${Buffer.from(octets).toString("hex")}`, { cause: thrown });
  }
}

/** Octets that are most often taken for a length, a count or an identifier. */
const extremes = [0x00, 0xff];
const mostChanged = 24;

describe("decoders", async () => {
  const all = await decoders();

  test("those that a file, the air or the kernel reaches are found", () => {
    for (const name of [
      "decodeElements",
      "decodeRsne",
      "decodeEapolKey",
      "decodeKeyData",
      "decodeMessages",
      "decodeLink",
    ]) {
      assert.ok(all.has(name), name);
    }
    assert.ok(all.size > 50);
  });

  for (const [name, decode] of all) {
    test(`${name}: every seed, whole, cut and changed`, () => {
      for (const seed of seeds) {
        decodeOrRefuse(name, decode, seed);
        for (let at = 0; at < Math.min(seed.length, mostChanged); at++) {
          decodeOrRefuse(name, decode, seed.subarray(0, at));
          const bent = seed.slice();
          for (const octet of extremes) {
            bent[at] = octet;
            decodeOrRefuse(name, decode, bent);
          }
        }
      }
    });

    test(`${name}: octets by chance`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => decodeOrRefuse(name, decode, octets)),
        {
          numRuns: 50,
        },
      );
    });
  }
});

const configuration = `ssid=open
hw_mode=g
channel=1
ieee80211n=1
wmm_enabled=1`;

describe("a whole access point", () => {
  test("requests: one answer for each, and nothing is thrown", async () => {
    const network = new ControlledNetwork();
    await network.start(configuration);
    const from = client("corpus");
    for (const line of linesOf("requests.txt")) {
      const request = Buffer.from(JSON.parse(line), "latin1");
      for (const on of ["/run/hostapd/wlan0", globalPath]) {
        network.sockets.take(from);
        network.sockets.say(on, from, request);
        for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
        network.pass(1);
        const replies = network.sockets.take(from).filter((reply) => !/^(IFNAME=\S+ )?<\d>/.test(reply));
        assert.equal(replies.length, 1, `${line} on ${on}: ${replies.length} answers`);
        const thrown = network.records.find(({ text }) => text.startsWith("control interface:"));
        assert.equal(thrown, undefined, `${line}: ${thrown?.text}`);
      }
    }
    assert.equal(network.ask("PING"), "PONG\n");
  });

  test("frames: whoever is in stays in", async () => {
    const network = new ControlledNetwork();
    await network.start(configuration);
    const station = network.station({ ssid: utf8("open") });
    station.join();
    network.pass(500);
    const bss = network.control.options.daemon.radios()[0]?.bsses[0] ?? assert.fail("no BSS");
    for (const seed of seeds) {
      // as they are, and behind the header of a frame that a stranger sends
      for (const subtype of [0x00, 0x20, 0x40, 0xa0, 0xb0, 0xc0, 0xd0]) {
        const header = octetsOf(`${subtype.toString(16).padStart(2, "0")}000000020000000000029900000001020000000000`);
        const frame = Buffer.concat([header, Uint8Array.of(seed.length & 0xff, 0), seed]);
        bss.onEvent({ type: "management", frame, frequency: 2412, signalDbm: -40 });
      }
      bss.onEvent({ type: "management", frame: seed, frequency: 2412, signalDbm: undefined });
      bss.onEvent({ type: "eapol", source: station.address, payload: seed, encrypted: false });
      network.pass(1);
    }
    assert.match(network.ask(`STA ${station.address}`), /\[AUTHORIZED\]/);
    assert.ok(station.isConnected);
  });
});
