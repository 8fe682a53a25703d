/** Who authenticates the stations of a BSS by IEEE 802.1X, after its settings. */

import type { OpenBackend } from "../ap/backend.ts";
import { eapServerBackend } from "../ap/eap-server-backend.ts";
import { openRadiusBackend } from "../ap/radius/eap-backend.ts";
import { ConfiguredEapServer, type EapServerHost } from "./eap-server.ts";

/** The EAP server in this process counts more than servers elsewhere, as with hostapd. */
export const openBackendOf =
  (host: EapServerHost): OpenBackend =>
  (bss) => {
    const { settings } = bss;
    if (!settings.eap_server) return openRadiusBackend(bss);
    const server = new ConfiguredEapServer(settings, host);
    return {
      ...eapServerBackend(server),
      use: (changed) => server.use(changed),
      forgetKeys: () => server.forgetKeys(),
      refresh: () => server.refresh(),
      close: () => server.close(),
    };
  };
