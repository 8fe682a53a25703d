import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { bytesOfHex, concat, hexOf, Reader, utf8 } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { Log } from "../../base/log.ts";
import { parseRadiusClients } from "../../config/radius-clients.ts";
import type { EapAnswer, EapConversation, EapServer } from "../../eap/contract.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { decodeRadiusPacket, encodeRadiusPacket, type RadiusPacket, radiusCodes } from "../../wire/radius/packet.ts";
import {
  AttributeList,
  allOf,
  attributesOf,
  firstOf,
  joinEapMessage,
  splitEapMessage,
} from "../../wire/radius/values.ts";
import { hidePassword, mppeKeysOf } from "../hiding.ts";
import { chapPassword, checkMessageAuthenticator, sealAccessRequest, verifyResponseAuthenticator } from "../sealing.ts";
import { AuthenticationServer } from "./authentication.ts";
import { ClientTable } from "./clients.ts";
import { ServerCounters } from "./counters.ts";
import { mostSessions } from "./sessions.ts";
import type { RadiusSource } from "./source.ts";
import { Strangers } from "./strangers.ts";

const secret = utf8("radius");
const nas: RadiusSource = { address: "10.0.0.1", port: 5000 };
const authenticator = bytesOfHex("000102030405060708090a0b0c0d0e0f") ?? new Uint8Array();
const msk = Uint8Array.from({ length: 64 }, (_, i) => i);
/** What the server was given last. */
const given = { msk: msk.slice(), emsk: msk.slice() };

/** What the fake EAP server says: a response's last octet decides. */
function answerTo(packet: Uint8Array): EapAnswer {
  const end = Uint8Array.of(3, packet[1] ?? 0, 0, 4);
  given.msk = msk.slice();
  given.emsk = msk.slice();
  switch (packet.at(-1)) {
    case 0:
      return {
        kind: "success",
        packet: end,
        keys: { ...given, sessionId: Uint8Array.of(13, 1, 2) },
        identity: utf8("user"),
        method: "TLS",
        attributes: [{ type: 27, value: Uint8Array.of(0, 0, 0, 9) }],
      };
    case 1:
      return { kind: "failure", packet: Uint8Array.of(4, packet[1] ?? 0, 0, 4), reason: "the password is wrong" };
    case 2:
      return { kind: "ignored", reason: "not awaited" };
    default:
      return { kind: "request", packet: Uint8Array.of(1, (packet[1] ?? 0) + 1, 0, 5, 4), timeout: undefined };
  }
}

class FakeEapServer implements EapServer {
  abandoned = 0;
  /** Until it is called, answers wait. */
  release: (() => void) | undefined;
  held: Promise<void> | undefined;

  hold(): void {
    this.held = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  converse(): EapConversation {
    let isBusy = false;
    return {
      begin: async (identifier) => ({
        kind: "request",
        packet: Uint8Array.of(1, identifier, 0, 5, 1),
        timeout: undefined,
      }),
      respond: async (packet) => {
        if (isBusy) return { kind: "ignored", reason: "an answer is being made" };
        isBusy = true;
        await this.held;
        isBusy = false;
        return answerTo(packet);
      },
      abandon: () => {
        this.abandoned += 1;
      },
    };
  }

  close(): void {
    this.held = undefined;
  }
}

class Scene {
  readonly clock = new VirtualClock();
  readonly eap = new FakeEapServer();
  readonly lines: string[] = [];
  readonly sent: { readonly octets: Uint8Array; readonly to: RadiusSource }[] = [];
  readonly counters: ServerCounters;
  readonly server: AuthenticationServer;
  #identifier = 0;

  constructor(file = "10.0.0.0/24 radius\n10.0.1.1 other") {
    const { clients } = parseRadiusClients(utf8(file), "clients");
    const log = new Log(({ level, text }) => void this.lines.push(`${level} ${text}`));
    this.counters = new ServerCounters(clients.length);
    this.server = new AuthenticationServer({
      clients: new ClientTable(clients),
      eap: this.eap,
      findAddressUser: (name) =>
        hexOf(name) === hexOf(utf8("02:00:00:00:00:01"))
          ? { password: utf8("02:00:00:00:00:01"), attributes: [{ type: 25, value: Uint8Array.of(7) }] }
          : undefined,
      counters: this.counters,
      strangers: new Strangers(this.clock, log, "port 1812"),
      clock: this.clock,
      entropy: new FixedEntropy(),
      log,
      send: (octets, to) => void this.sent.push({ octets, to }),
    });
  }

  /** @returns the octets, to be sent again */
  async ask(more: Partial<Ask> = {}): Promise<Uint8Array> {
    const { eap, state, attributes = [], from = nas, identifier = ++this.#identifier & 0xff } = more;
    const list = new AttributeList().add(radius.userName, utf8("user")).add(radius.state, state);
    if (eap) list.put(...splitEapMessage(eap));
    list.put(...attributes);
    const request = sealAccessRequest(more.secret ?? secret, authenticator, {
      code: radiusCodes["Access-Request"],
      identifier,
      attributes: list.list,
    });
    await this.receive(request, from);
    return request;
  }

  async receive(octets: Uint8Array, from = nas): Promise<void> {
    this.server.receive(octets, from);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The last answer, whose authenticators are right. */
  last(key = secret): RadiusPacket {
    const { octets } = this.sent.at(-1) ?? assert.fail("nothing was sent");
    assert.ok(verifyResponseAuthenticator(key, authenticator, octets));
    assert.equal(checkMessageAuthenticator(key, octets, authenticator), "right");
    assert.equal(octets[20], 80, "Message-Authenticator comes first");
    return decodeRadiusPacket(new Reader(octets, []));
  }
}

interface Ask {
  readonly eap: Uint8Array;
  readonly state: Uint8Array;
  readonly attributes: readonly { type: number; value: Uint8Array }[];
  readonly from: RadiusSource;
  readonly identifier: number;
  readonly secret: Uint8Array;
}

const response = (last: number): Uint8Array => Uint8Array.of(2, 7, 0, 6, 1, last);

describe("an EAP conversation", () => {
  test("challenge, then acceptance with keys and the user's attributes", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(9) });
    const challenge = scene.last();
    assert.equal(challenge.code, radiusCodes["Access-Challenge"]);
    assert.equal(hexOf(joinEapMessage(challenge.attributes) ?? secret), "0108000504");
    const state = firstOf(challenge.attributes, radius.state) ?? assert.fail();

    const proxied = [1, 2].map((octet) => ({ type: 33, value: Uint8Array.of(octet) }));
    await scene.ask({ eap: response(0), state, attributes: proxied });
    const accept = scene.last();
    assert.equal(accept.code, radiusCodes["Access-Accept"]);
    assert.deepEqual(mppeKeysOf(secret, authenticator, accept.attributes), {
      receive: msk.slice(0, 32),
      send: msk.slice(32),
    });
    assert.ok([...given.msk, ...given.emsk].every((octet) => octet === 0));
    assert.equal(hexOf(firstOf(accept.attributes, radius.eapKeyName) ?? secret), "0d0102");
    assert.equal(firstOf(accept.attributes, radius.sessionTimeout), 9);
    assert.deepEqual(
      allOf(accept.attributes, radius.proxyState).map((value) => hexOf(value)),
      ["01", "02"],
    );
    assert.equal(firstOf(accept.attributes, radius.state), undefined);
    assert.equal(scene.server.sessions.size, 0);
    assert.equal(scene.counters.value("accessAccepts"), 1);
    assert.equal(scene.counters.value("accessChallenges", 0), 1);
    assert.equal(scene.counters.value("accessRequests", 1), 0);
  });

  test("refusal: EAP-Failure and a reason", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(1) });
    const reject = scene.last();
    assert.equal(reject.code, radiusCodes["Access-Reject"]);
    assert.equal(hexOf(joinEapMessage(reject.attributes) ?? secret), "04070004");
    assert.equal(firstOf(reject.attributes, radius.wlanReasonCode), 23);
    assert.ok(scene.lines.some((line) => line.includes("EAP authentication failed: the password is wrong")));
  });

  test("an empty EAP-Message begins one: RFC 3579, section 2.1", async () => {
    const scene = new Scene();
    await scene.ask({ attributes: [{ type: 79, value: new Uint8Array() }] });
    assert.equal(hexOf(joinEapMessage(scene.last().attributes) ?? secret), "0100000501");
  });

  test("an ignored response is not answered, and heard anew when it comes again", async () => {
    const scene = new Scene();
    const request = await scene.ask({ eap: response(2) });
    await scene.receive(request);
    assert.equal(scene.sent.length, 0);
    assert.equal(scene.counters.value("packetsDropped"), 2);
    assert.equal(scene.counters.value("duplicateAccessRequests"), 0);
  });

  test("a State of nobody, of another client, without EAP, and given twice", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(9) });
    const state = firstOf(scene.last().attributes, radius.state) ?? assert.fail();
    const expectReject = (key = secret): void => {
      const { code, attributes } = scene.last(key);
      assert.equal(code, radiusCodes["Access-Reject"]);
      assert.equal(hexOf(joinEapMessage(attributes) ?? secret), "04000004");
    };
    await scene.ask({ eap: response(0), state: Uint8Array.of(1, 2, 3, 4) });
    expectReject();
    await scene.ask({ eap: response(0), state, from: { address: "10.0.1.1", port: 1 }, secret: utf8("other") });
    expectReject(utf8("other"));
    await scene.ask({ state });
    expectReject();
    await scene.ask({ eap: response(0), state, attributes: [{ type: 24, value: state }] });
    expectReject();
    await scene.ask({ eap: response(0), state });
    assert.equal(scene.last().code, radiusCodes["Access-Accept"], "and the conversation goes on all the same");
  });

  test("a beginning that means nothing leaves no conversation behind; what means nothing later does", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(2) });
    assert.equal(scene.eap.abandoned, 1);
    await scene.ask({ eap: response(9) });
    const state = firstOf(scene.last().attributes, radius.state) ?? assert.fail();
    await scene.ask({ eap: response(2), state });
    assert.equal(scene.eap.abandoned, 1);
    assert.equal(scene.server.sessions.size, 1);
  });

  test("no room for the answer: silence", async () => {
    const scene = new Scene();
    const proxied = Array.from({ length: 16 }, (_, i) => ({ type: 33, value: new Uint8Array(i === 0 ? 200 : 253) }));
    await scene.ask({ eap: response(0), attributes: proxied });
    assert.equal(scene.sent.length, 0);
    assert.equal(scene.counters.value("packetsDropped"), 1);
  });
});

describe("repeated requests: RFC 5080, section 2.2.2", () => {
  test("get the same octets, for a while", async () => {
    const scene = new Scene();
    const request = await scene.ask({ eap: response(9) });
    await scene.receive(request);
    const [first, second] = scene.sent;
    assert.deepEqual(first?.octets, second?.octets);
    assert.equal(scene.counters.value("duplicateAccessRequests", 0), 1);
    assert.equal(scene.server.sessions.size, 1);
    scene.clock.advance(seconds(31));
    await scene.receive(request);
    assert.notDeepEqual(scene.sent[2]?.octets, first?.octets);
  });

  test("from another port, or with another authenticator, they are others", async () => {
    const scene = new Scene();
    const request = await scene.ask({ eap: response(9), identifier: 1 });
    await scene.receive(request, { ...nas, port: 5001 });
    assert.equal(scene.server.sessions.size, 2);
    assert.equal(scene.counters.value("duplicateAccessRequests"), 0);
  });

  test("while the first is being answered: silence", async () => {
    const scene = new Scene();
    scene.eap.hold();
    const request = await scene.ask({ eap: response(9) });
    await scene.receive(request);
    assert.equal(scene.sent.length, 0);
    scene.eap.release?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(scene.sent.length, 1);
  });

  test("a second response while the first is being answered is dropped", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(9) });
    const state = firstOf(scene.last().attributes, radius.state) ?? assert.fail();
    scene.eap.hold();
    await scene.ask({ eap: response(0), state });
    await scene.ask({ eap: response(0), state });
    scene.eap.release?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(scene.sent.length, 2);
    assert.equal(scene.counters.value("accessAccepts"), 1);
  });
});

describe("stations by their address (MACACL)", () => {
  const name = utf8("02:00:00:00:00:01");
  const ask = async (...attributes: { type: number; value: Uint8Array }[]): Promise<RadiusPacket> => {
    const scene = new Scene();
    const contents = { code: 1, identifier: 1, attributes };
    await scene.receive(sealAccessRequest(secret, authenticator, contents));
    return scene.last();
  };
  const named = { type: 1, value: name };

  test("come in with the address as password", async () => {
    const accept = await ask(named, { type: 2, value: hidePassword(secret, authenticator, name) });
    assert.equal(accept.code, radiusCodes["Access-Accept"]);
    assert.equal(hexOf(firstOf(accept.attributes, radius.class) ?? secret), "07");
  });

  test("or with CHAP over it", async () => {
    const given = { type: 3, value: chapPassword(5, name, authenticator) };
    assert.equal((await ask(named, given)).code, radiusCodes["Access-Accept"]);
    const challenge = { type: 60, value: utf8("challenge") };
    const other = { type: 3, value: chapPassword(5, name, challenge.value) };
    assert.equal((await ask(named, other, challenge)).code, radiusCodes["Access-Accept"]);
    assert.equal((await ask(named, other)).code, radiusCodes["Access-Reject"]);
  });

  test("and not otherwise", async () => {
    const hidden = (text: string) => ({ type: 2, value: hidePassword(secret, authenticator, utf8(text)) });
    for (const attributes of [
      [named],
      [named, hidden("02:00:00:00:00:02")],
      [named, { type: 2, value: Uint8Array.of(1) }],
      [{ type: 1, value: utf8("user") }, hidden("user")],
      [hidden("02:00:00:00:00:01")],
    ]) {
      assert.equal((await ask(...attributes)).code, radiusCodes["Access-Reject"]);
    }
  });
});

test("neither EAP nor a password: silence; MS-CHAP is refused", async () => {
  const scene = new Scene();
  await scene.ask();
  assert.equal(scene.sent.length, 0);
  assert.equal(scene.counters.value("packetsDropped"), 1);
  await scene.ask({ attributes: attributesOf(radius.msChap2Response, new Uint8Array(50)) });
  assert.equal(scene.last().code, radiusCodes["Access-Reject"]);
});

describe("strangers and bad packets", () => {
  test("unknown clients: dropped, counted, one line a minute each", async () => {
    const scene = new Scene();
    for (let i = 0; i < 5; i++) await scene.ask({ eap: response(9), from: { address: "192.0.2.1", port: i } });
    await scene.ask({ eap: response(9), from: { address: "192.0.2.2", port: 1 } });
    const warnings = (): number => scene.lines.filter((line) => line.startsWith("warning")).length;
    assert.equal(warnings(), 2);
    assert.equal(scene.counters.value("invalidRequests"), 6);
    scene.clock.advance(seconds(60));
    await scene.ask({ eap: response(9), from: { address: "192.0.2.1", port: 1 } });
    assert.equal(warnings(), 3);
    for (let i = 0; i < 5000; i++)
      scene.server.receive(new Uint8Array(), { address: `198.51.${i >> 8}.${i & 255}`, port: 1 });
    assert.ok(warnings() < 90, `${warnings()} lines`);
    assert.equal(scene.sent.length, 0);
  });

  test("a Message-Authenticator that is wrong, or missing", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(9), secret: utf8("wrong") });
    const attributes = splitEapMessage(response(9));
    await scene.receive(encodeRadiusPacket({ code: 1, identifier: 1, authenticator, attributes }));
    assert.equal(scene.counters.value("badAuthenticators", 0), 2);
    assert.equal(scene.sent.length, 0);
    assert.match(scene.lines[0] ?? "", /shared secret is another/);
    assert.match(scene.lines[1] ?? "", /without Message-Authenticator/);
  });

  test("cut at each octet, too long, and with lengths of attributes that can't be: counted, never answered", async () => {
    const scene = new Scene();
    const good = await scene.ask({ eap: response(9) });
    const malformed = (): number => scene.counters.value("malformedAccessRequests", 0);
    for (let length = 0; length < good.length; length++) await scene.receive(good.slice(0, length));
    assert.equal(malformed(), good.length);
    const headed = (length: number, ...attributes: number[]): Uint8Array =>
      concat(Uint8Array.of(1, 0, length >>> 8, length & 0xff), authenticator, Uint8Array.from(attributes));
    const wrong = [
      headed(0),
      headed(19),
      // Nothing wrong with them but their length.
      ...[4097, 0xffff].map((length) => {
        const [whole, rest] = [Math.floor((length - 20) / 255), (length - 20) % 255];
        const attribute = (octets: number): Uint8Array => Uint8Array.of(1, octets, ...new Uint8Array(octets - 2));
        return concat(headed(length), ...Array.from({ length: whole }, () => attribute(255)), attribute(rest));
      }),
      headed(22, 1, 0),
      headed(22, 1, 1),
      headed(23, 1, 4, 0),
      headed(21, 1),
    ];
    for (const octets of wrong) await scene.receive(octets);
    assert.equal(malformed(), good.length + wrong.length);
    assert.equal(scene.sent.length, 1);
    // What lies behind the packet's own length is padding.
    await scene.receive(concat(good, new Uint8Array(50)));
    assert.equal(scene.counters.value("duplicateAccessRequests", 0), 1);
    assert.equal(scene.sent.length, 2);
  });

  test("other codes", async () => {
    const scene = new Scene();
    await scene.receive(encodeRadiusPacket({ code: 2, identifier: 1, authenticator, attributes: [] }));
    assert.equal(scene.counters.value("unknownTypes", 0), 1);
  });

  test("Status-Server: RFC 5997", async () => {
    const scene = new Scene();
    await scene.receive(sealAccessRequest(secret, authenticator, { code: 12, identifier: 4, attributes: [] }));
    assert.equal(scene.last().code, radiusCodes["Access-Accept"]);
    assert.equal(scene.counters.value("accessAccepts"), 0);
  });

  test("whatever comes, nothing is thrown and nothing unasked for is said", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            type: fc.constantFrom(1, 2, 3, 24, 26, 31, 33, 60, 79, 80),
            value: fc.uint8Array({ maxLength: 40 }),
          }),
          { maxLength: 8 },
        ),
        async (attributes) => {
          const scene = new Scene();
          await scene.receive(sealAccessRequest(secret, authenticator, { code: 1, identifier: 1, attributes }));
          assert.ok(scene.sent.length <= 1);
          assert.ok(!scene.lines.some((line) => line.startsWith("error")), scene.lines.join("\n"));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("half-open conversations", () => {
  test("10,000 of them: the oldest go first", async () => {
    const scene = new Scene();
    const states: Uint8Array[] = [];
    for (let i = 0; i < mostSessions + 5; i++) {
      const from = { ...nas, port: 1000 + (i >> 8) };
      await scene.ask({ eap: response(9), from });
      states.push(
        firstOf(decodeRadiusPacket(new Reader(scene.sent.pop()?.octets ?? secret, [])).attributes, radius.state) ??
          secret,
      );
    }
    assert.equal(scene.server.sessions.size, mostSessions);
    assert.equal(scene.server.sessions.crowdedOut, 5);
    assert.equal(scene.eap.abandoned, 5);
    const goOn = async (state: Uint8Array | undefined): Promise<number> => {
      await scene.ask({ eap: response(0), ...(state ? { state } : {}), from: { ...nas, port: 1 } });
      return scene.last().code;
    };
    assert.equal(await goOn(states[4]), radiusCodes["Access-Reject"]);
    assert.equal(await goOn(states[5]), radiusCodes["Access-Accept"]);
    assert.equal(await goOn(states.at(-1)), radiusCodes["Access-Accept"]);
  });

  test("who goes on is young again: the one that was silent longest goes", async () => {
    const scene = new Scene();
    const open = async (state?: Uint8Array): Promise<Uint8Array> => {
      await scene.ask({ eap: response(9), ...(state ? { state } : {}), from: { ...nas, port: port++ } });
      const { attributes } = decodeRadiusPacket(new Reader(scene.sent.pop()?.octets ?? secret, []));
      return firstOf(attributes, radius.state) ?? assert.fail();
    };
    let port = 1000;
    const [first, second] = [await open(), await open()];
    for (let i = 2; i < mostSessions; i++) await open();
    await open(first);
    await open();
    assert.equal(scene.server.sessions.crowdedOut, 1);
    assert.ok(scene.server.sessions.find(first));
    assert.equal(scene.server.sessions.find(second), undefined);
  });

  test("silent ones go after a minute, and no timer stays", async () => {
    const scene = new Scene();
    await scene.ask({ eap: response(9) });
    scene.clock.advance(seconds(59));
    assert.equal(scene.server.sessions.size, 1);
    scene.clock.advance(seconds(21));
    assert.equal(scene.server.sessions.size, 0);
    assert.equal(scene.eap.abandoned, 1);
    assert.deepEqual(scene.clock.armed, []);
    await scene.ask({ eap: response(9) });
    scene.server.close();
    assert.deepEqual(scene.clock.armed, []);
  });
});

test("the first line of the file that an address fits counts", () => {
  const file = "10.1.0.0/16 a\n10.1.2.3 b\n2001:db8::/32 c\n0.0.0.0/0 d\n::/0 e";
  const table = new ClientTable(parseRadiusClients(utf8(file), "clients").clients);
  const indexOf = (address: string): number | undefined => table.find({ address })?.index;
  assert.equal(indexOf("10.1.2.3"), 0);
  assert.equal(indexOf("::ffff:10.1.2.3"), 0);
  assert.equal(indexOf("10.2.2.3"), 3);
  assert.equal(indexOf("2001:db8:1::1"), 2);
  assert.equal(indexOf("2001:db9::1"), 4);
  assert.equal(indexOf("nonsense"), undefined);
  for (let i = 0; i < 10_000; i++) table.find({ address: `10.9.${i >> 8}.${i & 255}` });
  assert.equal(indexOf("10.1.2.3"), 0);
});
