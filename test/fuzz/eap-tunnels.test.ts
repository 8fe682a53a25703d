/**
 * Methods over TLS under a client that has a tunnel and says anything in it, or anything around it: there is an answer, no mistake of ours,
 * and no success.
 */

import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import fc from "fast-check";
import { concat, Reader, textOf, utf8, Writer } from "../../src/base/bytes.ts";
import type { EapAnswer, EapConversation } from "../../src/eap/contract.ts";
import type { EapMethod } from "../../src/eap/method.ts";
import { fastMethod } from "../../src/eap/methods/fast/fast.ts";
import { peapMethod } from "../../src/eap/methods/peap/peap.ts";
import { teapMethod } from "../../src/eap/methods/teap/teap.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import { ttlsMethod } from "../../src/eap/methods/ttls/ttls.ts";
import { plainMethods } from "../../src/eap/methods.ts";
import { createEapServer } from "../../src/eap/server.ts";
import type { TlsService } from "../../src/eap/tls/service.ts";
import { systemClock } from "../../src/linux/clock.ts";
import { systemEntropy } from "../../src/linux/entropy.ts";
import { decodeEap, encodeEap } from "../../src/wire/eap/packet.ts";
import { tlvTypes } from "../../src/wire/eap/tlv.ts";
import { type EapType, eapIdentity, eapTypes } from "../../src/wire/eap/types.ts";
import { pkiForTests, readTestFile, tlsServiceForTests } from "../../testing/eap-pki.ts";
import { passwordOf } from "../../testing/eap-server.ts";

const pki = pkiForTests();
const service = tlsServiceForTests(pki, { tls_flags: "[ENABLE-TLSv1.3]", tls_session_lifetime: 60 });

interface Tunnel {
  readonly name: "TLS" | "PEAP" | "TTLS" | "FAST" | "TEAP";
  readonly method: (service: TlsService) => EapMethod<unknown>;
  readonly versions: readonly ("TLSv1.2" | "TLSv1.3")[];
  /** In the flags of what the peer sends. */
  readonly version: number;
}

const teapOptions = { authorityId: utf8("authority"), separateResult: false, sequence: "merged" } as const;
const tunnels: readonly Tunnel[] = [
  { name: "TLS", method: (of) => tlsMethod(of), versions: ["TLSv1.2", "TLSv1.3"], version: 0 },
  { name: "PEAP", method: peapMethod, versions: ["TLSv1.2", "TLSv1.3"], version: 0 },
  { name: "PEAP", method: peapMethod, versions: ["TLSv1.2"], version: 1 },
  { name: "TTLS", method: ttlsMethod, versions: ["TLSv1.2", "TLSv1.3"], version: 0 },
  {
    name: "FAST",
    method: (of) =>
      fastMethod(of, {
        authorityId: utf8("authority"),
        authorityInfo: utf8("authority"),
        encryptionKey: new Uint8Array(16),
        provisioning: "both",
        lifetime: 1000,
        refresh: 100,
        clock: systemClock,
      }) as EapMethod<unknown>,
    versions: ["TLSv1.2"],
    version: 1,
  },
  {
    name: "TEAP",
    method: (of) => teapMethod(of, { ...teapOptions, authentication: "eap", identities: "any" }) as EapMethod<unknown>,
    versions: ["TLSv1.2", "TLSv1.3"],
    version: 1,
  },
  {
    name: "TEAP",
    method: (of) =>
      teapMethod(of, {
        ...teapOptions,
        authentication: "password",
        identities: "user-and-machine",
      }) as EapMethod<unknown>,
    versions: ["TLSv1.2", "TLSv1.3"],
    version: 1,
  },
];

const entry = {
  ttls: ["PAP", "CHAP", "MSCHAP", "MSCHAPV2"],
  peapVersion: undefined,
  macAcl: false,
  attributes: [],
} as const;

function serverWith(tunnel: Tunnel, mistakes: string[], mostRounds = 100) {
  const inside = ["MSCHAPV2", "GTC", "MD5", "PSK", "GPSK", "PAX", "SAKE", "TNC"] as const;
  return createEapServer({
    users: {
      find: (identity, phase) => {
        if (phase === 1) return { ...entry, methods: [eapTypes[tunnel.name]], credential: undefined };
        if (textOf(identity) !== "user") return undefined;
        return { ...entry, methods: inside.map((name) => eapTypes[name]), credential: passwordOf("0123456789abcdef") };
      },
    },
    methods: [tunnel.method(service), ...plainMethods.filter(({ name }) => name !== "VENDOR-TEST")],
    entropy: systemEntropy,
    mostRounds,
    mostShortRounds: mostRounds,
    tell: (event) => {
      if (event.type === "mistake") mistakes.push(event.error instanceof Error ? (event.error.stack ?? "") : "?");
    },
  });
}

/** What a peer may do when it has the word. */
type Move =
  /** Inside: these octets as they are. */
  | { readonly kind: "octets"; readonly octets: Uint8Array }
  /** Inside: TLVs, or AVPs. */
  | { readonly kind: "values"; readonly values: readonly { type: number; mandatory: boolean; value: Uint8Array }[] }
  /** Inside: an EAP response with the identifier that is awaited. */
  | { readonly kind: "eap"; readonly type: number; readonly data: Uint8Array; readonly wrapped: boolean }
  | { readonly kind: "identity" }
  /** Around it: Type-Data as they are. */
  | { readonly kind: "frame"; readonly data: Uint8Array }
  /** A right answer in pieces of this length. */
  | { readonly kind: "acknowledge" };

const octets = fc.uint8Array({ maxLength: 60 });
const values = fc.array(
  fc.record({
    type: fc.oneof(fc.constantFrom(...Object.values(tlvTypes), 1, 2, 3, 79), fc.nat(0x3fff)),
    mandatory: fc.boolean(),
    value: octets,
  }),
  { minLength: 1, maxLength: 4 },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant("octets"), octets }),
  fc.record({ kind: fc.constant("values"), values }),
  fc.record({
    kind: fc.constant("eap"),
    type: fc.oneof(fc.constantFrom(1, 3, 4, 6, 26, 33, 38, 46, 47, 48, 51, 254), fc.nat(255)),
    data: octets,
    wrapped: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("identity"), wrapped: fc.boolean() }),
  fc.record({ kind: fc.constant("frame"), data: octets }),
  fc.constant({ kind: "acknowledge" } as const),
);

const response = (identifier: number, type: EapType, data: Uint8Array): Uint8Array =>
  encodeEap({ code: "response", identifier, type, expanded: false, data });

/** Node's TLS client in EAP's frame, which does as it should until the tunnel is there. */
class Peer {
  readonly #socket: TLSSocket;
  readonly #wire: Duplex;
  #sent: Uint8Array[] = [];
  #isSecure = false;
  /** Octets inside. */
  heard = 0;

  constructor(
    readonly tunnel: Tunnel,
    readonly tls: "TLSv1.2" | "TLSv1.3",
  ) {
    this.#wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.#sent.push(Uint8Array.from(chunk));
        done();
      },
    });
    this.#socket = connect({
      socket: this.#wire,
      ca: Buffer.from(readTestFile(pki.authority.certificate)),
      minVersion: tls,
      maxVersion: tls,
      checkServerIdentity: () => undefined,
      ...(tunnel.name === "TLS"
        ? { cert: Buffer.from(readTestFile(pki.user.certificate)), key: Buffer.from(readTestFile(pki.user.key)) }
        : {}),
    });
    this.#socket.on("secureConnect", () => {
      this.#isSecure = true;
    });
    this.#socket
      .on("error", () => undefined)
      .on("data", (data: Buffer) => {
        this.heard += data.length;
      });
  }

  get isSecure(): boolean {
    return this.#isSecure;
  }

  /** @param data Type-Data of a request @returns whether there is more of it to come */
  async take(data: Uint8Array): Promise<boolean> {
    const r = new Reader(data, ["tunnel"]);
    const flags = r.u8();
    if (flags & 0x80) r.u32be();
    const outer = flags & 0x10 ? r.u32be() : 0;
    // A start of FAST's has an authority's name behind the flags.
    if (!(flags & 0x20)) this.#wire.push(Buffer.from(r.take(r.remaining - outer)));
    await this.#settle();
    return (flags & 0x40) !== 0;
  }

  write(plain: Uint8Array): void {
    this.#socket.write(plain);
  }

  /** Type-Data with what TLS has to say. */
  async data(): Promise<Uint8Array> {
    await this.#settle();
    const records = concat(...this.#sent);
    this.#sent = [];
    return concat(Uint8Array.of(this.tunnel.version), records);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #settle(): Promise<void> {
    for (let i = 0; i < 6; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function insideOf({ name, version }: Tunnel, made: Move, identifier: number): Uint8Array | undefined {
  const wrap = (packet: Uint8Array, wrapped: boolean): Uint8Array => {
    switch (name) {
      case "TLS":
        return packet;
      case "PEAP":
        return version === 0 && !wrapped ? packet.slice(4) : packet;
      case "TTLS":
        return avp(79, true, packet);
      case "FAST":
      case "TEAP":
        return tlv(tlvTypes.eapPayload, true, packet);
    }
  };
  switch (made.kind) {
    case "octets":
      return made.octets;
    case "values":
      return concat(
        ...made.values.map(({ type, mandatory, value }) =>
          name === "TTLS" ? avp(type, mandatory, value) : tlv(type, mandatory, value),
        ),
      );
    case "identity":
      return wrap(response(identifier, eapIdentity, utf8("user")), false);
    case "eap":
      return wrap(response(identifier, { vendor: 0, type: made.type }, made.data), made.wrapped);
    case "frame":
    case "acknowledge":
      return undefined;
  }
}

const tlv = (type: number, mandatory: boolean, value: Uint8Array): Uint8Array =>
  new Writer()
    .u16be((mandatory ? 0x8000 : 0) | type)
    .u16be(value.length)
    .put(value)
    .finish();
const avp = (code: number, mandatory: boolean, value: Uint8Array): Uint8Array =>
  new Writer()
    .u32be(code)
    .u8(mandatory ? 0x40 : 0)
    .u24be(8 + value.length)
    .put(value)
    .zeros((4 - (value.length % 4)) % 4)
    .finish();

async function converse(conversation: EapConversation, peer: Peer, moves: readonly Move[]): Promise<void> {
  const type = eapTypes[peer.tunnel.name];
  let answer: EapAnswer = await conversation.begin(1);
  let left = [...moves];
  for (let turns = 0; turns < 60; turns++) {
    if (answer.kind === "success") assert.ok(peer.tunnel.name === "TLS", "nobody has shown a password");
    if (answer.kind !== "request") return;
    const request = decodeEap(new Reader(answer.packet, ["request"]));
    assert.ok(request.code === "request");
    const { identifier } = request;
    if (request.type.type === eapIdentity.type) {
      answer = await conversation.respond(response(identifier, eapIdentity, utf8("outer")));
      continue;
    }
    const more = request.type.type === type.type && (await peer.take(request.data));
    let data = await peer.data();
    if (peer.isSecure && !more) {
      const [made, ...others] = left;
      if (made === undefined) return;
      left = others;
      // A request's identifier is inside as it is outside, or nearly.
      const plain = insideOf(peer.tunnel, made, identifier);
      if (plain !== undefined && plain.length > 0) {
        peer.write(plain);
        data = await peer.data();
      }
      if (made.kind === "frame") data = made.data;
    }
    const next = await conversation.respond(response(identifier, type, data));
    if (next.kind !== "ignored") answer = next;
    else if (left.length === 0) return;
  }
}

/** @param data Type-Data, whose records go in fragments of one octet each @returns what the last one is answered with */
async function respondInPieces(
  conversation: EapConversation,
  { tunnel }: Peer,
  first: number,
  data: Uint8Array,
): Promise<EapAnswer> {
  const type = eapTypes[tunnel.name];
  const records = data.subarray(1);
  if (records.length < 2) return conversation.respond(response(first, type, data));
  let identifier = first;
  for (const [i, octet] of records.entries()) {
    const isLast = i === records.length - 1;
    const flags = tunnel.version | (i === 0 ? 0x80 : 0) | (isLast ? 0 : 0x40);
    const w = new Writer().u8(flags);
    if (i === 0) w.u32be(records.length);
    const answer = await conversation.respond(response(identifier, type, w.u8(octet).finish()));
    if (isLast) return answer;
    // An acknowledgement, and nothing but that.
    assert.ok(answer.kind === "request" && answer.packet.length === 6, `octet ${i}: ${JSON.stringify(answer)}`);
    identifier = answer.packet[1] ?? 0;
  }
  assert.fail();
}

/** Until the peer has said in the tunnel who it is. @returns how the server took that */
async function identify(conversation: EapConversation, peer: Peer, inPieces: boolean): Promise<EapAnswer> {
  const type = eapTypes[peer.tunnel.name];
  let answer: EapAnswer = await conversation.begin(1);
  for (let hasSpoken = false; answer.kind === "request" && !hasSpoken; ) {
    const request = decodeEap(new Reader(answer.packet, ["request"]));
    assert.ok(request.code === "request");
    const { identifier } = request;
    if (request.type.type === eapIdentity.type) {
      answer = await conversation.respond(response(identifier, eapIdentity, utf8("outer")));
      continue;
    }
    const more = await peer.take(request.data);
    let data = await peer.data();
    // With TTLS the peer speaks first, with the others when it has heard something; EAP-TLS says nothing inside.
    const isItsTurn = peer.tunnel.name === "TTLS" || peer.heard > 0;
    if (peer.isSecure && !more && isItsTurn && data.length === 1 && peer.tunnel.name !== "TLS") {
      peer.write(insideOf(peer.tunnel, { kind: "identity" }, identifier) ?? assert.fail());
      data = await peer.data();
      hasSpoken = true;
    }
    answer = await (inPieces
      ? respondInPieces(conversation, peer, identifier, data)
      : conversation.respond(response(identifier, type, data)));
  }
  return answer;
}

for (const tunnel of tunnels) {
  for (const tls of tunnel.versions) {
    test(`${tunnel.name}, version ${tunnel.version}, ${tls}: records split at each octet are taken like whole ones`, async () => {
      const [whole, split] = await Promise.all(
        [false, true].map(async (inPieces) => {
          const mistakes: string[] = [];
          const server = serverWith(tunnel, mistakes, 100_000);
          const peer = new Peer(tunnel, tls);
          const conversation = server.converse({ address: undefined });
          const answer = await identify(conversation, peer, inPieces);
          conversation.abandon();
          peer.close();
          server.close();
          assert.deepEqual(mistakes, []);
          assert.ok(peer.isSecure);
          return { kind: answer.kind, heard: peer.heard };
        }),
      );
      assert.deepEqual(split, whole);
      assert.equal(split?.kind, tunnel.name === "TLS" ? "success" : "request");
    });

    describe(`${tunnel.name}, version ${tunnel.version}, ${tls}`, () => {
      test("whatever is said in it and around it, the server goes on and lets nobody in", async () => {
        let tunnelled = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 8 }), async (moves) => {
            const mistakes: string[] = [];
            const server = serverWith(tunnel, mistakes);
            const peer = new Peer(tunnel, tls);
            const conversation = server.converse({ address: undefined });
            try {
              await converse(conversation, peer, moves);
            } finally {
              conversation.abandon();
              peer.close();
            }
            if (peer.isSecure) tunnelled++;
            assert.deepEqual(mistakes, []);
            assert.equal(server.counters().open, 0);
            server.close();
          }),
          { numRuns: 15 },
        );
        assert.ok(tunnelled >= 10, `${tunnelled} tunnels of 15`);
      });
    });
  }
}
