/** Makes a network interface an access point's, and gives it back as it was found. */

import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { Link } from "../../linux/rtnetlink.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import {
  delInterface,
  getInterface,
  interfaceDescription,
  newInterface,
  setInterface,
} from "../../wire/nl80211/interface.ts";
import type { OpenBss } from "../port.ts";
import { BridgePort } from "./bridge-port.ts";
import type { Kernel } from "./kernel.ts";
import { Undo } from "./undo.ts";

export interface PreparedInterface {
  readonly index: number;
  readonly address: MacAddress;
  readonly bridge: BridgePort;
  /** Never throws. */
  restore(): void;
}

export interface InterfaceRadio {
  /** The radio on which the interface is, or is made. */
  readonly wiphy: number;
  readonly associationOffload: boolean;
}

/** @throws KernelRefusal with everything as it was before */
export function prepareInterface(
  kernel: Kernel,
  { wiphy, associationOffload }: InterfaceRadio,
  options: OpenBss,
  log: Log,
): PreparedInterface {
  // An interface that has gone can't be put back.
  const undo = new Undo((step) => kernel.tolerate(step, "ENODEV"));
  try {
    kernel.frames.hold(options.interfaceName);
    undo.add(() => kernel.frames.release(options.interfaceName));
    const link = findOrMake(kernel, wiphy, options.interfaceName, undo);
    setType(kernel, wiphy, link, undo);
    const address = options.address ?? link.address;
    if (address === undefined) throw new KernelRefusal("RTM_GETLINK", "EOPNOTSUPP");
    // Before anything that an owner of the interface would feel.
    kernel.frames.register(link.index, associationOffload, log);
    if (options.address !== undefined && options.address !== link.address)
      setAddress(kernel, link, options.address, undo);
    setUp(kernel, link.index, undo);
    const bridge = new BridgePort(kernel, link, log);
    undo.add(() => bridge.leave());
    bridge.change(options);
    return { index: link.index, address, bridge, restore: () => undo.run() };
  } catch (error) {
    undo.run();
    throw error;
  }
}

function findOrMake(kernel: Kernel, wiphy: number, name: string, undo: Undo): Link {
  const present = kernel.routes.link(name);
  if (present !== undefined) return present;
  kernel.frames.execute(newInterface.build({ wiphy, name, type: interfaceTypes.AP, socketOwner: true }));
  const made = kernel.routes.link(name);
  if (made === undefined) throw new KernelRefusal(newInterface.name, "ENODEV");
  undo.add(() => void kernel.commands.execute(delInterface.build({ ifIndex: made.index })));
  return made;
}

const isUp = (kernel: Kernel, index: number): boolean => kernel.routes.link(index)?.up === true;

/** Does what some drivers allow only while the interface is down, and brings it up again where it was. */
function whileDown(kernel: Kernel, index: number, action: () => void): void {
  const up = isUp(kernel, index);
  if (up) kernel.routes.setUp(index, false);
  try {
    action();
  } finally {
    if (up) kernel.routes.setUp(index, true);
  }
}

function setType(kernel: Kernel, wiphy: number, { index, name }: Link, undo: Undo): void {
  const description = interfaceDescription.decode(kernel.commands.query(getInterface.build({ ifIndex: index })));
  if (description.wiphy !== wiphy) throw new KernelRefusal(getInterface.name, "EBUSY", `${name} is on another radio`);
  const { type: found } = description;
  if (found === interfaceTypes.AP) return;
  const change = (type: number): void => {
    const set = (): void => {
      kernel.commands.execute(setInterface.build({ ifIndex: index, type }));
      kernel.frames.forget(index);
    };
    try {
      set();
    } catch (error) {
      if (!(error instanceof KernelRefusal) || error.errno !== "EBUSY" || !isUp(kernel, index)) throw error;
      whileDown(kernel, index, set);
    }
  };
  // Whatever the interface did as a station is over then; as an access point nothing is to be heard of it before that.
  undo.add(() => change(found));
  change(interfaceTypes.AP);
}

function setAddress(kernel: Kernel, { index, address: found }: Link, address: MacAddress, undo: Undo): void {
  const change = (to: MacAddress): void => whileDown(kernel, index, () => kernel.routes.setAddress(index, to));
  if (found !== undefined) undo.add(() => change(found));
  change(address);
}

function setUp(kernel: Kernel, index: number, undo: Undo): void {
  if (isUp(kernel, index)) return;
  undo.add(() => kernel.routes.setUp(index, false));
  kernel.routes.setUp(index, true);
}
