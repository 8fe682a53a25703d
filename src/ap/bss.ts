/** One basic service set: its stations, its beacon, and the roads that frames take through it. */

import type { Clock } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import type { Entropy } from "../base/entropy.ts";
import { KernelRefusal } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { broadcast, type MacAddress } from "../base/mac-address.ts";
import type { PskEntries, PskSecret } from "../config/psk-entries.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";
import type { BssColor, BssEvent, BssPort, RadioCapabilities, SendManagement } from "../driver/port.ts";
import type { BssAuthenticator } from "../rsn/bss-authenticator.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import { encodeManagementFrame, type ManagementAddressing } from "../wire/ieee80211/frame.ts";
import { type ReasonName, reasonCode } from "../wire/ieee80211/reason-code.ts";
import { AidPool } from "./aid-pool.ts";
import type { AirtimePolicy } from "./airtime.ts";
import { ChannelLoad } from "./channel-load.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import type { SwitchAnnouncement } from "./channel-switch-elements.ts";
import type { CoexistenceReport } from "./coexistence.ts";
import type { ColorAnnouncement } from "./color-change-elements.ts";
import { Countermeasures } from "./countermeasures.ts";
import { missingDiscovery } from "./discovery.ts";
import { onEapol, onEapolStatus } from "./eapol.ts";
import type { BssEventBody } from "./events.ts";
import { dropStation, sendAway, tellToGo } from "./leaving.ts";
import { obssPacketDetectionOf } from "./mode-elements.ts";
import { offersHt, respondsToTwt } from "./modes.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import { beaconTemplate, isErp, type Offer, switchCounts } from "./offer.ts";
import { onStationAssociated, onStationDisassociated, resynchronizeOffloaded } from "./offloaded-association.ts";
import { announceAsPartner, owePartnerOf } from "./owe-transition.ts";
import type { ProtectionCounts } from "./protection.ts";
import { PskFinder } from "./psk-finder.ts";
import type { PskTable } from "./psk-table.ts";
import type { PskTables } from "./psk-tables.ts";
import { RateLimit } from "./rate-limit.ts";
import { beaconRateOf, rateSet } from "./rates.ts";
import { isNobodys, onManagement, onUnexpectedFrame } from "./receiving.ts";
import { protectedVlanOf } from "./sa-querying.ts";
import { SaeAuthentication, type SaeTools } from "./sae.ts";
import { apSecurity, createAuthenticator, rsnPolicyOf } from "./security.ts";
import type { SeenStations } from "./seen-stations.ts";
import { type SentFrame, SentFrames } from "./sent-frames.ts";
import { Station } from "./station.ts";
import { Tally } from "./tally.ts";
import { setTransmitQueues } from "./transmit-queues.ts";
import { Vlans } from "./vlans.ts";
import { onLowAcknowledgement, onProbeStatus } from "./watching.ts";
import { checkWep, installWepKeys } from "./wep.ts";

/** What a BSS has from its radio. */
export interface RadioView {
  readonly settings: RadioSettings;
  readonly plan: ChannelPlan;
  readonly capabilities: RadioCapabilities;
  readonly protection: ProtectionCounts;
  /** Two letters, once the country is in force. */
  readonly country: string | undefined;
  readonly airtime: AirtimePolicy;
  /** Whom the radio has heard lately. */
  readonly seen: SeenStations;
  /** The BSSs of all radios. */
  readonly neighbourhood: Neighbourhood;
  readonly parameterSetCount: number;
  /** undefined where the radio isn't in HE. */
  readonly bssColor: BssColor | undefined;
  readonly colorAnnouncement: ColorAnnouncement | undefined;
  /** A channel switch that is on its way. */
  readonly announcement: SwitchAnnouncement | undefined;
  /** What beacons say has changed for all BSSs of the radio. */
  refreshBeacons(): void;
  /** Somebody tells of others that 40 MHz would disturb. */
  onCoexistenceReport(bss: Bss, transmitter: MacAddress, report: CoexistenceReport, isAssociated: boolean): void;
}

export interface BssOptions {
  readonly settings: BssSettings;
  readonly radio: RadioView;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly report: (event: BssEventBody) => void;
  /** Entries of wpa_psk_file. */
  readonly pskEntries: PskEntries;
  readonly pskTables: PskTables;
  readonly saeTools: SaeTools;
}

/** Frames that a test or a program outside handles in our place; set over the control socket. */
export interface Diversions {
  /** ext_mgmt_frame_handling: management frames are reported and not answered. */
  management: boolean;
  /** ext_eapol_frame_io: EAPOL frames are reported and neither sent nor processed. */
  eapol: boolean;
}

/** More events than that about people who are not let in tell nobody anything new. */
const refusalLimit = { burst: 1024, perSecond: 50 } as const;

export class Bss {
  readonly name: string;
  readonly stations = new Map<MacAddress, Station>();
  /** Those of them that are not associated, the one that has said so longest ago first: they give way to newcomers. */
  readonly unassociated = new Set<Station>();
  readonly aids = new AidPool();
  readonly tally: Tally;
  readonly countermeasures: Countermeasures;
  readonly vlans: Vlans;
  readonly load: ChannelLoad;
  readonly diversions: Diversions = { management: false, eapol: false };
  readonly #refusals: RateLimit;
  readonly #sent = new SentFrames();
  #settings: BssSettings;
  #port: BssPort | undefined;
  #authenticator: BssAuthenticator | undefined;
  /** Which pre-shared key is whose. */
  readonly psks: PskFinder;
  readonly sae: SaeAuthentication;
  #isBeaconing = false;

  constructor(readonly options: BssOptions) {
    this.name = options.settings.interface;
    this.#settings = options.settings;
    this.sae = new SaeAuthentication(this, options.saeTools);
    this.psks = new PskFinder(options.clock, this.#pskTable(options.pskEntries));
    this.tally = new Tally(options.log);
    this.load = new ChannelLoad(this);
    this.countermeasures = new Countermeasures(this);
    this.vlans = new Vlans(this);
    this.#refusals = new RateLimit(options.clock, refusalLimit.burst, refusalLimit.perSecond);
  }

  get settings(): BssSettings {
    return this.#settings;
  }

  get radio(): RadioView {
    return this.options.radio;
  }

  get log(): Log {
    return this.options.log;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get entropy(): Entropy {
    return this.options.entropy;
  }

  /** undefined while the BSS has no interface. */
  get port(): BssPort | undefined {
    return this.#port;
  }

  /** undefined in an open network, and while the BSS doesn't beacon. */
  get authenticator(): BssAuthenticator | undefined {
    return this.#authenticator;
  }

  /** Entries of wpa_psk_file, as it was last read. */
  get pskEntries(): PskEntries {
    return this.psks.table.keys.entries;
  }

  get isBeaconing(): boolean {
    return this.#isBeaconing;
  }

  get address(): MacAddress {
    return this.#port?.address ?? broadcast;
  }

  get associatedCount(): number {
    return this.stations.size - this.unassociated.size;
  }

  /** Frames that the radio has not told of yet. */
  get awaitedStatuses(): number {
    return this.#sent.awaited;
  }

  report(event: BssEventBody): void {
    this.options.report(event);
  }

  /** The same of what anybody can make happen, as often as they like. */
  reportRefusal(event: BssEventBody): void {
    if (this.#refusals.take()) this.report(event);
  }

  /** Settings that are in force from now on; {@link refreshBeacon} shows them on the air. */
  change(settings: BssSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.sae.onSettings(before);
  }

  /** Other keys from now on; stations that are in stay in. Those that were derived already are taken over. */
  replacePsks(entries: PskEntries): void {
    const before = this.psks.table;
    this.psks.replace(this.#pskTable(entries));
    this.options.pskTables.release(before);
    if (this.#isBeaconing) this.psks.table.deriveAll();
  }

  /** The keys that the settings name, and those of the file. */
  #pskTable(entries: PskEntries): PskTable {
    const { wpa_psk, wpa_passphrase, ssid } = this.#settings;
    const own: PskSecret | undefined = wpa_passphrase
      ? { type: "passphrase", octets: wpa_passphrase }
      : wpa_psk && { type: "psk", octets: wpa_psk };
    return this.options.pskTables.acquire({ ssid, own, entries });
  }

  /** With start_disabled, all but the beacon. @throws KernelRefusal where the driver doesn't take it */
  start(port: BssPort): void {
    this.#port = port;
    port.flushStations();
    if (!this.settings.start_disabled) this.#beginBeaconing(port);
  }

  #beginBeaconing(port: BssPort): void {
    const { settings, radio } = this;
    checkWep(this);
    this.#authenticator = createAuthenticator(this);
    const offer = this.offer();
    for (const missing of missingDiscovery(offer)) this.log.warning(missing);
    port.startAp({
      ssid: settings.ssid,
      hiddenSsid: settings.ignore_broadcast_ssid,
      beaconInterval: radio.settings.beacon_int,
      dtimPeriod: settings.dtim_period,
      channel: radio.plan.definition,
      beacon: beaconTemplate(offer),
      security: apSecurity(settings, radio.capabilities),
      protection: radio.protection.bssProtection(this.#protectionOptions(offer)),
      basicRates: offer.rates.basic,
      isolate: settings.ap_isolate,
      maxInactivity: seconds(settings.ap_max_inactivity),
      ...beaconRateOf(settings, radio.capabilities),
      obssPacketDetection: obssPacketDetectionOf(offer),
      twtResponder: respondsToTwt(offer),
    });
    this.#isBeaconing = true;
    setTransmitQueues(this);
    this.load.start();
    if (settings.multicast_to_unicast) this.attempt((own) => own.setMulticastToUnicast(true));
    this.#authenticator?.start();
    installWepKeys(this);
    this.psks.table.deriveAll();
    this.vlans.start(port);
    radio.neighbourhood.enter(this);
    announceAsPartner(this);
    // Stations of an earlier life of this network would otherwise find out only when they want to send.
    if (settings.broadcast_deauth) this.#deauthenticateAll("invalid-authentication");
  }

  /** Everybody is told, keys and stations go. The port is the radio's to close. */
  stop(): void {
    const wasBeaconing = this.#isBeaconing;
    if (wasBeaconing && this.settings.broadcast_deauth) this.#deauthenticateAll("leaving-network-deauthentication");
    this.suspend();
    if (wasBeaconing) {
      this.#attempt(() => this.#port?.stopAp());
      this.#attempt(() => this.#port?.flushStations());
    }
    this.#port = undefined;
  }

  /** The interface has gone or has been taken down: nothing can be told to anybody. */
  suspend(): void {
    for (const station of [...this.stations.values()]) dropStation(this, station);
    this.vlans.stop();
    this.radio.neighbourhood.leave(this);
    this.#authenticator?.stop();
    this.#authenticator = undefined;
    this.countermeasures.reset();
    this.#sent.clear();
    this.load.stop();
    this.#isBeaconing = false;
  }

  /** On the same interface, which is up again. @throws KernelRefusal */
  restart(): void {
    const port = this.#port;
    if (!port) return;
    this.suspend();
    this.start(port);
  }

  /** Keys of all kinds go for good. */
  dispose(): void {
    this.stop();
    this.psks.dispose();
    this.sae.wipe();
    this.options.pskTables.release(this.psks.table);
  }

  onEvent(event: BssEvent): void {
    switch (event.type) {
      case "management":
        return this.receiveManagement(event.frame, event);
      case "management-status":
        return this.#onManagementStatus(event);
      case "eapol":
        return onEapol(this, event.source, event.payload);
      case "eapol-status":
        return onEapolStatus(this, event.station, event.acknowledged);
      case "unexpected-frame":
        return onUnexpectedFrame(this, event.source, event.fourAddress);
      case "probe-status":
        return onProbeStatus(this, event.station, event.acknowledged);
      case "low-acknowledgement":
        return onLowAcknowledgement(this, event.station);
      case "station-associated":
        if (this.#isBeaconing && !isNobodys(this, event.station)) onStationAssociated(this, event);
        return;
      case "station-disassociated":
        return onStationDisassociated(this, event.station);
      case "station-removed":
        return this.#onStationRemoved(event.station);
      case "events-lost":
        return this.isOffloaded ? resynchronizeOffloaded(this) : this.#resynchronize();
      case "michael-mic-failure":
        return this.countermeasures.onFailure(event.station, "access-point");
      // These concern the radio as a whole, which sees them first.
      case "stopped":
      case "color-collision":
      case "color-changed":
      case "color-change-aborted":
      case "channel-switch-started":
      case "scan-finished":
      case "channel-switched":
      case "link":
        return;
    }
  }

  /** A management frame from the air, or from a program that plays the air. */
  receiveManagement(
    frame: Uint8Array,
    about: { readonly frequency: number; readonly signalDbm: number | undefined },
    from: "air" | "control" = "air",
  ): void {
    const { frequency, signalDbm } = about;
    if (!this.diversions.management || from === "control") return onManagement(this, frame, signalDbm);
    this.report({ type: "management-received", frame, frequency, signalDbm });
  }

  /** @returns whether the driver took it; `sent` hears whether it was acknowledged */
  sendManagement(
    addressing: Pick<ManagementAddressing, "subtype" | "receiver">,
    body: Uint8Array,
    sent?: SentFrame,
  ): boolean {
    const frame = encodeManagementFrame({ ...addressing, transmitter: this.address, bssid: this.address }, body);
    const vlan = protectedVlanOf(this, addressing);
    return this.#send(sent, (port) => (vlan ?? port).sendManagement(frame));
  }

  /** A whole frame. Without `sent`, nobody waits for its acknowledgement. */
  transmit(frame: Uint8Array, sent?: SentFrame, options: Omit<SendManagement, "frequency"> = {}): boolean {
    return this.#send(sent, (port) => port.sendManagement(frame, options));
  }

  #send(sent: SentFrame | undefined, send: (port: BssPort) => bigint): boolean {
    const port = this.#port;
    if (!port) return false;
    const cookie = this.#attempt(() => send(port));
    if (cookie === undefined) return false;
    if (sent) this.#sent.expect(cookie, sent);
    return true;
  }

  #onManagementStatus({ cookie, frame, acknowledged }: BssEvent & { type: "management-status" }): void {
    if (!this.diversions.management) return this.#sent.settle(cookie, acknowledged, frame);
    this.#sent.divert(cookie, frame);
    this.report({ type: "management-transmitted", frame, acknowledged });
  }

  /** A diverted status comes back from the program outside. @returns whether it is one of ours */
  processManagementStatus(frame: Uint8Array, acknowledged: boolean): boolean {
    return this.#sent.settleDiverted(frame, acknowledged);
  }

  /** The station's entry, made where there is none. */
  stationOf(address: MacAddress): Station {
    const known = this.stations.get(address);
    if (known) return known;
    const station = new Station(address, this.clock);
    this.stations.set(address, station);
    this.unassociated.add(station);
    return station;
  }

  offer(): Offer {
    const { settings, radio } = this;
    const policy = rsnPolicyOf(settings, radio.capabilities);
    return {
      address: this.address,
      settings,
      radio: radio.settings,
      plan: radio.plan,
      capabilities: radio.capabilities,
      rates: rateSet(settings, radio.settings, radio.plan.band),
      protection: radio.protection,
      security: policy ? this.securityElements() : [],
      stationCount: this.associatedCount,
      channelUtilization: this.load.utilization,
      parameterSetCount: radio.parameterSetCount,
      country: radio.country,
      bssColor: radio.bssColor,
      requiresHashToElement: this.sae.requiresHashToElement,
      colorAnnouncement: radio.colorAnnouncement,
      owePartner: owePartnerOf(this),
      announcement: radio.announcement,
    };
  }

  securityElements(): readonly Element[] {
    return this.#authenticator?.options.elements ?? [];
  }

  /** The beacon as the settings say, also where start_disabled has kept it back. @throws KernelRefusal */
  updateBeacon(): void {
    if (this.#port && !this.#isBeaconing) this.#beginBeaconing(this.#port);
    else this.refreshBeacon();
  }

  /**
   * Hands on what the driver, the beacon and the authenticator have of settings that may have changed.
   * @throws KernelRefusal where the driver doesn't take the beacon
   */
  applySettings(): void {
    if (!this.#port || !this.#isBeaconing) return;
    setTransmitQueues(this);
    this.load.start();
    this.#show(this.#port);
    this.#authenticator?.onSettings();
  }

  /** Puts what has changed into the beacon. */
  refreshBeacon(): void {
    const port = this.#port;
    // While the driver counts down it has both beacons already.
    if (!port || !this.#isBeaconing || this.radio.announcement || this.radio.colorAnnouncement) return;
    this.#attempt(() => this.#show(port));
  }

  #show(port: BssPort): void {
    const offer = this.offer();
    const protection = this.radio.protection.bssProtection(this.#protectionOptions(offer));
    port.updateBeacon(beaconTemplate(offer));
    this.#attempt(() => port.setProtection(protection, offer.rates.basic, this.settings.ap_isolate));
  }

  /** @param color of the time after @returns false where this BSS has none, without HE @throws KernelRefusal */
  changeColor(announcement: ColorAnnouncement, color: BssColor): boolean {
    const offer = this.offer();
    const during: Offer = { ...offer, colorAnnouncement: announcement };
    const after: Offer = { ...offer, bssColor: color, colorAnnouncement: undefined };
    const { beacon, probeResponse } = switchCounts(during);
    if (beacon[0] === undefined || !this.#port) return false;
    this.#port.changeColor({
      color: announcement.color,
      count: announcement.countdown,
      during: beaconTemplate(during),
      beaconCount: beacon[0],
      probeResponseCount: probeResponse[0] ?? 0,
      after: beaconTemplate(after),
    });
    return true;
  }

  /** @throws KernelRefusal */
  switchChannel(announcement: SwitchAnnouncement): void {
    const offer = this.offer();
    const during: Offer = { ...offer, announcement };
    const { settings, target, count, blockTransmission } = announcement;
    const rates = rateSet(this.settings, settings, target.band);
    const after: Offer = { ...offer, radio: settings, plan: target, rates, announcement: undefined };
    const counts = switchCounts(during);
    this.#port?.switchChannel({
      channel: target.definition,
      count,
      blockTransmission,
      during: beaconTemplate(during),
      beaconCounts: counts.beacon,
      probeResponseCounts: counts.probeResponse,
      after: beaconTemplate(after),
    });
  }

  /** The firmware authenticates and associates. */
  get isOffloaded(): boolean {
    return this.radio.capabilities.associationOffload;
  }

  /** What the driver is asked while it may refuse: logged, and undefined then. */
  #attempt<T>(command: () => T): T | undefined {
    try {
      return command();
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      this.log.debug(thrown.message);
      return undefined;
    }
  }

  attempt<T>(command: (port: BssPort) => T): T | undefined {
    const port = this.#port;
    return port && this.#attempt(() => command(port));
  }

  #onStationRemoved(address: MacAddress): void {
    const station = this.stations.get(address);
    if (!station?.isInDriver || this.attempt((port) => port.statistics(address)) !== undefined) return;
    this.log.station(address, "DRIVER", "info", "removed by the driver");
    this.report({ type: "station-left", station: address, by: "driver", reason: "unspecified" });
    dropStation(this, station);
  }

  /** Events were lost: believe the driver. */
  #resynchronize(): void {
    const known = new Set(this.attempt((port) => port.stations()) ?? []);
    for (const station of [...this.stations.values()]) {
      if (station.isInDriver && !known.has(station.address)) this.#onStationRemoved(station.address);
    }
  }

  #deauthenticateAll(reason: ReasonName): void {
    tellToGo(this, broadcast, "deauthentication", reasonCode[reason]);
  }

  /** Tells one station to go, or with the broadcast address all of them. */
  deauthenticate(address: MacAddress, reason: ReasonName, subtype: "deauthentication" | "disassociation"): void {
    sendAway(this, address, reason, subtype);
  }

  #protectionOptions(offer: Offer) {
    return {
      ht: offersHt(offer) ? offer.plan.secondary : undefined,
      shortPreamble: offer.radio.preamble === "short",
      erp: isErp(offer),
    };
  }
}
