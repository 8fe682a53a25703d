/** What the EAP server knows of users. */

import type { EapUser } from "../config/eap-user.ts";

export type { EapUser, TtlsAuthentication } from "../config/eap-user.ts";

export interface EapUsers {
  /** @param phase 2 inside a tunnel @returns undefined where there is none; a promise that is broken means that nobody can say */
  find(identity: Uint8Array, phase: 1 | 2): EapUser | undefined | Promise<EapUser | undefined>;
}
