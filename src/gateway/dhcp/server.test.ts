import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { utf8, Writer } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { formatIpv4Address, type Ipv4Address, parseIpv4Address, unspecifiedIpv4 } from "../../base/ipv4-address.ts";
import { encodeMacAddress, type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { parseDhcpdConf } from "../../config/dhcpd/parser.ts";
import { describe, isError } from "../../config/problem.ts";
import type { DhcpMessage, DhcpMessageType } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import type { LeaseJournal, LeaseRecord } from "./journal.ts";
import type { Destination, DhcpEvent } from "./port.ts";
import { DhcpServer } from "./server.ts";

const ip = (text: string): Ipv4Address => parseIpv4Address(text) ?? unspecifiedIpv4;
const mac = (number: number): MacAddress =>
  parseMacAddress(`020000${number.toString(16).padStart(6, "0")}`) ?? ("" as MacAddress);
const octets = (address: Ipv4Address): Uint8Array => new Writer().u32be(address).finish();

const home = `
option domain-name-servers 8.8.8.8, 4.2.2.4;
authoritative;
subnet 192.168.2.0 netmask 255.255.255.0 {
  range 192.168.2.100 192.168.2.102;
  default-lease-time 86400; max-lease-time 86400;
  option routers 192.168.2.1;
  host MyHost { hardware ethernet ${mac(0xaaaa)}; fixed-address 192.168.2.101; }
}`;

interface Sent {
  readonly message: DhcpMessage;
  readonly to: Destination;
}

class Bench {
  readonly clock = new VirtualClock();
  readonly sent: Sent[] = [];
  readonly events: DhcpEvent[] = [];
  readonly used = new Set<Ipv4Address>();
  readonly written: LeaseRecord[] = [];
  isFull = false;
  server: DhcpServer;

  constructor(readonly text: string) {
    this.server = this.start();
  }

  start(): DhcpServer {
    const { configuration, problems } = parseDhcpdConf(utf8(this.text), "dhcpd.conf", () => new Uint8Array());
    assert.deepEqual(problems.filter(isError).map(describe), []);
    const journal: LeaseJournal = {
      records: [...new Map(this.written.map((record) => [record.address, record])).values()],
      append: async (record) => {
        if (this.isFull) throw new Error("ENOSPC");
        this.written.push(record);
      },
      close: () => undefined,
    };
    this.server = new DhcpServer({
      configuration,
      address: ip("192.168.2.1"),
      clock: this.clock,
      journal,
      port: {
        send: (message, to) => this.sent.push({ message, to }),
        isInUse: async (address) => this.used.has(address),
        report: (event) => this.events.push(event),
      },
    });
    return this.server;
  }

  async ask(
    client: number,
    type: DhcpMessageType | undefined,
    more: Partial<DhcpMessage> & { readonly with?: [number, Uint8Array][] } = {},
  ) {
    const before = this.sent.length;
    const { with: options = [], ...fields } = more;
    await this.server.receive({
      op: "request",
      hardwareType: 1,
      hops: 0,
      xid: client,
      seconds: 0,
      broadcast: false,
      ciaddr: unspecifiedIpv4,
      yiaddr: unspecifiedIpv4,
      siaddr: unspecifiedIpv4,
      giaddr: unspecifiedIpv4,
      chaddr: encodeMacAddress(mac(client)),
      serverName: new Uint8Array(),
      file: new Uint8Array(),
      type,
      options: new Map(options),
      ...fields,
    });
    assert.ok(this.sent.length - before <= 1);
    return this.sent[before];
  }

  async join(client: number): Promise<string | undefined> {
    const offer = await this.ask(client, "discover");
    if (offer?.message.type !== "offer") return undefined;
    const ack = await this.ask(client, "request", {
      with: [
        [optionCode.requestedAddress, octets(offer.message.yiaddr)],
        [optionCode.serverIdentifier, octets(ip("192.168.2.1"))],
      ],
    });
    return ack?.message.type === "ack" ? formatIpv4Address(ack.message.yiaddr) : ack?.message.type;
  }

  renew(client: number, address: string) {
    return this.ask(client, "request", { ciaddr: ip(address) });
  }

  reboot(client: number, address: string) {
    return this.ask(client, "request", { with: [[optionCode.requestedAddress, octets(ip(address))]] });
  }
}

test("clients get the addresses of the range, and the host its own", async () => {
  const bench = new Bench(home);
  assert.equal(await bench.join(1), "192.168.2.100");
  assert.equal(await bench.join(0xaaaa), "192.168.2.101");
  assert.equal(await bench.join(2), "192.168.2.102");
  assert.equal(await bench.join(3), undefined);
  assert.equal(bench.events.at(-1)?.type, "exhausted");
  const ack = bench.sent[1]?.message;
  assert.deepEqual(ack?.options.get(optionCode.leaseTime), new Writer().u32be(86400).finish());
  assert.deepEqual(ack?.options.get(optionCode.renewalTime), new Writer().u32be(43200).finish());
  assert.deepEqual(ack?.options.get(optionCode.subnetMask), octets(ip("255.255.255.0")));
  assert.deepEqual(ack?.options.get(optionCode.routers), octets(ip("192.168.2.1")));
  assert.deepEqual(bench.sent[1]?.to, { kind: "client", address: ip("192.168.2.100"), hardware: mac(1) });
});

test("a client has the same address again, after a restart and after its lease's end too", async () => {
  const bench = new Bench(home);
  await bench.join(1);
  await bench.join(2);
  bench.start();
  assert.equal(await bench.join(2), "192.168.2.102");
  assert.equal(await bench.join(1), "192.168.2.100");
  bench.clock.advance(seconds(90_000));
  assert.deepEqual([...bench.server.addresses.leases.keys()], []);
  assert.equal(await bench.join(2), "192.168.2.102");
  assert.equal(await bench.join(1), "192.168.2.100");
});

test("an address is nobody else's as long as its lease lasts, and then that of whoever needs it", async () => {
  const bench = new Bench(home);
  await bench.join(1);
  await bench.join(2);
  assert.equal(await bench.join(3), undefined);
  bench.clock.advance(seconds(50_000));
  assert.equal((await bench.renew(2, "192.168.2.102"))?.message.type, "ack");
  bench.clock.advance(seconds(50_000));
  assert.equal(await bench.join(3), "192.168.2.100");
  assert.equal((await bench.renew(1, "192.168.2.100"))?.message.type, "nak");
});

test("no offer binds: a crowd that only asks keeps nobody out", async () => {
  const bench = new Bench(home);
  await bench.join(1);
  for (let stranger = 1000; stranger < 3000; stranger++) await bench.ask(stranger, "discover");
  assert.equal(await bench.join(2), "192.168.2.102");
  assert.equal((await bench.renew(1, "192.168.2.100"))?.message.type, "ack");
});

test("a released address goes back, and to its client first", async () => {
  const bench = new Bench(home);
  await bench.join(1);
  await bench.join(2);
  await bench.ask(1, "release", { ciaddr: ip("192.168.2.100") });
  await bench.ask(3, "release", { ciaddr: ip("192.168.2.102") });
  assert.equal(await bench.join(3), "192.168.2.100");
  assert.equal((await bench.renew(2, "192.168.2.102"))?.message.type, "ack");
});

test("an address that somebody uses is left alone for a day", async () => {
  const bench = new Bench(home);
  bench.used.add(ip("192.168.2.100"));
  assert.equal(await bench.join(1), "192.168.2.102");
  await bench.ask(1, "decline", { with: [[optionCode.requestedAddress, octets(ip("192.168.2.102"))]] });
  assert.equal(await bench.join(1), undefined);
  bench.used.clear();
  bench.start();
  assert.equal(await bench.join(1), undefined);
  bench.clock.advance(seconds(90_000));
  assert.equal(await bench.join(1), "192.168.2.100");
});

test("whoever comes with an address of another network is told to begin anew", async () => {
  const bench = new Bench(home);
  const nak = await bench.reboot(1, "10.0.0.9");
  assert.equal(nak?.message.type, "nak");
  assert.deepEqual(nak?.to, { kind: "everybody" });
  assert.equal((await bench.reboot(1, "192.168.2.102"))?.message.type, "nak");
  const lax = new Bench(home.replace("authoritative;", ""));
  assert.equal(await lax.reboot(1, "10.0.0.9"), undefined);
  // That it is the host's is certain.
  assert.equal((await lax.reboot(0xaaaa, "192.168.2.102"))?.message.type, "nak");
});

test("what the disk doesn't take is not given", async () => {
  const bench = new Bench(home);
  bench.isFull = true;
  assert.equal(await bench.join(1), undefined);
  assert.equal(bench.events.at(-1)?.type, "unwritten");
  bench.isFull = false;
  assert.equal(await bench.join(2), "192.168.2.102");
  assert.equal(await bench.join(1), "192.168.2.100");
});

test("another server's client is left to it", async () => {
  const bench = new Bench(home);
  await bench.ask(1, "discover");
  const answer = await bench.ask(1, "request", {
    with: [
      [optionCode.requestedAddress, octets(ip("192.168.2.100"))],
      [optionCode.serverIdentifier, octets(ip("192.168.2.9"))],
    ],
  });
  assert.equal(answer, undefined);
});

test("what was asked for comes first, in its order; INFORM gives no address", async () => {
  const bench = new Bench(home);
  const answer = await bench.ask(9, "inform", {
    ciaddr: ip("192.168.2.9"),
    with: [[optionCode.parameterRequestList, Uint8Array.of(6, 3)]],
  });
  assert.equal(answer?.message.type, "ack");
  assert.equal(answer?.message.yiaddr, 0);
  assert.deepEqual([...(answer?.message.options.keys() ?? [])], [54, 1, 6, 3]);
  assert.deepEqual(answer?.to, { kind: "client", address: ip("192.168.2.9"), hardware: mac(9) });
});

test("BOOTP clients get what is fixed, others nothing", async () => {
  const bench = new Bench(home);
  assert.equal((await bench.ask(0xaaaa, undefined))?.message.yiaddr, ip("192.168.2.101"));
  assert.equal(await bench.ask(1, undefined), undefined);
});

test("relay agents are answered with what they sent", async () => {
  const bench = new Bench(home);
  const answer = await bench.ask(1, "discover", {
    giaddr: ip("192.168.2.7"),
    with: [[optionCode.relayAgentInformation, Uint8Array.of(1, 1, 9)]],
  });
  assert.deepEqual(answer?.to, { kind: "relay", address: ip("192.168.2.7") });
  assert.deepEqual(answer?.message.options.get(optionCode.relayAgentInformation), Uint8Array.of(1, 1, 9));
});
