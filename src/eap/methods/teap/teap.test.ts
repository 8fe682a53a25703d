import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { pkiForTests, readTestFile, tlsServiceForTests } from "../../../../testing/eap-pki.ts";
import { passwordOf } from "../../../../testing/eap-server.ts";
import { OctetWitness, observed } from "../../../../testing/octet-witness.ts";
import { TeapPeer, type TeapPeerOptions } from "../../../../testing/teap-peer.ts";
import { concat, hexOf, textOf, utf8, Writer } from "../../../base/bytes.ts";
import { systemEntropy } from "../../../linux/entropy.ts";
import { type EapTlv, encodeStatus, encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapAnswer } from "../../contract.ts";
import type { EapMethod } from "../../method.ts";
import { plainMethods } from "../../methods.ts";
import { createEapServer } from "../../server.ts";
import { gtcMethod } from "../gtc.ts";
import { type TeapOptions, teapMethod } from "./teap.ts";

const pki = pkiForTests();
const service = tlsServiceForTests(pki, { tls_flags: "[ENABLE-TLSv1.3]", tls_session_lifetime: 60 });

const plain: TeapOptions = {
  authorityId: Uint8Array.of(1, 2, 3, 4),
  authentication: "eap",
  identities: "any",
  separateResult: false,
  sequence: "merged",
};

const nobody = { ttls: [], credential: undefined, peapVersion: undefined, macAcl: false, attributes: [] };

const keyed = { msk: new Uint8Array(64).fill(1), emsk: new Uint8Array(64).fill(2) };
/** In GTC's place, with keys of its own. */
const gtcWithKeys = (keys: { readonly msk: Uint8Array; readonly emsk: Uint8Array | undefined }): EapMethod<never> => ({
  ...(gtcMethod as EapMethod<never>),
  respond: () => ({
    kind: "success",
    keys: { msk: keys.msk.slice(), emsk: keys.emsk?.slice(), sessionId: undefined },
  }),
});

/** Whom there was, and is no more. */
const gone = new Set<string>();

function serverWith(options: Partial<TeapOptions>, inner: readonly EapMethod<never>[] = []) {
  const mistakes: unknown[] = [];
  const server = createEapServer({
    users: {
      find: (identity, phase) => {
        if (phase === 1) return { ...nobody, methods: [eapTypes.TEAP] };
        const name = textOf(identity);
        if ((name !== "user" && name !== "machine") || gone.has(name)) return undefined;
        return {
          ...nobody,
          attributes: [{ type: 25, value: identity }],
          methods: [eapTypes.GTC],
          credential: passwordOf(`${name}-password`),
        };
      },
    },
    // The first of a type counts.
    methods: [...inner, teapMethod(service, { ...plain, ...options }), ...plainMethods],
    entropy: systemEntropy,
    tell: (event) => {
      if (event.type === "mistake") mistakes.push(event.error);
    },
  });
  return { server, mistakes };
}

type Reply = (tlvs: readonly EapTlv[], peer: TeapPeer) => Uint8Array | undefined;

async function run(
  reply: Reply,
  options: Partial<TeapOptions> = {},
  peerOptions: Partial<TeapPeerOptions> = {},
  inner: readonly EapMethod<never>[] = [],
): Promise<{ answer: EapAnswer; peer: TeapPeer }> {
  const { server, mistakes } = serverWith(options, inner);
  const peer = new TeapPeer(server.converse({ address: undefined }), {
    identity: "outer",
    ca: readTestFile(pki.authority.certificate),
    reply,
    ...peerOptions,
  });
  const answer = await peer.run();
  assert.deepEqual(mistakes, []);
  server.close();
  return { answer, peer };
}

const contentsOf = (tlvs: readonly EapTlv[], type: number): Uint8Array | undefined =>
  tlvs.find((tlv) => tlv.type === type)?.value;
const success = (type: number): Uint8Array => encodeTlv(type, encodeStatus("success"), true);
const identityType = (number: number): Uint8Array =>
  encodeTlv(tlvTypes.identityType, new Writer().u16be(number).finish(), false);

/** What an honest peer says; a test changes parts of it. */
interface Honest {
  readonly password?: string;
  readonly binding?: (binding: Uint8Array) => Uint8Array;
  readonly withoutIntermediate?: boolean;
  /** Of the method inside. */
  readonly keys?: { readonly msk?: Uint8Array; readonly emsk?: Uint8Array };
}

const honest =
  ({ password, binding = (tlv) => tlv, withoutIntermediate = false, keys = {} }: Honest = {}): Reply =>
  (tlvs, peer) => {
    const asked = contentsOf(tlvs, tlvTypes.identityType);
    const who = asked?.[1] === 2 ? "machine" : "user";
    const parts: Uint8Array[] = [];
    const request = contentsOf(tlvs, tlvTypes.cryptoBinding);
    if (contentsOf(tlvs, tlvTypes.intermediateResult) !== undefined && !withoutIntermediate) {
      parts.push(success(tlvTypes.intermediateResult));
    }
    const result = contentsOf(tlvs, tlvTypes.result);
    if (result !== undefined) parts.push(encodeTlv(tlvTypes.result, result, true));
    if (request !== undefined) parts.push(binding(peer.binding(peer.link(keys), request)));
    const eap = contentsOf(tlvs, tlvTypes.eapPayload);
    if (eap !== undefined) {
      const secret = password ?? `${peerName(eap, peer) ?? who}-password`;
      const data = eap[4] === 1 ? concat(Uint8Array.of(1), utf8(who)) : concat(Uint8Array.of(6), utf8(secret));
      if (eap[4] === 1) names.set(peer, who);
      const packet = new Writer()
        .u8(2)
        .u8(eap[1] ?? 0)
        .u16be(4 + data.length)
        .put(data)
        .finish();
      parts.push(encodeTlv(tlvTypes.eapPayload, packet, true));
    }
    if (contentsOf(tlvs, tlvTypes.basicPasswordRequest) !== undefined) {
      const [name, secret] = [utf8(who), utf8(password ?? `${who}-password`)];
      const value = concat(Uint8Array.of(name.length), name, Uint8Array.of(secret.length), secret);
      parts.push(encodeTlv(tlvTypes.basicPasswordResponse, value, true));
    }
    if (asked !== undefined) parts.push(identityType(asked[1] ?? 0));
    return concat(...parts);
  };

/** As whom each has been asked last. */
const names = new WeakMap<TeapPeer, string>();
const peerName = (eap: Uint8Array, peer: TeapPeer): string | undefined => (eap[4] === 1 ? undefined : names.get(peer));

const assertLetIn = ({ answer, peer }: Awaited<ReturnType<typeof run>>, who: string): void => {
  assert.ok(answer.kind === "success", JSON.stringify(answer));
  assert.equal(textOf(answer.identity), who);
  assert.deepEqual(answer.keys?.msk, peer.result?.msk);
  assert.deepEqual(answer.keys?.emsk, peer.result?.emsk);
};
const assertRefused = ({ answer }: Awaited<ReturnType<typeof run>>, words: RegExp): void => {
  assert.ok(answer.kind === "failure", JSON.stringify(answer));
  assert.match(answer.reason, words);
};

for (const tls of ["TLSv1.2", "TLSv1.3"] as const) {
  describe(`who is let in, ${tls}`, () => {
    const comes = (reply: Reply, options: Partial<TeapOptions> = {}, more: Partial<TeapPeerOptions> = {}) =>
      run(reply, options, { tls, ...more });

    test("by EAP, with both ends' keys the same", async () => {
      const first = await comes(honest());
      assertLetIn(first, "user");
      const { sessionId } = (first.answer.kind === "success" ? first.answer.keys : undefined) ?? {};
      // The type, and tls-unique, which is a Finished of TLS 1.2; in TLS 1.3 Method-Id. RFC 9930, section 3.8; RFC 9427, section 2.2.
      assert.deepEqual([sessionId?.[0], sessionId?.length], [eapTypes.TEAP.type, tls === "TLSv1.3" ? 65 : 13]);
      assertLetIn(await comes(honest(), { separateResult: true }), "user");
      assertLetIn(await comes(honest(), { authorityId: undefined }), "user");
    });

    test("by EAP with keys, an MSK alone or an EMSK too", async () => {
      const { msk, emsk } = keyed;
      const both = gtcWithKeys({ msk, emsk });
      const one = gtcWithKeys({ msk, emsk: undefined });
      assertLetIn(await run(honest({ keys: keyed }), {}, { tls }, [both]), "user");
      assertLetIn(await run(honest({ keys: { msk } }), {}, { tls }, [one]), "user");
      // A peer that knows no EMSK binds by the MSK.
      assertLetIn(await run(honest({ keys: { msk } }), {}, { tls }, [both]), "user");
      await assert.rejects(run(honest({ keys: { msk: emsk } }), {}, { tls }, [both]), /MAC by the MSK is wrong/);
    });

    test("by a password", async () => {
      assertLetIn(await comes(honest(), { authentication: "password" }), "user");
    });

    test("as user and as machine, one after the other", async () => {
      for (const sequence of ["merged", "one-by-one"] as const) {
        for (const authentication of ["eap", "password"] as const) {
          const options = { identities: "user-and-machine", sequence, authentication } as const;
          assertLetIn(await comes(honest(), options), "machine");
        }
      }
      assertLetIn(await comes(honest(), { identities: "machine" }), "machine");
    });

    test("with outer TLVs, which the binding covers", async () => {
      const outer = encodeTlv(tlvTypes.identityType, Uint8Array.of(0, 1), false);
      assertLetIn(await comes(honest(), {}, { outer }), "user");
    });

    test("with a session of before, and nothing inside but the binding", async () => {
      const first = await comes(honest());
      const { session } = first.peer;
      assert.ok(session);
      const withoutSecrets: Reply = (tlvs, peer) => {
        assert.equal(contentsOf(tlvs, tlvTypes.eapPayload), undefined);
        return honest()(tlvs, peer);
      };
      for (const separateResult of [false, true]) {
        const again = await comes(withoutSecrets, { separateResult }, { session });
        assert.ok(again.peer.result?.isResumed);
        assertLetIn(again, "user");
      }
      const spoilt = honest({ binding: (tlv) => tlv.map((octet, i) => (i === 79 ? octet ^ 1 : octet)) });
      assertRefused(await comes(spoilt, {}, { session }), /Crypto-Binding is wrong/);
    });

    test("with a session of before in which both were shown, as long as both are users", async () => {
      for (const authentication of ["eap", "password"] as const) {
        const options = { identities: "user-and-machine", authentication } as const;
        const { session } = (await comes(honest(), options)).peer;
        assert.ok(session);
        const withoutSecrets: Reply = (tlvs, peer) => {
          assert.equal(contentsOf(tlvs, tlvTypes.eapPayload), undefined);
          assert.equal(contentsOf(tlvs, tlvTypes.basicPasswordRequest), undefined);
          return honest()(tlvs, peer);
        };
        for (const separateResult of [false, true]) {
          const again = await comes(withoutSecrets, { ...options, separateResult }, { session });
          assert.ok(again.peer.result?.isResumed);
          assertLetIn(again, "machine");
          assert.ok(
            again.answer.kind === "success" && textOf(again.answer.attributes[0]?.value ?? utf8("")) === "machine",
          );
        }
        for (const who of ["user", "machine"]) {
          gone.add(who);
          assertRefused(await comes(honest(), options, { session }), new RegExp(`no user '${who}' any more`));
          gone.delete(who);
        }
      }
    });

    test("who has shown one identity shows two where two are asked for", async () => {
      const { session } = (await comes(honest())).peer;
      assert.ok(session);
      const options = { identities: "user-and-machine" } as const;
      assertRefused(await comes(honest(), options, { session }), /has not shown both identities/);
    });
  });
}

describe("who isn't", () => {
  test("who is told why, where there is a number for it", async () => {
    const heard = async (reply: Reply, options: Partial<TeapOptions> = {}): Promise<string | undefined> => {
      let error: Uint8Array | undefined;
      const { answer } = await run((tlvs, peer) => {
        error ??= contentsOf(tlvs, tlvTypes.error);
        return reply(tlvs, peer);
      }, options);
      assert.equal(answer.kind, "failure");
      return error && hexOf(error);
    };
    // RFC 9930, section 4.2.6: Inner_Method_Error, Unexpected_TLVs_Exchanged.
    assert.equal(await heard(honest({ password: "wrong" })), "000003e9");
    assert.equal(await heard(() => encodeTlv(99, new Uint8Array(3), true)), "000007d2");
    assert.equal(await heard(honest({ password: "wrong" }), { authentication: "password" }), undefined);
  });

  test("whose password is wrong", async () => {
    assertRefused(await run(honest({ password: "wrong" })), /password is wrong/);
    assertRefused(await run(honest({ password: "wrong" }), { authentication: "password" }), /password is wrong/);
  });

  test("whose binding is another, of another request, or missing", async () => {
    const spoilt = (at: number) =>
      honest({ binding: (tlv) => tlv.map((octet, i) => (i === at ? octet ^ 0x40 : octet)) });
    assertRefused(await run(spoilt(79)), /Crypto-Binding is wrong/);
    assertRefused(await run(spoilt(20)), /of another request/);
    assertRefused(await run(spoilt(5)), /of versions/);
    assertRefused(await run(spoilt(7)), /no response|is wrong|no MAC/);
    assertRefused(await run(honest({ binding: () => new Uint8Array() })), /does not confirm the Crypto-Binding/);
    assertRefused(await run(honest({ withoutIntermediate: true })), /without an intermediate success/);
    const reflected = (tlvs: readonly EapTlv[], peer: TeapPeer): Uint8Array | undefined => {
      const request = contentsOf(tlvs, tlvTypes.cryptoBinding);
      if (request === undefined) return honest()(tlvs, peer);
      const both = [success(tlvTypes.intermediateResult), success(tlvTypes.result)];
      return concat(...both, encodeTlv(tlvTypes.cryptoBinding, request, true));
    };
    assertRefused(await run(reflected), /no response/);
  });

  test("who says that it failed, or wants what nobody knows", async () => {
    const failure = encodeTlv(tlvTypes.result, encodeStatus("failure"), true);
    assertRefused(await run(() => failure), /the peer says that it failed/);
    assertRefused(await run(() => encodeTlv(99, new Uint8Array(3), true)), /wants a TLV of type 99 understood/);
    const optional: Reply = (tlvs, peer) =>
      concat(encodeTlv(99, new Uint8Array(3), false), honest()(tlvs, peer) ?? new Uint8Array());
    assertLetIn(await run(optional), "user");
  });

  test("who is not of the kind that was asked for", async () => {
    const asUser: Reply = (tlvs, peer) => {
      const reply = honest()(tlvs, peer) ?? new Uint8Array();
      return contentsOf(tlvs, tlvTypes.identityType) === undefined
        ? reply
        : concat(reply.slice(0, -6), identityType(1));
    };
    assertRefused(await run(asUser, { identities: "machine" }), /not of the kind/);
    assertRefused(await run(asUser, { identities: "machine", authentication: "password" }), /not of the kind/);
  });
});

/** What states hold that goes over the air. */
const isPublic: ReadonlySet<string> = new Set(["outer", "identity", "nonce", "shown"]);

for (const tls of ["TLSv1.2", "TLSv1.3"] as const) {
  for (const authentication of ["eap", "password"] as const) {
    for (const sequence of ["merged", "one-by-one"] as const) {
      test(`abandoned anywhere, it leaves no secret: ${tls}, ${authentication}, ${sequence}`, async () => {
        const keys = authentication === "eap" ? { keys: keyed } : {};
        let turns = 0;
        for (let most = 0, isOver = false; !isOver; most++) {
          turns = 0;
          const states = new Map<string, Uint8Array>();
          const witness = new OctetWitness();
          witness.start();
          try {
            const options = { authentication, sequence, identities: "user-and-machine" } as const;
            const method = teapMethod(service, { ...plain, ...options }) as EapMethod<unknown>;
            const methods = [observed(method, states, isPublic), gtcWithKeys(keyed) as EapMethod<unknown>];
            const { server } = serverWith({}, methods as EapMethod<never>[]);
            const conversation = server.converse({ address: undefined });
            const reply: Reply = (tlvs, peer) => (turns++ < most ? honest(keys)(tlvs, peer) : undefined);
            const ca = readTestFile(pki.authority.certificate);
            const answer = await new TeapPeer(conversation, { identity: "outer", ca, tls, reply }).run();
            conversation.abandon();
            server.close();
            isOver = answer.kind === "success";
            if (answer.kind === "success") for (const key of [answer.keys?.msk, answer.keys?.emsk]) key?.fill(0);
            else assert.equal(answer.kind, "request", JSON.stringify(answer));
          } finally {
            witness.stop();
          }
          for (const [place, octets] of states) {
            assert.ok(
              octets.every((octet) => octet === 0),
              `${place} is left in a state, after ${most} turns`,
            );
          }
          assert.deepEqual(witness.remnants(), [], `after ${most} turns`);
        }
        assert.ok(turns > 3, `${turns} turns`);
      });
    }
  }
}

test("whatever is inside, the server goes on", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          type: fc.oneof(fc.constantFrom(...Object.values(tlvTypes)), fc.nat(0x3fff)),
          mandatory: fc.boolean(),
          value: fc.uint8Array({ maxLength: 90 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      fc.nat(3),
      fc.constantFrom("eap" as const, "password" as const),
      async (made, turn, authentication) => {
        let turns = 0;
        const reply: Reply = (tlvs, peer) => {
          if (turns++ !== turn) return turns > 8 ? undefined : honest()(tlvs, peer);
          return concat(...made.map(({ type, mandatory, value }) => encodeTlv(type, value, mandatory)));
        };
        const { answer } = await run(reply, { authentication });
        assert.ok(["success", "failure", "ignored", "request"].includes(answer.kind));
      },
    ),
    { numRuns: 60 },
  );
});
