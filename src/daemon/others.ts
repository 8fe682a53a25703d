/** Other programs at the interfaces that we are to use. */

import { type BeaconError, KernelRefusal } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { interfaceUsers } from "../linux/interface-users.ts";

/** What has a network's interface as a station takes it back when it likes. */
export function warnOfOthers(interfaceNames: readonly string[], log: Log): void {
  for (const name of interfaceNames) {
    for (const { program, pid } of interfaceUsers(name)) {
      log.warning(
        `${name} is in use by ${program} (process ${pid}) too, which may disturb the network: ${remedy(pid)}`,
      );
    }
  }
}

/** The message of an error, and where something has what we need, what that is and what helps. */
export function explain(error: BeaconError, interfaceNames: readonly string[]): string {
  if (!(error instanceof KernelRefusal) || !["EBUSY", "EADDRINUSE"].includes(error.errno)) return error.message;
  const users = interfaceNames.flatMap((name) => interfaceUsers(name).map((user) => ({ name, ...user })));
  const known = users.map(
    ({ name, program, pid, socket }) => `${name} is in use by ${program} (process ${pid}, ${socket}): ${remedy(pid)}`,
  );
  const others = `another program uses ${interfaceNames.join(" or ")}: look for hostapd, wpa_supplicant, iwd or NetworkManager, and stop it`;
  return `${error.message}; ${known.length > 0 ? known.join("; ") : others}`;
}

const remedy = (pid: number): string => `stop it first ('kill ${pid}', or the service that it belongs to)`;
