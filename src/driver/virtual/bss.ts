import { Reader } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { isGroupAddress, type MacAddress } from "../../base/mac-address.ts";
import { decodeEthernet } from "../../wire/ethernet.ts";
import { decodeManagementHeader, frameKind, type ManagementSubtype } from "../../wire/ieee80211/frame.ts";
import { etherType } from "../../wire/ieee80211/llc-snap.ts";
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
import { Beaconing } from "./beaconing.ts";
import { DataPath } from "./data-path.ts";
import { SequenceCounter } from "./mac.ts";
import type { Antenna, Outcome, Reception, VirtualMedium } from "./medium.ts";
import { protectManagement, unprotectManagement } from "./protected-management.ts";
import { VirtualScan } from "./scan.ts";
import { cipherKeyOf, Segment } from "./segment.ts";
import { StationEntry } from "./station-entry.ts";
import { decodedOrNothing } from "./undecodable.ts";
import { VirtualVlans } from "./vlans.ts";

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
  readonly #stations = new Map<MacAddress, StationEntry>();
  readonly #own: Segment;
  readonly #sequences = new SequenceCounter();
  readonly #beaconing: Beaconing;
  readonly #data: DataPath;
  readonly #vlans: VirtualVlans;
  readonly #scan: VirtualScan;
  readonly #attachment: { detach(): void };
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
    this.#scan = new VirtualScan(context.clock);
    this.#own = new Segment(options.interfaceName);
    this.#beaconing = new Beaconing({
      clock: context.clock,
      listener,
      checkAllowed: context.checkAllowed,
      transmit: (beacon) => {
        const stamped = this.#sequences.stamp(beacon);
        this.#transmit(this.#own.integrityKey("beacon")?.protect(stamped) ?? stamped);
      },
    });
    this.#data = new DataPath({
      address,
      stations: this.#stations,
      sequences: this.#sequences,
      running: () => this.#running,
      transmit: (frame, done) => this.#transmit(frame, done),
      listener,
      uplink: context.uplink,
    });
    this.#vlans = new VirtualVlans({
      interfaceName: options.interfaceName,
      nextInterfaceIndex: context.nextInterfaceIndex,
      sendManagement: (frame) => this.sendManagement(frame),
      onEnd: (segment) => {
        for (const entry of [...this.#stations.values()])
          if (entry.segment === segment) this.removeStation(entry.address);
      },
    });
    this.#attachment = context.medium.attach(this);
  }

  get #running(): ApParameters | undefined {
    return this.#beaconing.running;
  }

  /** Its wired side is one place. */
  setBridge(): void {
    this.#demandUp("RTM_SETLINK");
  }

  // The access point's side

  startAp(parameters: ApParameters): void {
    this.#demandUp("START_AP");
    if (this.#running) throw new KernelRefusal("START_AP", "EALREADY");
    if (parameters.beaconInterval < 10) throw new KernelRefusal("START_AP", "EINVAL", "beacon interval out of range");
    this.#context.checkChannel(parameters.channel.frequency);
    this.#data.isolates = parameters.isolate;
    this.#beaconing.start(parameters);
  }

  updateBeacon(beacon: BeaconTemplate): void {
    this.#demandRunning("SET_BEACON");
    this.#beaconing.update(beacon);
  }

  setProtection(protection: BssProtection, basicRates: readonly number[], isolate: boolean): void {
    this.#demandRunning("SET_BSS");
    this.#beaconing.change({ protection, basicRates });
    this.#data.isolates = isolate;
  }

  switchChannel(change: ChannelSwitch): void {
    this.#demandRunning("CHANNEL_SWITCH");
    this.#beaconing.switchChannel(change);
  }

  changeColor(change: ColorChange): void {
    const { beaconInterval } = this.#demandRunning("COLOR_CHANGE_REQUEST");
    this.#beaconing.changeColor(change, beaconInterval);
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

  stopAp(): void {
    this.#beaconing.stop();
    this.flushStations();
    this.#own.forget();
    this.#vlans.forget();
  }

  setChannelWidth(channel: ChannelDefinition): void {
    const running = this.#demandRunning("SET_WIPHY");
    if (channel.frequency !== running.channel.frequency) throw new KernelRefusal("SET_WIPHY", "EBUSY");
    this.#beaconing.change({ channel });
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
    this.#data.probe(entry, ({ acknowledged }) => this.#listener({ type: "probe-status", station, acknowledged }));
  }

  openVlan(options: OpenVlan, onRemoved: () => void): VlanPort {
    this.#demandRunning("NEW_INTERFACE");
    return this.#vlans.open(options, onRemoved);
  }

  assignStation(station: MacAddress, vlan: VlanPort | undefined): void {
    const segment = vlan === undefined ? this.#own : this.#vlans.segmentOf(vlan);
    if (segment === undefined) throw new KernelRefusal("SET_STATION", "ENODEV");
    this.#demandStation("SET_STATION", station).segment = segment;
  }

  /** The interfaces of VLANs that there are. */
  get vlans(): readonly string[] {
    return this.#vlans.names;
  }

  /** Somebody else removes a VLAN's interface. */
  removeVlan(interfaceName: string): void {
    this.#vlans.remove(interfaceName);
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
      options.unprotected ? stamped : protectManagement(stamped, this.#own, this.#stations),
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
    this.#data.sendTo(entry, this.address, msdu, { key: encrypt ? entry.key : undefined, tid: eapolTid }, (outcome) =>
      this.#listener({ type: "eapol-status", cookie, station, acknowledged: outcome.acknowledged }),
    );
    return cookie;
  }

  sendEthernet(frame: Uint8Array): void {
    if (!this.#running) return;
    const ethernet = decodedOrNothing(() => decodeEthernet(new Reader(frame, ["Ethernet frame"])));
    if (ethernet) this.#data.distribute(ethernet, this.#own);
  }

  /** A frame from the wired side, on a VLAN's interface. */
  sendEthernetIn(interfaceName: string, frame: Uint8Array): void {
    const segment = this.#vlans.find(interfaceName);
    const ethernet = decodedOrNothing(() => decodeEthernet(new Reader(frame, ["Ethernet frame"])));
    if (segment && ethernet && this.#running) this.#data.distribute(ethernet, segment);
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
        return this.#data.receive(frame);
      default:
        return;
    }
  }

  #receiveManagement(received: Uint8Array, about: Pick<Reception, "frequency" | "signalDbm">): void {
    const header = decodedOrNothing(() => decodeManagementHeader(new Reader(received, ["management frame"])));
    if (!header || !toAccessPoint.has(header.subtype)) return;
    if (header.receiver !== this.address && !isGroupAddress(header.receiver)) return;
    const entry = this.#stations.get(header.transmitter);
    const frame = entry ? unprotectManagement(received, header, entry) : received;
    if (!frame) return;
    if (header.subtype !== "authentication") entry?.heard(frame.length);
    this.#listener({ type: "management", frame, ...about });
  }

  #transmit(frame: Uint8Array, done?: (outcome: Outcome) => void): void {
    const frequency = this.#running?.channel.frequency;
    if (frequency !== undefined) this.#context.medium.transmit(this, frame, frequency, done);
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
}
