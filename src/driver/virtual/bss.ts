import { MalformedError, Reader } from "../../base/bytes.ts";
import { type Clock, NamedTimers } from "../../base/clock.ts";
import { milliseconds, timeUnits } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { isGroupAddress, type MacAddress } from "../../base/mac-address.ts";
import { dataHeader, encodeDataHeader, type QosControl } from "../../wire/ieee80211/data-frame.ts";
import {
  decodeManagementHeader,
  frameKind,
  type ManagementHeader,
  type ManagementSubtype,
  managementHeaderLength,
} from "../../wire/ieee80211/frame.ts";
import { etherType, type Msdu } from "../../wire/ieee80211/llc-snap.ts";
import type {
  AccessCategory,
  ApParameters,
  BeaconTemplate,
  BssEvent,
  BssPort,
  BssProtection,
  ChannelDefinition,
  ChannelSwitch,
  ColorChange,
  DefaultKeyUse,
  Frequency,
  KeyInstallation,
  OpenBss,
  OpenVlan,
  ScanResult,
  SendManagement,
  StationParameters,
  StationStatistics,
  TransmitQueueParameters,
  VlanPort,
} from "../port.ts";
import { beaconFrame } from "./beacon-frame.ts";
import type { CipherKey } from "./cipher-key.ts";
import { decodeEthernet, type EthernetFrame, encodeEthernet } from "./ethernet.ts";
import { openData, type ReceivedData, SequenceCounter, sealData, splitData } from "./mac.ts";
import type { Antenna, Outcome, Reception, VirtualMedium } from "./medium.ts";
import { isRobustFrame, openManagement, sealManagement } from "./protected-management.ts";
import { VirtualScan } from "./scan.ts";
import { cipherKeyOf, Segment } from "./segment.ts";
import { StationEntry } from "./station-entry.ts";

export interface BssContext {
  readonly medium: VirtualMedium;
  readonly clock: Clock;
  /** May an access point be there now? @throws KernelRefusal */
  readonly checkChannel: (frequency: number) => void;
  /** May one be there once all others are there too? @throws KernelRefusal */
  readonly checkAllowed: (request: string, frequency: number) => void;
  /** @throws KernelRefusal ERFKILL */
  readonly checkSwitchedOn: (request: string) => void;
  /** Ethernet frames that leave the network through the access point, or are for itself. */
  readonly uplink: (interfaceName: string, frame: Uint8Array) => void;
  readonly nextInterfaceIndex: () => number;
  readonly onClose: () => void;
}

/** What an access point's interface takes from the air. */
const toAccessPoint: ReadonlySet<ManagementSubtype> = new Set<ManagementSubtype>([
  "authentication",
  "association-request",
  "reassociation-request",
  "disassociation",
  "deauthentication",
  "probe-request",
  "action",
]);
const maxStations = 2007;
/** Of the highest priority, as Linux sends EAPOL. */
const eapolTid = 7;

/** The part of an access point that Linux and its radio do: beacons, acknowledgements, keys, the way of data. */
export class VirtualBss implements BssPort, Antenna {
  readonly interfaceName: string;
  readonly #context: BssContext;
  readonly #listener: (event: BssEvent) => void;
  readonly #timers: NamedTimers<"beacon" | "channel switch" | "color change">;
  readonly #stations = new Map<MacAddress, StationEntry>();
  readonly #own: Segment;
  readonly #vlans = new Map<VlanPort, { readonly segment: Segment; readonly onRemoved: () => void }>();
  readonly #sequences = new SequenceCounter();
  readonly #scan: VirtualScan;
  readonly #attachment: { detach(): void };
  #running: ApParameters | undefined;
  /** A channel switch on its way, and after how many beacons it comes. */
  #switch: { readonly change: ChannelSwitch; readonly left: number } | undefined;
  #isolate = false;
  #dtimCount = 0;
  #cookie = 0n;
  #link: "up" | "down" | "removed" = "up";

  constructor(
    context: BssContext,
    options: OpenBss,
    readonly interfaceIndex: number,
    readonly address: MacAddress,
    listener: (event: BssEvent) => void,
  ) {
    this.interfaceName = options.interfaceName;
    this.#context = context;
    this.#listener = listener;
    this.#timers = new NamedTimers(context.clock);
    this.#scan = new VirtualScan(context.clock);
    this.#own = new Segment(options.interfaceName);
    this.#attachment = context.medium.attach(this);
  }

  // The access point's side

  startAp(parameters: ApParameters): void {
    this.#demandUp("START_AP");
    if (this.#running) throw new KernelRefusal("START_AP", "EALREADY");
    if (parameters.beaconInterval < 10) throw new KernelRefusal("START_AP", "EINVAL", "beacon interval out of range");
    this.#context.checkChannel(parameters.channel.frequency);
    this.#running = parameters;
    this.#isolate = parameters.isolate;
    this.#dtimCount = 0;
    this.#beacon();
  }

  updateBeacon(beacon: BeaconTemplate): void {
    if (this.#switch || this.#timers.isArmed("color change")) throw new KernelRefusal("SET_BEACON", "EBUSY");
    this.#running = { ...this.#demandRunning("SET_BEACON"), beacon };
  }

  setProtection(protection: BssProtection, basicRates: readonly number[], isolate: boolean): void {
    this.#running = { ...this.#demandRunning("SET_BSS"), protection, basicRates };
    this.#isolate = isolate;
  }

  switchChannel(change: ChannelSwitch): void {
    const running = this.#demandRunning("CHANNEL_SWITCH");
    const { channel, count, during } = change;
    if (this.#switch) throw new KernelRefusal("CHANNEL_SWITCH", "EBUSY");
    this.#context.checkAllowed("CHANNEL_SWITCH", channel.frequency);
    if (change.beaconCounts.some((at) => during.tail[at] !== count)) {
      throw new KernelRefusal("CHANNEL_SWITCH", "EINVAL", "the counts are not where they are said to be");
    }
    this.#switch = { change, left: count };
    this.#running = { ...running, beacon: during };
    this.#timers.arm("channel switch", milliseconds(0), () => {
      this.#listener({ type: "channel-switch-started", channel });
      if (count <= 1) this.#finishSwitch();
    });
  }

  changeColor(change: ColorChange): void {
    const running = this.#demandRunning("COLOR_CHANGE_REQUEST");
    if (this.#switch || this.#timers.isArmed("color change")) throw new KernelRefusal("COLOR_CHANGE_REQUEST", "EBUSY");
    if (change.during.tail[change.beaconCount] !== change.count) {
      throw new KernelRefusal("COLOR_CHANGE_REQUEST", "EINVAL", "the count is not where it is said to be");
    }
    this.#running = { ...running, beacon: change.during };
    this.#timers.arm("color change", timeUnits(change.count * running.beaconInterval), () => {
      if (this.#running) this.#running = { ...this.#running, beacon: change.after };
      this.#listener({ type: "color-changed" });
    });
  }

  /** Nobody measures the virtual air. */
  survey(): undefined {
    return undefined;
  }

  setMulticastToUnicast(enabled: boolean): void {
    this.#demandRunning("SET_MULTICAST_TO_UNICAST");
    if (enabled) throw new KernelRefusal("SET_MULTICAST_TO_UNICAST", "EOPNOTSUPP");
  }

  setAirtimeWeight(station: MacAddress, weight: number): void {
    this.#demandStation("SET_STATION", station).airtimeWeight = weight;
  }

  channel(): ChannelDefinition | undefined {
    return this.#running?.channel;
  }

  /** A beacon with the present count, and one less from then on. */
  #countDown(): void {
    const { change, left } = this.#switch ?? {};
    if (!change || left === undefined || !this.#running) return;
    if (left <= 1) return this.#finishSwitch();
    const tail = change.during.tail.slice();
    for (const at of change.beaconCounts) tail[at] = left - 1;
    this.#switch = { change, left: left - 1 };
    this.#running = { ...this.#running, beacon: { ...change.during, tail } };
  }

  #finishSwitch(): void {
    const { change } = this.#switch ?? {};
    if (!change || !this.#running) return;
    this.#switch = undefined;
    this.#running = { ...this.#running, channel: change.channel, beacon: change.after };
    this.#listener({ type: "channel-switched", channel: change.channel });
  }

  stopAp(): void {
    this.#switch = undefined;
    this.#timers.disarmAll();
    this.#running = undefined;
    this.#forgetAll();
  }

  setChannelWidth(channel: ChannelDefinition): void {
    const running = this.#demandRunning("SET_WIPHY");
    if (channel.frequency !== running.channel.frequency) throw new KernelRefusal("SET_WIPHY", "EBUSY");
    this.#running = { ...running, channel };
  }

  scan(frequencies: readonly Frequency[]): void {
    this.#demandUp("TRIGGER_SCAN");
    if (this.#running) throw new KernelRefusal("TRIGGER_SCAN", "EOPNOTSUPP");
    if (this.#scan.frequency !== undefined) throw new KernelRefusal("TRIGGER_SCAN", "EBUSY");
    this.#scan.start(frequencies, () => this.#listener({ type: "scan-finished", aborted: false }));
  }

  scanResults(): readonly ScanResult[] {
    return this.#scan.results;
  }

  setTransmitQueue(_category: AccessCategory, parameters: TransmitQueueParameters): void {
    this.#demandRunning("SET_WIPHY");
    if (parameters.cwMin > parameters.cwMax) throw new KernelRefusal("SET_WIPHY", "EINVAL");
  }

  addStation(station: MacAddress, parameters: StationParameters): void {
    this.#demandRunning("NEW_STATION");
    if (this.#stations.has(station)) throw new KernelRefusal("NEW_STATION", "EEXIST");
    if (isGroupAddress(station)) throw new KernelRefusal("NEW_STATION", "EINVAL");
    if (this.#stations.size >= maxStations) throw new KernelRefusal("NEW_STATION", "ENOSPC");
    this.#stations.set(station, new StationEntry(station, this.#context.clock, parameters, this.#own));
  }

  setStation(station: MacAddress, parameters: StationParameters): void {
    this.#demandStation("SET_STATION", station).change("SET_STATION", parameters);
  }

  removeStation(station: MacAddress): void {
    this.#stations.get(station)?.forgetKey();
    this.#stations.delete(station);
  }

  flushStations(): void {
    for (const station of [...this.#stations.keys()]) this.removeStation(station);
  }

  statistics(station: MacAddress): StationStatistics | undefined {
    return this.#stations.get(station)?.statistics();
  }

  stations(): readonly MacAddress[] {
    return [...this.#stations.keys()];
  }

  probeStation(station: MacAddress): void {
    const entry = this.#demandStation("PROBE_CLIENT", station);
    const frame = emptyFrame(this.address, entry, this.#sequences.next());
    this.#transmit(frame, (outcome) => {
      entry.sent(frame.length, outcome);
      this.#listener({ type: "probe-status", station, acknowledged: outcome.acknowledged });
    });
  }

  openVlan({ interfaceName, fourAddresses }: OpenVlan, onRemoved: () => void): VlanPort {
    this.#demandRunning("NEW_INTERFACE");
    const isTaken = [...this.#vlans.keys()].some((vlan) => vlan.interfaceName === interfaceName);
    if (isTaken || interfaceName === this.interfaceName) throw new KernelRefusal("NEW_INTERFACE", "EEXIST");
    const segment = new Segment(interfaceName, fourAddresses);
    const vlan: VlanPort = {
      interfaceName,
      interfaceIndex: this.#context.nextInterfaceIndex(),
      installKey: (key) => segment.installKey(key),
      setDefaultKey: (index, use) => segment.setDefaultKey(index, use),
      keySequence: (index) => segment.keySequence(index),
      sendManagement: (frame) => this.sendManagement(frame),
      close: () => {
        this.#vlans.delete(vlan);
        segment.forget();
        for (const [address, entry] of [...this.#stations]) if (entry.segment === segment) this.removeStation(address);
      },
    };
    this.#vlans.set(vlan, { segment, onRemoved });
    return vlan;
  }

  assignStation(station: MacAddress, vlan: VlanPort | undefined): void {
    const segment = vlan === undefined ? this.#own : this.#vlans.get(vlan)?.segment;
    if (segment === undefined) throw new KernelRefusal("SET_STATION", "ENODEV");
    this.#demandStation("SET_STATION", station).segment = segment;
  }

  /** The interfaces of VLANs that there are. */
  get vlans(): readonly string[] {
    return Array.from(this.#vlans.keys(), ({ interfaceName }) => interfaceName);
  }

  /** Somebody else removes a VLAN's interface. */
  removeVlan(interfaceName: string): void {
    for (const [vlan, { segment, onRemoved }] of [...this.#vlans]) {
      if (segment.interfaceName !== interfaceName) continue;
      vlan.close();
      onRemoved();
    }
  }

  installKey({ station, ...key }: KeyInstallation): void {
    if (station === undefined) return this.#own.installKey(key);
    const installed = cipherKeyOf(key);
    const entry = this.#demandStation("NEW_KEY", station);
    entry.forgetKey();
    entry.key = installed;
  }

  sendWithKey(): void {
    throw new KernelRefusal("sendWithKey", "EOPNOTSUPP", "this radio has one key for a station");
  }

  removeKey(index: number, station?: MacAddress): void {
    if (station === undefined) this.#own.removeKey(index);
    else this.#stations.get(station)?.forgetKey();
  }

  setDefaultKey(index: number, use: DefaultKeyUse): void {
    this.#own.setDefaultKey(index, use);
  }

  keySequence(index: number): Uint8Array {
    return this.#own.keySequence(index);
  }

  sendManagement(frame: Uint8Array, options: SendManagement = {}): bigint {
    this.#demandRunning("FRAME");
    if (frameKind(frame) !== "management") throw new KernelRefusal("FRAME", "EINVAL");
    const cookie = ++this.#cookie;
    const stamped = this.#sequences.stamp(frame);
    this.#transmit(
      options.unprotected ? stamped : this.#protect(stamped),
      options.noAck
        ? undefined
        : ({ acknowledged }) => this.#listener({ type: "management-status", cookie, frame, acknowledged }),
    );
    return cookie;
  }

  sendEapol(station: MacAddress, payload: Uint8Array, { encrypt }: { readonly encrypt: boolean }): bigint {
    const entry = this.#demandStation("CONTROL_PORT_FRAME", station);
    const cookie = ++this.#cookie;
    const msdu = { etherType: etherType.eapol, payload };
    this.#sendTo(entry, this.address, msdu, { key: encrypt ? entry.key : undefined, tid: eapolTid }, (outcome) =>
      this.#listener({ type: "eapol-status", cookie, station, acknowledged: outcome.acknowledged }),
    );
    return cookie;
  }

  sendEthernet(frame: Uint8Array): void {
    if (!this.#running) return;
    const ethernet = this.#decode(() => decodeEthernet(new Reader(frame, ["Ethernet frame"])));
    if (ethernet) this.#distribute(ethernet, this.#own);
  }

  /** A frame from the wired side, on a VLAN's interface. */
  sendEthernetIn(interfaceName: string, frame: Uint8Array): void {
    const vlan = [...this.#vlans.values()].find(({ segment }) => segment.interfaceName === interfaceName);
    const ethernet = this.#decode(() => decodeEthernet(new Reader(frame, ["Ethernet frame"])));
    if (vlan && ethernet && this.#running) this.#distribute(ethernet, vlan.segment);
  }

  /** This radio has no maker. */
  executeVendorCommand(): Uint8Array {
    throw new KernelRefusal("VENDOR", "EOPNOTSUPP");
  }

  close(): void {
    this.stopAp();
    this.#scan.stop();
    this.#attachment.detach();
    this.#context.onClose();
  }

  /** What happens to the interface from outside. */
  setLink(state: "up" | "down" | "removed" | "added"): void {
    if (state !== "up") this.stopAp();
    if (state !== "up" && this.#scan.frequency !== undefined) {
      this.#scan.stop();
      this.#listener({ type: "scan-finished", aborted: true });
    }
    this.#link = state === "added" ? "removed" : state;
    this.#listener({ type: "link", state });
  }

  // The air's side

  frequency(): number | undefined {
    return this.#running?.channel.frequency ?? this.#scan.frequency;
  }

  answersTo(address: MacAddress): boolean {
    return this.#running !== undefined && address === this.address;
  }

  receive(frame: Uint8Array, { frequency, signalDbm }: Reception): void {
    if (!this.#running) return this.#scan.hear(frame, frequency);
    switch (frameKind(frame)) {
      case "management":
        this.#receiveManagement(frame, { frequency, signalDbm });
        return;
      case "data":
        return this.#receiveData(frame);
      default:
        return;
    }
  }

  #receiveManagement(received: Uint8Array, about: Pick<Reception, "frequency" | "signalDbm">): void {
    const header = this.#decode(() => decodeManagementHeader(new Reader(received, ["management frame"])));
    if (!header || !toAccessPoint.has(header.subtype)) return;
    if (header.receiver !== this.address && !isGroupAddress(header.receiver)) return;
    const entry = this.#stations.get(header.transmitter);
    const frame = entry ? unprotect(received, header, entry) : received;
    if (!frame) return;
    if (header.subtype !== "authentication") entry?.heard(frame.length);
    this.#listener({ type: "management", frame, ...about });
  }

  /** Where the receiver expects it. */
  #protect(frame: Uint8Array): Uint8Array {
    const { subtype, receiver } = decodeManagementHeader(new Reader(frame, ["management frame"]));
    if (!isRobustFrame(subtype, frame.subarray(managementHeaderLength))) return frame;
    if (isGroupAddress(receiver)) return this.#own.integrityKey("management")?.protect(frame) ?? frame;
    const entry = this.#stations.get(receiver);
    return entry?.isMfp && entry.key ? sealManagement(frame, entry.key) : frame;
  }

  #receiveData(frame: Uint8Array): void {
    const data = this.#decode(() => splitData(frame));
    if (!data) return;
    const { addresses } = data.header;
    const isFourAddress = addresses.direction === "four-address";
    const transmitter = isFourAddress ? addresses.transmitter : addresses.source;
    const receiver = isFourAddress ? addresses.receiver : addresses.bssid;
    if (addresses.direction === "from-ap" || addresses.direction === "direct" || receiver !== this.address) return;
    const entry = this.#stations.get(transmitter);
    if (!entry?.isAssociated) {
      this.#listener({ type: "unexpected-frame", source: transmitter, fourAddress: isFourAddress });
      return;
    }
    entry.heard(frame.length);
    if (isFourAddress && !entry.segment.fourAddresses) {
      if (!entry.isFourAddressTold)
        this.#listener({ type: "unexpected-frame", source: transmitter, fourAddress: true });
      entry.isFourAddressTold = true;
      return;
    }
    if (data.header.empty || entry.repetitions.isRepetition(data.header)) return;
    const msdu = this.#decode(() => openData(data, entry.key));
    if (msdu) this.#accept(entry, data, msdu);
  }

  #accept(entry: StationEntry, { header }: ReceivedData, msdu: Msdu): void {
    const { destination, source } = header.addresses;
    if (msdu.etherType === etherType.eapol) {
      if (destination === this.address) {
        this.#listener({ type: "eapol", source, payload: msdu.payload, encrypted: header.protected });
      }
      return;
    }
    // The controlled port: IEEE Std 802.11-2020, 4.5.4.3.
    if (!entry.isAuthorized || (entry.key && !header.protected)) return;
    const frame: EthernetFrame = { destination, source, ...msdu };
    const { segment } = entry;
    const isNeighbour = this.#stations.get(destination)?.segment === segment;
    if ((isNeighbour || isGroupAddress(destination)) && !this.#isolate) this.#distribute(frame, segment);
    if (!isNeighbour) this.#context.uplink(segment.interfaceName, encodeEthernet(frame));
  }

  /** To the stations of this BSS that are in one VLAN, or in none. */
  #distribute({ destination, source, ...msdu }: EthernetFrame, segment: Segment): void {
    if (isGroupAddress(destination)) return this.#sendToAll(destination, source, msdu, segment);
    const entry = this.#stations.get(destination);
    if (entry?.isAuthorized && entry.segment === segment) this.#sendTo(entry, source, msdu, { key: entry.key, tid: 0 });
  }

  #sendToAll(destination: MacAddress, source: MacAddress, msdu: Msdu, { key }: Segment): void {
    if (!key && this.#running?.security.privacy) return;
    const header = dataHeader(
      { direction: "from-ap", bssid: this.address, source, destination },
      { sequence: this.#sequences.next() },
    );
    this.#transmit(sealData(header, msdu, key));
  }

  #sendTo(
    entry: StationEntry,
    source: MacAddress,
    msdu: Msdu,
    { key, tid }: { readonly key: CipherKey | undefined; readonly tid: number },
    done?: (outcome: Outcome) => void,
  ): void {
    const header = dataHeader(
      { direction: "from-ap", bssid: this.address, source, destination: entry.address },
      { sequence: this.#sequences.next(), ...(entry.hasQos ? { qos: qosOf(tid) } : {}) },
    );
    const frame = sealData(header, msdu, key);
    this.#transmit(frame, (outcome) => {
      const isOutOfReach = entry.sent(frame.length, outcome);
      done?.(outcome);
      if (isOutOfReach) this.#listener({ type: "low-acknowledgement", station: entry.address });
    });
  }

  #beacon(): void {
    this.#countDown();
    const running = this.#running;
    if (!running) return;
    const frame = beaconFrame(running, this.#context.clock.now(), this.#dtimCount);
    const stamped = this.#sequences.stamp(frame);
    this.#transmit(this.#own.integrityKey("beacon")?.protect(stamped) ?? stamped);
    this.#dtimCount = (this.#dtimCount + running.dtimPeriod - 1) % running.dtimPeriod;
    this.#timers.arm("beacon", timeUnits(running.beaconInterval), () => this.#beacon());
  }

  #transmit(frame: Uint8Array, done?: (outcome: Outcome) => void): void {
    const frequency = this.#running?.channel.frequency;
    if (frequency !== undefined) this.#context.medium.transmit(this, frame, frequency, done);
  }

  #forgetAll(): void {
    this.flushStations();
    this.#own.forget();
    for (const { segment } of this.#vlans.values()) segment.forget();
  }

  #demandUp(request: string): void {
    this.#context.checkSwitchedOn(request);
    if (this.#link === "down") throw new KernelRefusal(request, "ENETDOWN");
    if (this.#link === "removed") throw new KernelRefusal(request, "ENODEV");
  }

  #demandRunning(request: string): ApParameters {
    this.#demandUp(request);
    if (!this.#running) throw new KernelRefusal(request, "ENOENT", "no access point runs on it");
    return this.#running;
  }

  #demandStation(request: string, station: MacAddress): StationEntry {
    this.#demandUp(request);
    const entry = this.#stations.get(station);
    if (!entry) throw new KernelRefusal(request, "ENOENT");
    return entry;
  }

  /** What can't be decoded did not arrive, as with a wrong frame check sequence. */
  #decode<T>(decode: () => T): T | undefined {
    try {
      return decode();
    } catch (thrown) {
      if (thrown instanceof MalformedError) return undefined;
      throw thrown;
    }
  }
}

/** As mac80211 does it. @returns undefined where the frame has to be thrown away */
function unprotect(frame: Uint8Array, header: ManagementHeader, entry: StationEntry): Uint8Array | undefined {
  if (!entry.isMfp || !entry.key) return frame;
  if (header.protected) return openManagement(frame, entry.key);
  return isRobustFrame(header.subtype, frame.subarray(managementHeaderLength)) ? undefined : frame;
}

function emptyFrame(bssid: MacAddress, { address, hasQos }: StationEntry, sequence: number): Uint8Array {
  const addresses = { direction: "from-ap", bssid, source: bssid, destination: address } as const;
  return encodeDataHeader(dataHeader(addresses, { empty: true, sequence, ...(hasQos ? { qos: qosOf(0) } : {}) }));
}

const qosOf = (tid: number): QosControl => ({ tid, endOfServicePeriod: false, ackPolicy: 0, amsdu: false, upper: 0 });
