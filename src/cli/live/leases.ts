/** Who has which address, as the files of DHCP servers on this machine tell. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { count, fromJson, maybe, object, oneOf, text } from "../../base/shape.ts";
import { stateDirectory } from "../../daemon/device-file.ts";

export interface KnownLease {
  readonly hardware: MacAddress;
  readonly ip: string;
  readonly hostName: string | undefined;
  /** Seconds of UNIX time; undefined for one without an end. */
  readonly until: number | undefined;
}

/** Of `beacon dhcp` and `beacon up`; a line is what shows that it is whole, and JSON. */
const ownDirectories = (): readonly string[] => [stateDirectory(), "/var/lib/beacond", "/run/beacond/leases"];
/** Of dnsmasq, where Debian and OpenWrt have it. */
const dnsmasqFiles = ["/var/lib/misc/dnsmasq.leases", "/tmp/dhcp.leases"];

const largestFile = 64 * 1024 * 1024;

/** Those that have not ended. Files that can't be read are none. @param more files of `beacon dhcp --leases` */
export function leasesHere(
  more: readonly string[] = [],
  now: number = Date.now() / 1000,
): ReadonlyMap<MacAddress, KnownLease> {
  const leases = new Map<MacAddress, KnownLease>();
  const put = (lease: KnownLease): void => {
    if (lease.until === undefined || lease.until > now) leases.set(lease.hardware, lease);
    else leases.delete(lease.hardware);
  };
  for (const path of dnsmasqFiles) for (const lease of dnsmasqLeases(textIn(path))) put(lease);
  const own = [...new Set(ownDirectories())].flatMap((directory) => filesIn(directory));
  for (const path of [...own, ...more]) for (const lease of ownLeases(textIn(path))) put(lease);
  return leases;
}

function filesIn(directory: string): string[] {
  try {
    const isRun = directory.endsWith("/leases");
    return readdirSync(directory)
      .filter((name) => (isRun ? !name.endsWith(".lock") && !name.endsWith(".new") : name.endsWith(".leases")))
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function textIn(path: string): string {
  try {
    const octets = readFileSync(path);
    return octets.length > largestFile ? "" : octets.toString("utf8");
  } catch {
    return "";
  }
}

const recordShape = object({
  address: text,
  hardware: maybe(text),
  hostName: maybe(text),
  state: oneOf("bound", "released", "declined"),
  until: maybe(count),
});

/** Of a journal, where the last line of an address counts. What means nothing is passed over. */
export function ownLeases(journal: string): readonly KnownLease[] {
  const byAddress = new Map<string, KnownLease>();
  for (const line of journal.split("\n")) {
    const json = line.slice(line.indexOf(" ") + 1);
    let record: ReturnType<typeof recordShape>;
    try {
      record = fromJson(recordShape, json);
    } catch {
      continue;
    }
    byAddress.delete(record.address);
    const hardware = record.hardware === undefined ? undefined : parseMacAddress(record.hardware);
    if (record.state !== "bound" || hardware === undefined) continue;
    byAddress.set(record.address, { hardware, ip: record.address, hostName: record.hostName, until: record.until });
  }
  return [...byAddress.values()];
}

/** `1700000000 00:00:5e:00:53:01 192.168.1.10 phone 01:00:...`: when it ends, 0 for never; `*` for no name. dnsmasq(8). */
export function dnsmasqLeases(file: string): readonly KnownLease[] {
  return file.split("\n").flatMap((line): KnownLease[] => {
    const [until, address, ip, hostName] = line.split(" ");
    const hardware = parseMacAddress(address ?? "");
    if (hardware === undefined || ip === undefined || !/^\d+$/.test(until ?? "") || !/^[\d.]+$/.test(ip)) return [];
    const end = Number(until);
    return [{ hardware, ip, hostName: hostName === "*" ? undefined : hostName, until: end === 0 ? undefined : end }];
  });
}
