/** What the EAP server would say to its certificates when it starts. */

import { ConfigurationError } from "../../base/errors.ts";
import { Log } from "../../base/log.ts";
import type { Finding } from "../../config/check.ts";
import type { FileSource } from "../../config/kinds.ts";
import type { Configuration } from "../../config/registry.ts";
import { tlsEngine } from "../../crypto/tls/engine.ts";
import { createTlsMethods, tlsMethodSettingsOf, wantsTls } from "../../eap/tls/methods.ts";
import { systemClock } from "../../linux/clock.ts";

export function certificateFindings({ bsses }: Configuration, read: FileSource): Finding[] {
  return bsses.flatMap((settings, bss): Finding[] => {
    if (!settings.eap_server || !wantsTls(settings)) return [];
    const found: Finding[] = [];
    const property = settings.server_cert === undefined ? "private_key" : "server_cert";
    const log = new Log(({ level, text }) => {
      if (level === "warning" || level === "error") found.push({ severity: "warning", property, message: text, bss });
    });
    try {
      createTlsMethods(tlsMethodSettingsOf(settings), { engine: tlsEngine(), read, clock: systemClock, log }).close();
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      found.push({ severity: "error", property, message: thrown.message, bss });
    }
    return found;
  });
}
