/** Switches that silence radios: /dev/rfkill. linux/rfkill.h; Documentation/driver-api/rfkill.rst in the kernel's sources. */

import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { Reader } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import { Descriptor } from "./descriptor.ts";
import { attempt, constants as c, libc } from "./libc.ts";
import type { Reactor } from "./reactor.ts";

export interface RfkillState {
  /** By software: `rfkill unblock` lifts it. */
  readonly soft: boolean;
  /** By a switch on the machine. */
  readonly hard: boolean;
}

export interface Rfkill {
  /** @param phy `phy0` @returns undefined where that radio has no such switch, or the kernel none at all */
  state(phy: string): RfkillState | undefined;
  close(): void;
}

/** struct rfkill_event; later kernels have more behind it. */
const eventLength = 8;
const operations = { add: 0, remove: 1, change: 2 } as const;

/**
 * Knows from now on what is blocked. A machine without /dev/rfkill, or one that isn't ours to read, blocks nothing.
 * @param onChange called with the radio whose state has changed, not for what is known at the start
 */
export function openRfkill(reactor: Reactor, onChange: (phy: string, state: RfkillState) => void): Rfkill {
  const phys = new Map<number, { readonly phy: string; readonly state: RfkillState }>();
  const device = openDevice();
  if (device === undefined) return { state: () => undefined, close: () => undefined };

  const event = new Uint8Array(eventLength);
  const drain = (announce: boolean): void => {
    for (;;) {
      const result = attempt(() => libc.read(device.fd, event, event.length));
      if (result !== eventLength) {
        // Everything else than "nothing more" would come back at once, for ever.
        if (result !== "EAGAIN") device.close();
        return;
      }
      apply(event, announce);
    }
  };
  const apply = (octets: Uint8Array, announce: boolean): void => {
    const r = new Reader(octets, ["rfkill event"]);
    const index = r.u32le();
    r.u8();
    const operation = r.u8();
    const state = { soft: r.u8() !== 0, hard: r.u8() !== 0 };
    if (operation === operations.remove) {
      phys.delete(index);
      return;
    }
    if (operation !== operations.add && operation !== operations.change) return;
    const before = phys.get(index);
    const phy = before?.phy ?? phyOf(index);
    if (phy === undefined) return;
    phys.set(index, { phy, state });
    const changed = before !== undefined && (before.state.soft !== state.soft || before.state.hard !== state.hard);
    if (announce && changed) onChange(phy, state);
  };

  drain(false);
  if (device.isOpen) reactor.watch(device, () => drain(true));
  return {
    state: (phy) => [...phys.values()].find((entry) => entry.phy === phy)?.state,
    close: () => device.close(),
  };
}

function openDevice(): Descriptor | undefined {
  try {
    const flags = c.O_RDONLY | c.O_NONBLOCK | c.O_CLOEXEC;
    return Descriptor.open("open", () => libc.open("/dev/rfkill", flags));
  } catch (error) {
    if (error instanceof KernelRefusal) return undefined;
    throw error;
  }
}

/** The radio that a switch belongs to: the device above it, by the name it has now. */
function phyOf(index: number): string | undefined {
  try {
    return basename(readlinkSync(`/sys/class/rfkill/rfkill${index}/device`));
  } catch {
    return undefined;
  }
}
