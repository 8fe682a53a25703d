/** EAP-TLS: certificates on both ends. RFC 5216; with TLS 1.3, RFC 9190. */

import { concat, type Reader, utf8 } from "../../base/bytes.ts";
import { eapTypes, expandedType } from "../../wire/eap/types.ts";
import type { EapKeys } from "../contract.ts";
import type { EapMethod, MethodCall, MethodStep, StepSoon } from "../method.ts";
import { eapTlsLabel, rememberedData, rememberedIdentity, TlsChannel } from "../tls/channel.ts";
import { encodeTlsStart } from "../tls/framing.ts";
import type { TlsService } from "../tls/service.ts";
import { stepFrame } from "../tls/steps.ts";

type Phase =
  | { readonly kind: "handshake" }
  /** The server's last records are out. */
  | { readonly kind: "finishing" }
  /** An alert is out. */
  | { readonly kind: "failing"; readonly reason: string };

interface State {
  readonly channel: TlsChannel;
  readonly phase: Phase;
}

export interface EapTlsOptions {
  /** eap_skip_prot_success: for tests of clients. */
  readonly withoutIndication?: boolean;
}

/** What says in TLS 1.3 that the handshake is over: a record with one octet of zero. RFC 9190, section 2.1.1. */
const commitment = (): Uint8Array => Uint8Array.of(0);

export const tlsMethod = (service: TlsService, options: EapTlsOptions = {}): EapMethod<State> =>
  method("TLS", { type: eapTypes.TLS.type }, true, service, options);

/** EAP-TLS without a client's certificate: encryption for anybody, as for emergency calls. Two vendors have a type for it. */
export const unauthTlsMethod = (
  service: TlsService,
  name: "UNAUTH-TLS" | "WFA-UNAUTH-TLS" = "UNAUTH-TLS",
): EapMethod<State> => {
  const { vendor, type } = eapTypes[name];
  return method(name, { type: expandedType, vendor: { id: vendor, type } }, false, service, {});
};

function method(
  name: string,
  types: Pick<EapMethod<State>, "type" | "vendor">,
  wantsCertificate: boolean,
  service: TlsService,
  options: EapTlsOptions,
): EapMethod<State> {
  // The keys of all of them are those of EAP-TLS.
  const { type } = eapTypes.TLS;
  const remembered = types.vendor === undefined ? type : types.type;

  const succeed = async (call: MethodCall, { channel }: State, resumed: boolean): Promise<MethodStep<State>> => {
    const { session } = channel;
    if (!resumed && service.resumes) session.remember(rememberedData(remembered));
    const serial = wantsCertificate ? session.peerSerial() : undefined;
    // A user may have an entry for its certificate, with what it is granted.
    if (serial !== undefined) await call.inner.findUser(utf8(`cert-${serial}`), call.phase);
    const keys: EapKeys = channel.keys(type, eapTlsLabel);
    return { kind: "success", keys: types.vendor === undefined ? keys : { ...keys, sessionId: undefined } };
  };

  const onMessage = (call: MethodCall, state: State, message: Uint8Array): StepSoon<State> => {
    const { channel, phase } = state;
    if (phase.kind === "failing") return { kind: "failure", reason: phase.reason };
    if (phase.kind === "finishing" && message.length === 0) return succeed(call, state, channel.session.resumed);
    const progress = channel.handshake(message);
    switch (progress.kind) {
      case "goes-on":
        return { kind: "request", data: channel.send(progress.output), state };
      case "failed":
        if (progress.output.length === 0) return { kind: "failure", reason: progress.reason };
        return {
          kind: "request",
          data: channel.send(progress.output),
          state: { channel, phase: { kind: "failing", reason: progress.reason } },
        };
      case "established": {
        if (phase.kind === "finishing") return succeed(call, state, channel.session.resumed);
        const { session } = channel;
        if (session.resumed && rememberedIdentity(session, remembered) === undefined) {
          return { kind: "failure", reason: "it resumes a session that was not one of this method's" };
        }
        const indicates = channel.isTls13 && options.withoutIndication !== true;
        const indication = indicates ? (session.write(commitment()) ?? new Uint8Array()) : new Uint8Array();
        const output = concat(progress.output, indication);
        if (output.length === 0) return succeed(call, state, session.resumed);
        return { kind: "request", data: channel.send(output), state: { channel, phase: { kind: "finishing" } } };
      }
    }
  };

  return {
    name,
    ...types,
    begin(call) {
      const clientCertificate = wantsCertificate ? "required" : "unwanted";
      const channel = new TlsChannel(service, call, service.session({ clientCertificate, purpose: name }));
      return { kind: "request", data: encodeTlsStart(0), state: { channel, phase: { kind: "handshake" } } };
    },
    respond(call, state, data: Reader) {
      const { channel } = state;
      return stepFrame(channel, channel.decode(data), state, (message) => onMessage(call, state, message));
    },
    forget({ channel }) {
      channel.close();
    },
  };
}
