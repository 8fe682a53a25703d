import { type NetlinkEndpoint, type NetlinkProtocol, openNetlink } from "./netlink-socket.ts";
import { openPacketSocket, type PacketSocket } from "./packet-socket.ts";
import { isRunning, ownIdentity } from "./process-identity.ts";
import type { Reactor } from "./reactor.ts";
import { openRfkill, type Rfkill, type RfkillState } from "./rfkill.ts";

/** The kernel's doors that a radio driver needs. Tests bring a kernel of their own, testing/scripted-kernel.ts. */
export interface Host {
  /** @throws KernelRefusal */
  openNetlink(protocol: NetlinkProtocol): NetlinkEndpoint;
  /** @param etherType of the frames to receive; none where undefined @throws KernelRefusal */
  openPacketSocket(ifIndex: number, etherType: number | undefined): PacketSocket;
  openRfkill(onChange: (phy: string, state: RfkillState) => void): Rfkill;
  /** Names this process, so that a later one knows what it has left behind. */
  readonly identity: string;
  /** Whether the process of that name is still there. */
  isRunning(identity: string): boolean;
}

export const linuxHost = (reactor: Reactor): Host => ({
  openNetlink: (protocol) => openNetlink(reactor, protocol),
  openPacketSocket: (ifIndex, etherType) => openPacketSocket(reactor, ifIndex, etherType),
  openRfkill: (onChange) => openRfkill(reactor, onChange),
  identity: ownIdentity(),
  isRunning,
});
