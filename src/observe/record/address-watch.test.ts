import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../../base/bytes.ts";
import { milliseconds } from "../../base/duration.ts";
import { broadcastIpv4, ipv4AddressOf } from "../../base/ipv4-address.ts";
import { broadcast, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { type DhcpMessageType, encodeDhcpMessage } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { encodeUdpFrame } from "../../wire/ip/udp.ts";
import { watchAddresses } from "./address-watch.ts";
import type { Note } from "./entry.ts";

const station = "00:00:5e:00:53:01" as MacAddress;
const other = "00:00:5e:00:53:02" as MacAddress;
const none = ipv4AddressOf(0);

interface Asked {
  readonly from?: MacAddress;
  readonly xid?: number;
  readonly options?: readonly (readonly [number, Uint8Array])[];
}

function frameOf(type: DhcpMessageType, { from = station, xid = 1, options = [] }: Asked = {}): Uint8Array {
  const payload = encodeDhcpMessage({
    op: "request",
    hardwareType: 1,
    hops: 0,
    xid,
    seconds: 0,
    broadcast: false,
    ciaddr: none,
    yiaddr: none,
    siaddr: none,
    giaddr: none,
    chaddr: encodeMacAddress(from),
    serverName: new Uint8Array(),
    file: new Uint8Array(),
    type,
    options: new Map(options),
  });
  return encodeUdpFrame({
    source: from,
    destination: broadcast,
    sourceAddress: none,
    destinationAddress: broadcastIpv4,
    sourcePort: 68,
    destinationPort: 67,
    payload,
  });
}

function bench() {
  const notes: Note[] = [];
  const names: string[] = [];
  let now = 0;
  const take = watchAddresses({
    clock: { now: () => milliseconds(now) },
    isIn: (address) => address === station,
    note: (_, note) => void notes.push(note),
    nameItself: (_, name) => void names.push(name),
  });
  return {
    take,
    names,
    notes,
    pass: (ms: number) => {
      now += ms;
    },
    types: () => notes.splice(0).map(({ type }) => type),
  };
}

const requested = [optionCode.requestedAddress, Uint8Array.of(192, 168, 7, 9)] as const;
const server = [optionCode.serverIdentifier, Uint8Array.of(192, 168, 7, 1)] as const;

test("a station that asks, takes what it is offered, and finds that somebody else has it", () => {
  const { take, notes, types } = bench();
  take(frameOf("discover"));
  assert.deepEqual(types(), ["address-asked"]);
  take(frameOf("request", { options: [requested, server] }));
  assert.deepEqual(notes.splice(0), [{ type: "address-taken", address: "192.168.7.9" }]);
  take(frameOf("decline", { options: [requested, server] }));
  assert.deepEqual(notes.splice(0), [{ type: "address-declined", address: "192.168.7.9" }]);
  take(frameOf("release"));
  take(frameOf("inform"));
  assert.deepEqual(types(), []);
});

test("one that comes back with its address has it, unless it has to ask again", () => {
  const { take, types } = bench();
  take(frameOf("request", { options: [requested] }));
  assert.deepEqual(types(), ["address-taken"]);
  take(frameOf("request", { options: [requested] }));
  assert.deepEqual(types(), ["address-asked"]);
  take(frameOf("request", { options: [requested], xid: 2 }));
  assert.deepEqual(types(), ["address-taken"]);
});

test("names that could stand in a host name only", () => {
  const { take, names } = bench();
  const called = (name: string): void => take(frameOf("discover", { options: [[optionCode.hostName, utf8(name)]] }));
  for (const name of ["annas-phone", "a\u001b[2J", "", "x".repeat(65), "-x", "ümlaut", "a b", "pc.lan\0"]) called(name);
  assert.deepEqual(names, ["annas-phone", "pc.lan"]);
});

test("whoever is not in is none of our business, and a flood is not all looked at", () => {
  const { take, notes, pass } = bench();
  take(frameOf("discover", { from: other }));
  assert.deepEqual(notes, []);
  for (let i = 0; i < 10_000; i++) take(frameOf("discover", { xid: i }));
  assert.ok(notes.length <= 256, `${notes.length}`);
  notes.splice(0);
  pass(1000);
  take(frameOf("discover"));
  assert.equal(notes.length, 1);
});

test("whatever comes, nothing is thrown", () => {
  const { take, pass } = bench();
  const good = frameOf("discover", { options: [requested, [optionCode.hostName, utf8("x")]] });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 600 }),
        fc
          .array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 })
          .map((changes) => {
            const frame = good.slice();
            for (const [at, octet] of changes) frame[at] = octet;
            return frame;
          }),
        fc.nat(good.length).map((length) => good.slice(0, length)),
      ),
      (frame) => {
        pass(100);
        take(frame);
      },
    ),
    { numRuns: 2000 },
  );
});
