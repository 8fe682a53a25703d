/** Has whoever manages an interface let it go. */

import { ConfigurationError } from "../../base/errors.ts";
import { type Hold, holdOf, isManagerThere, letGo } from "../../gateway/managers/hold.ts";
import type { Traces } from "../../gateway/traces.ts";
import type { Bus } from "../../linux/bus.ts";
import { interfaceUsers } from "../../linux/interface-users.ts";

/** Milliseconds that one has who was asked. */
const patience = 5000;
const pause = 50;

const wait = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, pause));

/** Each is asked once, and told at the end. @throws ConfigurationError where somebody doesn't let it go, or can't be asked */
export async function takeInterface(
  bus: Bus,
  interfaceName: string,
  traces: Traces,
  say: (text: string) => void,
): Promise<void> {
  const asked = new Set<Hold["by"]>();
  for (let waited = 0; ; waited += pause) {
    const hold = holdOf(bus, interfaceName);
    if (hold === undefined) break;
    if (waited > patience)
      throw new ConfigurationError(`${hold.by} was asked to let ${interfaceName} go, and does not`);
    if (!asked.has(hold.by)) {
      traces.leave({ kind: "hold", hold }, () => letGo(bus, hold));
      say(`${hold.by} was asked to let ${interfaceName} go, and is told at the end.`);
      asked.add(hold.by);
    }
    await wait();
  }
  // NetworkManager's wpa_supplicant needs a moment after it.
  for (let waited = 0; asked.size > 0 && waited < patience; waited += pause) {
    if (interfaceUsers(interfaceName).length === 0) break;
    await wait();
  }
  const [other] = interfaceUsers(interfaceName);
  if (other !== undefined) {
    throw new ConfigurationError(
      `${other.program} (process ${other.pid}) has ${interfaceName} and can't be asked over D-Bus: ${stopping(other.program, interfaceName, other.pid)}`,
    );
  }
}

const stopping = (program: string, interfaceName: string, pid: number): string =>
  program === "wpa_supplicant" ? `systemctl stop wpa_supplicant@${interfaceName}, or kill ${pid}` : `kill ${pid}`;

/** An interface that has just been made is nobody's yet, and whoever takes it up of his own accord leaves it again. */
export async function keepInterface(bus: Bus, interfaceName: string): Promise<void> {
  if (!isManagerThere(bus)) return;
  for (let waited = 0; waited < 1000; waited += pause) {
    const hold = holdOf(bus, interfaceName);
    if (hold !== undefined) return letGo(bus, hold);
    await wait();
  }
}

/** Whether whoever has the interface can be asked. */
export const isLent = (bus: Bus, interfaceName: string): boolean => holdOf(bus, interfaceName) !== undefined;
