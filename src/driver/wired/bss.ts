/**
 * An Ethernet port under IEEE 802.1X. Whoever sends EAPOL on it is a station; frames go to stations, and nothing is opened or closed for
 * them: what a port does with other traffic is the business of whoever owns the switch. IEEE Std 802.1X-2004, 7.8.
 */

import { MalformedError, Reader } from "../../base/bytes.ts";
import { KernelRefusal, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { broadcast, isGroupAddress, type MacAddress, zeroAddress } from "../../base/mac-address.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import { decodeEthernet, encodeEthernet } from "../../wire/ethernet.ts";
import type { BssEvent, BssPort, ChannelDefinition, StationStatistics, VlanPort } from "../port.ts";

/** EtherType of EAPOL. IEEE Std 802.1X-2004, 7.5.1. */
export const eapolEtherType = 0x888e;

/** PAE group address: no bridge passes it on. IEEE Std 802.1X-2004, table 7-2. */
export const paeGroupAddress = "01:80:c2:00:00:03" as MacAddress;

export interface WiredInterface {
  readonly name: string;
  readonly index: number;
  readonly address: MacAddress;
}

const none = new Uint8Array(0);
const nothing = (): void => undefined;

export class WiredBss implements BssPort {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly address: MacAddress;
  readonly #stations = new Set<MacAddress>();
  #isRunning = false;
  #cookie = 0n;

  constructor(
    own: WiredInterface,
    readonly socket: PacketSocket,
    readonly log: Log,
    readonly listener: (event: BssEvent) => void,
    readonly onClose: () => void,
  ) {
    this.interfaceName = own.name;
    this.interfaceIndex = own.index;
    this.address = own.address;
    socket.onReadable(() => this.#drain());
  }

  startAp(): void {
    this.#isRunning = true;
  }

  stopAp(): void {
    this.#isRunning = false;
    this.#stations.clear();
  }

  /** The cable has no other end any more: whoever was there is there no more. */
  onCarrierLost(): void {
    for (const station of [...this.#stations]) {
      this.#stations.delete(station);
      this.listener({ type: "station-disassociated", station });
    }
  }

  sendEapol(station: MacAddress, payload: Uint8Array): bigint {
    this.sendEthernet(
      encodeEthernet({ destination: station, source: this.address, etherType: eapolEtherType, payload }),
    );
    this.#cookie += 1n;
    return this.#cookie;
  }

  sendEthernet(frame: Uint8Array): void {
    this.socket.send(frame);
  }

  removeStation(station: MacAddress): void {
    if (station === broadcast) this.#stations.clear();
    else this.#stations.delete(station);
  }

  flushStations(): void {
    this.#stations.clear();
  }

  stations(): readonly MacAddress[] {
    return [...this.#stations];
  }

  close(): void {
    this.stopAp();
    this.socket.close();
    this.onClose();
  }

  #drain(): void {
    for (;;) {
      try {
        const frame = this.socket.receive();
        if (frame === undefined) return;
        this.#onFrame(frame);
      } catch (thrown) {
        if (!(thrown instanceof MalformedError || thrown instanceof KernelRefusal)) throw thrown;
        // ENETDOWN is said once, then the socket waits for the interface to come up again.
        this.log.debug(`EAPOL: ${messageOf(thrown)}`);
      }
    }
  }

  #onFrame(frame: Uint8Array): void {
    const { destination, source, payload } = decodeEthernet(new Reader(frame, ["Ethernet"]));
    if (!this.#isRunning || isGroupAddress(source) || source === zeroAddress || source === this.address) return;
    if (destination !== this.address && destination !== paeGroupAddress) return;
    if (!this.#stations.has(source)) this.#announce(source);
    this.listener({ type: "eapol", source, payload, encrypted: true });
  }

  #announce(station: MacAddress): void {
    this.#stations.add(station);
    this.listener({ type: "station-associated", station, elements: none, reassociation: undefined });
  }

  // What only a radio has: nothing is asked for it, or it makes no difference here.
  readonly updateBeacon = nothing;
  readonly setProtection = nothing;
  readonly setMulticastToUnicast = nothing;
  readonly setAirtimeWeight = nothing;
  readonly setTransmitQueue = nothing;
  readonly addStation = nothing;
  readonly setStation = nothing;
  readonly probeStation = nothing;
  readonly assignStation = nothing;
  readonly installKey = nothing;
  readonly sendWithKey = nothing;
  readonly removeKey = nothing;
  readonly setDefaultKey = nothing;

  statistics(): StationStatistics | undefined {
    return undefined;
  }

  channel(): ChannelDefinition | undefined {
    return undefined;
  }

  survey(): undefined {
    return undefined;
  }

  scanResults(): readonly never[] {
    return [];
  }

  keySequence(): Uint8Array {
    return new Uint8Array(6);
  }

  switchChannel(): void {
    refuse("CHANNEL_SWITCH");
  }

  changeColor(): void {
    refuse("COLOR_CHANGE_REQUEST");
  }

  setChannelWidth(): void {
    refuse("SET_CHANNEL");
  }

  setBridge(): void {
    refuse("SET_MASTER");
  }

  scan(): void {
    refuse("TRIGGER_SCAN");
  }

  sendManagement(): bigint {
    return refuse("FRAME");
  }

  executeVendorCommand(): Uint8Array {
    return refuse("VENDOR");
  }

  openVlan(): VlanPort {
    return refuse("NEW_INTERFACE");
  }
}

function refuse(request: string): never {
  throw new KernelRefusal(request, "EOPNOTSUPP", "an Ethernet port has no such thing");
}
