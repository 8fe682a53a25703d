/** A station in the process: real frames on the virtual air, and a small supplicant. */

import { MalformedError, Reader, sameBytes, utf8 } from "../base/bytes.ts";
import { type Clock, NamedTimers } from "../base/clock.ts";
import { type Duration, seconds, since, timeUnits } from "../base/duration.ts";
import type { Entropy } from "../base/entropy.ts";
import { broadcast, isGroupAddress, type MacAddress, macAddressOf } from "../base/mac-address.ts";
import { ccmpKeyId } from "../crypto/ccmp.ts";
import { derivePskNow } from "../crypto/psk.ts";
import { CipherKey } from "../driver/virtual/cipher-key.ts";
import { openData, RepetitionFilter, SequenceCounter, sealData, splitData } from "../driver/virtual/mac.ts";
import type { Antenna, Reception, VirtualMedium } from "../driver/virtual/medium.ts";
import { sealManagement } from "../driver/virtual/protected-management.ts";
import { actionCategory } from "../wire/ieee80211/action.ts";
import { encodeAssociationRequest } from "../wire/ieee80211/association-request.ts";
import { decodeAssociationResponse } from "../wire/ieee80211/association-response.ts";
import {
  authenticationAlgorithm,
  decodeAuthentication,
  encodeAuthentication,
} from "../wire/ieee80211/authentication.ts";
import { decodeBeacon } from "../wire/ieee80211/beacon.ts";
import { dataHeader } from "../wire/ieee80211/data-frame.ts";
import { decodeDeauthentication, encodeDeauthentication } from "../wire/ieee80211/deauthentication.ts";
import { type Element, elementId, findElement } from "../wire/ieee80211/element.ts";
import {
  decodeManagementHeader,
  encodeManagementFrame,
  frameKind,
  type ManagementHeader,
  type ManagementSubtype,
} from "../wire/ieee80211/frame.ts";
import { etherType, type Msdu } from "../wire/ieee80211/llc-snap.ts";
import { encodeProbeRequest } from "../wire/ieee80211/probe-request.ts";
import { reasonCode, reasonName } from "../wire/ieee80211/reason-code.ts";
import { decodeSaQuery, encodeSaQuery } from "../wire/ieee80211/sa-query.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";
import { decodeTimeoutInterval, timeoutIntervalType } from "../wire/ieee80211/timeout-interval.ts";
import { answerOf, decodeArp, encodeArp, requestFor } from "./arp.ts";
import { ManagementGuard } from "./management-guard.ts";
import * as membership from "./membership.ts";
import {
  announcedChannel,
  associationCapabilities,
  associationElements,
  type Network,
  networkOf,
  ownRsne,
  protectsManagement,
  rateElements,
  usesWmm,
} from "./network.ts";
import type { StationOptions, StationSecurity } from "./options.ts";
import type { StationEvent } from "./station-event.ts";
import * as supplicant from "./supplicant.ts";

const everywhere = [...Array.from({ length: 13 }, (_, i) => 2412 + 5 * i), 5180, 5200, 5220, 5240];
const defaultListenInterval = 5;
const pingTimeout = seconds(1);

export class VirtualStation implements Antenna {
  readonly address: MacAddress;
  readonly options: StationOptions;
  readonly #medium: VirtualMedium;
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #timers: NamedTimers<membership.TimerName>;
  readonly #pings: NamedTimers<string>;
  readonly #pingedAt = new Map<string, Duration>();
  readonly #policy: membership.Policy;
  readonly #sequences = new SequenceCounter();
  #repetitions = new RepetitionFilter();
  #attachment: { detach(): void } | undefined;
  #frequency: number | undefined;
  #state: membership.State = { kind: "off" };
  #supplicant: supplicant.State = supplicant.initial;
  #terms: supplicant.Terms | undefined;
  #pmk: Uint8Array | undefined;
  #pairwiseKey: CipherKey | undefined;
  readonly #groupKeys = new Map<number, CipherKey>();
  readonly #guard = new ManagementGuard();

  constructor(medium: VirtualMedium, clock: Clock, entropy: Entropy, options: StationOptions) {
    this.#medium = medium;
    this.#clock = clock;
    this.#entropy = entropy;
    this.options = options;
    this.address = options.address ?? macAddressOf(Uint8Array.of(0x02, 0, ...entropy.bytes(4)));
    this.#timers = new NamedTimers(clock);
    this.#pings = new NamedTimers(clock);
    this.#policy = {
      frequencies: options.frequencies ?? everywhere,
      retries: options.retries ?? 0,
      retryDelay: options.retryDelay ?? seconds(1),
    };
  }

  get state(): membership.State["kind"] {
    return this.#state.kind;
  }

  get isConnected(): boolean {
    return this.#state.kind === "connected";
  }

  /** The access point that it is with, or on its way to. */
  get network(): Network | undefined {
    return membership.hasNetwork(this.#state) ? this.#state.network : undefined;
  }

  /** Looks for its network and joins it. */
  join(): void {
    this.#attachment ??= this.#medium.attach(this);
    this.#step({ type: "join" });
  }

  /** Says goodbye, and stays on the air. */
  leave(): void {
    this.#step({ type: "leave" });
  }

  /** Associates anew with the access point that it is with. */
  reassociate(): void {
    this.#step({ type: "reassociate" });
  }

  /** Off the air from one moment to the next: no goodbye, no acknowledgement. Comes back with {@link reappear} or {@link join}. */
  vanish(): void {
    this.#attachment?.detach();
    this.#attachment = undefined;
    this.#timers.disarm("beacon");
  }

  /** On the air again with all that it had. */
  reappear(): void {
    this.#attachment ??= this.#medium.attach(this);
  }

  /** Ends for good what it has under way. */
  close(): void {
    this.leave();
    this.vanish();
    this.#timers.disarmAll();
    this.#pings.disarmAll();
    this.#pmk?.fill(0);
    this.#pmk = undefined;
  }

  /** Asks all for `ip` by ARP: a frame to the group, an answer to this station. */
  ping(ip: string): void {
    const { ip: own = "0.0.0.0" } = this.options;
    this.#pingedAt.set(ip, this.#clock.now());
    this.#pings.arm(ip, pingTimeout, () => {
      this.#pingedAt.delete(ip);
      this.#report({ type: "ping-unanswered", address: ip });
    });
    this.send(broadcast, etherType.arp, encodeArp(requestFor(ip, this.address, own)));
  }

  /** Sends data; lost where it isn't connected, as on any interface without a carrier. */
  send(destination: MacAddress, type: number, payload: Uint8Array): void {
    if (this.#state.kind !== "connected") return;
    this.#sendData(this.#state.network, destination, { etherType: type, payload }, this.#pairwiseKey);
  }

  /** A management frame of any content, for tests of what an access point does with it. */
  sendManagement(
    subtype: Exclude<ManagementSubtype, "unknown">,
    receiver: MacAddress,
    body: Uint8Array,
    bssid = receiver,
  ): void {
    const frame = encodeManagementFrame({ subtype, receiver, transmitter: this.address, bssid }, body);
    this.#transmit(this.#sequences.stamp(frame));
  }

  /** The same of EAPOL. */
  sendEapol(pdu: Uint8Array, { encrypt }: { readonly encrypt: boolean }): void {
    const { network } = this;
    if (!network) return;
    const key = encrypt ? this.#pairwiseKey : undefined;
    this.#sendData(network, network.bssid, { etherType: etherType.eapol, payload: pdu }, key);
  }

  // The air's side

  frequency(): number | undefined {
    return this.#frequency;
  }

  answersTo(address: MacAddress): boolean {
    return address === this.address;
  }

  receive(frame: Uint8Array, about: Reception): void {
    try {
      const kind = frameKind(frame);
      if (kind === "management") this.#receiveManagement(frame, about);
      else if (kind === "data") this.#receiveData(frame);
    } catch (thrown) {
      // What can't be decoded did not arrive.
      if (!(thrown instanceof MalformedError)) throw thrown;
    }
  }

  #receiveManagement(received: Uint8Array, { frequency }: Reception): void {
    const header = decodeManagementHeader(new Reader(received, ["management frame"]));
    if (header.receiver !== this.address && !isGroupAddress(header.receiver)) return;
    const frame = this.#believe(received, header);
    if (!frame) return this.#report({ type: "unprotected-frame-ignored", subtype: header.subtype });
    const r = new Reader(frame, ["management frame"]);
    decodeManagementHeader(r);
    if (header.subtype === "beacon" || header.subtype === "probe-response") return this.#onBeacon(header, r, frequency);
    if (header.bssid !== this.network?.bssid || header.transmitter !== header.bssid) return;
    switch (header.subtype) {
      case "authentication": {
        const { algorithm, transaction, status } = decodeAuthentication(r);
        if (algorithm !== authenticationAlgorithm.open || transaction !== 2) return;
        return this.#step({ type: "authentication", status });
      }
      case "association-response":
      case "reassociation-response": {
        const { status, aid, elements } = decodeAssociationResponse(r);
        return this.#step({ type: "association", status, aid, comeback: comebackOf(status, elements) });
      }
      case "deauthentication":
      case "disassociation": {
        const { reason } = decodeDeauthentication(r);
        return this.#step({ type: "toldToLeave", by: header.subtype, reason: reasonName(reason) });
      }
      case "action":
        return this.#onAction(header, r);
      default:
        return;
    }
  }

  /** @returns undefined where a frame that has to be protected is not, or not rightly */
  #believe(frame: Uint8Array, header: ManagementHeader): Uint8Array | undefined {
    const key = header.bssid === this.network?.bssid ? this.#protectionKey() : undefined;
    return key ? this.#guard.open(frame, header, key) : frame;
  }

  /** The key that protects management frames; undefined where they are not, or not yet. */
  #protectionKey(): CipherKey | undefined {
    const { network } = this;
    return network && protectsManagement(this.options, network) ? this.#pairwiseKey : undefined;
  }

  /** Am I still there? IEEE Std 802.11-2020, 11.13. */
  #onAction({ transmitter, receiver }: ManagementHeader, r: Reader): void {
    const body = r.field("action");
    if (body.bytes[0] !== actionCategory.saQuery || isGroupAddress(receiver) || !this.isConnected) return;
    const { kind, transaction } = decodeSaQuery(body);
    if (kind !== "request") return;
    this.#sendRobust("action", transmitter, encodeSaQuery({ kind: "response", transaction, elements: [] }));
  }

  /** Under the key, where there is one for it. */
  #sendRobust(subtype: "action" | "deauthentication", receiver: MacAddress, body: Uint8Array): void {
    const addressing = { subtype, receiver, transmitter: this.address, bssid: receiver };
    const frame = this.#sequences.stamp(encodeManagementFrame(addressing, body));
    const key = this.#protectionKey();
    this.#transmit(key ? sealManagement(frame, key) : frame);
  }

  #onBeacon(header: ManagementHeader, r: Reader, frequency: number): void {
    if (header.subtype === "beacon" && header.bssid === this.network?.bssid) {
      this.#timers.arm("beacon", membership.beaconTimeout, () => this.#step({ type: "timeout", timer: "beacon" }));
    }
    if (this.isConnected && header.subtype === "beacon" && header.bssid === this.network?.bssid) this.#follow(r);
    if (this.#state.kind !== "scanning") return;
    const network = networkOf(header, r, frequency);
    const { ssid, bssid, security } = this.options;
    if (!sameBytes(network.ssid, ssid) || (bssid !== undefined && bssid !== network.bssid)) return;
    if (network.isProtected !== (security !== undefined)) return;
    this.#step({ type: "heard", network });
  }

  /** The access point goes to another channel after this beacon. */
  #follow(r: Reader): void {
    const announced = announcedChannel(decodeBeacon(r).elements);
    if (announced && announced.count <= 1) this.#frequency = announced.frequency;
  }

  #receiveData(frame: Uint8Array): void {
    const data = splitData(frame);
    const { addresses, protected: isProtected, empty } = data.header;
    const { network } = this;
    if (addresses.direction !== "from-ap" || addresses.bssid !== network?.bssid) return;
    const { destination, source } = addresses;
    const isToGroup = isGroupAddress(destination);
    if (source === this.address || (destination !== this.address && !isToGroup) || empty) return;
    if (!isToGroup && this.#repetitions.isRepetition(data.header)) return;
    const key = isToGroup ? this.#groupKeys.get(ccmpKeyId(data.body)) : this.#pairwiseKey;
    const msdu = openData(data, key);
    if (!msdu) return;
    if (msdu.etherType === etherType.eapol) return this.#onEapol(msdu.payload, isProtected);
    if (!this.isConnected || (network.isProtected && !isProtected)) return;
    this.#onData(source, msdu);
  }

  #onData(source: MacAddress, { etherType: type, payload }: Msdu): void {
    this.#report({ type: "received", source, etherType: type, payload });
    if (type !== etherType.arp) return;
    const arp = decodeArp(new Reader(payload, ["ARP"]));
    const answer = answerOf(arp, this.address, this.options.ip);
    if (answer) return this.send(arp.sender, etherType.arp, encodeArp(answer));
    const asked = this.#pingedAt.get(arp.senderIp);
    if (arp.operation !== "reply" || asked === undefined) return;
    this.#pingedAt.delete(arp.senderIp);
    this.#pings.disarm(arp.senderIp);
    this.#report({
      type: "ping-answered",
      address: arp.senderIp,
      by: arp.sender,
      after: since(this.#clock, asked),
    });
  }

  // The supplicant

  #startSupplicant(network: Network): void {
    const { security } = this.options;
    const rsne = ownRsne(this.options);
    if (!security || !rsne) return;
    this.#supplicant = supplicant.initial;
    this.#terms = {
      akm: security.akm ?? "WPA-PSK",
      pmk: this.#pmkOf(security.secret),
      aa: network.bssid,
      spa: this.address,
      rsne: security.rsneInMessage2 ? { ...rsne, data: security.rsneInMessage2 } : rsne,
      apRsne: network.rsne,
    };
  }

  #pmkOf(secret: StationSecurity["secret"]): Uint8Array {
    this.#pmk ??= "psk" in secret ? secret.psk.slice() : derivePskNow(utf8(secret.passphrase), this.options.ssid);
    return this.#pmk;
  }

  #onEapol(pdu: Uint8Array, wasProtected: boolean): void {
    if (!this.#terms) return;
    const { state, effects } = supplicant.step(this.#terms, this.#supplicant, {
      pdu,
      snonce: this.#entropy.bytes(32),
    });
    this.#supplicant = state;
    for (const effect of effects) this.#performSupplicant(effect, wasProtected);
  }

  #performSupplicant(effect: supplicant.Effect, wasProtected: boolean): void {
    switch (effect.type) {
      case "received":
        return this.#report({ type: "key-message", message: effect.message });
      case "send":
        // A question that comes without protection comes from somebody who has no key in place yet.
        return this.sendEapol(effect.pdu, { encrypt: wasProtected });
      case "installPairwise":
        this.#pairwiseKey?.wipe();
        this.#pairwiseKey = new CipherKey(effect.tk, 0);
        return;
      case "installGroup": {
        const isChange = this.#groupKeys.size > 0;
        this.#groupKeys.get(effect.index)?.wipe();
        this.#groupKeys.set(effect.index, new CipherKey(effect.key, effect.index, effect.rsc));
        if (isChange) this.#report({ type: "group-key-changed", index: effect.index });
        return;
      }
      case "installIntegrity": {
        const cipher = this.options.security?.managementCipher ?? "AES-128-CMAC";
        return this.#guard.install(cipher, effect.index, effect.key, effect.packetNumber);
      }
      case "secured":
        return this.#step({ type: "secured" });
      case "insecure":
        return this.#step({ type: "insecure", why: effect.why });
      case "ignored":
        return this.#report({ type: "key-message-ignored", why: effect.why });
    }
  }

  // Membership

  #step(input: membership.Input): void {
    const { state, effects } = membership.step(this.#policy, this.#state, input);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: membership.Effect): void {
    switch (effect.type) {
      case "tune":
        this.#frequency = effect.frequency;
        return;
      case "probe":
        return this.#probe(effect.frequency);
      case "authenticate": {
        const algorithm = authenticationAlgorithm.open;
        const body = encodeAuthentication({ algorithm, transaction: 1, status: 0, elements: [] });
        return this.sendManagement("authentication", effect.network.bssid, body);
      }
      case "associate":
        return this.#associate(effect.network, effect.again);
      case "startSupplicant":
        return this.#startSupplicant(effect.network);
      case "deauthenticate": {
        const body = encodeDeauthentication({ reason: reasonCode[effect.reason], elements: [] });
        return this.#sendRobust("deauthentication", effect.network.bssid, body);
      }
      case "forgetKeys":
        return this.#forgetKeys();
      case "arm": {
        const { timer } = effect;
        return this.#timers.arm(timer, effect.after, () => this.#step({ type: "timeout", timer }));
      }
      case "disarmAll":
        return this.#timers.disarmAll();
      case "report":
        return this.#report(effect.event);
    }
  }

  #probe(frequency: number): void {
    const ssid: Element = { id: elementId.ssid, data: this.options.ssid };
    const body = encodeProbeRequest({ elements: [ssid, ...rateElements(frequency)] });
    this.sendManagement("probe-request", broadcast, body);
  }

  #associate(network: Network, again: boolean): void {
    this.#repetitions = new RepetitionFilter();
    const body = encodeAssociationRequest({
      capabilities: associationCapabilities(network),
      listenInterval: this.options.listenInterval ?? defaultListenInterval,
      ...(again ? { currentAp: network.bssid } : {}),
      elements: associationElements(this.options, network),
    });
    this.sendManagement(again ? "reassociation-request" : "association-request", network.bssid, body);
  }

  #forgetKeys(): void {
    this.#terms = undefined;
    this.#supplicant = supplicant.initial;
    this.#pairwiseKey?.wipe();
    this.#pairwiseKey = undefined;
    for (const key of this.#groupKeys.values()) key.wipe();
    this.#groupKeys.clear();
    this.#guard.forget();
  }

  #sendData(network: Network, destination: MacAddress, msdu: Msdu, key: CipherKey | undefined): void {
    const header = dataHeader(
      { direction: "to-ap", bssid: network.bssid, source: this.address, destination },
      {
        sequence: this.#sequences.next(),
        ...(usesWmm(this.options, network)
          ? { qos: { tid: 0, endOfServicePeriod: false, ackPolicy: 0, amsdu: false, upper: 0 } }
          : {}),
      },
    );
    this.#transmit(sealData(header, msdu, key));
  }

  #transmit(frame: Uint8Array): void {
    if (this.#frequency !== undefined && this.#attachment) this.#medium.transmit(this, frame, this.#frequency);
  }

  #report(event: StationEvent): void {
    this.options.listener?.(event);
  }
}

/** When a station that was refused for now may come back. */
function comebackOf(status: number, elements: readonly Element[]): Duration | undefined {
  const element = findElement(elements, elementId.timeoutInterval);
  if (status !== statusCode["refused-temporarily"] || !element) return undefined;
  const { type, value } = decodeTimeoutInterval(new Reader(element.data, ["Timeout Interval"]));
  return type === timeoutIntervalType.associationComeback ? timeUnits(value) : undefined;
}
