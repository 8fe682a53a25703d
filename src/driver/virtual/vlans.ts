/** The VLANs of a virtual access point: each a segment of its stations. */

import { KernelRefusal } from "../../base/errors.ts";
import type { OpenVlan, VlanPort } from "../port.ts";
import { Segment } from "./segment.ts";

export interface VlansOptions {
  readonly interfaceName: string;
  readonly nextInterfaceIndex: () => number;
  readonly sendManagement: (frame: Uint8Array) => bigint;
  /** Stations that are in a segment that ends. */
  readonly onEnd: (segment: Segment) => void;
}

export class VirtualVlans {
  readonly #options: VlansOptions;
  readonly #vlans = new Map<VlanPort, { readonly segment: Segment; readonly onRemoved: () => void }>();

  constructor(options: VlansOptions) {
    this.#options = options;
  }

  get names(): readonly string[] {
    return Array.from(this.#vlans.keys(), ({ interfaceName }) => interfaceName);
  }

  segmentOf(vlan: VlanPort): Segment | undefined {
    return this.#vlans.get(vlan)?.segment;
  }

  find(interfaceName: string): Segment | undefined {
    return [...this.#vlans.values()].find(({ segment }) => segment.interfaceName === interfaceName)?.segment;
  }

  open({ interfaceName, fourAddresses }: OpenVlan, onRemoved: () => void): VlanPort {
    const { nextInterfaceIndex, sendManagement, onEnd } = this.#options;
    if (this.find(interfaceName) !== undefined || interfaceName === this.#options.interfaceName) {
      throw new KernelRefusal("NEW_INTERFACE", "EEXIST");
    }
    const segment = new Segment(interfaceName, fourAddresses);
    const vlan: VlanPort = {
      interfaceName,
      interfaceIndex: nextInterfaceIndex(),
      installKey: (key) => segment.installKey(key),
      setDefaultKey: (index, use) => segment.setDefaultKey(index, use),
      keySequence: (index) => segment.keySequence(index),
      sendManagement,
      close: () => {
        this.#vlans.delete(vlan);
        segment.forget();
        onEnd(segment);
      },
    };
    this.#vlans.set(vlan, { segment, onRemoved });
    return vlan;
  }

  /** Somebody else removes a VLAN's interface. */
  remove(interfaceName: string): void {
    for (const [vlan, { segment, onRemoved }] of [...this.#vlans]) {
      if (segment.interfaceName !== interfaceName) continue;
      vlan.close();
      onRemoved();
    }
  }

  /** Their keys go. */
  forget(): void {
    for (const { segment } of this.#vlans.values()) segment.forget();
  }
}
