/** One basic service set: its stations, its beacon, and the roads that frames take through it. */

import type { Clock } from "../base/clock.ts";
import type { Entropy } from "../base/entropy.ts";
import { KernelRefusal } from "../base/errors.ts";
import type { OpenEthernet } from "../base/ethernet-tap.ts";
import type { Log } from "../base/log.ts";
import { broadcast, type MacAddress } from "../base/mac-address.ts";
import { RateLimit } from "../base/rate-limit.ts";
import type { PskEntries, PskSecret } from "../config/psk-entries.ts";
import type { BssSettings } from "../config/registry.ts";
import type { BssEvent, BssPort, SendManagement } from "../driver/port.ts";
import type { BssAuthenticator } from "../rsn/bss-authenticator.ts";
import { type ReasonName, reasonCode } from "../wire/ieee80211/reason-code.ts";
import { AidPool } from "./aid-pool.ts";
import type { OpenBackend, OpenedBackend } from "./backend.ts";
import type { Bans } from "./bans.ts";
import { ChannelLoad } from "./channel-load.ts";
import { tellNeighbours } from "./colocation.ts";
import { Countermeasures } from "./countermeasures.ts";
import { missingDiscovery } from "./discovery.ts";
import { onEapol, onEapolStatus } from "./eapol.ts";
import type { BssEventBody } from "./events.ts";
import { dropStation, sendAway, tellToGo } from "./leaving.ts";
import { onStationAssociated, onStationDisassociated, resynchronizeOffloaded } from "./offloaded-association.ts";
import { type Addressing, Outbox } from "./outbox.ts";
import { announceAsPartner } from "./owe-transition.ts";
import { Preauthentication } from "./preauthentication.ts";
import { PskFinder } from "./psk-finder.ts";
import type { PskTable } from "./psk-table.ts";
import type { PskTables } from "./psk-tables.ts";
import type { RadioView } from "./radio-view.ts";
import { BssRadius } from "./radius/bss-radius.ts";
import type { RadiusShared } from "./radius/shared.ts";
import { isNobodys, onManagement, onUnexpectedFrame } from "./receiving.ts";
import { onStationRemoved, resynchronize } from "./resynchronizing.ts";
import { SaeAuthentication, type SaeTools } from "./sae.ts";
import { createAuthenticator } from "./security.ts";
import type { SentFrame } from "./sent-frames.ts";
import { apParameters, offerOf, show } from "./showing.ts";
import { Station } from "./station.ts";
import { Tally } from "./tally.ts";
import { setTransmitQueues } from "./transmit-queues.ts";
import { Vlans } from "./vlans.ts";
import { onLowAcknowledgement, onProbeStatus } from "./watching.ts";
import { checkWep, installWepKeys } from "./wep.ts";

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
  readonly openBackend: OpenBackend;
  readonly radius: RadiusShared;
  /** undefined where there is no wired side. */
  readonly openEthernet: OpenEthernet | undefined;
  readonly bans: Bans | undefined;
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
  readonly preauthentication: Preauthentication;
  readonly load: ChannelLoad;
  readonly diversions: Diversions = { management: false, eapol: false };
  readonly #refusals: RateLimit;
  readonly #outbox: Outbox;
  #settings: BssSettings;
  #port: BssPort | undefined;
  #authenticator: BssAuthenticator | undefined;
  /** Which pre-shared key is whose. */
  readonly psks: PskFinder;
  readonly sae: SaeAuthentication;
  #backend: OpenedBackend | undefined;
  readonly radius: BssRadius;
  #isBeaconing = false;

  constructor(readonly options: BssOptions) {
    this.name = options.settings.interface;
    this.#settings = options.settings;
    this.sae = new SaeAuthentication(this, options.saeTools);
    this.radius = new BssRadius(this, options.radius);
    this.psks = new PskFinder(options.clock, this.#pskTable(options.pskEntries));
    this.#outbox = new Outbox(this);
    this.tally = new Tally(options.log);
    this.load = new ChannelLoad(this);
    this.countermeasures = new Countermeasures(this);
    this.vlans = new Vlans(this);
    this.preauthentication = new Preauthentication(this);
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

  /** Who authenticates by IEEE 802.1X; undefined without it, and while the BSS doesn't beacon. */
  get backend(): OpenedBackend | undefined {
    return this.#backend;
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
    return this.#outbox.awaited;
  }

  report(event: BssEventBody): void {
    if (event.type === "station-left") this.radius.onLeft(event.station, event);
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
    this.radius.onSettings();
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
    this.#backend = settings.ieee8021x ? this.options.openBackend(this) : undefined;
    const offer = offerOf(this);
    for (const missing of missingDiscovery(offer)) this.log.warning(missing);
    port.startAp(apParameters(this, offer));
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
    tellNeighbours(this);
    this.radius.start();
    this.preauthentication.start();
    // Stations of an earlier life of this network would otherwise find out only when they want to send.
    if (settings.broadcast_deauth) this.#deauthenticateAll("invalid-authentication");
  }

  /** Everybody is told, keys and stations go. The port is the radio's to close. */
  stop(): void {
    const wasBeaconing = this.#isBeaconing;
    this.radius.expectEnd();
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
    this.sae.stop();
    for (const station of [...this.stations.values()]) dropStation(this, station);
    this.radius.stop();
    this.vlans.stop();
    this.preauthentication.stop();
    this.radio.neighbourhood.leave(this);
    this.#authenticator?.stop();
    this.#authenticator = undefined;
    this.#backend?.close();
    this.#backend = undefined;
    this.countermeasures.reset();
    this.#outbox.clear();
    this.load.stop();
    this.#isBeaconing = false;
    tellNeighbours(this);
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
        return this.#outbox.onStatus(event);
      case "eapol":
        return onEapol(this, event.source, event.payload, event.encrypted ? "air" : "air, in the clear");
      case "eapol-status":
        return onEapolStatus(this, event.station, event.acknowledged);
      case "unexpected-frame":
        return onUnexpectedFrame(this, event.source, event.fourAddress);
      case "probe-status":
        return onProbeStatus(this, event.station, event.acknowledged);
      case "station-mode-changed":
        if (this.stations.has(event.station)) this.reportRefusal(event);
        return;
      case "low-acknowledgement":
        return onLowAcknowledgement(this, event.station);
      case "station-associated":
        if (this.#isBeaconing && !isNobodys(this, event.station)) onStationAssociated(this, event);
        return;
      case "station-disassociated":
        return onStationDisassociated(this, event.station);
      case "station-removed":
        return onStationRemoved(this, event.station);
      case "events-lost":
        return this.isOffloaded ? resynchronizeOffloaded(this) : resynchronize(this);
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
  sendManagement(addressing: Addressing, body: Uint8Array, sent?: SentFrame): boolean {
    return this.#outbox.send(addressing, body, sent);
  }

  /** A whole frame. Without `sent`, nobody waits for its acknowledgement. */
  transmit(frame: Uint8Array, sent?: SentFrame, options: Omit<SendManagement, "frequency"> = {}): boolean {
    return this.#outbox.transmit(frame, sent, options);
  }

  /** A diverted status comes back from the program outside. @returns whether it is one of ours */
  processManagementStatus(frame: Uint8Array, acknowledged: boolean): boolean {
    return this.#outbox.settleDiverted(frame, acknowledged);
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

  /** The beacon as the settings say, also where start_disabled has kept it back. @throws KernelRefusal */
  updateBeacon(): void {
    if (this.#port && !this.#isBeaconing) this.#beginBeaconing(this.#port);
    else this.refreshBeacon();
  }

  /**
   * Hands on what the driver, the beacon and the authenticator have of settings that may have changed.
   * @throws KernelRefusal where the driver doesn't take the beacon, ConfigurationError where nobody can authenticate with them
   */
  applySettings(): void {
    if (!this.#port || !this.#isBeaconing) return;
    setTransmitQueues(this);
    this.load.start();
    show(this, this.#port);
    this.#authenticator?.onSettings();
    this.#backend?.use(this.#settings);
  }

  /** Puts what has changed into the beacon. */
  refreshBeacon(): void {
    const port = this.#port;
    // While the driver counts down it has both beacons already.
    if (!port || !this.#isBeaconing || this.radio.announcement || this.radio.colorAnnouncement) return;
    this.#attempt(() => show(this, port));
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

  #deauthenticateAll(reason: ReasonName): void {
    tellToGo(this, broadcast, "deauthentication", reasonCode[reason]);
  }

  /** Tells one station to go, or with the broadcast address all of them. */
  deauthenticate(address: MacAddress, reason: ReasonName, subtype: "deauthentication" | "disassociation"): void {
    sendAway(this, address, reason, subtype);
  }
}
