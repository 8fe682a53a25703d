/** A DHCP server without a network: clients by number, a clock that moves when told, a journal in memory. */

import assert from "node:assert/strict";
import { utf8, Writer } from "../src/base/bytes.ts";
import { formatIpv4Address, type Ipv4Address, parseIpv4Address, unspecifiedIpv4 } from "../src/base/ipv4-address.ts";
import { encodeMacAddress, type MacAddress, parseMacAddress } from "../src/base/mac-address.ts";
import { parseDhcpdConf } from "../src/config/dhcpd/parser.ts";
import { describe, isError } from "../src/config/problem.ts";
import type { LeaseJournal, LeaseRecord } from "../src/gateway/dhcp/journal.ts";
import type { Destination, DhcpEvent } from "../src/gateway/dhcp/port.ts";
import { DhcpServer } from "../src/gateway/dhcp/server.ts";
import type { DhcpMessage, DhcpMessageType } from "../src/wire/dhcp/message.ts";
import { optionCode } from "../src/wire/dhcp/option-code.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const ip = (text: string): Ipv4Address => parseIpv4Address(text) ?? unspecifiedIpv4;
export const mac = (number: number): MacAddress =>
  parseMacAddress(`020000${number.toString(16).padStart(6, "0")}`) ?? ("" as MacAddress);
export const octets = (address: Ipv4Address): Uint8Array => new Writer().u32be(address).finish();

interface Sent {
  readonly message: DhcpMessage;
  readonly to: Destination;
}

export class DhcpBench {
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
    const answers = await this.askAny(client, type, more);
    assert.ok(answers.length <= 1);
    return answers[0];
  }

  /** All answers to this client's hardware since it has asked; others may ask meanwhile. */
  async askAny(
    client: number,
    type: DhcpMessageType | undefined,
    more: Partial<DhcpMessage> & { readonly with?: [number, Uint8Array][] } = {},
  ): Promise<readonly Sent[]> {
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
    return this.sent.slice(before).filter(({ message }) => message.xid === client);
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
