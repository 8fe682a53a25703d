import assert from "node:assert/strict";
import { test } from "node:test";
import { DhcpBench as Bench, ip, mac, octets } from "../../../testing/dhcp-bench.ts";
import { utf8, Writer } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";

const home = `
option domain-name-servers 8.8.8.8, 4.2.2.4;
authoritative;
subnet 192.168.2.0 netmask 255.255.255.0 {
  range 192.168.2.100 192.168.2.102;
  default-lease-time 86400; max-lease-time 86400;
  option routers 192.168.2.1;
  host MyHost { hardware ethernet ${mac(0xaaaa)}; fixed-address 192.168.2.101; }
}`;

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

test("a client that says where it hangs behind a relay agent gets that back, and nothing else of it is minded", async () => {
  // RFC 3046: sub-options of whatever agent, malformed ones too, on DISCOVER, REQUEST and the refusal of it.
  const bench = new Bench(home);
  const agent = Uint8Array.of(1, 4, 0, 0);
  const relayed = { giaddr: ip("192.168.2.7") };
  const offer = await bench.ask(1, "discover", { ...relayed, with: [[optionCode.relayAgentInformation, agent]] });
  const ack = await bench.ask(1, "request", {
    ...relayed,
    with: [
      [optionCode.requestedAddress, octets(offer?.message.yiaddr ?? ip("0.0.0.0"))],
      [optionCode.serverIdentifier, octets(ip("192.168.2.1"))],
      [optionCode.relayAgentInformation, agent],
    ],
  });
  const nak = await bench.ask(2, "request", {
    ...relayed,
    with: [
      [optionCode.requestedAddress, octets(offer?.message.yiaddr ?? ip("0.0.0.0"))],
      [optionCode.relayAgentInformation, agent],
    ],
  });
  assert.deepEqual(
    [offer, ack, nak].map((each) => [
      each?.message.type,
      each?.to.kind,
      each?.message.options.get(optionCode.relayAgentInformation),
    ]),
    [
      ["offer", "relay", agent],
      ["ack", "relay", agent],
      ["nak", "relay", agent],
    ],
  );
});

test("groups, classes and options of one's own reach those that they are for", async () => {
  const bench = new Bench(`
option wpad code 252 = text;
option rfc3442 code 121 = array of unsigned integer 8;
class "phones" { match if substring(option vendor-class-identifier, 0, 7) = "android"; option wpad "phones"; }
class "known" { match hardware; }
subclass "known" 1:${mac(3)} { option domain-name "three"; }
group {
  option domain-name "grouped";
  use-host-decl-names on;
  host four { hardware ethernet ${mac(4)}; fixed-address 192.168.2.44; }
}
subnet 192.168.2.0 netmask 255.255.255.0 {
  option rfc3442 24, 10, 0, 0, 192, 168, 2, 1;
  pool { range 192.168.2.100 192.168.2.110; deny members of "phones"; }
  pool { range 192.168.2.200 192.168.2.210; allow members of "phones"; }
}`);
  const told = async (client: number, ...options: [number, Uint8Array][]) => {
    const offer = await bench.ask(client, "discover", { with: options });
    const text = (code: number): string => new TextDecoder().decode(offer?.message.options.get(code));
    return { address: offer?.message.yiaddr, wpad: text(252), domain: text(15), host: text(12), offer };
  };
  const phone = await told(1, [optionCode.vendorClassIdentifier, utf8("android-dhcp-14")]);
  assert.deepEqual([phone.address, phone.wpad], [ip("192.168.2.200"), "phones"]);
  const laptop = await told(2);
  assert.deepEqual([laptop.address, laptop.wpad, laptop.domain], [ip("192.168.2.100"), "", ""]);
  assert.deepEqual(laptop.offer?.message.options.get(121), Uint8Array.of(24, 10, 0, 0, 192, 168, 2, 1));
  assert.equal((await told(3)).domain, "three");
  const host = await told(4);
  assert.deepEqual([host.address, host.domain, host.host], [ip("192.168.2.44"), "grouped", "four"]);
});
