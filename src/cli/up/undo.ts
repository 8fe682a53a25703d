import { leaveZone } from "../../gateway/firewall/firewalld.ts";
import { removeFrom } from "../../gateway/firewall/user-chains.ts";
import { takeBack } from "../../gateway/managers/hold.ts";
import type { Trace } from "../../gateway/traces.ts";
import { systemBus } from "../../linux/bus.ts";
import { deleteTable } from "../../linux/nftables.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { deleteInterface, giveBackInterface, readSetting, removeAddress, writeSetting } from "./machine.ts";

/** Puts one change back; harmless where it was never made, or has been put back already. @throws BeaconError, Error */
export function undo(trace: Trace, reactor: Reactor): void {
  switch (trace.kind) {
    case "address":
      return removeAddress(trace.interfaceName, trace.address, trace.prefixLength, reactor);
    case "setting":
      // What belongs to an interface goes with it.
      return readSetting(trace.path) === undefined ? undefined : writeSetting(trace.path, trace.before);
    case "table":
      return deleteTable("inet", trace.name);
    case "user-rules":
      return removeFrom(trace.place, trace.interfaceName);
    case "firewalld":
      return leaveZone(systemBus, trace.zone, trace.before, trace.interfaceName);
    case "hold":
      return takeBack(systemBus, trace.hold);
    case "made-interface":
      return deleteInterface(trace.interfaceName, reactor);
    case "interface":
      return giveBackInterface(trace.interfaceName, trace.isUp, reactor);
  }
}
