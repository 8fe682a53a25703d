/** Steps that PEAP, TTLS, FAST and TEAP take in the same way. */

import type { StepSoon } from "../method.ts";
import type { TlsChannel } from "../tls/channel.ts";

/** The handshake of the tunnel. @param onEstablished gets the server's last records, which may be none */
export function stepHandshake<State>(
  channel: TlsChannel,
  message: Uint8Array,
  state: State,
  onEstablished: (output: Uint8Array) => StepSoon<State>,
): StepSoon<State> {
  const progress = channel.handshake(message);
  switch (progress.kind) {
    case "goes-on":
      return { kind: "request", data: channel.send(progress.output), state };
    case "failed":
      // Clients of these methods leave an alert unanswered: they know already.
      return { kind: "failure", reason: progress.reason };
    case "established":
      return onEstablished(progress.output);
  }
}

export type Opened =
  /** @property plain to be wiped */
  | { readonly kind: "opened"; readonly plain: Uint8Array }
  | { readonly kind: "failure"; readonly reason: string }
  | { readonly kind: "ignored"; readonly reason: string };

/** What the peer says in the tunnel. @param awaited in words: `TLVs are awaited` */
export function openMessage(channel: TlsChannel, message: Uint8Array, awaited: string): Opened {
  const plain = channel.open(message);
  if ("refused" in plain) return { kind: "failure", reason: plain.refused };
  if (plain.length === 0) return { kind: "ignored", reason: `nothing, where ${awaited}` };
  return { kind: "opened", plain };
}
