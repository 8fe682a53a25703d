/** Reauthentication Timer state machine: runs while the port is authorized. IEEE Std 802.1X-2004, 8.2.8. */

import { seconds } from "../base/duration.ts";
import type { AuthenticatorEffect, AuthenticatorState } from "./authenticator-state.ts";

/** From the beginning, or not at all. */
export function reauthenticationEffects({
  isAuthorized,
  settings,
}: Pick<AuthenticatorState, "isAuthorized" | "settings">): readonly AuthenticatorEffect[] {
  const { control, reAuthEnabled, reAuthPeriod } = settings;
  return isAuthorized && reAuthEnabled && control === "auto" && reAuthPeriod > 0
    ? [{ type: "arm", timer: "reAuthWhen", after: seconds(reAuthPeriod) }]
    : [{ type: "disarm", timer: "reAuthWhen" }];
}
