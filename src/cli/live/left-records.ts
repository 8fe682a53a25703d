/** What daemons have left that are no longer there. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { fromJson } from "../../base/shape.ts";
import { DeviceList } from "../../control/devices.ts";
import { deviceFile, stateDirectory } from "../../daemon/device-file.ts";
import { runtimeDirectory } from "../../daemon/record-file.ts";
import { systemClock } from "../../linux/clock.ts";
import { type Saved, savedShape } from "../../observe/record/entry.ts";
import { type Explanation, explain } from "../../observe/record/explanation.ts";

/** The latest first; those that mean nothing, or that may not be read, are none. */
export function leftRecords(directory: string = runtimeDirectory()): readonly Saved[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory).filter((name) => /^record-.+\.json$/.test(name));
  } catch {
    return [];
  }
  const found = names.flatMap((name): Saved[] => {
    try {
      return [fromJson(savedShape, readFileSync(join(directory, name), "utf8"))];
    } catch {
      return [];
    }
  });
  return found.sort((a, b) => b.at - a.at);
}

/** @param who an address, a name, or `last` @returns undefined where nothing is left of it */
export function explainedFromLeft(
  who: string,
  left: readonly Saved[],
  now: number = Date.now() / 1000,
  devices: Pick<DeviceList, "nameOf" | "banOf"> = devicesHere(),
):
  | {
      readonly station: MacAddress;
      readonly name: string | undefined;
      readonly explanation: Explanation;
      readonly ended: number;
    }
  | undefined {
  const address = parseMacAddress(who);
  const wanted = who.toLocaleLowerCase();
  for (const { stations, network, at } of left) {
    const record =
      who === "last"
        ? stations[0]
        : stations.find(({ station, hostName }) =>
            address === undefined
              ? [devices.nameOf(station), hostName].some((name) => name?.toLocaleLowerCase().startsWith(wanted))
              : station === address,
          );
    if (record === undefined) continue;
    const { station, hostName } = record;
    const ban = devices.banOf(station);
    const known = { station, record, network, now, ban, maxInactivity: 0, isHeard: false, started: at };
    return { station, name: devices.nameOf(station) ?? hostName, explanation: explain(known), ended: at };
  }
  return undefined;
}

function devicesHere(): DeviceList {
  const devices = new DeviceList(systemClock, deviceFile(stateDirectory()));
  try {
    devices.load();
  } catch {
    // Names are an extra here.
  }
  return devices;
}
