import { lookup } from "node:dns/promises";
import { messageOf } from "../base/errors.ts";

/**
 * The first address of a host, as the system's resolver knows it.
 * @param from one of this machine's own that it has to be reached from, which leaves its family only
 * @returns why not, in words, where there is none
 */
export async function resolveHost(
  host: string,
  from?: string,
): Promise<{ readonly address: string } | { readonly failed: string }> {
  const family = from === undefined ? 0 : from.includes(":") ? 6 : 4;
  try {
    return { address: (await lookup(host, { family })).address };
  } catch (thrown) {
    return { failed: `${host} has no address: ${messageOf(thrown)}` };
  }
}
