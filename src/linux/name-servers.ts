/** The name servers that this machine asks. resolv.conf(5). */

import { readFileSync, statSync } from "node:fs";
import { parseIpAddress } from "../base/ip-address.ts";

const path = "/etc/resolv.conf";

/** As many as the C library asks. */
const most = 3;

export const parseResolvConf = (text: string): string[] =>
  text
    .split("\n")
    .flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .filter((address) => parseIpAddress(address) !== undefined)
    .slice(0, most);

/** Reads the file again when it has changed, as with another network that the machine is on. */
export function nameServers(file = path): () => readonly string[] {
  let servers: readonly string[] = [];
  let version = "";
  return () => {
    try {
      const { mtimeNs, ino } = statSync(file, { bigint: true });
      if (`${ino} ${mtimeNs}` !== version) servers = parseResolvConf(readFileSync(file, "utf8"));
      version = `${ino} ${mtimeNs}`;
    } catch {
      // While it is replaced, those of before are as good as any.
    }
    return servers;
  };
}
