/**
 * Preauthentication: a station that is with another access point of the network proves itself here over the wire, so that its key is there
 * when it comes. IEEE Std 802.11-2020, 12.6.10.2.
 */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { Duration } from "../base/duration.ts";
import { BeaconError } from "../base/errors.ts";
import type { EthernetTap } from "../base/ethernet-tap.ts";
import { isGroupAddress, type MacAddress } from "../base/mac-address.ts";
import { offeredAkmsOf } from "../config/settings.ts";
import { derivePmkid } from "../crypto/ptk.ts";
import { wipe } from "../crypto/secret.ts";
import { type AuthenticatorNote, type AuthenticatorPolicy, portSettings } from "../dot1x/authenticator-state.ts";
import { hashOf, pmkidKeyOf, pmkOfMsk } from "../rsn/negotiated.ts";
import { pmkLifetime } from "../rsn/pmksa-cache.ts";
import { decodeEapol, type EapolPdu, encodeEapol } from "../wire/eapol/eapol.ts";
import { decodeEthernet, encodeEthernet } from "../wire/ethernet.ts";
import { type AkmName, akmSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";
import { type Accepted, Dot1xPort, type PortOwner } from "./dot1x-port.ts";
import { tellOfEap } from "./eap-events.ts";
import { newSessionId } from "./radius/identity.ts";
import { authorizationOf, policyOf, vlanRefusal } from "./station-port.ts";

/** EtherType of preauthentication. IEEE Std 802.11-2020, 12.6.10.2. */
export const preauthenticationEtherType = 0x88c7;
/** At a time; whoever has begun longest ago gives way. */
const most = 128;

export class Preauthentication {
  readonly #ports = new Map<MacAddress, PreauthenticatingPort>();
  #taps: EthernetTap[] = [];

  constructor(readonly bss: Bss) {}

  /** Who preauthenticates now. */
  get count(): number {
    return this.#ports.size;
  }

  start(): void {
    const { settings, options, log } = this.bss;
    if (!settings.rsn_preauth || !settings.ieee8021x) return;
    for (const name of (settings.rsn_preauth_interfaces ?? "").split(" ").filter((part) => part !== "")) {
      try {
        const tap: EthernetTap | undefined = options.openEthernet?.(name, preauthenticationEtherType, (frame) => {
          if (tap) this.#onFrame(tap, frame);
        });
        if (tap) this.#taps.push(tap);
      } catch (thrown) {
        if (!(thrown instanceof BeaconError)) throw thrown;
        log.warning(`no preauthentication over ${name}: ${thrown.message}`);
      }
    }
  }

  stop(): void {
    for (const port of [...this.#ports.values()]) this.end(port);
    for (const tap of this.#taps) tap.close();
    this.#taps = [];
  }

  end(port: PreauthenticatingPort): void {
    port.port.stop();
    if (this.#ports.get(port.address) === port) this.#ports.delete(port.address);
  }

  #onFrame(tap: EthernetTap, frame: Uint8Array): void {
    const { bss } = this;
    try {
      const { destination, source, payload } = decodeEthernet(new Reader(frame, ["preauthentication", "Ethernet"]));
      if (destination !== bss.address || isGroupAddress(source)) return;
      if (bss.stations.get(source)?.isAssociated) return;
      const pdu = decodeEapol(new Reader(payload, ["preauthentication", "EAPOL"]));
      const known = this.#ports.get(source);
      if (known) return known.onEapol(pdu);
      if (pdu.type === "start") this.#begin(tap, source);
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      bss.tally.count("malformed preauthentication frame", thrown.message);
    }
  }

  #begin(tap: EthernetTap, address: MacAddress): void {
    const [oldest] = this.#ports.values();
    if (oldest && this.#ports.size >= most) this.end(oldest);
    const port = new PreauthenticatingPort(this, tap, address);
    this.#ports.set(address, port);
    port.port.take({ type: "port-enabled" });
  }
}

class PreauthenticatingPort implements PortOwner {
  readonly port: Dot1xPort;
  readonly policy: AuthenticatorPolicy;
  readonly #bss: Bss;

  constructor(
    readonly all: Preauthentication,
    readonly tap: EthernetTap,
    readonly address: MacAddress,
  ) {
    const { bss } = all;
    this.#bss = bss;
    this.policy = policyOf(bss, { bringsKeys: false, isPreauthentication: true });
    const [lastIdentifier = 0] = bss.entropy.bytes(1);
    this.port = new Dot1xPort(this, {
      supplicant: {
        address,
        multiSessionId: newSessionId(bss),
        isPreauthenticating: true,
        chargeableUserIdentity: undefined,
      },
      backend: () => bss.backend,
      settings: portSettings(0),
      clock: bss.clock,
      lastIdentifier,
    });
  }

  onEapol(pdu: EapolPdu): void {
    if (pdu.type === "eap-packet") return this.port.take({ type: "eap", packet: pdu.body });
    if (pdu.type === "start" || pdu.type === "logoff") this.port.take({ type: `eapol-${pdu.type}` });
  }

  sendEap(packet: Uint8Array): void {
    const bss = this.#bss;
    const version = bss.settings.eapol_version;
    const frame = encodeEthernet({
      destination: this.address,
      source: bss.address,
      etherType: preauthenticationEtherType,
      payload: encodeEapol({ version, type: "eap-packet", body: packet }),
    });
    try {
      this.tap.send(frame);
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      bss.log.debug(`preauthentication: ${thrown.message}`);
    }
  }

  refusalOf(answer: Accepted): string | undefined {
    const refusal = vlanRefusal(this.#bss, this.address, answer);
    if (refusal !== undefined) return refusal;
    return answer.msk === undefined ? "its EAP method makes no key, and there is no use in it without" : undefined;
  }

  /** With which of the ways to derive keys it will come is not known yet. */
  onProved(answer: Accepted): void {
    const { msk } = answer;
    const bss = this.#bss;
    if (msk === undefined || bss.settings.disable_pmksa_caching) return;
    const authorization = authorizationOf(bss, this.port, answer);
    const { sessionEnds } = authorization;
    const lifetime = sessionEnds === undefined ? pmkLifetime : ((sessionEnds - bss.clock.now()) as Duration);
    for (const akm of offeredAkmsOf(bss.settings)) {
      if (!isAkm(akm)) continue;
      const pmk = pmkOfMsk(akm, msk);
      const named = pmk && pmkidKeyOf(akm, pmk, undefined);
      if (pmk && named) {
        const pmkid = derivePmkid(hashOf({ akm }), named, bss.address, this.address);
        bss.authenticator?.options.pmksa.add({ station: this.address, akm, pmk, pmkid, authorization }, lifetime);
        bss.log.station(this.address, "WPA", "debug", "added PMKSA cache entry (pre-auth)");
      }
      wipe(pmk);
    }
  }

  onReauthenticationDue(): boolean {
    return true;
  }

  onPort(): void {
    // There is no port: it is not here.
  }

  onFinished({ success }: Parameters<PortOwner["onFinished"]>[0]): void {
    const outcome = success ? "succeeded" : "failed";
    this.#bss.log.station(this.address, "WPA", "info", `pre-authentication ${outcome}`);
    this.all.end(this);
  }

  tell(note: AuthenticatorNote): void {
    tellOfEap(this.#bss, this.address, note);
  }

  log(level: "debug" | "info" | "warning", text: string): void {
    this.#bss.log.station(this.address, "IEEE 802.1X", level, text);
  }
}

const isAkm = (name: string): name is AkmName => name in akmSuite;
