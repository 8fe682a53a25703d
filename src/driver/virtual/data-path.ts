/** The way of data through a virtual access point: from a station to its neighbours, to the wired side, and back. */

import { isGroupAddress, type MacAddress } from "../../base/mac-address.ts";
import { type EthernetFrame, encodeEthernet } from "../../wire/ethernet.ts";
import { dataHeader, encodeDataHeader, type QosControl } from "../../wire/ieee80211/data-frame.ts";
import { etherType, type Msdu } from "../../wire/ieee80211/llc-snap.ts";
import type { ApParameters, BssEvent } from "../port.ts";
import type { CipherKey } from "./cipher-key.ts";
import { openData, type ReceivedData, type SequenceCounter, sealData, splitData } from "./mac.ts";
import type { Outcome } from "./medium.ts";
import type { Segment } from "./segment.ts";
import type { StationEntry } from "./station-entry.ts";
import { decodedOrNothing } from "./undecodable.ts";

export interface DataPathOptions {
  readonly address: MacAddress;
  readonly stations: ReadonlyMap<MacAddress, StationEntry>;
  readonly sequences: SequenceCounter;
  readonly running: () => ApParameters | undefined;
  readonly transmit: (frame: Uint8Array, done?: (outcome: Outcome) => void) => void;
  readonly listener: (event: BssEvent) => void;
  /** Ethernet frames that leave the network through the access point, or are for itself. */
  readonly uplink: (interfaceName: string, frame: Uint8Array) => void;
}

export interface Sending {
  readonly key: CipherKey | undefined;
  readonly tid: number;
}

export class DataPath {
  /** Stations don't reach each other. */
  isolates = false;
  readonly #options: DataPathOptions;

  constructor(options: DataPathOptions) {
    this.#options = options;
  }

  receive(frame: Uint8Array): void {
    const { address, stations, listener } = this.#options;
    const data = decodedOrNothing(() => splitData(frame));
    if (!data) return;
    const { addresses } = data.header;
    const isFourAddress = addresses.direction === "four-address";
    const transmitter = isFourAddress ? addresses.transmitter : addresses.source;
    const receiver = isFourAddress ? addresses.receiver : addresses.bssid;
    if (addresses.direction === "from-ap" || addresses.direction === "direct" || receiver !== address) return;
    const entry = stations.get(transmitter);
    if (!entry?.isAssociated) {
      listener({ type: "unexpected-frame", source: transmitter, fourAddress: isFourAddress });
      return;
    }
    entry.heard(frame.length);
    if (isFourAddress && !entry.segment.fourAddresses) {
      if (!entry.isFourAddressTold) listener({ type: "unexpected-frame", source: transmitter, fourAddress: true });
      entry.isFourAddressTold = true;
      return;
    }
    if (data.header.empty || entry.repetitions.isRepetition(data.header)) return;
    const msdu = decodedOrNothing(() => openData(data, entry.key));
    if (msdu) this.#accept(entry, data, msdu);
  }

  #accept(entry: StationEntry, { header }: ReceivedData, msdu: Msdu): void {
    const { address, stations, listener, uplink } = this.#options;
    const { destination, source } = header.addresses;
    if (msdu.etherType === etherType.eapol) {
      if (destination === address) {
        listener({ type: "eapol", source, payload: msdu.payload, encrypted: header.protected });
      }
      return;
    }
    // The controlled port: IEEE Std 802.11-2020, 4.5.4.3.
    if (!entry.isAuthorized || (entry.key && !header.protected)) return;
    const frame: EthernetFrame = { destination, source, ...msdu };
    const { segment } = entry;
    const isNeighbour = stations.get(destination)?.segment === segment;
    if ((isNeighbour || isGroupAddress(destination)) && !this.isolates) this.distribute(frame, segment);
    if (!isNeighbour) uplink(segment.interfaceName, encodeEthernet(frame));
  }

  /** To the stations of this BSS that are in one VLAN, or in none. */
  distribute({ destination, source, ...msdu }: EthernetFrame, segment: Segment): void {
    if (isGroupAddress(destination)) return this.#sendToAll(destination, source, msdu, segment);
    const entry = this.#options.stations.get(destination);
    if (entry?.isAuthorized && entry.segment === segment) this.sendTo(entry, source, msdu, { key: entry.key, tid: 0 });
  }

  sendTo(
    entry: StationEntry,
    source: MacAddress,
    msdu: Msdu,
    { key, tid }: Sending,
    done?: (outcome: Outcome) => void,
  ): void {
    const { address, sequences } = this.#options;
    const header = dataHeader(
      { direction: "from-ap", bssid: address, source, destination: entry.address },
      { sequence: sequences.next(), ...(entry.hasQos ? { qos: qosOf(tid) } : {}) },
    );
    this.#transmitTo(entry, sealData(header, msdu, key), done);
  }

  /** A frame without data: who acknowledges it is there. */
  probe(entry: StationEntry, done: (outcome: Outcome) => void): void {
    const { address, sequences, transmit } = this.#options;
    const addresses = { direction: "from-ap", bssid: address, source: address, destination: entry.address } as const;
    const qos = entry.hasQos ? { qos: qosOf(0) } : {};
    const frame = encodeDataHeader(dataHeader(addresses, { empty: true, sequence: sequences.next(), ...qos }));
    transmit(frame, (outcome) => {
      entry.sent(frame.length, outcome);
      done(outcome);
    });
  }

  #sendToAll(destination: MacAddress, source: MacAddress, msdu: Msdu, { key }: Segment): void {
    const { address, sequences, transmit, running } = this.#options;
    if (!key && running()?.security.privacy) return;
    const addresses = { direction: "from-ap", bssid: address, source, destination } as const;
    transmit(sealData(dataHeader(addresses, { sequence: sequences.next() }), msdu, key));
  }

  #transmitTo(entry: StationEntry, frame: Uint8Array, done: ((outcome: Outcome) => void) | undefined): void {
    const { transmit, listener } = this.#options;
    transmit(frame, (outcome) => {
      const isOutOfReach = entry.sent(frame.length, outcome);
      done?.(outcome);
      if (isOutOfReach) listener({ type: "low-acknowledgement", station: entry.address });
    });
  }
}

const qosOf = (tid: number): QosControl => ({ tid, endOfServicePeriod: false, ackPolicy: 0, amsdu: false, upper: 0 });
