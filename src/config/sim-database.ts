/** `eap_sim_db`: where EAP-SIM and EAP-AKA ask for triplets and vectors, and where they keep temporary identities. */

import type { Kind } from "./kinds.ts";
import { type MilenageSubscriber, parseMilenageFile } from "./milenage-file.ts";
import { parseNamedFile } from "./named-file.ts";
import { octetsOf, octetTextOfString, readable } from "./octets.ts";

export type SimDatabase = {
  /** As it stands in the file. */
  readonly text: string;
  /** SQLite database for temporary identities; in memory where undefined. */
  readonly identities: string | undefined;
} /** Nobody that could be asked. */ & (
  | { readonly kind: "none" }
  | { readonly kind: "gateway"; readonly socket: string }
  | { readonly kind: "milenage"; readonly subscribers: ReadonlyMap<string, MilenageSubscriber> }
);

const gatewayPrefix = "unix:";
const milenagePrefix = "milenage:";
const identitiesMark = " db=";

export const simDatabaseKind: Kind<SimDatabase> = {
  shape:
    "unix: and the path of hlr_auc_gw's socket, or milenage: and a file of subscribers; then perhaps db= and a database",
  parse(octets, { files }) {
    const text = new TextDecoder().decode(octetsOf(octets));
    const mark = text.indexOf(identitiesMark);
    const source = mark < 0 ? text : text.slice(0, mark);
    const identities = mark < 0 ? undefined : text.slice(mark + identitiesMark.length);
    if (identities === "") return { error: "the path of the database is missing" };
    if (source.startsWith(gatewayPrefix)) {
      const socket = source.slice(gatewayPrefix.length);
      if (socket === "") return { error: "the path of the socket is missing" };
      return { value: { kind: "gateway", text, identities, socket } };
    }
    if (!source.startsWith(milenagePrefix)) {
      const warning = `begins neither with ${gatewayPrefix} nor with ${milenagePrefix}: nobody gets in by EAP-SIM or EAP-AKA`;
      return { value: { kind: "none", text, identities }, warning: `'${readable(octets)}' ${warning}` };
    }
    const path = source.slice(milenagePrefix.length);
    return parseNamedFile(path, files, (contents) => {
      const { subscribers, problems } = parseMilenageFile(contents, path);
      return { value: { kind: "milenage", text, identities, subscribers }, problems };
    });
  },
  format: ({ text }) => octetTextOfString(text),
};
