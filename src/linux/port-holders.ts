/** Who receives on a UDP port. proc(5). */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface PortHolder {
  /** undefined where the process is not ours to see. */
  readonly program: string | undefined;
  readonly pid: number | undefined;
  /** `0.0.0.0` for all addresses. */
  readonly address: string;
}

/** Of IPv4, in our network namespace. @param procfs where proc(5) is mounted */
export function udpPortHolders(port: number, procfs = "/proc"): PortHolder[] {
  const holders: PortHolder[] = [];
  for (const line of read(() => readFileSync(`${procfs}/net/udp`, "utf8")).split("\n")) {
    const [, address = "", hexPort = "", inode = ""] =
      /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) (?:\S+\s+){7}(\d+)/.exec(line) ?? [];
    if (hexPort === "" || Number.parseInt(hexPort, 16) !== port) continue;
    holders.push({ ...processWith(inode, procfs), address: addressOf(address) });
  }
  return holders;
}

/** Little-endian, as the kernel has it in memory. */
const addressOf = (hex: string): string =>
  [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");

function processWith(inode: string, procfs: string): Pick<PortHolder, "program" | "pid"> {
  for (const pid of readList(procfs)) {
    if (!/^\d+$/.test(pid)) continue;
    for (const fd of readList(`${procfs}/${pid}/fd`)) {
      if (read(() => readlinkSync(`${procfs}/${pid}/fd/${fd}`)) !== `socket:[${inode}]`) continue;
      return { program: read(() => readFileSync(`${procfs}/${pid}/comm`, "utf8")).trim(), pid: Number(pid) };
    }
  }
  return { program: undefined, pid: undefined };
}

const readList = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
};

function read(action: () => string): string {
  try {
    return action();
  } catch {
    return "";
  }
}
