/**
 * IEEE 802.1X's authenticator for one port: its state machines side by side, and what they ask of whoever drives them. Dynamic WEP keys are
 * not among that: there is no Key Transmit machine, and keyDone is never said. IEEE Std 802.1X-2004, 8.2.
 */

import { type Duration, seconds } from "../base/duration.ts";
import { encodeEap } from "../wire/eap/packet.ts";
import { eapCodeOf, eapIdentifierOf, eapTypeOf } from "../wire/eap/peek.ts";
import { type EapType, eapIdentity, eapTypeName, sameEapType } from "../wire/eap/types.ts";
import { type PaeEffect, type PaeInput, stepPae } from "./authenticator-pae.ts";
import type {
  AuthenticatorEffect,
  AuthenticatorInput,
  AuthenticatorNote,
  AuthenticatorPolicy,
  AuthenticatorState,
  AuthenticatorStep,
  PortSettings,
  PortTimer,
} from "./authenticator-state.ts";
import { type BackendEffect, type BackendInput, stepBackend } from "./backend-authentication.ts";
import { type CounterName, counted } from "./counters.ts";
import { type EapEffect, type EapInput, stepEap } from "./eap-exchange.ts";
import type { BackendAnswer } from "./port.ts";
import { reauthenticationEffects } from "./reauthentication-timer.ts";

/** reAuthMax. */
export const mostAttempts = 2;

export function stepAuthenticator(
  policy: AuthenticatorPolicy,
  state: AuthenticatorState,
  input: AuthenticatorInput,
): AuthenticatorStep {
  const run = new Run(policy, state);
  run.take(input);
  return { state: run.state, effects: run.effects };
}

/** One step of the whole: what one machine's effects are to the others. Nothing of it outlives the step. */
class Run {
  readonly effects: AuthenticatorEffect[] = [];
  /** Of a refusal in this step. */
  #reasonCode: number | undefined;

  constructor(
    readonly policy: AuthenticatorPolicy,
    public state: AuthenticatorState,
  ) {}

  take(input: AuthenticatorInput): void {
    switch (input.type) {
      case "port-enabled":
        this.#change({ portEnabled: true });
        return this.#pae({ type: "port-enabled" });
      case "port-disabled":
        this.#change({ portEnabled: false });
        this.#pae({ type: "port-disabled" });
        return this.#eap({ type: "stop" });
      case "remembered":
        return this.#remember(input.identity, input.method);
      case "eapol-start":
        this.#count("eapolStartFramesRx");
        return this.#pae({ type: "eapol-start" });
      case "eapol-logoff":
        this.#count("eapolLogoffFramesRx");
        return this.#pae({ type: "eapol-logoff" });
      case "eap":
        return this.#receive(input.packet);
      case "counted":
        return this.#count(input.counter);
      case "answer":
        return this.#eap({ type: "answer", answer: input.answer });
      case "reauthenticate":
        return this.#pae({ type: "reauthenticate" });
      case "keys":
        if (!this.policy.bringsKeys) return;
        this.#change({ portValid: input.valid });
        return this.#pae({ type: "keys" });
      case "timer":
        return this.#onTimer(input.timer);
      case "settings":
        return this.#set(input.settings);
    }
  }

  /** As if EAP had just succeeded. IEEE Std 802.11-2020, 12.6.10.3. */
  #remember(identity: Uint8Array | undefined, method: EapType | undefined): void {
    this.#change({
      portEnabled: true,
      identity,
      serverType: method,
      fromCache: true,
      pae: { kind: "authenticating", attempts: 1, succeeded: true },
    });
  }

  #receive(packet: Uint8Array): void {
    const type = eapTypeOf(packet);
    if (eapCodeOf(packet) === "response") {
      this.#count(isIdentity(type) ? "eapolRespIdFramesRx" : "eapolRespFramesRx");
      if (type) this.#change({ supplicantType: type });
      this.#log(
        "debug",
        `received EAP packet (code=2 id=${eapIdentifierOf(packet)} len=${packet.length}) from STA: EAP Response-${nameOf(type)} (${type?.type ?? 0})`,
      );
    }
    // Only what is awaited moves anything: elsewhere it would count as an answer to what was never asked.
    this.#backend({ type: "response", packet });
  }

  #onTimer(timer: PortTimer): void {
    switch (timer) {
      case "quietWhile":
        return this.#pae({ type: "quiet-over" });
      case "aWhile":
        return this.#backend({ type: "server-timeout" });
      case "retransWhile":
        return this.#eap({ type: "unanswered" });
      case "reAuthWhen":
        this.#restartReauthenticationTimer();
        return this.#pae({ type: "reauthenticate" });
    }
  }

  #set(settings: Partial<PortSettings>): void {
    const before = this.state.settings;
    this.#change({ settings: { ...before, ...settings } });
    if (before.reAuthEnabled !== this.state.settings.reAuthEnabled) this.#restartReauthenticationTimer();
    if (before.control !== this.state.settings.control) this.#pae({ type: "control" });
  }

  #pae(input: PaeInput): void {
    const { settings, portValid, isAuthorized } = this.state;
    const rules = {
      control: settings.control,
      portValid,
      mostAttempts,
      endsWithLogoff: this.policy.bringsKeys,
      isAuthorized,
    };
    const { state, effects } = stepPae(rules, this.state.pae, input);
    this.#change({ pae: state });
    for (const effect of effects) this.#performPae(effect);
  }

  #performPae(effect: PaeEffect): void {
    switch (effect.type) {
      case "port":
        return this.#authorize(effect.authorized);
      case "restart":
        this.#note({ type: "started" });
        return this.#eap({ type: "restart" });
      case "start-backend":
        return this.#backend({ type: "start" });
      case "abort-backend":
        this.#log("debug", "aborting authentication");
        return this.#backend({ type: "abort" });
      case "quiet":
        return this.#arm("quietWhile", seconds(this.state.settings.quietPeriod));
      case "no-quiet":
        return this.#disarm("quietWhile");
      case "canned":
        return this.#sendCanned(effect.success);
      case "finished":
        return this.#finish(effect);
      case "count":
        return this.#count(effect.counter);
    }
  }

  #authorize(authorized: boolean): void {
    this.#log("debug", `${authorized ? "" : "un"}authorizing port`);
    this.#change({ isAuthorized: authorized });
    this.effects.push({ type: "port", authorized });
    this.#restartReauthenticationTimer();
  }

  #finish({ success, logoff }: PaeEffect & { type: "finished" }): void {
    const { serverType, supplicantType, fromCache, pae } = this.state;
    const type = `${serverType?.type ?? 0} (${nameOf(serverType)})`;
    if (success) {
      const how = this.policy.isPreauthentication ? " (pre-authentication)" : fromCache ? " (PMKSA cache)" : "";
      this.#log("info", `authenticated - EAP type: ${type}${how}`);
    } else if (pae.kind === "held") {
      this.#log("warning", `authentication failed - EAP type: ${type}`);
      if (serverType?.type !== supplicantType?.type) {
        const other = `${supplicantType?.type ?? 0} (${nameOf(supplicantType)})`;
        this.#log("info", `Supplicant used different EAP type: ${other}`);
      }
    }
    this.effects.push({ type: "finished", success, logoff, reasonCode: this.#reasonCode });
  }

  #backend(input: BackendInput): void {
    const { state, effects } = stepBackend(this.state.backend, input);
    this.#change({ backend: state });
    for (const effect of effects) this.#performBackend(effect);
  }

  #performBackend(effect: BackendEffect): void {
    switch (effect.type) {
      case "send":
        return this.#sendEap(effect.packet);
      case "respond":
        return this.#eap({ type: "response", packet: effect.packet });
      case "await-server":
        return this.#arm("aWhile", seconds(this.state.settings.serverTimeout));
      case "await-nothing":
        return this.#disarm("aWhile");
      case "abandon":
        this.effects.push({ type: "abandon" });
        return this.#eap({ type: "stop" });
      case "succeeded":
        return this.#pae({ type: "succeeded" });
      case "failed":
        return this.#pae({ type: "failed" });
      case "timed-out":
        return this.#pae({ type: "timed-out" });
      case "count":
        return this.#count(effect.counter);
    }
  }

  #eap(input: EapInput): void {
    const { state, effects } = stepEap(this.policy, this.state.eap, input);
    this.#change({ eap: state });
    for (const effect of effects) this.#performEap(effect);
  }

  #performEap(effect: EapEffect): void {
    switch (effect.type) {
      case "request":
        return this.#request(effect);
      case "no-request":
        this.#log("debug", `ignored EAP packet: ${effect.because}`);
        return this.#backend({ type: "no-request" });
      case "success":
        return this.#succeed(effect);
      case "failure":
        this.#note({ type: "eap-failed", reason: effect.answer.reason });
        this.#reasonCode = effect.answer.reasonCode;
        return this.#backend({ type: "failure", packet: effect.packet });
      case "timeout":
        this.#note({ type: "unanswered", byServer: effect.asked === "method" });
        return this.#backend({ type: "eap-timeout" });
      case "unreachable":
        // Whoever is in stays in while a server comes back: aWhile says when it is over.
        return this.#note({ type: "unreachable", reason: effect.because });
      case "identity":
        this.#note({ type: "identity", identity: effect.identity });
        return this.#change({ identity: effect.identity });
      case "hand-over":
        this.effects.push(effect);
        return;
      case "await-supplicant":
        return this.#arm("retransWhile", effect.time);
      case "await-nothing":
        return this.#disarm("retransWhile");
    }
  }

  #request({ packet, repeated, asked }: EapEffect & { type: "request" }): void {
    const type = eapTypeOf(packet);
    if (repeated) this.#note({ type: "repeated", byServer: asked === "method" });
    if (!repeated && type !== undefined && asked !== "re-auth-start") this.#propose(type, asked === "method");
    this.#pae({ type: "eap-ready" });
    this.#backend({ type: "request", packet });
  }

  #propose(type: EapType, byServer: boolean): void {
    const { serverType } = this.state;
    const isKnown = byServer && serverType !== undefined && sameEapType(serverType, type);
    if (!isKnown) this.#note({ type: "proposed", method: type });
    this.#change({ serverType: byServer ? type : undefined });
  }

  /** What is proved counts before anything is opened by it. */
  #succeed({ packet, answer }: EapEffect & { type: "success" }): void {
    if (this.state.backend.kind !== "response") return;
    const { identity } = answer.granted;
    this.#change({
      fromCache: false,
      ...(identity === undefined ? {} : { identity }),
      ...this.#reauthenticationOf(answer),
    });
    this.#note({ type: "eap-succeeded" });
    const at = this.effects.length;
    this.#backend({ type: "success", packet });
    // Right after EAP-Success has gone out; what opens the port comes behind.
    this.effects.splice(at + this.effects.slice(at).findIndex(({ type }) => type === "send-eap") + 1, 0, {
      type: "proved",
      answer,
    });
  }

  /** RFC 3580, section 3.17. */
  #reauthenticationOf({ granted }: BackendAnswer & { kind: "accepted" }): Partial<AuthenticatorState> {
    const { sessionTimeout, terminationAction } = granted;
    if (sessionTimeout === undefined || terminationAction !== "reauthenticate") return {};
    const reAuthPeriod = Math.max(1, Math.round(sessionTimeout / 1000));
    return { settings: { ...this.state.settings, reAuthPeriod, reAuthEnabled: true } };
  }

  #sendCanned(success: boolean): void {
    const { eap } = this.state;
    const identifier = ((eap.kind === "none" ? eap.lastIdentifier : eap.identifier) + 1) & 0xff;
    this.#change({ eap: { kind: "none", lastIdentifier: identifier, hasOffered: eap.hasOffered } });
    this.#log("debug", `Sending canned EAP packet ${success ? "SUCCESS" : "FAILURE"} (identifier ${identifier})`);
    this.effects.push({ type: "send-eap", packet: encodeEap({ code: success ? "success" : "failure", identifier }) });
    this.#count("eapolFramesTx");
  }

  #sendEap(packet: Uint8Array): void {
    const type = eapTypeOf(packet);
    this.#log("debug", `Sending EAP Packet (identifier ${eapIdentifierOf(packet)})`);
    this.effects.push({ type: "send-eap", packet });
    this.#count("eapolFramesTx");
    if (eapCodeOf(packet) === "request") {
      this.#count(isIdentity(type) ? "eapolReqIdFramesTx" : "eapolReqFramesTx");
    }
  }

  #restartReauthenticationTimer(): void {
    this.effects.push(...reauthenticationEffects(this.state));
  }

  #arm(timer: PortTimer, after: Duration): void {
    this.effects.push({ type: "arm", timer, after });
  }

  #disarm(timer: PortTimer): void {
    this.effects.push({ type: "disarm", timer });
  }

  #note(note: AuthenticatorNote): void {
    this.effects.push({ type: "note", note });
  }

  #log(level: "debug" | "info" | "warning", text: string): void {
    this.effects.push({ type: "log", level, text });
  }

  #count(name: CounterName): void {
    this.#change({ counters: counted(this.state.counters, name) });
  }

  #change(change: Partial<AuthenticatorState>): void {
    this.state = { ...this.state, ...change };
  }
}

const isIdentity = (type: EapType | undefined): boolean => type !== undefined && sameEapType(type, eapIdentity);

export const nameOf = (type: EapType | undefined): string => (type === undefined ? "unknown" : eapTypeName(type));
