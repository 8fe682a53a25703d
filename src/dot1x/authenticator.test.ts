import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesOfHex, utf8 } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import { encodeEap, encodeEapRequest } from "../wire/eap/packet.ts";
import { eapIdentity, eapTypes } from "../wire/eap/types.ts";
import { stepAuthenticator } from "./authenticator.ts";
import {
  type AuthenticatorEffect,
  type AuthenticatorInput,
  type AuthenticatorPolicy,
  type AuthenticatorState,
  initialAuthenticator,
  portSettings,
} from "./authenticator-state.ts";
import type { BackendAnswer, Granted } from "./port.ts";

const open: AuthenticatorPolicy = {
  bringsKeys: false,
  isPreauthentication: false,
  identityPrompt: new Uint8Array(0),
  reauthStart: undefined,
};
const protectedPort: AuthenticatorPolicy = { ...open, bringsKeys: true };

const granted: Granted = {
  identity: undefined,
  sessionTimeout: undefined,
  terminationAction: "end",
  idleTimeout: undefined,
  interimInterval: undefined,
  vlan: undefined,
  classes: [],
  chargeableUserIdentity: undefined,
};

/** A port, and whoever drives it. */
class Port {
  state: AuthenticatorState;
  effects: readonly AuthenticatorEffect[] = [];
  readonly armed = new Map<string, number>();

  constructor(
    readonly policy: AuthenticatorPolicy = open,
    reAuthPeriod = 3600,
  ) {
    this.state = initialAuthenticator(portSettings(reAuthPeriod), policy, 41);
  }

  take(...inputs: readonly AuthenticatorInput[]): this {
    for (const input of inputs) {
      if (input.type === "timer") this.armed.delete(input.timer);
      const step = stepAuthenticator(this.policy, this.state, input);
      this.state = step.state;
      this.effects = step.effects;
      for (const effect of step.effects) {
        if (effect.type === "arm") this.armed.set(effect.timer, effect.after / 1000);
        if (effect.type === "disarm") this.armed.delete(effect.timer);
      }
    }
    return this;
  }

  all<T extends AuthenticatorEffect["type"]>(type: T): (AuthenticatorEffect & { type: T })[] {
    return this.effects.filter((effect): effect is AuthenticatorEffect & { type: T } => effect.type === type);
  }

  get sent(): Uint8Array | undefined {
    return this.all("send-eap").at(-1)?.packet;
  }

  get order(): string {
    return this.effects.flatMap(({ type }) => (type === "log" || type === "note" ? [] : [type])).join(" ");
  }

  get notes() {
    return this.all("note").map(({ note }) => note);
  }
}

const identity = (identifier: number, name = "user"): AuthenticatorInput => ({
  type: "eap",
  packet: encodeEap({ code: "response", identifier, type: eapIdentity, expanded: false, data: utf8(name) }),
});
const md5 = (identifier: number): AuthenticatorInput => ({
  type: "eap",
  packet: encodeEap({ code: "response", identifier, type: eapTypes.MD5, expanded: false, data: Uint8Array.of(0) }),
});
const ask = (identifier: number, timeout?: number): AuthenticatorInput => ({
  type: "answer",
  answer: {
    kind: "request",
    packet: encodeEapRequest(identifier, eapTypes.MD5, Uint8Array.of(0)),
    timeout: timeout === undefined ? undefined : seconds(timeout),
  },
});
const accept = (more: Partial<Granted> = {}): AuthenticatorInput => ({
  type: "answer",
  answer: {
    kind: "accepted",
    packet: undefined,
    msk: new Uint8Array(64),
    sessionId: undefined,
    granted: { ...granted, ...more },
  },
});
const refuse: AuthenticatorInput = {
  type: "answer",
  answer: { kind: "refused", packet: undefined, reason: "the password is wrong", reasonCode: 37 },
};
const enabled: AuthenticatorInput = { type: "port-enabled" };
const timer = (name: "quietWhile" | "aWhile" | "reAuthWhen" | "retransWhile"): AuthenticatorInput => ({
  type: "timer",
  timer: name,
});

test("RFC 3748, 5.1: it asks for the identity, with the text that it was given", () => {
  const port = new Port({ ...open, identityPrompt: utf8("hello") }).take(enabled);
  assert.deepEqual(port.sent, bytesOfHex("012a000a0168656c6c6f"));
  assert.deepEqual(port.notes, [{ type: "started" }, { type: "proposed", method: eapIdentity }]);
  assert.equal(port.armed.get("retransWhile"), 3);
});

test("an open port: identity, method, success; the supplicant hears of it before the port opens", () => {
  const port = new Port().take(enabled, identity(42));
  assert.equal(port.order, "arm disarm hand-over");
  assert.equal(port.armed.get("aWhile"), 30);
  assert.deepEqual(port.state.identity, utf8("user"));
  port.take(ask(43));
  assert.deepEqual(port.sent?.subarray(0, 2), Uint8Array.of(1, 43));
  assert.ok(!port.armed.has("aWhile"));
  port.take(md5(43), accept());
  assert.equal(port.order, "disarm send-eap proved port arm finished");
  assert.deepEqual(port.sent, Uint8Array.of(3, 43, 0, 4));
  assert.ok(port.state.isAuthorized);
  assert.equal(port.armed.get("reAuthWhen"), 3600);
  assert.ok(port.all("log").some(({ text }) => text === "authenticated - EAP type: 4 (MD5)"));
});

test("a port with keys opens when they are in place", () => {
  const port = new Port(protectedPort).take(enabled, identity(42), accept());
  assert.equal(port.order, "disarm send-eap proved");
  assert.ok(!port.state.isAuthorized);
  port.take({ type: "keys", valid: true });
  assert.equal(port.order, "port arm finished");
});

test("a new authentication of an open port keeps it open, and brings new keys", () => {
  const port = new Port(protectedPort).take(
    enabled,
    identity(42),
    accept(),
    { type: "keys", valid: true },
    timer("reAuthWhen"),
  );
  assert.deepEqual(port.sent?.subarray(0, 2), Uint8Array.of(1, 43));
  assert.ok(port.state.isAuthorized);
  assert.equal(port.armed.get("reAuthWhen"), 3600);
  port.take(identity(43), accept());
  assert.equal(port.order, "disarm send-eap proved port arm finished");
});

test("RFC 3748, 4.1: what doesn't answer the last request is ignored, and the request stands", () => {
  const port = new Port().take(enabled);
  for (const stray of [identity(41), md5(42), { type: "eap", packet: Uint8Array.of(2, 42) } as const]) {
    port.take(stray);
    assert.equal(port.all("hand-over").length, 0);
    assert.ok(port.armed.has("retransWhile"));
    assert.ok(!port.armed.has("aWhile"));
  }
  port.take(identity(42));
  assert.equal(port.all("hand-over").length, 1);
  port.take({ type: "answer", answer: { kind: "ignored", reason: "nonsense" } });
  assert.ok(port.armed.has("retransWhile"));
  assert.equal(port.take(identity(42)).all("hand-over").length, 1);
});

test("padding behind an EAP packet is not handed on", () => {
  const packet = Uint8Array.of(2, 42, 0, 6, 1, 117, 0, 0, 0);
  const port = new Port().take(enabled, { type: "eap", packet });
  assert.deepEqual(port.all("hand-over")[0]?.packet, packet.subarray(0, 6));
});

test("RFC 3748, 4.3: requests are repeated, ever more rarely, then the supplicant is given up", () => {
  const port = new Port().take(enabled);
  const times: (number | undefined)[] = [port.armed.get("retransWhile")];
  const first = port.sent;
  for (let n = 0; n < 5; n++) {
    port.take(timer("retransWhile"));
    assert.deepEqual(port.sent, first);
    assert.deepEqual(port.notes, [{ type: "repeated", byServer: false }]);
    times.push(port.armed.get("retransWhile"));
  }
  assert.deepEqual(times, [3, 6, 12, 20, 20, 20]);
  port.take(timer("retransWhile"));
  assert.deepEqual(port.notes[0], { type: "unanswered", byServer: false });
  assert.deepEqual(port.sent?.subarray(0, 2), Uint8Array.of(1, 43), "the next attempt");
  for (let n = 0; n < 6; n++) port.take(timer("retransWhile"));
  assert.deepEqual(port.all("finished"), [{ type: "finished", success: false, logoff: false, reasonCode: undefined }]);
});

test("RFC 3580, 3.17: a time that the server names is taken as it is", () => {
  const port = new Port().take(enabled, identity(42), ask(43, 45));
  assert.equal(port.armed.get("retransWhile"), 45);
  assert.equal(port.take(timer("retransWhile")).armed.get("retransWhile"), 45);
});

test("802.1X-2004, 8.2.9: a server that doesn't answer within serverTimeout is given up, and EAP begins anew", () => {
  const port = new Port().take(enabled, identity(42), timer("aWhile"));
  assert.equal(port.all("abandon").length, 1);
  assert.deepEqual(port.sent?.subarray(0, 2), Uint8Array.of(1, 43));
  assert.equal(port.state.counters.authTimeoutsWhileAuthenticating, 1);
  assert.deepEqual(port.take(ask(44)).effects, [], "too late");
  port.take(identity(43), { type: "answer", answer: { kind: "unreachable", reason: "no server answers" } });
  assert.deepEqual(port.notes[0], { type: "unreachable", reason: "no server answers" });
  assert.ok(port.armed.has("aWhile"), "it may come back");
  assert.equal(port.take(timer("aWhile")).all("finished").length, 1);
});

test("a refusal is told, and closes the port for the quiet period", () => {
  const port = new Port().take(enabled, identity(42), refuse);
  assert.equal(port.order, "disarm send-eap port disarm arm finished");
  assert.deepEqual(port.sent, Uint8Array.of(4, 42, 0, 4));
  assert.deepEqual(port.all("finished")[0], { type: "finished", success: false, logoff: false, reasonCode: 37 });
  assert.deepEqual(port.notes, [{ type: "eap-failed", reason: "the password is wrong" }]);
  assert.equal(port.armed.get("quietWhile"), 60);
  assert.equal(port.take(identity(42)).all("hand-over").length, 0);
});

test("RFC 2865, 5.29: with Termination-Action the session's time is one of reauthentication", () => {
  const port = new Port(open, 0).take(
    enabled,
    identity(42),
    accept({ sessionTimeout: seconds(60), terminationAction: "reauthenticate" }),
  );
  assert.equal(port.armed.get("reAuthWhen"), 60);
  const ending = new Port(open, 0).take(enabled, identity(42), accept({ sessionTimeout: seconds(60) }));
  assert.ok(!ending.armed.has("reAuthWhen"));
});

test("the server's name for the user counts more than the supplicant's", () => {
  const port = new Port().take(enabled, identity(42, "anonymous"), accept({ identity: utf8("anna") }));
  assert.deepEqual(port.state.identity, utf8("anna"));
});

test("a remembered key needs the handshake alone; EAPOL-Start asks for more", () => {
  const port = new Port(protectedPort).take({ type: "remembered", identity: utf8("anna"), method: eapTypes.TLS });
  assert.equal(port.order, "");
  port.take({ type: "keys", valid: true });
  assert.ok(port.state.isAuthorized);
  assert.ok(port.all("log").some(({ text }) => text === "authenticated - EAP type: 13 (TLS) (PMKSA cache)"));
  const asking = new Port(protectedPort).take(
    { type: "remembered", identity: undefined, method: undefined },
    { type: "eapol-start" },
  );
  assert.deepEqual(asking.sent?.subarray(0, 2), Uint8Array.of(1, 42));
  assert.ok(!asking.take({ type: "keys", valid: true }).state.isAuthorized, "the old keys count no more");
});

test("RFC 6696, 5.3.1: ERP is offered first where that is wanted, for a second", () => {
  const port = new Port({ ...open, reauthStart: { domain: "a.b" } }).take(enabled);
  assert.deepEqual(port.sent, bytesOfHex("052a000b01000403612e62"));
  assert.equal(port.armed.get("retransWhile"), 1);
  port.take(timer("retransWhile"));
  assert.deepEqual(port.sent?.subarray(0, 2), Uint8Array.of(1, 43));
  const initiate = encodeEap({ code: "initiate", identifier: 42, type: 2, data: new Uint8Array(8) });
  assert.equal(port.take({ type: "eap", packet: initiate }).all("hand-over").length, 1);
});

test("ERP is offered once: who begins anew because of it is asked for the identity", () => {
  const port = new Port({ ...open, reauthStart: { domain: "a.b" } }).take(enabled);
  assert.equal(port.sent?.[0], 5);
  for (let again = 0; again < 3; again++) {
    port.take({ type: "eapol-start" });
    assert.equal(port.sent?.[0], 1);
  }
});

test("802.1X-2004, 9.4.1: what is set counts; a forced port says so", () => {
  const port = new Port().take(enabled, { type: "settings", settings: { serverTimeout: 7 } }, identity(42));
  assert.equal(port.armed.get("aWhile"), 7);
  port.take({ type: "settings", settings: { control: "force-authorized" } });
  assert.equal(port.order, "disarm abandon disarm port disarm send-eap");
  assert.deepEqual(port.sent, Uint8Array.of(3, 43, 0, 4));
  port.take({ type: "settings", settings: { control: "force-unauthorized" } });
  assert.deepEqual(port.sent, Uint8Array.of(4, 44, 0, 4));
  port.take({ type: "settings", settings: { control: "auto" } });
  assert.deepEqual(port.sent?.subarray(0, 2), Uint8Array.of(1, 45));
  port.take(identity(45), accept(), { type: "settings", settings: { reAuthEnabled: false } });
  assert.ok(!port.armed.has("reAuthWhen"));
});

const answers: readonly BackendAnswer[] = [
  { kind: "request", packet: encodeEapRequest(7, eapTypes.MD5, Uint8Array.of(0)), timeout: undefined },
  { kind: "request", packet: new Uint8Array(0), timeout: undefined },
  { kind: "ignored", reason: "" },
  { kind: "unreachable", reason: "" },
  { kind: "refused", packet: undefined, reason: "" },
  { kind: "accepted", packet: undefined, msk: undefined, sessionId: undefined, granted },
];
const anyInput: fc.Arbitrary<AuthenticatorInput> = fc.oneof(
  fc.constantFrom<AuthenticatorInput>(
    enabled,
    { type: "port-disabled" },
    { type: "eapol-start" },
    { type: "eapol-logoff" },
    { type: "reauthenticate" },
    { type: "keys", valid: true },
    { type: "keys", valid: false },
    timer("quietWhile"),
    timer("aWhile"),
    timer("reAuthWhen"),
    timer("retransWhile"),
  ),
  fc.uint8Array({ maxLength: 12 }).map((packet): AuthenticatorInput => ({ type: "eap", packet })),
  fc.integer({ min: 0, max: 255 }).map((n) => identity(n)),
  fc.constantFrom(...answers).map((answer): AuthenticatorInput => ({ type: "answer", answer })),
);

test("whatever comes in whatever order, nothing but an acceptance opens the port, and nothing is left running behind", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyInput, { maxLength: 60 }), (bringsKeys, inputs) => {
      const port = new Port({ ...open, bringsKeys });
      let accepted = false;
      for (const input of inputs) {
        const wasOpen = port.state.isAuthorized;
        // the supplicant hears what is asked, and answers it
        const eap = port.state.eap;
        const fitting = input.type === "eap" && eap.kind === "asked" ? identity(eap.identifier) : input;
        port.take(fitting);
        accepted ||= port.all("proved").length > 0;
        if (port.state.isAuthorized && !wasOpen) assert.ok(accepted);
        if (port.state.pae.kind !== "authenticated" && port.all("finished").some(({ success }) => !success))
          accepted = false;
      }
      port.take({ type: "port-disabled" });
      assert.deepEqual([...port.armed.keys()], []);
      assert.ok(!port.state.isAuthorized);
    }),
    { numRuns: 500 },
  );
});
