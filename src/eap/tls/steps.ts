/** Steps that all methods over TLS take in the same way. */

import { shownIdentity } from "../identity.ts";
import type { MethodCall, StepSoon } from "../method.ts";
import { rememberedIdentity, type TlsChannel } from "./channel.ts";
import type { TlsFrame } from "./framing.ts";

/** A frame of the peer's: pieces are acknowledged, or answered by the next one; a whole message is the method's. */
export function stepFrame<State>(
  channel: TlsChannel,
  frame: TlsFrame,
  state: State,
  onMessage: (message: Uint8Array) => StepSoon<State>,
): StepSoon<State> {
  const arrival = channel.take(frame);
  switch (arrival.kind) {
    case "refused":
      return { kind: "failure", reason: arrival.reason };
    case "reply":
      return { kind: "request", data: arrival.data, state };
    case "message":
      return onMessage(arrival.message);
  }
}

/**
 * Whose session goes on: it has to be one of this method's, and its user still there, inside.
 * @returns undefined in `identity` where it may not go on, and why
 */
export async function resumedUser(
  call: MethodCall,
  channel: TlsChannel,
  type: number,
): Promise<{ readonly identity: Uint8Array } | { readonly identity: undefined; readonly reason: string }> {
  const identity = rememberedIdentity(channel.session, type);
  if (identity === undefined) return { identity, reason: "it resumes a session that was not one of this method's" };
  if ((await call.inner.findUser(identity)) !== undefined) return { identity };
  return { identity: undefined, reason: `there is no user '${shownIdentity(identity)}' any more` };
}
