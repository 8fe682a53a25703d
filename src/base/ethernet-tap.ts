/** Whole Ethernet frames on one interface, beside what the machine itself does there. */
export interface EthernetTap {
  /** @throws KernelRefusal where the interface is down or gone */
  send(frame: Uint8Array): void;
  close(): void;
}

/** @throws KernelRefusal ENODEV where there is no such interface */
export type OpenEthernet = (
  interfaceName: string,
  etherType: number,
  onFrame: (frame: Uint8Array) => void,
) => EthernetTap;
