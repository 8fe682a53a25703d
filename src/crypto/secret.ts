import { timingSafe } from "./backend/node.ts";

/** Compares without telling by its time where the first difference is; lengths are no secret. */
export const sameSecret = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafe(a, b);

/** Overwrites keys that are no longer needed. Copies that the runtime made on its own are beyond our reach (SECURITY.md). */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
