/** EAP-TTLS version 0: TLS without a client's certificate, and AVPs inside. RFC 5281; with TLS 1.3, RFC 9427. */

import { concat, Reader } from "../../../base/bytes.ts";
import { wipe } from "../../../crypto/secret.ts";
import {
  avpCodes,
  decodeAvps,
  encodeAvp,
  microsoft,
  microsoftAvpCodes,
  type TtlsAvp,
} from "../../../wire/eap/ttls-avp.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapAnswer, EapConversation } from "../../contract.ts";
import { shownIdentity } from "../../identity.ts";
import type { EapMethod, MethodCall, MethodStep, StepSoon } from "../../method.ts";
import { rememberedData, TlsChannel } from "../../tls/channel.ts";
import { encodeTlsAcknowledgement, encodeTlsStart } from "../../tls/framing.ts";
import type { TlsService } from "../../tls/service.ts";
import { resumedUser, stepFrame } from "../../tls/steps.ts";
import type { EapUser } from "../../users.ts";
import { openMessage, stepHandshake } from "../tunnel-steps.ts";
import { judgePassword, passwordOfferIn } from "./password.ts";

type Phase =
  | { readonly kind: "handshake" }
  /** The peer has the word: inside, it speaks first. */
  | { readonly kind: "inside"; readonly conversation: EapConversation | undefined }
  /** What has become of MS-CHAP-V2 is out. */
  | { readonly kind: "telling"; readonly end: End }
  /** A session goes on: the server's last records are out. */
  | { readonly kind: "resuming"; readonly identity: Uint8Array };

type End =
  | { readonly kind: "success"; readonly identity: Uint8Array }
  | { readonly kind: "failure"; readonly reason: string };

interface State {
  readonly channel: TlsChannel;
  readonly phase: Phase;
  /** Whom the peer has named inside, and the entry of it. */
  readonly name: Uint8Array | undefined;
  readonly user: EapUser | undefined;
}

type Step = MethodStep<State>;

const ttlsType = eapTypes.TTLS.type;
const keyLabel = "ttls keying material";

export function ttlsMethod(service: TlsService): EapMethod<State> {
  return {
    name: "TTLS",
    type: ttlsType,
    begin(call) {
      const session = service.session({ clientCertificate: "unwanted", purpose: "TTLS" });
      const channel = new TlsChannel(service, call, session);
      const state: State = { channel, phase: { kind: "handshake" }, name: undefined, user: undefined };
      return { kind: "request", data: encodeTlsStart(0), state };
    },
    respond(call, state, data) {
      const { channel } = state;
      return stepFrame(channel, channel.decode(data), state, (message) => onMessage(service, call, state, message));
    },
    forget({ channel, phase }) {
      if (phase.kind === "inside") phase.conversation?.abandon();
      channel.close();
    },
  };
}

function onMessage(service: TlsService, call: MethodCall, state: State, message: Uint8Array): StepSoon<State> {
  const { channel, phase } = state;
  switch (phase.kind) {
    case "handshake":
      return stepHandshake(channel, message, state, (output) => onEstablished(service, call, state, output));
    case "resuming": {
      const plain = channel.open(message);
      return "refused" in plain
        ? { kind: "failure", reason: plain.refused }
        : succeed(service, channel, phase.identity);
    }
    case "inside": {
      const opened = openMessage(channel, message, "the peer is to speak");
      if (opened.kind !== "opened") return opened;
      const avps = decodeAvps(new Reader(opened.plain, ["EAP-TTLS", "AVPs"]));
      wipe(opened.plain);
      // There may be a password in them.
      return onAvps(service, call, state, avps, phase.conversation).finally(() => wipeAvps(avps));
    }
    case "telling":
      if (phase.end.kind === "failure") return phase.end;
      if (message.length > 0)
        return { kind: "failure", reason: "data, where the password's proof is to be acknowledged" };
      return succeed(service, channel, phase.end.identity);
  }
}

function onEstablished(service: TlsService, call: MethodCall, state: State, output: Uint8Array): StepSoon<State> {
  const { channel } = state;
  if (channel.session.resumed) return onResumed(service, call, state, output);
  const data = output.length > 0 ? channel.send(output) : encodeTlsAcknowledgement(0);
  return { kind: "request", data, state: { ...state, phase: { kind: "inside", conversation: undefined } } };
}

/** A session that goes on needs nothing inside. In TLS 1.3 the peer is told so. RFC 9427, section 3.2. */
async function onResumed(service: TlsService, call: MethodCall, state: State, output: Uint8Array): Promise<Step> {
  const { channel } = state;
  const user = await resumedUser(call, channel, ttlsType);
  if (user.identity === undefined) return { kind: "failure", reason: user.reason };
  const { identity } = user;
  const phase: Phase = { kind: "resuming", identity };
  if (channel.isTls13) {
    return { kind: "request", data: channel.seal(Uint8Array.of(0), output), state: { ...state, phase } };
  }
  if (output.length > 0) return { kind: "request", data: channel.send(output), state: { ...state, phase } };
  return succeed(service, channel, identity);
}

async function onAvps(
  service: TlsService,
  call: MethodCall,
  before: State,
  avps: readonly TtlsAvp[],
  running: EapConversation | undefined,
): Promise<Step> {
  const unknown = avps.find((avp) => avp.mandatory && !isKnown(avp));
  if (unknown !== undefined) {
    return { kind: "failure", reason: `it wants AVP ${unknown.code} of vendor ${unknown.vendor} understood` };
  }
  const ours = (code: number): TtlsAvp[] => avps.filter((avp) => avp.vendor === 0 && avp.code === code);
  const name = ours(avpCodes.userName).at(-1)?.value;
  let state = before;
  if (name !== undefined) {
    call.tell(`TTLS-User-Name '${shownIdentity(name)}'`);
    const user = await call.inner.findUser(name);
    if (user === undefined) return { kind: "failure", reason: `there is no user '${shownIdentity(name)}'` };
    state = { ...state, name, user };
  }
  const { channel } = state;
  const eap = ours(avpCodes.eapMessage);
  if (eap.length > 0) {
    const conversation = running ?? call.inner.converse();
    const packet = concat(...eap.map(({ value }) => value));
    const answer = await conversation.respond(packet);
    wipe(packet);
    return onAnswer(service, state, answer, conversation);
  }
  const offer = passwordOfferIn(avps);
  if (offer === undefined) return { kind: "ignored", reason: "nothing to authenticate with" };
  const identity = state.name ?? new Uint8Array();
  // TLS 1.3 has no other exporter without a context. RFC 9427, section 2.4.
  const implicit = (length: number) => channel.session.export("ttls challenge", undefined, length);
  const verdict = judgePassword(offer, state.user, identity, implicit);
  switch (verdict.kind) {
    case "right":
      return succeed(service, channel, identity);
    case "wrong":
      return { kind: "failure", reason: verdict.reason };
    case "told": {
      const end: End = verdict.right ? { kind: "success", identity } : { kind: "failure", reason: verdict.reason };
      return { kind: "request", data: channel.seal(verdict.avp), state: { ...state, phase: { kind: "telling", end } } };
    }
  }
}

function onAnswer(service: TlsService, state: State, answer: EapAnswer, conversation: EapConversation): Step {
  const { channel } = state;
  switch (answer.kind) {
    case "request": {
      const avp = encodeAvp({ code: avpCodes.eapMessage, vendor: 0, mandatory: true, value: answer.packet });
      return {
        kind: "request",
        data: channel.seal(avp),
        state: { ...state, phase: { kind: "inside", conversation } },
      };
    }
    case "success":
      // TTLS takes no keys from inside.
      wipe(answer.keys?.msk, answer.keys?.emsk);
      return succeed(service, channel, answer.identity);
    case "failure":
      return { kind: "failure", reason: answer.reason };
    case "ignored":
      return { kind: "ignored", reason: answer.reason };
  }
}

function succeed(service: TlsService, channel: TlsChannel, identity: Uint8Array): Step {
  if (service.resumes && !channel.session.resumed) channel.session.remember(rememberedData(ttlsType, identity));
  return { kind: "success", keys: channel.keys(ttlsType, keyLabel), identity };
}

const knownCodes: ReadonlySet<number> = new Set(Object.values(avpCodes));
const knownMicrosoftCodes: ReadonlySet<number> = new Set(Object.values(microsoftAvpCodes));

/** All but the name, which stays. */
function wipeAvps(avps: readonly TtlsAvp[]): void {
  for (const { vendor, code, value } of avps) if (vendor !== 0 || code !== avpCodes.userName) wipe(value);
}

const isKnown = ({ vendor, code }: TtlsAvp): boolean =>
  vendor === 0 ? knownCodes.has(code) : vendor === microsoft && knownMicrosoftCodes.has(code);
