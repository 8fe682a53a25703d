/** Statements that say one thing about how clients are served. */

import { octetsOf } from "../octets.ts";
import type { Parameters } from "./configuration.ts";
import type { Cursor } from "./cursor.ts";
import { address, flag, integer } from "./option-values.ts";
import { notHonoured, withoutEffect } from "./statements.ts";

type Reader = (cursor: Cursor) => Parameters;

const seconds = (cursor: Cursor): number => (cursor.skips("infinite") ? 0xffff_ffff : integer(cursor, 0, 0xffff_ffff));

/** @param longest octets that the message has room for, with a zero at the end @throws Abandoned */
function quoted(cursor: Cursor, longest: number): Uint8Array {
  const { token } = cursor;
  if (token.kind !== "string") cursor.refuse("text in quotes is wanted here");
  if (token.text.length > longest) cursor.refuse(`${token.text.length} octets; there is room for ${longest}`);
  cursor.take();
  return octetsOf(token.text);
}

export const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>(
  Object.entries({
    "default-lease-time": (cursor: Cursor) => ({ defaultLeaseTime: seconds(cursor) }),
    "max-lease-time": (cursor: Cursor) => ({ maxLeaseTime: seconds(cursor) }),
    "min-lease-time": (cursor: Cursor) => ({ minLeaseTime: seconds(cursor) }),
    "ping-check": (cursor: Cursor) => ({ pingCheck: flag(cursor) }),
    "ping-timeout": (cursor: Cursor) => ({ pingTimeout: integer(cursor, 0, 60) }),
    "next-server": (cursor: Cursor) => ({ nextServer: address(cursor) }),
    filename: (cursor: Cursor) => ({ fileName: quoted(cursor, 127) }),
    "server-name": (cursor: Cursor) => ({ serverName: quoted(cursor, 63) }),
    "server-identifier": (cursor: Cursor) => ({ serverIdentifier: address(cursor) }),
    "one-lease-per-client": (cursor: Cursor) => ({ oneLeasePerClient: flag(cursor) }),
    "use-host-decl-names": (cursor: Cursor) => ({ useHostNames: flag(cursor) }),
    "always-broadcast": (cursor: Cursor) => ({ alwaysBroadcast: flag(cursor) }),
  }),
);

type Permission = "unknownClients" | "booting" | "declines" | "duplicates";

export const permissions: ReadonlyMap<string, Permission> = new Map<string, Permission>([
  ["unknown-clients", "unknownClients"],
  ["booting", "booting"],
  ["declines", "declines"],
  ["duplicates", "duplicates"],
]);

export const permissionsWithoutEffect = new Set(["bootp", "client-updates", "leasequery"]);

export const statementNames: ReadonlySet<string> = new Set([
  ...readers.keys(),
  ...withoutEffect.keys(),
  ...notHonoured.keys(),
  ..."include option subnet shared-network pool group host class subclass match range hardware fixed-address".split(
    " ",
  ),
  ..."allow deny ignore authoritative not".split(" "),
]);

/** @param inner counts where both say something */
export function combined(outer: Parameters, inner: Parameters): Parameters {
  const options = new Map([...(outer.options ?? []), ...(inner.options ?? [])]);
  return { ...outer, ...inner, ...(options.size === 0 ? {} : { options }) };
}
