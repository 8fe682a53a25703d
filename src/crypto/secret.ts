import { timingSafe } from "./backend/node.ts";

/** Compares without telling by its time where the first difference is; lengths are no secret. */
export const sameSecret = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafe(a, b);

/** The first octets of what the parts make together; wipes the parts. @param length no more than they have */
export function joinSecrets(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    const wanted = part.subarray(0, length - offset);
    joined.set(wanted, offset);
    offset += wanted.length;
    wipe(part);
  }
  return joined;
}

/** Overwrites what is among the first and not among the others: a state took another's place, which may share some of it. */
export const wipeReplaced = (
  before: readonly (Uint8Array | undefined)[],
  after: readonly (Uint8Array | undefined)[],
): void => wipe(...before.filter((secret) => !after.includes(secret)));

/** Overwrites keys that are no longer needed. Copies that the runtime made on its own are beyond our reach (SECURITY.md). */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
