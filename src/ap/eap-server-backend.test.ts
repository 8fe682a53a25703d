import assert from "node:assert/strict";
import { test } from "node:test";
import { macAddressOf } from "../base/mac-address.ts";
import type { BackendAnswer, Supplicant } from "../dot1x/port.ts";
import type { EapAnswer, EapServer } from "../eap/contract.ts";
import { eapServerBackend } from "./eap-server-backend.ts";

const supplicant: Supplicant = {
  address: macAddressOf(Uint8Array.of(2, 0, 0, 0, 0, 1)),
  multiSessionId: 1n,
  isPreauthenticating: false,
  chargeableUserIdentity: undefined,
};

const request = (octet: number): EapAnswer => ({ kind: "request", packet: Uint8Array.of(octet), timeout: undefined });

/** A server whose answers the test gives. */
function slowServer() {
  const asked: { readonly packet: Uint8Array; readonly answer: (answer: EapAnswer) => void }[] = [];
  let abandoned = 0;
  const server: EapServer = {
    converse: () => ({
      begin: () => Promise.reject(new Error("the authenticator asks for the identity")),
      respond: (packet) => new Promise((resolve) => asked.push({ packet, answer: resolve })),
      abandon: () => {
        abandoned += 1;
      },
    }),
    close: () => undefined,
  };
  return { server, asked, abandoned: () => abandoned };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

function begin() {
  const slow = slowServer();
  const answers: BackendAnswer[] = [];
  const exchange = eapServerBackend(slow.server).begin(supplicant, (answer) => answers.push(answer));
  const answer = async (given: EapAnswer) => {
    slow.asked.shift()?.answer(given);
    await soon();
  };
  return { ...slow, answers, exchange, answer };
}

test("requests, an acceptance with its keys", async () => {
  const { exchange, answers, answer } = begin();
  exchange.respond(Uint8Array.of(1));
  await answer(request(1));
  exchange.respond(Uint8Array.of(2));
  const msk = new Uint8Array(64);
  const sessionId = Uint8Array.of(13);
  await answer({
    kind: "success",
    packet: Uint8Array.of(3),
    keys: { msk, emsk: undefined, sessionId },
    identity: Uint8Array.of(7),
    method: "TLS",
    attributes: [],
  });
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    ["request", "accepted"],
  );
  const [, accepted] = answers;
  assert.ok(accepted?.kind === "accepted");
  assert.equal(accepted.msk, msk);
  assert.equal(accepted.sessionId, sessionId);
  assert.deepEqual(accepted.granted.identity, Uint8Array.of(7));
});

test("a response sent twice has one answer, and the request isn't lost over it", async () => {
  const { exchange, answers, answer } = begin();
  exchange.respond(Uint8Array.of(1));
  exchange.respond(Uint8Array.of(1));
  await answer(request(1));
  await answer({ kind: "ignored", reason: "the identifier is old" });
  assert.deepEqual(answers, [request(1)]);
});

test("while one is being answered another takes its place: only the last that waits is heard", async () => {
  const { exchange, answers, answer, asked } = begin();
  for (const octet of [1, 2, 3]) exchange.respond(Uint8Array.of(octet));
  await answer({ kind: "ignored", reason: "odd" });
  assert.deepEqual(answers, []);
  assert.deepEqual(asked[0]?.packet, Uint8Array.of(3));
  await answer({ kind: "failure", packet: Uint8Array.of(4), reason: "no" });
  assert.deepEqual(answers, [{ kind: "refused", packet: Uint8Array.of(4), reason: "no" }]);
});

test("what is ignored is told where nothing else is", async () => {
  const { exchange, answers, answer } = begin();
  exchange.respond(Uint8Array.of(1));
  await answer({ kind: "ignored", reason: "odd" });
  assert.deepEqual(answers, [{ kind: "ignored", reason: "odd" }]);
});

test("whoever is abandoned hears nothing", async () => {
  const { exchange, answers, answer, abandoned } = begin();
  exchange.respond(Uint8Array.of(1));
  exchange.abandon();
  await answer(request(1));
  exchange.respond(Uint8Array.of(2));
  await soon();
  assert.deepEqual(answers, []);
  assert.equal(abandoned(), 1);
});
