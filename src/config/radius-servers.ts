/** RADIUS servers: a line with an address begins one, and the lines behind it say more about it. */

import { sameBytes } from "../base/bytes.ts";
import { parseIpAddress } from "../base/ip-address.ts";
import { secretOverTls } from "../wire/radius/over-tls.ts";
import type { Kind, Parsed } from "./kinds.ts";
import { readable } from "./octets.ts";

/** How to speak with it. */
export interface RadiusServer {
  /** An IP address, or a name. */
  readonly host: string;
  readonly port: number;
  /** Octets of the shared secret; a server without one is not asked. */
  readonly secret: Uint8Array | undefined;
  readonly transport: "UDP" | "TLS";
  /** Files, for TLS. */
  readonly caCertificate: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly privateKeyPassword: Uint8Array | undefined;
}

/** @returns undefined where there is none */
export const secretOf = ({ secret, transport }: RadiusServer): Uint8Array | undefined =>
  secret ?? (transport === "TLS" ? secretOverTls : undefined);

/**
 * Why a server is not asked, undefined where it is. Without a secret there is nothing to recognise it by; over TLS that is its certificate, or, where nobody looks
 * at that, a secret that isn't everybody's.
 */
export function faultOf(server: RadiusServer): "no-secret" | "unrecognisable" | undefined {
  const secret = secretOf(server);
  if (secret === undefined) return "no-secret";
  if (server.transport === "UDP" || server.caCertificate !== undefined) return undefined;
  return sameBytes(secret, secretOverTls) ? "unrecognisable" : undefined;
}

/** Beacond takes names too. RFC 1123, section 2.1. */
export const serverHost: Kind<string> = {
  shape: "IPv4 or IPv6 address, or a host's name",
  parse(octets) {
    const value = octets.trim();
    const isName =
      /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\.?$/.test(value) &&
      /[A-Za-z][^.]*\.?$/.test(value) &&
      value.length <= 253;
    if (parseIpAddress(value) !== undefined || isName) return { value };
    return { error: `'${readable(octets)}' is neither an IP address nor the name of a host` };
  },
  format: (value) => value,
};

const nowhere: RadiusServer = {
  host: "",
  port: 0,
  secret: undefined,
  transport: "UDP",
  caCertificate: undefined,
  clientCertificate: undefined,
  privateKey: undefined,
  privateKeyPassword: undefined,
};

/** Each line begins another server. */
export const newServer = (port: number): Kind<readonly RadiusServer[]> => ({
  shape: serverHost.shape,
  addsUp: true,
  parse(text, { files, previous = [] }) {
    const parsed = serverHost.parse(text, { files, previous: undefined });
    if ("error" in parsed) return parsed;
    return { ...parsed, value: [...previous, { ...nowhere, host: parsed.value, port }] };
  },
  format: (servers) => servers.at(-1)?.host ?? "",
});

/** Something about the server that was begun last. */
export const ofLastServer = <F extends keyof RadiusServer>(
  field: F,
  kind: Kind<NonNullable<RadiusServer[F]>>,
): Kind<readonly RadiusServer[]> => ({
  shape: kind.shape,
  ...(kind.freeText === undefined ? {} : { freeText: kind.freeText }),
  parse(text, { files, previous = [] }): Parsed<readonly RadiusServer[]> {
    const parsed = kind.parse(text, { files, previous: undefined });
    if ("error" in parsed) return parsed;
    const last = previous.at(-1) ?? nowhere;
    return { ...parsed, value: [...previous.slice(0, -1), { ...last, [field]: parsed.value }] };
  },
  format(servers) {
    const value = servers.at(-1)?.[field];
    return value === undefined ? "" : kind.format(value);
  },
});
