/** Radios that come and go: mac80211_hwsim's own generic netlink family. drivers/net/wireless/virtual/mac80211_hwsim.h. */

import { KernelRefusal } from "../../src/base/errors.ts";
import { NetlinkClient } from "../../src/linux/netlink-client.ts";
import { openNetlink } from "../../src/linux/netlink-socket.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { attr, attributes, text, u32, u32Array } from "../../src/wire/netlink/attributes.ts";
import { controller, decodeFamily, encodeGeneric, encodeGetFamily } from "../../src/wire/netlink/generic.ts";

const commands = { newRadio: 4, delRadio: 5 } as const;
const shape = attributes({ radioName: attr(17, text), types: attr(23, u32), ciphers: attr(24, u32Array) });

/** What a radio can do less than others. */
export interface RadioLimits {
  /** Bits by NL80211_IFTYPE_*. */
  readonly types?: number;
  /** Suite selectors. */
  readonly ciphers?: readonly number[];
}

/** Plugs a radio in. It brings an interface, which gets the first free name: `wlan0` where there is no other. */
export function plugIn(phy: string, limits: RadioLimits = {}): void {
  try {
    request(commands.newRadio, phy, limits);
  } catch (thrown) {
    // Where there is an error or none, this family answers with the new radio's number.
    if (!(thrown instanceof KernelRefusal && /^E-\d+$/.test(thrown.errno))) throw thrown;
  }
}

/** Pulls a radio out, with all its interfaces. */
export const pullOut = (phy: string): void => request(commands.delRadio, phy);

function request(command: number, phy: string, limits: RadioLimits = {}): void {
  const reactor = new Reactor();
  const socket = openNetlink(reactor, "generic");
  try {
    const client = new NetlinkClient(socket);
    const { payloads } = client.request({
      name: "CTRL_CMD_GETFAMILY",
      type: controller.family,
      payload: encodeGetFamily("MAC80211_HWSIM"),
    });
    client.request({
      name: `HWSIM ${command}`,
      type: decodeFamily(payloads[0] ?? new Uint8Array()).id,
      payload: encodeGeneric({ command, version: 1, attributes: shape.encode({ radioName: phy, ...limits }) }),
    });
  } finally {
    socket.close();
    reactor.close();
  }
}
