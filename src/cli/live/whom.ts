/** Which station somebody means: an address, the name that it has here, its own, or its address of IPv4. */

import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { devicesShape, recordsShape } from "../../control/live-answers.ts";
import { type LiveNetwork, Unanswered } from "./ask.ts";
import { type KnownLease, leasesHere } from "./leases.ts";

export interface Meant {
  readonly address: MacAddress;
  /** What to call it: the name it has here, else its own. */
  readonly name: string | undefined;
}

interface Candidate extends Meant {
  readonly names: readonly (string | undefined)[];
}

/** @param networks one of each daemon @throws Unanswered where nobody is meant, or several are */
export async function stationMeant(networks: readonly LiveNetwork[], text: string): Promise<Meant> {
  const candidates = await everybody(networks);
  const address = parseMacAddress(text);
  if (address !== undefined) return { address, name: candidates.get(address)?.name };
  const wanted = text.toLocaleLowerCase();
  const all = [...candidates.values()];
  const fitting = (fits: (name: string) => boolean): Candidate[] =>
    all.filter(({ names }) => names.some((name) => name !== undefined && fits(name.toLocaleLowerCase())));
  const exact = fitting((name) => name === wanted);
  const found = exact.length > 0 ? exact : fitting((name) => name.startsWith(wanted));
  const [one, ...others] = found;
  if (one === undefined) {
    throw new Unanswered(
      `no station is called '${text}': 'beacon stations' shows who is here, and an address is always understood`,
    );
  }
  if (others.length > 0) {
    const shown = found.map((each) => `${each.address} (${each.name ?? "no name"})`).join(", ");
    throw new Unanswered(`'${text}' may be one of several: ${shown}`);
  }
  return { address: one.address, name: one.name };
}

/** All that have a name or are remembered. */
async function everybody(networks: readonly LiveNetwork[]): Promise<ReadonlyMap<MacAddress, Candidate>> {
  const all = new Map<MacAddress, Candidate>();
  const add = (address: MacAddress, name: string | undefined, ...others: readonly (string | undefined)[]): void => {
    const before = all.get(address);
    const own = name ?? before?.name;
    all.set(address, { address, name: own, names: [...(before?.names ?? []), name, ...others] });
  };
  for (const { hardware, hostName, ip } of leases(leasesHere())) add(hardware, hostName, ip);
  for (const network of networks) {
    for (const { address, name, hostName } of (await network.ask(recordsShape, "BEACON-RECORDS")).stations) {
      add(address, name ?? hostName, hostName);
    }
    for (const { address, name } of (await network.ask(devicesShape, "BEACON-DEVICES")).devices) add(address, name);
  }
  return all;
}

const leases = (known: ReadonlyMap<MacAddress, KnownLease>): Iterable<KnownLease> => known.values();
