import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { Link } from "../../linux/rtnetlink.ts";
import { cookieReply } from "../../wire/nl80211/frame.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { delInterface, getInterface, interfaceDescription, newInterface } from "../../wire/nl80211/interface.ts";
import type {
  BssEvent,
  DefaultKeyUse,
  KeyInstallation,
  OpenVlan,
  TaggedInterface,
  VlanNetwork,
  VlanPort,
} from "../port.ts";
import * as build from "./commands.ts";
import type { Kernel } from "./kernel.ts";
import { keySequenceOf } from "./key-sequence.ts";
import { Undo } from "./undo.ts";

/** The access point's interface that the VLANs lie beside. */
export interface VlanParent {
  readonly kernel: Kernel;
  readonly wiphy: number;
  readonly address: MacAddress;
  readonly log: Log;
  /** What the kernel tells of stations in the VLAN. */
  readonly onEvent: (event: BssEvent) => void;
}

/** An AP_VLAN interface, and the wired side of it. */
export class Nl80211Vlan implements VlanPort {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly #kernel: Kernel;
  readonly #undo: Undo;

  /** @throws KernelRefusal with everything as it was before */
  constructor(
    readonly parent: VlanParent,
    options: OpenVlan,
    listener: { readonly onRemoved: () => void; readonly onClosed: () => void },
  ) {
    const { kernel } = parent;
    this.#kernel = kernel;
    this.interfaceName = options.interfaceName;
    this.#undo = new Undo((step) => kernel.tolerate(step, "ENODEV"));
    try {
      const link = this.#findOrMake(options);
      this.interfaceIndex = link.index;
      if (options.network) this.#connect(link, options.network);
      for (const { name, vlanId, ...network } of options.tagged ?? []) {
        const bridge = this.#bridgeOf(network);
        const { release } = kernel.sharedLinks.tagged({ name, vlanId, parent: link.name }, bridge);
        this.#undo.add(release);
      }
      const onLink = (): void => {
        if (kernel.routes.link(link.index) === undefined) listener.onRemoved();
      };
      this.#undo.add(kernel.subscribeVlan(link.index, { onEvent: parent.onEvent, onLink }));
      this.#undo.add(listener.onClosed);
    } catch (error) {
      this.#undo.run();
      throw error;
    }
  }

  installKey(key: Omit<KeyInstallation, "station">): void {
    this.#kernel.commands.execute(build.buildNewKey(this.interfaceIndex, key));
  }

  setDefaultKey(index: number, use: DefaultKeyUse): void {
    this.#kernel.commands.execute(build.buildDefaultKey(this.interfaceIndex, index, use));
  }

  keySequence(index: number): Uint8Array {
    return keySequenceOf(this.#kernel, this.interfaceIndex, index);
  }

  sendManagement(frame: Uint8Array): bigint {
    const message = build.buildSendFrame(this.interfaceIndex, frame, {});
    return cookieReply.decode(this.#kernel.commands.query(message)).cookie;
  }

  close(): void {
    this.#undo.run();
  }

  #findOrMake({ interfaceName: name, fourAddresses = false }: OpenVlan): Link {
    const { kernel, wiphy, address } = this.parent;
    const { routes, commands } = kernel;
    const present = routes.link(name);
    if (present) this.#demandUsable(present);
    else {
      kernel.frames.execute(
        newInterface.build({
          wiphy,
          name,
          type: interfaceTypes.AP_VLAN,
          socketOwner: true,
          ...(fourAddresses ? { fourAddress: 1 } : {}),
        }),
      );
    }
    const link = routes.link(name);
    if (!link) throw new KernelRefusal(newInterface.name, "ENODEV");
    if (!present) this.#undo.add(() => void commands.execute(delInterface.build({ ifIndex: link.index })));
    // The kernel knows by the address whose VLAN it is.
    if (link.address !== address) {
      if (link.up) routes.setUp(link.index, false);
      routes.setAddress(link.index, address);
    }
    routes.setUp(link.index, true);
    return link;
  }

  /** One that somebody else has made. @throws KernelRefusal EBUSY where it is something else */
  #demandUsable({ index, name }: Link): void {
    const { kernel, wiphy, log } = this.parent;
    const refuse = (why: string): never => {
      throw new KernelRefusal(newInterface.name, "EBUSY", `${name} is there already, and ${why}`);
    };
    let found: ReturnType<typeof interfaceDescription.decode>;
    try {
      found = interfaceDescription.decode(kernel.commands.query(getInterface.build({ ifIndex: index })));
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      return refuse("no Wi-Fi interface");
    }
    if (found.wiphy !== wiphy) return refuse("on another radio");
    if (found.type !== interfaceTypes.AP_VLAN) return refuse("no interface for a VLAN (AP_VLAN)");
    log.debug(`${name} was there already`);
  }

  #connect(link: Link, network: VlanNetwork): void {
    const bridge = this.#bridgeOf(network);
    this.#kernel.sharedLinks.enter(link, bridge, this.#undo);
  }

  /** @returns its index */
  #bridgeOf({ bridge: name, uplink }: VlanNetwork): number {
    const { sharedLinks } = this.#kernel;
    const bridge = sharedLinks.bridge(name);
    this.#undo.add(bridge.release);
    if (uplink) this.#connectUplink(uplink, bridge.index);
    return bridge.index;
  }

  /** Without it the stations are where they belong all the same. */
  #connectUplink(uplink: TaggedInterface, bridge: number): void {
    const { kernel, log } = this.parent;
    try {
      this.#undo.add(kernel.sharedLinks.tagged(uplink, bridge).release);
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      log.warning(`VLAN ${uplink.vlanId} has no way out by ${uplink.parent}: ${error.message}`);
    }
  }
}
