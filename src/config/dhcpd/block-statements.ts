/** Statements that say something of the block that they stand in: its addresses, its device, who is let in. */

import { formatIpv4Address } from "../../base/ipv4-address.ts";
import { parseMacAddress } from "../../base/mac-address.ts";
import type { Permit } from "./configuration.ts";
import type { Cursor } from "./cursor.ts";
import { address } from "./option-values.ts";
import { permissions, permissionsWithoutEffect } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import type { Place } from "./tokens.ts";

export function readRange(cursor: Cursor, scope: Scope, at: Place): void {
  if (scope.kind !== "subnet" && scope.kind !== "pool") cursor.note(at, "a range belongs into a subnet or a pool");
  if (cursor.isWord("dynamic-bootp")) {
    cursor.note(cursor.token.at, "BOOTP clients get fixed addresses only", { severity: "warning" });
    cursor.take();
  }
  const place = cursor.token.at;
  const first = address(cursor);
  const lastAt = cursor.token.at;
  const last = cursor.isMark(";") ? first : address(cursor);
  if (last < first) {
    const swapped = `${formatIpv4Address(last)} ${formatIpv4Address(first)}`;
    cursor.note(lastAt, `the range ends before it begins; most likely ${swapped} is meant`);
  } else {
    scope.ranges.push({ range: { first, last }, at: place });
  }
  cursor.expect(";");
}

export function readHardware(cursor: Cursor, scope: Scope, at: Place): void {
  if (scope.kind !== "host") cursor.note(at, "'hardware' belongs into a host");
  const type = cursor.word("'ethernet'").text.toLowerCase();
  const token = cursor.word("the device's address");
  const hardware = parseMacAddress(token.text.replace(/(?<![0-9a-f])[0-9a-f](?![0-9a-f])/gi, "0$&"));
  if (hardware !== undefined && type === "ethernet") scope.hardware = hardware;
  else if (type !== "ethernet") cursor.note(token.at, `hardware is of type 'ethernet', not '${type}'`);
  else cursor.note(token.at, complaintOfHardware(token.text));
  cursor.expect(";");
}

function complaintOfHardware(text: string): string {
  if (/^x+(?:[:-]x+)*$/i.test(text)) {
    return `'${text}' stands for an address: write the device's own, as its label, 'beacon cli all_sta' or 'ip neigh' show it`;
  }
  return `'${text}' is no hardware address: six pairs of hexadecimal digits with colons between them are`;
}

export function readFixedAddress(cursor: Cursor, scope: Scope, at: Place): void {
  if (scope.kind !== "host") cursor.note(at, "'fixed-address' belongs into a host");
  do scope.fixedAddresses.push(address(cursor));
  while (cursor.skips(","));
  cursor.expect(";");
}

/** @param hasClass whether a class of that name stands before */
export function readPermission(
  cursor: Cursor,
  scope: Scope,
  { action, at }: { readonly action: "allow" | "deny" | "ignore"; readonly at: Place },
  hasClass: (name: string) => boolean,
): void {
  const token = cursor.word("whom or what");
  const what = token.text.toLowerCase();
  if (scope.kind === "pool") {
    const permit = readPermit(cursor, what, hasClass);
    if (permit !== undefined) scope.permits.push({ action: action === "allow" ? "allow" : "deny", who: permit });
    else cursor.note(token.at, `'${what}' is not known of a pool`, { severity: "warning" });
    return cursor.expect(";");
  }
  const name = permissions.get(what);
  if (name === undefined) {
    const severity = permissionsWithoutEffect.has(what) ? "note" : "warning";
    cursor.note(at, `'${action} ${what}' has no effect here`, { severity });
  } else {
    scope.parameters[name] = action === "allow";
  }
  cursor.expect(";");
}

function readPermit(cursor: Cursor, what: string, hasClass: (name: string) => boolean): Permit["who"] | undefined {
  if (what === "known-clients" || what === "unknown-clients") return { kind: what };
  if (what === "known") {
    cursor.skips("clients");
    return { kind: "known-clients" };
  }
  if (what === "unknown") {
    cursor.skips("clients");
    return { kind: "unknown-clients" };
  }
  if (what === "all") {
    cursor.skips("clients");
    return { kind: "all-clients" };
  }
  if (what !== "members") return undefined;
  if (!cursor.skips("of")) cursor.refuse("'of' is wanted here");
  const { token } = cursor;
  if (token.kind !== "string") cursor.refuse("the class's name, in quotes, is wanted here");
  cursor.take();
  if (!hasClass(token.text)) cursor.note(token.at, `there is no class '${token.text}' before this`);
  return { kind: "members", className: token.text };
}
