/** Sessions that go on with nothing inside but the binding: who was shown in them stays with them. RFC 9930, section 3.5. */

import { concat, MalformedError, Reader, Writer } from "../../../base/bytes.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import { shownIdentity } from "../../identity.ts";
import type { MethodCall } from "../../method.ts";
import { rememberedData, rememberedIdentity, type TlsChannel } from "../../tls/channel.ts";
import { mostIdentities, type WantedIdentities } from "./identities.ts";

const teapType = eapTypes.TEAP.type;

/** @param shown in their order: a user, a machine, or one after the other */
export function rememberShown({ session }: TlsChannel, shown: readonly Uint8Array[]): void {
  const list = shown.map((identity) => concat(new Writer().u16be(identity.length).finish(), identity));
  session.remember(rememberedData(teapType, concat(...list)));
}

export type Resumed =
  | { readonly kind: "resumed"; readonly identity: Uint8Array }
  | { readonly kind: "refused"; readonly reason: string };

/** Each of those whose session it is has to be a user still; the last one is who is let in, and whose attributes count. */
export async function resumedShown(call: MethodCall, channel: TlsChannel, wanted: WantedIdentities): Promise<Resumed> {
  const refused = (reason: string): Resumed => ({ kind: "refused", reason });
  const remembered = rememberedIdentity(channel.session, teapType);
  const shown = remembered && listIn(remembered);
  const last = shown?.at(-1);
  if (shown === undefined || last === undefined) {
    return refused("it resumes a session that was not one of this method's");
  }
  if (shown.length < mostIdentities(wanted)) {
    return refused("it resumes a session in which it has not shown both identities");
  }
  for (const identity of shown) {
    if ((await call.inner.findUser(identity)) === undefined) {
      return refused(`there is no user '${shownIdentity(identity)}' any more`);
    }
  }
  return { kind: "resumed", identity: last };
}

function listIn(octets: Uint8Array): Uint8Array[] | undefined {
  const r = new Reader(octets, ["TEAP session"]);
  const list: Uint8Array[] = [];
  try {
    while (r.remaining > 0) list.push(r.take(r.u16be()).slice());
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
  return list;
}
