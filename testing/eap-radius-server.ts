/**
 * A RADIUS server for tests that serves one EAP method and nothing else, so that eapol_test can be the peer of a method by itself.
 * RFC 2865, 2548, 3579.
 */

import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { concat, Writer } from "../src/base/bytes.ts";
import type { EapKeys } from "../src/eap/contract.ts";
import type { EapMethod } from "../src/eap/method.ts";
import { type MethodSetting, MethodUnderTest, type PacketStep } from "./eap-method.ts";

export const radiusSecret = "testing123";

/** What went over the air, and what came of it. */
export interface EapExchange {
  readonly identity: Uint8Array;
  readonly firstIdentifier: number;
  /** EAP packets. */
  readonly requests: readonly Uint8Array[];
  readonly responses: readonly Uint8Array[];
  readonly result: PacketStep;
}

export interface EapRadiusServer {
  readonly port: number;
  readonly exchanges: readonly EapExchange[];
  close(): void;
}

const access = { request: 1, accept: 2, reject: 3, challenge: 11 } as const;
const attribute = { state: 24, vendorSpecific: 26, eapMessage: 79, messageAuthenticator: 80 } as const;

interface Session {
  readonly method: MethodUnderTest;
  readonly identity: Uint8Array;
  readonly firstIdentifier: number;
  readonly requests: Uint8Array[];
  readonly responses: Uint8Array[];
}

export type SettingOf = (identity: Uint8Array) => Omit<MethodSetting, "identity" | "firstIdentifier">;

export async function serveEapMethod(
  methodOf: (identity: Uint8Array) => EapMethod<never>,
  settingOf: SettingOf,
): Promise<EapRadiusServer> {
  const socket = createSocket("udp4");
  const sessions = new Map<string, Session>();
  const exchanges: EapExchange[] = [];
  let count = 0;

  socket.on("message", async (datagram, from) => {
    const request = decodeRequest(datagram);
    const eap = concat(...request.attributes.filter(({ type }) => type === attribute.eapMessage).map((a) => a.value));
    const state = request.attributes.find(({ type }) => type === attribute.state)?.value;
    const send = (code: number, attributes: readonly Attribute[]): void =>
      socket.send(encodeAnswer(request, code, attributes), from.port, from.address);

    let id = state === undefined ? undefined : Buffer.from(state).toString();
    let session = id === undefined ? undefined : sessions.get(id);
    let step: PacketStep;
    if (session === undefined || id === undefined) {
      id = `${++count}`;
      const identity = eap.slice(5);
      const firstIdentifier = ((eap[1] ?? 0) + 1) & 0xff;
      const method = new MethodUnderTest(methodOf(identity), { ...settingOf(identity), identity, firstIdentifier });
      session = { method, identity, firstIdentifier, requests: [], responses: [] };
      sessions.set(id, session);
      step = await session.method.begin();
    } else {
      session.responses.push(eap.slice());
      step = await session.method.respond(eap.slice(5));
    }
    const ofSession = { type: attribute.state, value: new TextEncoder().encode(id) };
    if (step.kind === "request") {
      session.requests.push(step.packet);
      return send(access.challenge, [...eapMessages(step.packet), ofSession]);
    }
    if (step.kind === "ignored" || step.kind === "malformed") return;
    const { identity, firstIdentifier, requests, responses } = session;
    exchanges.push({ identity, firstIdentifier, requests, responses, result: step });
    sessions.delete(id);
    session.method.forget();
    const end = (code: number): Uint8Array => Uint8Array.of(code, eap[1] ?? 0, 0, 4);
    if (step.kind === "failure") return send(access.reject, eapMessages(end(4)));
    const keys = step.keys === undefined ? [] : keyAttributes(request, step.keys);
    send(access.accept, [...eapMessages(end(3)), ...keys]);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { port: socket.address().port, exchanges, close: () => socket.close() };
}

interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

interface Request {
  readonly identifier: number;
  readonly authenticator: Uint8Array;
  readonly attributes: readonly Attribute[];
}

function decodeRequest(datagram: Uint8Array): Request {
  const attributes: Attribute[] = [];
  for (let at = 20; at + 2 <= datagram.length; at += datagram[at + 1] ?? 2) {
    attributes.push({ type: datagram[at] ?? 0, value: datagram.slice(at + 2, at + (datagram[at + 1] ?? 2)) });
  }
  return { identifier: datagram[1] ?? 0, authenticator: datagram.slice(4, 20), attributes };
}

function eapMessages(packet: Uint8Array): Attribute[] {
  const count = Math.ceil(packet.length / 253);
  return Array.from({ length: count }, (_, i) => ({
    type: attribute.eapMessage,
    value: packet.slice(253 * i, 253 * (i + 1)),
  }));
}

function encodeAnswer(request: Request, code: number, attributes: readonly Attribute[]): Uint8Array {
  const body = new Writer();
  for (const { type, value } of attributes)
    body
      .u8(type)
      .u8(2 + value.length)
      .put(value);
  body.u8(attribute.messageAuthenticator).u8(18).zeros(16);
  const octets = body.finish();
  const head = new Writer()
    .u8(code)
    .u8(request.identifier)
    .u16be(20 + octets.length)
    .finish();
  const mac = createHmac("md5", radiusSecret).update(head).update(request.authenticator).update(octets).digest();
  octets.set(mac, octets.length - 16);
  const hash = createHash("md5").update(head).update(request.authenticator).update(octets).update(radiusSecret);
  return concat(head, hash.digest(), octets);
}

/** MS-MPPE-Recv-Key and -Send-Key. RFC 2548, section 2.4. */
function keyAttributes(request: Request, { msk }: EapKeys): Attribute[] {
  const keyAttribute = (type: number, key: Uint8Array): Attribute => {
    const salt = randomBytes(2);
    salt[0] = (salt[0] ?? 0) | 0x80;
    const clear = new Uint8Array(Math.ceil((1 + key.length) / 16) * 16);
    clear[0] = key.length;
    clear.set(key, 1);
    let previous: Uint8Array = concat(request.authenticator, salt);
    const sealed = new Uint8Array(clear.length);
    for (let at = 0; at < clear.length; at += 16) {
      const mask = createHash("md5").update(radiusSecret).update(previous).digest();
      for (let i = at; i < at + 16; i++) sealed[i] = (clear[i] ?? 0) ^ (mask[i - at] ?? 0);
      previous = sealed.subarray(at, at + 16);
    }
    const value = new Writer()
      .u32be(311)
      .u8(type)
      .u8(4 + sealed.length)
      .put(salt)
      .put(sealed)
      .finish();
    return { type: attribute.vendorSpecific, value };
  };
  const half = Math.min(32, msk.length / 2);
  return [keyAttribute(17, msk.subarray(0, half)), keyAttribute(16, msk.subarray(half, 2 * half))];
}
