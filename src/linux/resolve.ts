import { lookup } from "node:dns/promises";
import { messageOf } from "../base/errors.ts";

/** The first address of a host, as the system's resolver knows it. @returns why not, in words, where there is none */
export async function resolveHost(host: string): Promise<{ readonly address: string } | { readonly failed: string }> {
  try {
    return { address: (await lookup(host)).address };
  } catch (thrown) {
    return { failed: `${host} has no address: ${messageOf(thrown)}` };
  }
}
