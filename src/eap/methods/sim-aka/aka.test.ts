import assert from "node:assert/strict";
import { test } from "node:test";
import { MethodUnderTest, type PacketStep } from "../../../../testing/eap-method.ts";
import { simAkaOptions, testImsi } from "../../../../testing/eap-sim-aka-cases.ts";
import { FixedEntropy } from "../../../../testing/fixed-entropy.ts";
import { concat, Reader, utf8 } from "../../../base/bytes.ts";
import type { EapMethod } from "../../method.ts";
import { akaMethod, akaPrimeMethod } from "./aka.ts";
import {
  attribute,
  decodeMessage,
  encodeHeader,
  numberAttribute,
  octetsAttribute,
  sizedAttribute,
} from "./attributes.ts";
import type { SimAkaOptions } from "./family.ts";
import { simMethod } from "./sim.ts";

const subtype = { challenge: 1, synchronizationFailure: 4, identity: 5, start: 10, notification: 12, clientError: 14 };

type Make = (options: SimAkaOptions) => unknown;

function conversation(make: Make, identity: string, options: Partial<SimAkaOptions> = {}): MethodUnderTest {
  return new MethodUnderTest(make(simAkaOptions(options)) as EapMethod<never>, {
    identity: utf8(identity),
    serverId: utf8("server"),
    credentialOf: () => undefined,
    entropy: new FixedEntropy(1),
  });
}

function messageIn(step: PacketStep) {
  assert.ok(step.kind === "request", JSON.stringify(step));
  return decodeMessage(new Reader(step.packet.subarray(5), ["request"]));
}

const identityOf = (name: string): Uint8Array =>
  concat(encodeHeader(subtype.identity), sizedAttribute(attribute.identity, utf8(name)));

test("EAP-AKA challenges whoever has a subscriber's identity; the checkcode covers how it was told", async () => {
  const method = conversation(akaMethod, "anonymous@example.com");
  assert.equal(messageIn(await method.begin()).subtype, subtype.identity);
  const { subtype: asked, attributes } = messageIn(await method.respond(identityOf(`0${testImsi}`)));
  assert.equal(asked, subtype.challenge);
  assert.equal(attributes.octets(attribute.checkcode)?.length, 20);
  assert.equal(attributes.octets(attribute.rand)?.length, 16);
  assert.equal(attributes.number(attribute.bidding), 0);
  assert.equal(attributes.has(attribute.kdf), false);
});

test("EAP-AKA' names the network and its function", async () => {
  const method = conversation(akaPrimeMethod, "anonymous@example.com");
  await method.begin();
  const { attributes } = messageIn(await method.respond(identityOf(`6${testImsi}`)));
  assert.equal(attributes.octets(attribute.checkcode)?.length, 32);
  assert.equal(attributes.number(attribute.kdf), 1);
  assert.deepEqual(attributes.sized(attribute.kdfInput), utf8("WLAN"));
  assert.equal(attributes.has(attribute.bidding), false);
});

test("an identity of another family, or of nobody's, is told of its failure and then fails", async () => {
  for (const [make, name] of [
    [akaMethod, `1${testImsi}`],
    [akaMethod, `6${testImsi}`],
    [akaMethod, "0999"],
    [akaMethod, "0'; --"],
    [akaMethod, "\0AAAA"],
    [akaPrimeMethod, `0${testImsi}`],
  ] as const) {
    const method = conversation(make, "anonymous");
    await method.begin();
    const step = await method.respond(identityOf(name));
    const { subtype: told, attributes } = messageIn(step);
    assert.equal(told, subtype.notification, name);
    assert.equal(attributes.number(attribute.notification), 16384);
    assert.equal(attributes.has(attribute.mac), false);
    assert.equal((await method.respond(encodeHeader(subtype.notification))).kind, "failure");
  }
});

test("an identity is asked for three times and no more", async () => {
  const method = conversation(akaMethod, "anonymous");
  const requests = [messageIn(await method.begin())];
  for (const name of ["4unknown", "2unknown", "2unknown"])
    requests.push(messageIn(await method.respond(identityOf(name))));
  const asked = requests.map(({ attributes }) =>
    [attribute.anyIdReq, attribute.fullauthIdReq, attribute.permanentIdReq, attribute.notification].find((type) =>
      attributes.has(type),
    ),
  );
  assert.deepEqual(asked, [
    attribute.anyIdReq,
    attribute.fullauthIdReq,
    attribute.permanentIdReq,
    attribute.notification,
  ]);
});

test("a card that refuses each sequence number is not followed for ever", async () => {
  const method = conversation(akaMethod, "anonymous");
  await method.begin();
  let step = await method.respond(identityOf(`0${testImsi}`));
  const refusal = concat(
    encodeHeader(subtype.synchronizationFailure),
    Uint8Array.of(attribute.auts, 4),
    new Uint8Array(14).fill(1),
  );
  let challenges = 0;
  while (messageIn(step).subtype === subtype.challenge) {
    challenges += 1;
    step = await method.respond(refusal);
  }
  assert.equal(challenges, 3);
  assert.equal(messageIn(step).subtype, subtype.notification);
});

test("a client's error ends it, with the reason in words", async () => {
  for (const [make, code, reason] of [
    [akaMethod, 0, /unable to process/],
    [simMethod, 2, /more challenges/],
    [simMethod, 9, /error 9/],
  ] as const) {
    const method = conversation(make, "anonymous");
    await method.begin();
    const step = await method.respond(
      concat(encodeHeader(subtype.clientError), numberAttribute(attribute.clientErrorCode, code)),
    );
    assert.ok(step.kind === "failure");
    assert.match(step.reason, reason);
  }
});

test("EAP-SIM takes no other version than the one it offers, and needs a nonce", async () => {
  const name = sizedAttribute(attribute.identity, utf8(`1${testImsi}`));
  const nonce = octetsAttribute(attribute.nonceMt, new Uint8Array(16));
  const version = (number: number): Uint8Array => numberAttribute(attribute.selectedVersion, number);
  const answer = async (...attributes: readonly Uint8Array[]): Promise<number> => {
    const method = conversation(simMethod, "anonymous");
    await method.begin();
    return messageIn(await method.respond(concat(encodeHeader(subtype.start), ...attributes))).subtype;
  };
  assert.equal(await answer(name, nonce, version(1)), 11);
  assert.equal(await answer(name, nonce, version(2)), subtype.notification);
  assert.equal(await answer(name, version(1)), subtype.notification);
  assert.equal(await answer(name, nonce), subtype.notification);
  assert.equal(await answer(nonce, version(1)), subtype.notification);
});

test("fewer than two triplets are too few for EAP-SIM", async () => {
  const triplet = { rand: new Uint8Array(16), sres: new Uint8Array(4), kc: new Uint8Array(8) };
  const centre = {
    gsmTriplets: async () => [triplet],
    akaVector: async () => undefined,
    resynchronize: () => undefined,
    close: () => undefined,
  };
  const method = conversation(simMethod, "anonymous", { centre });
  await method.begin();
  const start = concat(
    encodeHeader(subtype.start),
    sizedAttribute(attribute.identity, utf8(`1${testImsi}`)),
    octetsAttribute(attribute.nonceMt, new Uint8Array(16)),
    numberAttribute(attribute.selectedVersion, 1),
  );
  assert.equal(messageIn(await method.respond(start)).subtype, subtype.notification);
});
