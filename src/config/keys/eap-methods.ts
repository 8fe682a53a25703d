/** EAP methods without TLS: pwd, SIM, AKA, AKA', TNC. */

import { bssLater, ofBss } from "../entry.ts";
import { boolean, integer, path } from "../kinds.ts";
import { simDatabaseKind } from "../sim-database.ts";

export const eapMethodKeys = {
  pwd_group: ofBss({
    kind: integer(0),
    initial: 19,
    cost: "live",
    doc: "Group for EAP-pwd: 19, 20 or 21. With another one nobody gets in by it.",
  }),
  eap_sim_db: ofBss({
    kind: simDatabaseKind,
    initial: undefined,
    cost: "live",
    doc: "Where EAP-SIM and EAP-AKA ask for triplets and vectors; db=FILE keeps temporary identities in SQLite.",
  }),
  eap_sim_db_timeout: ofBss({
    kind: integer(0),
    initial: 1,
    cost: "live",
    doc: "Seconds to wait for triplets and vectors.",
  }),
  eap_sim_aka_result_ind: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Protected result indications in EAP-SIM and EAP-AKA.",
  }),
  eap_sim_id: ofBss({
    kind: integer(0, 7),
    initial: 3,
    cost: "live",
    doc: "Temporary identities: 1 for pseudonyms, 2 for fast reauthentication; 4 takes the identity that came by EAP where it is known.",
  }),
  eap_sim_aka_fast_reauth_limit: ofBss({
    kind: integer(0, 65535),
    initial: 1000,
    cost: "live",
    doc: "Fast reauthentications before a full authentication.",
  }),
  imsi_privacy_key: ofBss({
    kind: path,
    initial: undefined,
    cost: "live",
    doc: "RSA private key (PEM) for identities that peers encrypt.",
  }),
  tnc: bssLater(
    boolean,
    false,
    "Stations are asked for their state (Trusted Network Connect); there is nobody here to judge it.",
  ),
} as const;
