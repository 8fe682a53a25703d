/**
 * PEAP, versions 0 and 1: TLS without a client's certificate, and EAP inside. [MS-PEAP]; draft-josefsson-pppext-eap-tls-eap-05 and -10;
 * with TLS 1.3, RFC 9427. Version 0 leaves the headers of inner packets out, and ends with Result and Crypto-Binding TLVs; version 1 ends
 * with an EAP-Success or EAP-Failure inside the tunnel.
 */

import { concat, Reader, Writer } from "../../../base/bytes.ts";
import { type CompoundKeys, deriveBoundMsk, deriveCompoundKeys, resumedCompoundKeys } from "../../../crypto/peap.ts";
import { wipe } from "../../../crypto/secret.ts";
import { decodeEap, eapCodes, eapHeaderLength, encodeEap } from "../../../wire/eap/packet.ts";
import { eapIdentifierOf } from "../../../wire/eap/peek.ts";
import { decodeStatus, decodeTlvs, encodeStatus, encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapAnswer, EapConversation, EapKeys } from "../../contract.ts";
import type { EapMethod, MethodCall, MethodStep, StepSoon } from "../../method.ts";
import { eapTlsLabel, rememberedData, TlsChannel } from "../../tls/channel.ts";
import { encodeTlsStart } from "../../tls/framing.ts";
import type { TlsService } from "../../tls/service.ts";
import { resumedUser, stepFrame } from "../../tls/steps.ts";
import { openMessage, stepHandshake } from "../tunnel-steps.ts";
import { bindingNonceLength, buildBinding, verifyBinding } from "./crypto-binding.ts";

type Phase =
  | { readonly kind: "handshake" }
  /** The server's last records are out; then it begins inside. */
  | { readonly kind: "greeting" }
  | { readonly kind: "inside"; readonly conversation: EapConversation; readonly identifier: number }
  /** Version 0: the result is out, with the binding where it is a success. */
  | {
      readonly kind: "result";
      readonly identifier: number;
      readonly end: End;
      readonly binding: CompoundKeys | undefined;
    }
  /** Version 1: EAP-Success or EAP-Failure is out. */
  | { readonly kind: "ending"; readonly end: End };

type End =
  | { readonly kind: "success"; readonly identity: Uint8Array; readonly resumed: boolean }
  | { readonly kind: "failure"; readonly reason: string };

interface State {
  readonly channel: TlsChannel;
  /** What the peer's flags have told last. */
  readonly received: number;
  readonly phase: Phase;
}

type Step = MethodStep<State>;

const newestVersion = 1;
const peapType = eapTypes.PEAP.type;
/** EAP-TLV, the "method" of version 0's TLVs. */
const extensionsType = 33;

export function peapMethod(service: TlsService): EapMethod<State> {
  return {
    name: "PEAP",
    type: peapType,
    begin(call) {
      const session = service.session({ clientCertificate: "unwanted", purpose: "PEAP" });
      const channel = new TlsChannel(service, call, session, call.user.peapVersion ?? newestVersion);
      const state: State = { channel, received: channel.version, phase: { kind: "handshake" } };
      return { kind: "request", data: encodeTlsStart(channel.version), state };
    },
    respond(call, before, data) {
      const { channel } = before;
      const frame = channel.decode(data);
      const forced = call.user.peapVersion;
      if (forced !== undefined && frame.version !== forced) {
        return {
          kind: "failure",
          reason: `it speaks version ${frame.version}, where ${forced} is what its entry says`,
        };
      }
      // Who has begun inside stays with what that was begun with.
      if (before.phase.kind === "handshake") channel.version = Math.min(channel.version, frame.version);
      const state = { ...before, received: frame.version };
      return stepFrame(channel, frame, state, (message) => onMessage(service, call, state, message));
    },
    forget({ channel, phase }) {
      if (phase.kind === "inside") phase.conversation.abandon();
      if (phase.kind === "result") wipe(phase.binding?.ipmk, phase.binding?.cmk);
      channel.close();
    },
  };
}

function onMessage(service: TlsService, call: MethodCall, state: State, message: Uint8Array): StepSoon<State> {
  const { channel, phase } = state;
  switch (phase.kind) {
    case "handshake":
      return stepHandshake(channel, message, state, (output) => onEstablished(call, state, output));
    case "greeting": {
      const refused = refusalOf(channel, message);
      return refused ?? beginInside(call, state);
    }
    case "inside": {
      const opened = openMessage(channel, message, "a response inside the tunnel is awaited");
      if (opened.kind !== "opened") return opened;
      const packet = channel.version === 0 ? withHeader(phase.identifier, opened.plain) : opened.plain;
      const { conversation } = phase;
      return conversation.respond(packet).then((answer) => {
        // There may be a password in it.
        wipe(opened.plain, packet);
        return onAnswer(call, state, answer, conversation);
      });
    }
    case "result": {
      const plain = channel.open(message);
      if ("refused" in plain) return { kind: "failure", reason: plain.refused };
      return onResult(service, state, phase, plain);
    }
    case "ending": {
      const refused = refusalOf(channel, message);
      if (refused !== undefined) return refused;
      if (phase.end.kind === "failure") return phase.end;
      return succeed(service, channel, phase.end, channel.keys(peapType, eapTlsLabel));
    }
  }
}

/** An acknowledgement may have anything in it that TLS takes. */
function refusalOf(channel: TlsChannel, message: Uint8Array): (Step & { kind: "failure" }) | undefined {
  if (message.length === 0) return undefined;
  const plain = channel.open(message);
  if ("refused" in plain) return { kind: "failure", reason: plain.refused };
  wipe(plain);
  return undefined;
}

function onEstablished(call: MethodCall, state: State, output: Uint8Array): StepSoon<State> {
  const { channel } = state;
  if (channel.session.resumed) return onResumed(call, state, output);
  if (output.length === 0) return beginInside(call, state);
  return {
    kind: "request",
    data: channel.send(output),
    state: { channel, received: state.received, phase: { kind: "greeting" } },
  };
}

/** A session that goes on needs nothing inside: fast reconnect. */
async function onResumed(call: MethodCall, state: State, output: Uint8Array): Promise<Step> {
  const user = await resumedUser(call, state.channel, peapType);
  if (user.identity === undefined) return { kind: "failure", reason: user.reason };
  return sendEnd(call, state, { kind: "success", identity: user.identity, resumed: true }, undefined, output);
}

async function beginInside(call: MethodCall, state: State): Promise<Step> {
  const conversation = call.inner.converse();
  // In version 0 the peer takes the identifier from outside.
  return onAnswer(call, state, await conversation.begin(call.nextIdentifier), conversation);
}

/** Version 0 leaves code, identifier and length out of what is inside. */
const withHeader = (identifier: number, body: Uint8Array): Uint8Array =>
  new Writer(eapHeaderLength + body.length)
    .u8(eapCodes.response)
    .u8(identifier)
    .u16be(eapHeaderLength + body.length)
    .put(body)
    .finish();

function onAnswer(call: MethodCall, state: State, answer: EapAnswer, conversation: EapConversation): Step {
  const { channel } = state;
  switch (answer.kind) {
    case "request": {
      const { packet } = answer;
      const phase: Phase = { kind: "inside", conversation, identifier: eapIdentifierOf(packet) };
      const data = channel.seal(packet.slice(channel.version === 0 ? eapHeaderLength : 0));
      return { kind: "request", data, state: { channel, received: state.received, phase } };
    }
    case "success": {
      const step = sendEnd(call, state, { kind: "success", identity: answer.identity, resumed: false }, answer.keys);
      wipe(answer.keys?.msk, answer.keys?.emsk);
      return step;
    }
    case "failure":
      return sendEnd(call, state, { kind: "failure", reason: answer.reason }, undefined);
    case "ignored":
      return { kind: "ignored", reason: answer.reason };
  }
}

/** @param output records that go out before */
function sendEnd(
  call: MethodCall,
  state: State,
  end: End,
  inner: EapKeys | undefined,
  output: Uint8Array = new Uint8Array(),
): Step {
  const { channel } = state;
  const identifier = call.nextIdentifier;
  if (channel.version !== 0) {
    const data = channel.seal(encodeEap({ code: end.kind, identifier }), output);
    return { kind: "request", data, state: { ...state, phase: { kind: "ending", end } } };
  }
  const binding = end.kind === "success" ? compoundKeysOf(channel, inner) : undefined;
  const versions = { ours: channel.version, received: state.received };
  const tlvs = [
    encodeTlv(tlvTypes.result, encodeStatus(end.kind), true),
    ...(binding === undefined ? [] : [buildBinding(binding, versions, call.entropy.bytes(bindingNonceLength))]),
  ];
  const packet = encodeEap({
    code: "request",
    identifier,
    type: { vendor: 0, type: extensionsType },
    expanded: false,
    data: concat(...tlvs),
  });
  const phase: Phase = { kind: "result", identifier, end, binding };
  return { kind: "request", data: channel.seal(packet, output), state: { ...state, phase } };
}

function compoundKeysOf(channel: TlsChannel, inner: EapKeys | undefined): CompoundKeys {
  const tunnelKey = channel.exportKeys(peapType, eapTlsLabel);
  const keys = channel.session.resumed
    ? resumedCompoundKeys(tunnelKey)
    : deriveCompoundKeys(channel.version, tunnelKey, inner?.msk);
  wipe(tunnelKey);
  return keys;
}

function onResult(service: TlsService, state: State, phase: Phase & { kind: "result" }, plain: Uint8Array): Step {
  const { channel } = state;
  const { end, binding } = phase;
  const packet = decodeEap(new Reader(plain, ["PEAP", "result"]));
  if (packet.code !== "response" || packet.type.vendor !== 0 || packet.type.type !== extensionsType) {
    return { kind: "ignored", reason: "something else, where the result is to be confirmed" };
  }
  const tlvs = decodeTlvs(new Reader(packet.data, ["PEAP", "result", "TLVs"]));
  if (end.kind === "failure") return end;
  const unknown = tlvs.find(({ type, mandatory }) => mandatory && !knownTlvs.has(type));
  if (unknown !== undefined) return { kind: "failure", reason: `it wants a TLV of type ${unknown.type} understood` };
  const itsBinding = tlvs.find(({ type }) => type === tlvTypes.cryptoBinding);
  if (itsBinding !== undefined && binding !== undefined) {
    if (!verifyBinding(binding, channel.version, itsBinding.mandatory, itsBinding.value)) {
      return { kind: "failure", reason: "its cryptographic binding is wrong: somebody may be in the middle" };
    }
  }
  const result = tlvs.find(({ type }) => type === tlvTypes.result);
  if (result === undefined) return { kind: "ignored", reason: "no result, where it is to be confirmed" };
  if (decodeStatus(result.value) !== "success")
    return { kind: "failure", reason: "the peer does not take it for a success" };
  const isBound = itsBinding !== undefined && binding !== undefined;
  const keys = isBound
    ? { msk: deriveBoundMsk(channel.version, binding.ipmk), emsk: undefined, sessionId: channel.sessionId(peapType) }
    : channel.keys(peapType, eapTlsLabel);
  return succeed(service, channel, end, keys);
}

const knownTlvs: ReadonlySet<number> = new Set([tlvTypes.result, tlvTypes.cryptoBinding]);

function succeed(service: TlsService, { session }: TlsChannel, end: End & { kind: "success" }, keys: EapKeys): Step {
  if (service.resumes && !end.resumed) session.remember(rememberedData(peapType, end.identity));
  return { kind: "success", keys, identity: end.identity };
}
