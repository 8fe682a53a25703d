import { Reader } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { Host } from "../../linux/host.ts";
import type { PacketSocket } from "../../linux/packet-socket.ts";
import { u64 } from "../../wire/netlink/attributes.ts";
import { setMulticastToUnicast, stopAp } from "../../wire/nl80211/access-point.ts";
import { cookieReply, probeClient } from "../../wire/nl80211/frame.ts";
import { delStation, getStation, setStation, stationDescription } from "../../wire/nl80211/station.ts";
import type {
  AccessCategory,
  ApParameters,
  BeaconTemplate,
  BridgeMembership,
  BssEvent,
  BssPort,
  BssProtection,
  ChannelDefinition,
  ChannelSurvey,
  ChannelSwitch,
  ColorChange,
  DefaultKeyUse,
  Dismissal,
  Frequency,
  KeyInstallation,
  OpenBss,
  OpenVlan,
  RadioCapabilities,
  ScanResult,
  SendManagement,
  StationParameters,
  StationStatistics,
  TransmitQueueParameters,
  VendorCommand,
  VlanPort,
} from "../port.ts";
import * as build from "./commands.ts";
import { type EapolSocket, openEapolSocket } from "./eapol-socket.ts";
import { type Injector, openInjector } from "./injector.ts";
import { type PreparedInterface, prepareInterface } from "./interface-preparation.ts";
import type { Kernel } from "./kernel.ts";
import { keySequenceOf } from "./key-sequence.ts";
import { LinkWatch } from "./link-watch.ts";
import { channelOf, isBeaconing, scanResultsOf, surveyOf, unless } from "./queries.ts";
import { statisticsOf } from "./statistics.ts";
import { executeVendorCommand } from "./vendor.ts";
import { Nl80211Vlan } from "./vlan.ts";

export interface BssContext {
  readonly host: Host;
  readonly kernel: Kernel;
  readonly log: Log;
  readonly wiphy: number;
  readonly capabilities: RadioCapabilities;
}

export class Nl80211Bss implements BssPort {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly address: MacAddress;
  readonly #context: BssContext;
  readonly #kernel: Kernel;
  readonly #interface: PreparedInterface;
  readonly #listener: (event: BssEvent) => void;
  readonly #unsubscribe: () => void;
  readonly #onClose: () => void;
  #eapol: EapolSocket | undefined;
  /** Those that we have given to the driver. */
  readonly #stations = new Set<MacAddress>();
  readonly #vlans = new Set<VlanPort>();
  #ethernet: PacketSocket | undefined;
  #injector: Injector | undefined;
  /** Where the driver doesn't find the channel of a frame by itself: brcmfmac takes its number for a frequency. */
  #frequencyToTell: number | undefined;
  #isStarted = false;
  #isClosed = false;

  /** @throws KernelRefusal */
  constructor(context: BssContext, options: OpenBss, listener: (event: BssEvent) => void, onClose: () => void) {
    const { kernel, capabilities, wiphy } = context;
    this.interfaceName = options.interfaceName;
    this.#context = context;
    this.#kernel = kernel;
    this.#listener = listener;
    this.#onClose = onClose;
    const { associationOffload } = capabilities;
    this.#interface = prepareInterface(kernel, { wiphy, associationOffload }, options, context.log);
    const { index, address } = this.#interface;
    this.interfaceIndex = index;
    this.address = address;
    try {
      this.#openEapol();
    } catch (error) {
      this.#interface.restore();
      throw error;
    }
    const watch = new LinkWatch(kernel, { index, name: this.interfaceName }, (state) => {
      if (!this.#isClosed) listener({ type: "link", state });
    });
    this.#unsubscribe = kernel.subscribeBss({
      interfaceName: this.interfaceName,
      interfaceIndex: index,
      onEvent: (event) => this.#onEvent(event),
      onLink: () => watch.look(),
    });
  }

  get bridge(): BridgeMembership | undefined {
    const { membership } = this.#interface.bridge;
    if (membership) return membership;
    // Somebody else may have put it into one, before or since.
    const { routes } = this.#kernel;
    const master = routes.link(this.interfaceIndex)?.master;
    const name = master === undefined ? undefined : routes.link(master)?.name;
    return name === undefined ? undefined : { name, bridgeMade: false, interfaceEntered: false };
  }

  setBridge(options: Pick<OpenBss, "bridge" | "bridgePort">): void {
    this.#interface.bridge.change(options);
    this.#openEapol();
  }

  /** The bridge takes the frames for the interface's own address. */
  #openEapol(): void {
    const { capabilities, host, log } = this.#context;
    if (capabilities.controlPort) return;
    this.#eapol?.close();
    this.#eapol = openEapolSocket(host, this.interfaceIndex, this.#interface.bridge.index, log, this.#listener);
  }

  startAp(parameters: ApParameters): void {
    const message = build.buildStartAp(this.interfaceIndex, parameters, this.#context.capabilities);
    try {
      this.#kernel.frames.execute(message);
    } catch (error) {
      if (!(error instanceof KernelRefusal) || error.errno !== "EALREADY") throw error;
      // The frames are ours, so this one is left from a process that has died: the kernel stops it in its own time.
      this.#stop();
      this.#kernel.frames.execute(message);
    }
    this.#isStarted = true;
    if (this.#context.capabilities.associationOffload) this.#frequencyToTell = parameters.channel.frequency;
    const { protection, basicRates, isolate } = parameters;
    try {
      this.setProtection(protection, basicRates, isolate);
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      this.#context.log.debug(`nl80211: ${error.message}`);
      if (isolate)
        this.#context.log.warning("the driver can't keep stations from each other: ap_isolate has no effect");
    }
  }

  updateBeacon(beacon: BeaconTemplate): void {
    this.#kernel.commands.execute(build.buildSetBeacon(this.interfaceIndex, beacon));
  }

  setProtection(protection: BssProtection, basicRates: readonly number[], isolate: boolean): void {
    this.#kernel.commands.execute(build.buildSetBss(this.interfaceIndex, protection, basicRates, isolate));
  }

  switchChannel(change: ChannelSwitch): void {
    this.#kernel.commands.execute(build.buildChannelSwitch(this.interfaceIndex, change));
  }

  survey(): ChannelSurvey | undefined {
    return surveyOf(this.#kernel, this.interfaceIndex);
  }

  setMulticastToUnicast(enabled: boolean): void {
    this.#kernel.commands.execute(setMulticastToUnicast.build({ ifIndex: this.interfaceIndex, enabled }));
  }

  setAirtimeWeight(station: MacAddress, airtimeWeight: number): void {
    this.#kernel.commands.execute(setStation.build({ ifIndex: this.interfaceIndex, station, airtimeWeight }));
  }

  changeColor(change: ColorChange): void {
    this.#kernel.commands.execute(build.buildColorChange(this.interfaceIndex, change));
  }

  channel(): ChannelDefinition | undefined {
    return channelOf(this.#kernel, this.interfaceIndex);
  }

  stopAp(): void {
    this.#isStarted = false;
    this.#stations.clear();
    this.#stop();
  }

  setChannelWidth(channel: ChannelDefinition): void {
    this.#kernel.commands.execute(build.buildSetChannel(this.interfaceIndex, channel));
  }

  scan(frequencies: readonly Frequency[]): void {
    const { scansAsAccessPoint } = this.#context.capabilities;
    this.#kernel.commands.execute(
      build.buildScan(this.interfaceIndex, frequencies, scansAsAccessPoint && this.#isStarted),
    );
  }

  scanResults(): readonly ScanResult[] {
    return scanResultsOf(this.#kernel, this.interfaceIndex);
  }

  setTransmitQueue(category: AccessCategory, parameters: TransmitQueueParameters): void {
    this.#kernel.commands.execute(build.buildSetQueue(this.interfaceIndex, category, parameters));
  }

  addStation(station: MacAddress, parameters: StationParameters): void {
    const { capabilities } = this.#context;
    const message = build.buildNewStation(this.interfaceIndex, station, parameters, capabilities);
    try {
      this.#kernel.commands.execute(message);
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal) || thrown.errno !== "EEXIST") throw thrown;
      // What the kernel has of it is none of ours, and may be anything.
      this.removeStation(station);
      this.#kernel.commands.execute(message);
    }
    this.#stations.add(station);
  }

  setStation(station: MacAddress, parameters: StationParameters): void {
    const { capabilities } = this.#context;
    this.#kernel.commands.execute(build.buildSetStation(this.interfaceIndex, station, parameters, capabilities));
  }

  removeStation(station: MacAddress, dismissal?: Dismissal): void {
    this.#stations.delete(station);
    const message = build.buildDelStation(this.interfaceIndex, station, dismissal);
    unless("ENOENT", () => this.#kernel.commands.execute(message));
  }

  flushStations(): void {
    this.#stations.clear();
    const flush = (): void => {
      this.#kernel.commands.execute(delStation.build({ ifIndex: this.interfaceIndex }));
    };
    // Firmware with stations of its own begins and ends without any; brcmfmac's driver can't name all of them.
    if (this.#context.capabilities.associationOffload) this.#kernel.tolerate(flush);
    else flush();
  }

  statistics(station: MacAddress): StationStatistics | undefined {
    const message = getStation.build({ ifIndex: this.interfaceIndex, station });
    const answer = unless("ENOENT", () => unless("ENODEV", () => this.#kernel.commands.query(message)));
    if (answer === undefined) return undefined;
    return statisticsOf(stationDescription.decode(answer).information ?? {});
  }

  stations(): readonly MacAddress[] {
    const interfaces = [this.interfaceIndex, ...Array.from(this.#vlans, ({ interfaceIndex }) => interfaceIndex)];
    return interfaces
      .flatMap((ifIndex) => unless("ENODEV", () => this.#kernel.commands.dump(getStation.build({ ifIndex }))) ?? [])
      .map((answer) => stationDescription.decode(answer).station);
  }

  probeStation(station: MacAddress): void {
    this.#kernel.commands.execute(probeClient.build({ ifIndex: this.interfaceIndex, station }));
  }

  openVlan(options: OpenVlan, onRemoved: () => void): VlanPort {
    const { wiphy, log, kernel } = this.#context;
    const parent = { kernel, wiphy, log, address: this.address, onEvent: (event: BssEvent) => this.#onEvent(event) };
    const onClosed = (): void => void this.#vlans.delete(vlan);
    const vlan: Nl80211Vlan = new Nl80211Vlan(parent, options, { onRemoved, onClosed });
    this.#vlans.add(vlan);
    return vlan;
  }

  assignStation(station: MacAddress, vlan: VlanPort | undefined): void {
    const { interfaceIndex } = vlan ?? this;
    this.#kernel.commands.execute(setStation.build({ ifIndex: this.interfaceIndex, station, vlan: interfaceIndex }));
  }

  installKey(key: KeyInstallation): void {
    this.#kernel.commands.execute(build.buildNewKey(this.interfaceIndex, key));
  }

  sendWithKey(index: number, station: MacAddress): void {
    this.#kernel.commands.execute(build.buildSendWithKey(this.interfaceIndex, index, station));
  }

  removeKey(index: number, station?: MacAddress): void {
    const message = build.buildDelKey(this.interfaceIndex, index, station);
    unless("ENOENT", () => this.#kernel.commands.execute(message));
  }

  setDefaultKey(index: number, use: DefaultKeyUse): void {
    this.#kernel.commands.execute(build.buildDefaultKey(this.interfaceIndex, index, use));
  }

  keySequence(index: number): Uint8Array {
    return keySequenceOf(this.#kernel, this.interfaceIndex, index);
  }

  sendManagement(frame: Uint8Array, options: SendManagement = {}): bigint {
    if (options.unprotected === true) {
      const { host, wiphy } = this.#context;
      this.#injector ??= openInjector(this.#kernel, host, wiphy, this.interfaceName);
      this.#injector.send(frame);
      return 0n;
    }
    const message = build.buildSendFrame(this.interfaceIndex, frame, options, this.#frequencyToTell);
    if (options.noAck === true) {
      this.#kernel.commands.execute(message);
      return 0n;
    }
    return cookieReply.decode(this.#kernel.commands.query(message)).cookie;
  }

  sendEapol(station: MacAddress, payload: Uint8Array, { encrypt }: { readonly encrypt: boolean }): bigint {
    if (this.#eapol !== undefined) {
      this.#eapol.send(this.address, station, payload);
      return 0n;
    }
    const message = build.buildSendEapol(this.interfaceIndex, station, payload, encrypt);
    const { cookie } = this.#kernel.commands.execute(message);
    return cookie === undefined ? 0n : u64.decode(new Reader(cookie, ["cookie"]));
  }

  sendEthernet(frame: Uint8Array): void {
    this.#ethernet ??= this.#context.host.openPacketSocket(this.interfaceIndex, undefined);
    this.#ethernet.send(frame);
  }

  executeVendorCommand(request: VendorCommand): Uint8Array {
    return executeVendorCommand(this.#kernel.commands, this.interfaceIndex, request);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unsubscribe();
    for (const vlan of [...this.#vlans]) vlan.close();
    if (this.#isStarted) this.#kernel.tolerate(() => this.#stop(), "ENODEV", "ENETDOWN");
    this.#eapol?.close();
    this.#ethernet?.close();
    this.#injector?.close();
    this.#interface.restore();
    this.#onClose();
  }

  /** Harmless where nothing runs. */
  #stop(): void {
    const message = stopAp.build({ ifIndex: this.interfaceIndex });
    unless("ENOENT", () => this.#kernel.commands.execute(message));
  }

  #onEvent(event: BssEvent): void {
    const { associationOffload } = this.#context.capabilities;
    switch (event.type) {
      case "station-associated":
        // Otherwise the echo of our own command.
        if (!associationOffload) return;
        break;
      case "station-removed":
        if (associationOffload) {
          this.#listener({ type: "station-disassociated", station: event.station });
          return;
        }
        // Mostly the echo of our own command; or old news of a station that has come back since.
        if (!this.#stations.has(event.station) || this.statistics(event.station) !== undefined) return;
        this.#stations.delete(event.station);
        break;
      case "channel-switched":
        if (this.#frequencyToTell !== undefined) this.#frequencyToTell = event.channel.frequency;
        break;
      case "stopped":
        // It may be old news, from before a start that has followed.
        if (!this.#isStarted || isBeaconing(this.#kernel, this.interfaceIndex)) return;
        this.#isStarted = false;
        break;
    }
    this.#listener(event);
  }
}
