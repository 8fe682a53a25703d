import type { MacAddress } from "../src/base/mac-address.ts";
import { encodeMacAddress, macAddressOf } from "../src/base/mac-address.ts";
import type { Host } from "../src/linux/host.ts";
import type { NetlinkEndpoint, NetlinkProtocol } from "../src/linux/netlink-socket.ts";
import type { PacketSocket } from "../src/linux/packet-socket.ts";
import type { Rfkill, RfkillState } from "../src/linux/rfkill.ts";
import { controller, decodeGeneric, encodeGeneric, familyAttributes } from "../src/wire/netlink/generic.ts";
import {
  decodeMessages,
  encodeAcknowledgement,
  encodeMessage,
  messageFlags,
  messageTypes,
  type NetlinkMessage,
} from "../src/wire/netlink/message.ts";
import { decodeLink, encodeLink, type LinkMessage, linkFlags, routeMessages } from "../src/wire/netlink/route.ts";
import type { Nl80211Message } from "../src/wire/nl80211/message.ts";

/** What the kernel says to a request: attributes to answer with, then the acknowledgement. */
export interface Answer {
  /** A positive errno, Linux's number; success where missing. */
  readonly errno?: number;
  readonly reason?: string;
  readonly cookie?: Uint8Array;
  readonly replies?: readonly Nl80211Message[];
}

export interface ScriptedRequest {
  readonly command: number;
  readonly attributes: Uint8Array;
  /** Which of the sockets asked, counted from 0 in the order of their opening. */
  readonly socket: number;
}

export interface ScriptedLink {
  readonly index: number;
  readonly name: string;
  up: boolean;
  address: MacAddress;
  master: number | undefined;
  readonly kind?: string;
  readonly parent?: number;
  readonly vlanId?: number;
  alias?: string;
}

const familyId = 0x22;
const groups = { config: 5, scan: 6, regulatory: 7, mlme: 8 } as const;
const errnos = { ENODEV: 19, EEXIST: 17 } as const;

interface Socket {
  readonly number: number;
  readonly protocol: NetlinkProtocol;
  readonly groups: Set<number>;
  readonly inbox: (Uint8Array | "overrun")[];
  handler: (() => void) | undefined;
  /** It asked to be called though nothing comes. */
  isWoken: boolean;
  isOpen: boolean;
}

/**
 * A kernel that isn't one, for a driver to talk to: it knows generic netlink's controller and network interfaces by
 * itself, and answers nl80211's commands as told, or with success. Nothing comes by itself: what was emitted is handed
 * over by {@link ScriptedKernel.deliver}.
 */
export class ScriptedKernel implements Host {
  /** nl80211 commands as they came. */
  readonly requests: ScriptedRequest[] = [];
  readonly links = new Map<number, ScriptedLink>();
  /** Frames that were sent through packet sockets. */
  readonly packets: { readonly ifIndex: number; readonly frame: Uint8Array }[] = [];
  readonly #answers = new Map<number, (attributes: Uint8Array) => Answer>();
  readonly #sockets: Socket[] = [];
  readonly #packetSockets = new Set<{ readonly ifIndex: number; readonly inbox: Uint8Array[]; handler: () => void }>();
  readonly #rfkill = new Map<string, RfkillState>();
  #onRfkill: (phy: string, state: RfkillState) => void = () => undefined;
  readonly identity = "1-1";
  /** Other processes that are there. */
  readonly processes = new Set<string>();
  /** Without it the controller knows no nl80211. */
  hasNl80211 = true;

  /** Says how a command is answered from now on. */
  answer(command: number, answer: (attributes: Uint8Array) => Answer): this {
    this.#answers.set(command, answer);
    return this;
  }

  addLink(link: ScriptedLink): this {
    this.links.set(link.index, link);
    this.#announce(link, routeMessages.newLink);
    return this;
  }

  removeLink(index: number): void {
    const link = this.links.get(index);
    this.links.delete(index);
    if (link !== undefined) this.#announce(link, routeMessages.delLink);
  }

  setUp(index: number, up: boolean): void {
    const link = this.links.get(index);
    if (link === undefined) return;
    link.up = up;
    this.#announce(link, routeMessages.newLink);
  }

  /** An event for all members of a multicast group. */
  emit(group: keyof typeof groups, event: Nl80211Message): void {
    for (const socket of this.#openSockets("generic")) if (socket.groups.has(groups[group])) send(socket, event);
  }

  /** An event for the socket that sent the last request of this command: frames, control port. */
  emitTo(command: number, event: Nl80211Message): void {
    const asked = this.requests.filter((request) => request.command === command).at(-1)?.socket;
    for (const socket of this.#openSockets("generic")) if (socket.number === asked) send(socket, event);
  }

  /** Bytes as they are, to the members of a group. */
  emitBytes(group: keyof typeof groups, datagram: Uint8Array): void {
    for (const socket of this.#openSockets("generic"))
      if (socket.groups.has(groups[group])) socket.inbox.push(datagram);
  }

  /** The members of a group have lost something. */
  overrun(group: keyof typeof groups): void {
    for (const socket of this.#openSockets("generic"))
      if (socket.groups.has(groups[group])) socket.inbox.push("overrun");
  }

  /** A frame comes in on an interface's packet sockets. */
  receivePacket(ifIndex: number, frame: Uint8Array): void {
    for (const socket of this.#packetSockets) if (socket.ifIndex === ifIndex) socket.inbox.push(frame);
  }

  setRfkill(phy: string, state: RfkillState): void {
    this.#rfkill.set(phy, state);
    this.#onRfkill(phy, state);
  }

  /** Lets every handler read what is there for it. */
  deliver(): void {
    for (const socket of [...this.#sockets]) {
      if (!socket.isOpen || (socket.inbox.length === 0 && !socket.isWoken)) continue;
      socket.isWoken = false;
      socket.handler?.();
    }
    for (const socket of [...this.#packetSockets]) if (socket.inbox.length > 0) socket.handler();
  }

  get openSockets(): number {
    return this.#sockets.filter((socket) => socket.isOpen).length + this.#packetSockets.size;
  }

  openNetlink(protocol: NetlinkProtocol): NetlinkEndpoint {
    const socket: Socket = {
      number: this.#sockets.length,
      protocol,
      groups: new Set(),
      inbox: [],
      handler: undefined,
      isWoken: false,
      isOpen: true,
    };
    this.#sockets.push(socket);
    return {
      send: (datagram) => {
        for (const message of decodeMessages(datagram)) socket.inbox.push(...this.#execute(socket, message));
      },
      receive: () => socket.inbox.shift(),
      wait: () => socket.inbox.length > 0,
      join: (group) => void socket.groups.add(group),
      onReadable: (handler) => {
        socket.handler = handler;
        return {
          wake: () => {
            socket.isWoken = true;
          },
          close: () => {
            socket.handler = undefined;
          },
        };
      },
      close: () => {
        socket.isOpen = false;
      },
    };
  }

  openPacketSocket(ifIndex: number, _etherType: number | undefined): PacketSocket {
    const socket = { ifIndex, inbox: [] as Uint8Array[], handler: (): void => undefined };
    this.#packetSockets.add(socket);
    return {
      send: (frame) => void this.packets.push({ ifIndex, frame }),
      receive: () => socket.inbox.shift(),
      onReadable: (handler) => {
        socket.handler = handler;
        return { wake: () => undefined, close: () => undefined };
      },
      join: () => undefined,
      close: () => void this.#packetSockets.delete(socket),
    };
  }

  openRfkill(onChange: (phy: string, state: RfkillState) => void): Rfkill {
    this.#onRfkill = onChange;
    return { state: (phy) => this.#rfkill.get(phy), close: () => undefined };
  }

  isRunning(identity: string): boolean {
    return identity === this.identity || this.processes.has(identity);
  }

  #openSockets(protocol: NetlinkProtocol): Socket[] {
    return this.#sockets.filter((socket) => socket.isOpen && socket.protocol === protocol);
  }

  #execute(socket: Socket, request: NetlinkMessage): Uint8Array[] {
    if (socket.protocol === "route") return this.#executeRoute(request);
    if (request.type === controller.family) return this.#executeController(request);
    const { command, attributes } = decodeGeneric(request.payload);
    this.requests.push({ command, attributes, socket: socket.number });
    const { replies = [], errno = 0, ...details } = this.#answers.get(command)?.(attributes) ?? {};
    const payloads = replies.map((reply) => encodeGeneric({ ...reply, version: 1 }));
    return answerMessages(request, familyId, payloads, { errno, ...details });
  }

  #executeController(request: NetlinkMessage): Uint8Array[] {
    if (!this.hasNl80211) return answerMessages(request, controller.family, [], { errno: 2 });
    const members = Object.entries(groups).map(([name, id]) => ({ name, id }));
    const attributes = familyAttributes.encode({ id: familyId, name: "nl80211", version: 1, groups: members });
    const payload = encodeGeneric({ command: controller.newFamily, version: controller.version, attributes });
    return answerMessages(request, controller.family, [payload], { errno: 0 });
  }

  #executeRoute(request: NetlinkMessage): Uint8Array[] {
    const asked = decodeLink(request.payload);
    const wanted = [...this.links.values()].filter((link) =>
      asked.name === undefined || asked.index !== 0 ? link.index === asked.index : link.name === asked.name,
    );
    switch (request.type) {
      case routeMessages.getLink: {
        const isDump = (request.flags & messageFlags.dump) === messageFlags.dump;
        const found = isDump ? [...this.links.values()] : wanted;
        const errno = found.length === 0 && !isDump ? errnos.ENODEV : 0;
        return answerMessages(request, routeMessages.newLink, found.map(describe), { errno });
      }
      case routeMessages.newLink: {
        const isSameTag = ({ parent, vlanId }: ScriptedLink): boolean =>
          vlanId !== undefined && parent === asked.parent && vlanId === asked.vlanId;
        if (wanted.length > 0 || [...this.links.values()].some(isSameTag))
          return answerMessages(request, 0, [], { errno: errnos.EEXIST });
        const index = this.#freeIndex();
        const { name = `link${index}`, kind, parent, vlanId } = asked;
        this.addLink({
          index,
          name,
          up: false,
          address: "02:00:00:00:00:99" as MacAddress,
          master: undefined,
          ...(kind !== undefined && { kind }),
          ...(parent !== undefined && { parent }),
          ...(vlanId !== undefined && { vlanId }),
        });
        return answerMessages(request, 0, [], { errno: 0 });
      }
      case routeMessages.delLink:
        this.removeLink(asked.index);
        return answerMessages(request, 0, [], { errno: wanted.length === 0 ? errnos.ENODEV : 0 });
      default:
        for (const link of wanted) this.#change(link, asked);
        return answerMessages(request, 0, [], { errno: wanted.length === 0 ? errnos.ENODEV : 0 });
    }
  }

  #freeIndex(): number {
    return Math.max(0, ...this.links.keys()) + 1;
  }

  #change(link: ScriptedLink, { flags, change, address, master, alias }: LinkMessage): void {
    if (change & linkFlags.up) link.up = (flags & linkFlags.up) !== 0;
    if (address !== undefined) link.address = macAddressOf(address);
    if (master !== undefined) link.master = master === 0 ? undefined : master;
    if (alias !== undefined) link.alias = alias;
    this.#announce(link, routeMessages.newLink);
  }

  #announce(link: ScriptedLink, type: number): void {
    const message = { type, flags: 0, sequence: 0, port: 0, payload: describe(link) };
    for (const socket of this.#openSockets("route"))
      if (socket.groups.size > 0) socket.inbox.push(encodeMessage(message));
  }
}

function describe({ up, address, ...link }: ScriptedLink): Uint8Array {
  const flags = up ? linkFlags.up : 0;
  return encodeLink({ ...link, family: 0, flags, change: 0, address: encodeMacAddress(address) });
}

function answerMessages(
  request: NetlinkMessage,
  type: number,
  payloads: readonly Uint8Array[],
  answer: { readonly errno: number; readonly reason?: string; readonly cookie?: Uint8Array },
): Uint8Array[] {
  const isDump = (request.flags & messageFlags.dump) === messageFlags.dump;
  const { sequence, port } = request;
  const flags = isDump ? messageFlags.multi : 0;
  const replies = payloads.map((payload) => encodeMessage({ type, flags, sequence, port, payload }));
  const end =
    isDump && answer.errno === 0
      ? { type: messageTypes.done, flags, sequence, port, payload: new Uint8Array(4) }
      : encodeAcknowledgement(request, answer);
  return [...replies, encodeMessage(end)];
}

function send(socket: Socket, { command, attributes }: Nl80211Message): void {
  const payload = encodeGeneric({ command, version: 1, attributes });
  socket.inbox.push(encodeMessage({ type: familyId, flags: 0, sequence: 0, port: 0, payload }));
}
