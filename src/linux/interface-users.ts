/** Who else is at a network interface: programs with a control socket of its name, as hostapd and wpa_supplicant have. */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

export interface InterfaceUser {
  /** `wpa_supplicant` */
  readonly program: string;
  readonly pid: number;
  /** `/run/wpa_supplicant/wlan0` */
  readonly socket: string;
}

/**
 * Only programs that we may look at, in our network namespace, ourselves left out.
 * @param procfs where proc(5) is mounted
 */
export function interfaceUsers(interfaceName: string, procfs = "/proc"): readonly InterfaceUser[] {
  const sockets = socketsNamed(interfaceName, procfs);
  if (sockets.size === 0) return [];
  const users: InterfaceUser[] = [];
  for (const pid of list(procfs)) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    for (const fd of list(`${procfs}/${pid}/fd`)) {
      const [, inode = ""] = /^socket:\[(\d+)\]$/.exec(read(() => readlinkSync(`${procfs}/${pid}/fd/${fd}`))) ?? [];
      const socket = sockets.get(inode);
      if (socket === undefined) continue;
      const program = read(() => readFileSync(`${procfs}/${pid}/comm`, "utf8")).trim();
      users.push({ program, pid: Number(pid), socket });
    }
  }
  return users;
}

/** Paths of bound UNIX sockets by inode. The inode is the seventh column, the path the eighth and last. */
function socketsNamed(name: string, procfs: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of read(() => readFileSync(`${procfs}/net/unix`, "utf8")).split("\n")) {
    const [, inode, path] = /^(?:\S+\s+){6}(\d+)\s(\/.*)$/.exec(line) ?? [];
    if (inode !== undefined && path !== undefined && basename(path) === name) found.set(inode, path);
  }
  return found;
}

const list = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
};

/** A process may end while it is looked at, and others' are not ours to see. */
function read(action: () => string): string {
  try {
    return action();
  } catch {
    return "";
  }
}
