import { ConfigurationError } from "../../base/errors.ts";
import { opensslTls } from "../backend/openssl-tls.ts";
import type { TlsEngine } from "./port.ts";

/** The process's TLS. @throws ConfigurationError where Node brings none that can be called, with what to do */
export const tlsEngine = (): TlsEngine => usable(opensslTls());

/** @throws ConfigurationError where there is none */
export function usable(engine: ReturnType<typeof opensslTls>): TlsEngine {
  if ("missing" in engine) {
    throw new ConfigurationError(
      `EAP-TLS, PEAP, TTLS, TEAP and FAST need the OpenSSL inside Node, and this Node has none that can be called (${engine.missing}): ` +
        "use Node's own build from nodejs.org, or a distribution's that is linked to OpenSSL 3",
    );
  }
  return engine;
}
