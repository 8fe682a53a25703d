/** Methods that users of the EAP server have, and for which its settings lack something: nobody gets in by them, which otherwise shows at the first attempt. */

import { type EapMethodName, eapTypeName } from "../wire/eap/types.ts";
import { type Found, warning } from "./found.ts";
import type { BssSettings } from "./registry.ts";

interface Need {
  readonly methods: readonly EapMethodName[];
  /** Keys that are missing, in words; undefined where all is there. */
  readonly missing: (settings: BssSettings) => string | undefined;
}

const needs: readonly Need[] = [
  {
    methods: ["TLS", "PEAP", "TTLS", "TEAP", "UNAUTH-TLS", "WFA-UNAUTH-TLS"],
    missing: ({ server_cert, private_key }) =>
      server_cert === undefined && private_key === undefined
        ? "a certificate (server_cert and private_key)"
        : undefined,
  },
  {
    methods: ["FAST"],
    missing: ({ eap_fast_a_id, pac_opaque_encr_key }) =>
      eap_fast_a_id === undefined || pac_opaque_encr_key === undefined
        ? "eap_fast_a_id and pac_opaque_encr_key"
        : undefined,
  },
  {
    methods: ["SIM", "AKA", "AKA'"],
    missing: ({ eap_sim_db }) =>
      eap_sim_db === undefined || eap_sim_db.kind === "none" ? "an authentication centre (eap_sim_db)" : undefined,
  },
];

export function* eapFindings(bss: BssSettings): Generator<Found> {
  const users = bss.eap_user_file?.users;
  if (!users || (!bss.eap_server && !bss.radius_server_clients)) return;
  const named = new Set(users.methods.map(eapTypeName));
  for (const { methods, missing } of needs) {
    const concerned = methods.filter((name) => named.has(name));
    const lacking = concerned.length > 0 ? missing(bss) : undefined;
    if (lacking === undefined) continue;
    yield warning(
      "eap_user_file",
      `users in '${bss.eap_user_file?.path}' have ${concerned.join(", ")}, by which nobody gets in without ${lacking}`,
    );
  }
}
