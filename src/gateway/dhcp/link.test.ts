import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { seconds } from "../../base/duration.ts";
import { broadcastIpv4, ipv4AddressOf, unspecifiedIpv4 } from "../../base/ipv4-address.ts";
import { broadcast, encodeMacAddress, type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import { type DhcpMessage, encodeDhcpMessage } from "../../wire/dhcp/message.ts";
import { encodeUdpFrame } from "../../wire/ip/udp.ts";
import { DhcpLink } from "./link.ts";
import type { DhcpEvent } from "./port.ts";

const mac = (last: number): MacAddress =>
  parseMacAddress(`0200000000${last.toString(16).padStart(2, "0")}`) ?? broadcast;

function discover(chaddr: MacAddress): Uint8Array {
  const nothing = new Uint8Array();
  const message: DhcpMessage = {
    op: "request",
    hardwareType: 1,
    hops: 0,
    xid: 1,
    seconds: 0,
    broadcast: false,
    ciaddr: unspecifiedIpv4,
    yiaddr: unspecifiedIpv4,
    siaddr: unspecifiedIpv4,
    giaddr: unspecifiedIpv4,
    chaddr: encodeMacAddress(chaddr),
    serverName: nothing,
    file: nothing,
    type: "discover",
    options: new Map(),
  };
  return encodeDhcpMessage(message);
}

const frame = (source: MacAddress, payload: Uint8Array): Uint8Array =>
  encodeUdpFrame({
    source,
    destination: broadcast,
    sourceAddress: unspecifiedIpv4,
    destinationAddress: broadcastIpv4,
    sourcePort: 68,
    destinationPort: 67,
    payload,
  });

function workshop() {
  const clock = new VirtualClock();
  const waiting: Uint8Array[] = [];
  let readable = (): void => undefined;
  const packets: PacketSocket = {
    send: () => undefined,
    join: () => undefined,
    receive: () => waiting.shift(),
    onReadable: (handler) => {
      readable = handler;
      return { wake: () => handler(), close: () => undefined };
    },
    close: () => undefined,
  };
  const heard: DhcpMessage[] = [];
  const events: DhcpEvent[] = [];
  const link = new DhcpLink({
    host: {
      openPackets: () => packets,
      openPort: () => ({ local: { address: "0.0.0.0", port: 67 }, send: () => undefined, close: () => undefined }),
    },
    clock,
    hardware: mac(1),
    address: ipv4AddressOf(1),
    onMessage: (message) => void heard.push(message),
    report: (event) => void events.push(event),
  });
  const receive = (...frames: readonly Uint8Array[]): void => {
    waiting.push(...frames);
    readable();
  };
  return { clock, link, heard, events, receive };
}

test("a device that floods, under whatever addresses its messages claim, is heard as often as others, and others are heard", () => {
  const { clock, link, heard, events, receive } = workshop();
  receive(...Array.from({ length: 10_000 }, (_, i) => frame(mac(9), discover(mac(i % 250)))));
  assert.equal(heard.length, 20);
  receive(frame(mac(8), discover(mac(8))));
  assert.equal(heard.length, 21);
  clock.advance(seconds(60));
  assert.deepEqual(events, [{ type: "unheard", malformed: 0, tooMany: 9980 }]);
  link.close();
  assert.deepEqual(clock.armed, []);
});

test("what is no DHCP is counted, and told once a minute", () => {
  const { clock, link, heard, events, receive } = workshop();
  receive(new Uint8Array(3), frame(mac(9), new Uint8Array(20)), frame(mac(9), Uint8Array.of(9)));
  clock.advance(seconds(200));
  assert.deepEqual(events, [{ type: "unheard", malformed: 2, tooMany: 0 }]);
  assert.deepEqual(heard, []);
  receive(frame(mac(9), Uint8Array.of(9)));
  link.close();
  assert.deepEqual(clock.armed, []);
});
