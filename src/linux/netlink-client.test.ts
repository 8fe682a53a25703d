import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, MalformedError } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import {
  decodeMessages,
  encodeAcknowledgement,
  encodeMessage,
  messageFlags,
  messageTypes,
  type NetlinkMessage,
} from "../wire/netlink/message.ts";
import { linkGroup } from "../wire/netlink/route.ts";
import { NetlinkClient } from "./netlink-client.ts";
import { type NetlinkEndpoint, openNetlink } from "./netlink-socket.ts";
import { Reactor } from "./reactor.ts";
import { decodeLinkEvent, RouteClient } from "./rtnetlink.ts";

type Incoming = Uint8Array | "overrun";

/** An endpoint that answers as told. */
function scripted(answer: (request: NetlinkMessage) => Incoming[]): NetlinkEndpoint & { inbox: Incoming[] } {
  const inbox: Incoming[] = [];
  return {
    inbox,
    send: (datagram) => {
      for (const request of decodeMessages(datagram)) inbox.push(...answer(request));
    },
    receive: () => inbox.shift(),
    wait: () => inbox.length > 0,
    join: () => undefined,
    onReadable: () => assert.fail("not here"),
    close: () => undefined,
  };
}

const request = { name: "SOMETHING", type: 40, payload: new Uint8Array() };
const event = (text: string): Uint8Array =>
  encodeMessage({ type: 40, flags: 0, sequence: 0, port: 0, payload: Buffer.from(text) });
const reply = ({ sequence, port }: NetlinkMessage, text: string, flags = 0): Uint8Array =>
  encodeMessage({ type: 40, flags, sequence, port, payload: Buffer.from(text) });
const acknowledge = (message: NetlinkMessage, errno = 0, reason?: string): Uint8Array =>
  encodeMessage(encodeAcknowledgement(message, { errno, ...(reason !== undefined && { reason }) }));
const done = ({ sequence, port }: NetlinkMessage, flags = 0): Uint8Array =>
  encodeMessage({ type: messageTypes.done, flags, sequence, port, payload: new Uint8Array(4) });
const texts = (payloads: readonly Uint8Array[]): string[] => payloads.map((payload) => Buffer.from(payload).toString());

test("a request's answers, without the events between them", () => {
  let waiting = 0;
  const endpoint = scripted((message) => [event("e1"), reply(message, "r1"), event("e2"), acknowledge(message)]);
  const client = new NetlinkClient(endpoint, () => waiting++);
  assert.deepEqual(texts(client.request(request).payloads), ["r1"]);
  assert.equal(waiting, 2);
  endpoint.inbox.push(event("e3"));
  const events = [client.nextEvent(), client.nextEvent(), client.nextEvent()];
  assert.deepEqual(
    events.map((message) =>
      message === undefined || message === "overrun" ? message : Buffer.from(message.payload).toString(),
    ),
    ["e1", "e2", "e3"],
  );
  assert.equal(client.nextEvent(), undefined);
});

test("a refusal carries the request, the errno and the kernel's reason", () => {
  const client = new NetlinkClient(scripted((message) => [acknowledge(message, 16, "already in use")]));
  assert.throws(
    () => client.request(request),
    (error) =>
      error instanceof KernelRefusal &&
      error.message === "SOMETHING: EBUSY (already in use)" &&
      error.errno === "EBUSY",
  );
});

test("a dump in several datagrams ends with its end", () => {
  const client = new NetlinkClient(
    scripted((message) => {
      assert.equal(message.flags & messageFlags.dump, messageFlags.dump);
      const both = Buffer.concat([reply(message, "b"), reply(message, "c")]);
      return [reply(message, "a"), Uint8Array.from(both), done(message)];
    }),
  );
  assert.deepEqual(texts(client.dump(request)), ["a", "b", "c"]);
});

test("a dump that something changed under is asked for again, but not for ever", () => {
  let asked = 0;
  const interrupted = (times: number) =>
    new NetlinkClient(
      scripted((message) => {
        asked++;
        const flags = asked <= times ? messageFlags.dumpInterrupted : 0;
        return [reply(message, `${asked}`, flags), done(message, flags)];
      }),
    );
  assert.deepEqual(texts(interrupted(2).dump(request)), ["3"]);
  asked = 0;
  assert.deepEqual(texts(interrupted(100).dump(request)), ["5"]);
});

test("an overrun on the way is reported, and the answer still found", () => {
  const client = new NetlinkClient(scripted((message) => [event("e"), "overrun", acknowledge(message)]));
  client.request(request);
  assert.notEqual(client.nextEvent(), "overrun");
  assert.equal(client.nextEvent(), "overrun");
  assert.equal(client.nextEvent(), undefined);
});

test("an answer that an overrun has thrown away isn't waited for", () => {
  const client = new NetlinkClient(scripted(() => ["overrun"]));
  assert.throws(() => client.request(request), /ENOBUFS/);
});

test("no answer is an error too, and its late coming is no event", () => {
  const late: Uint8Array[] = [];
  const endpoint = scripted((message) => {
    late.push(acknowledge(message));
    return [];
  });
  const client = new NetlinkClient(endpoint);
  assert.throws(() => client.request(request), /ETIMEDOUT/);
  endpoint.inbox.push(...late);
  assert.equal(client.nextEvent(), undefined);
});

test("the answer to an earlier request doesn't answer a later one", () => {
  const before: NetlinkMessage[] = [];
  const client = new NetlinkClient(
    scripted((message) => {
      before.push(message);
      const [first] = before;
      return before.length === 1 || first === undefined ? [] : [acknowledge(first, 16), acknowledge(message)];
    }),
  );
  assert.throws(() => client.request(request), /ETIMEDOUT/);
  assert.deepEqual(client.request(request).payloads, []);
});

test("a broken datagram is skipped, those behind it are read", () => {
  const endpoint = scripted(() => []);
  const client = new NetlinkClient(endpoint);
  endpoint.inbox.push(bytesOfHex("ffff") ?? assert.fail(), event("e"));
  assert.throws(() => client.nextEvent(), MalformedError);
  assert.notEqual(client.nextEvent(), undefined);
});

test("the real kernel knows the loopback interface, by name and by number, and nothing of others", () => {
  const routes = new RouteClient(openNetlink(new Reactor(), "route"));
  const lo = routes.link("lo") ?? assert.fail("no lo");
  assert.equal(lo.name, "lo");
  assert.deepEqual(routes.link(lo.index), lo);
  assert.ok(routes.links().some(({ name }) => name === "lo"));
  assert.equal(routes.link("nothing0"), undefined);
  assert.equal(routes.link("a-name-that-is-too-long"), undefined);
  assert.equal(routes.link(2 ** 30), undefined);
  assert.throws(() => routes.deleteLink(lo.index), /RTM_DELLINK: E(OPNOTSUPP|PERM)/);
  routes.close();
});

test("groups can be joined, a group that isn't can't", () => {
  const endpoint = openNetlink(new Reactor(), "route");
  endpoint.join(linkGroup);
  assert.throws(() => endpoint.join(1 << 20), /NETLINK_ADD_MEMBERSHIP: EINVAL/);
  assert.equal(endpoint.receive(), undefined);
  endpoint.close();
});

test("messages of a bridge about its ports are no news of the interface", () => {
  const payload = new Uint8Array(16);
  payload[0] = 7;
  const message = { type: 17, flags: 0, sequence: 0, port: 0, payload };
  assert.equal(decodeLinkEvent(message), undefined);
  payload[0] = 0;
  assert.equal(decodeLinkEvent(message)?.type, "removed");
  assert.equal(decodeLinkEvent({ ...message, type: 20 }), undefined);
});
