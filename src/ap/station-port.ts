/** The port of IEEE 802.1X that an associated station is behind: what proving itself brings it here. IEEE Std 802.11-2020, 12.6.10. */

import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { derivePmkid } from "../crypto/ptk.ts";
import { wipe } from "../crypto/secret.ts";
import { type AuthenticatorNote, type AuthenticatorPolicy, portSettings } from "../dot1x/authenticator-state.ts";
import { hashOf, pmkidKeyOf, pmkOfMsk } from "../rsn/negotiated.ts";
import { type AuthorizationParameters, pmkLifetime } from "../rsn/pmksa-cache.ts";
import { encodeEapol } from "../wire/eapol/eapol.ts";
import { type ReasonName, reasonCode } from "../wire/ieee80211/reason-code.ts";
import type { Bss } from "./bss.ts";
import { type Accepted, Dot1xPort, type PortOwner } from "./dot1x-port.ts";
import { tellOfEap } from "./eap-events.ts";
import { sendEapol } from "./eapol.ts";
import { sendAway } from "./leaving.ts";
import { authorize, unauthorize } from "./port-control.ts";
import { newSessionId } from "./radius/identity.ts";
import { limitSession } from "./session-limits.ts";
import type { AssociationSecurity, Station } from "./station.ts";
import { isPermitted, nameOf, type VlanDescription } from "./vlan-plan.ts";

/** The supplicant hears EAP-Failure before it is sent away. */
const failureDelay = milliseconds(10);

export class StationPort implements PortOwner {
  readonly port: Dot1xPort;
  readonly policy: AuthenticatorPolicy;
  /** What is in force; undefined until it has proved itself. */
  authorization: AuthorizationParameters | undefined;
  /** Of the last EAPOL frame of the supplicant. */
  lastVersion = 0;
  /** It has proved itself, and nobody remembers that yet. */
  #isFresh = false;

  constructor(
    readonly bss: Bss,
    readonly station: Station,
    /** undefined where there are no keys. */
    readonly security: AssociationSecurity | undefined,
  ) {
    const { settings, entropy, clock } = bss;
    this.policy = policyOf(bss, { bringsKeys: security !== undefined, isPreauthentication: false });
    this.authorization = security?.authorization;
    const [lastIdentifier = 0] = entropy.bytes(1);
    this.port = new Dot1xPort(this, {
      supplicant: {
        address: station.address,
        multiSessionId: this.authorization?.multiSessionId ?? newSessionId(bss),
        isPreauthenticating: false,
        chargeableUserIdentity: this.authorization?.chargeableUserIdentity,
      },
      backend: () => bss.backend,
      settings: portSettings(settings.eap_reauth_period),
      clock,
      lastIdentifier,
    });
  }

  /** VLANs that were granted with the authentication. */
  get vlan(): VlanDescription | undefined {
    return this.authorization?.vlan;
  }

  /** It is associated: it has to prove itself, or has done so before. */
  begin(): void {
    const { security, station, authorization } = this;
    if (!security?.known) {
      this.log("debug", "start authentication");
      return this.port.take({ type: "port-enabled" });
    }
    this.log("debug", "PMK from PMKSA cache - skip IEEE 802.1X/EAP");
    this.#limit(authorization);
    this.port.take({ type: "remembered", identity: authorization?.identity, method: authorization?.method });
    station.authenticator?.start();
  }

  onStart(): void {
    this.log("debug", "received EAPOL-Start from STA");
    const { bss, station, security } = this;
    if (!station.isAuthorized && security?.known) {
      bss.log.station(station.address, "WPA", "debug", "cached PMKSA available - ignore it since STA sent EAPOL-Start");
      bss.authenticator?.options.pmksa.remove(station.address, security.agreed.akm);
    }
    if (!station.isAuthorized) station.authenticator?.cancelHandshake();
    this.port.take({ type: "eapol-start" });
  }

  onLogoff(): void {
    this.log("debug", "received EAPOL-Logoff from STA");
    this.station.terminateCause = "user-request";
    this.port.take({ type: "eapol-logoff" });
  }

  /** The handshake is done: what the station has proved may be remembered. */
  onKeys(): void {
    this.port.take({ type: "keys", valid: true });
    if (this.#isFresh) this.#remember();
    this.#isFresh = false;
  }

  stop(): void {
    this.port.stop();
    for (const timer of ["session", "EAP failure"] as const) this.station.timers.disarm(timer);
  }

  sendEap(packet: Uint8Array): void {
    const { bss, station } = this;
    const pdu = encodeEapol({ version: bss.settings.eapol_version, type: "eap-packet", body: packet });
    const encrypt = station.authenticator?.pairwiseKey !== undefined;
    sendEapol(bss, station.address, pdu, { encrypt });
  }

  refusalOf(answer: Accepted): string | undefined {
    const { bss, station, security } = this;
    const refusal = vlanRefusal(bss, station.address, answer);
    if (refusal !== undefined) return refusal;
    if (security) return keyRefusal(security, answer.msk);
    const isThere = bss.vlans.assign(station, grantedVlan(bss, answer) ?? station.association?.vlans);
    return isThere ? undefined : "there is no interface for its VLAN";
  }

  onProved(answer: Accepted): void {
    const { bss, station, security } = this;
    this.authorization = authorizationOf(bss, this.port, answer);
    if (this.vlan) {
      bss.log.station(station.address, "RADIUS", "info", `VLAN ID ${this.vlan.untagged}`);
    }
    this.#limit(this.authorization);
    this.#isFresh = true;
    const pmk = security && answer.msk && pmkOfMsk(security.agreed.akm, answer.msk);
    if (!security || !pmk) return;
    const { agreed } = security;
    const named = pmkidKeyOf(agreed.akm, pmk, undefined);
    const pmkid = named && derivePmkid(hashOf(agreed), named, bss.address, station.address);
    station.authenticator?.startWith({ pmk, pmkid });
    wipe(pmk);
  }

  onPort(authorized: boolean): void {
    const { bss, station, security } = this;
    if (!authorized) return unauthorize(bss, station);
    // Where there are keys, the handshake opens the port.
    if (!security || station.authenticator?.pairwiseKey) authorize(bss, station, station.key);
  }

  onReauthenticationDue(): boolean {
    const { authenticator } = this.station;
    return authenticator?.pairwiseKey === undefined || !authenticator.refuseRekey();
  }

  onFinished({ success, logoff, reasonCode: code }: Parameters<PortOwner["onFinished"]>[0]): void {
    const { bss, station, security } = this;
    if (success) return station.timers.disarm("EAP failure");
    // Whoever is refused now can't come back with what it had before.
    if (security && this.authorization && !logoff) {
      bss.authenticator?.options.pmksa.remove(station.address, security.agreed.akm);
    }
    station.timers.arm("EAP failure", logoff ? milliseconds(0) : failureDelay, () => {
      const reason: ReasonName = "802.1x-authentication-failed";
      sendAway(bss, station.address, reason, "deauthentication", code ?? reasonCode[reason]);
    });
  }

  tell(note: AuthenticatorNote): void {
    tellOfEap(this.bss, this.station.address, note);
  }

  log(level: "debug" | "info" | "warning", text: string): void {
    this.bss.log.station(this.station.address, "IEEE 802.1X", level, text);
  }

  /** The server has changed its mind. RFC 5176. */
  regrant(changes: Partial<AuthorizationParameters>): void {
    if (!this.authorization) return;
    this.authorization = { ...this.authorization, ...changes };
    if ("sessionEnds" in changes || "terminationAction" in changes) this.#limit(this.authorization);
    if (!this.#isFresh) this.#remember();
  }

  /** How long the session may last. RFC 2865, section 5.27; RFC 3580, section 3.17. */
  #limit(authorization: AuthorizationParameters | undefined): void {
    const { bss, station } = this;
    const { sessionEnds, terminationAction } = authorization ?? {};
    station.timers.disarm("session");
    if (sessionEnds === undefined) return;
    const left = Math.max(sessionEnds - bss.clock.now(), 0) as Duration;
    if (terminationAction === "reauthenticate") {
      const reAuthPeriod = Math.max(1, Math.round(left / seconds(1)));
      return this.port.take({ type: "settings", settings: { reAuthPeriod, reAuthEnabled: true } });
    }
    limitSession(bss, station, left);
  }

  #remember(): void {
    const { bss, station, security, authorization } = this;
    const { authenticator } = station;
    if (!security || !authenticator || !authorization || bss.settings.disable_pmksa_caching) return;
    const { agreed } = security;
    const { pmk, pmkid, kck } = authenticator;
    if (agreed.protocol !== "rsn" || !pmk || !pmkid) return;
    const { sessionEnds } = authorization;
    const lifetime = sessionEnds === undefined ? pmkLifetime : ((sessionEnds - bss.clock.now()) as Duration);
    if (lifetime <= 0) return;
    const isNamedByKck = pmkidKeyOf(agreed.akm, pmk, undefined) === undefined;
    const entry = { station: station.address, akm: agreed.akm, pmkid, pmk, authorization };
    bss.authenticator?.options.pmksa.add(isNamedByKck && kck ? { ...entry, kck } : entry, lifetime);
    bss.log.station(station.address, "WPA", "debug", "Added PMKSA cache entry (IEEE 802.1X)");
  }
}

/** What a network's settings make of its ports. */
export const policyOf = (
  { settings }: Pick<Bss, "settings">,
  kind: Pick<AuthenticatorPolicy, "bringsKeys" | "isPreauthentication">,
): AuthenticatorPolicy => ({
  ...kind,
  identityPrompt: settings.eap_message ?? new Uint8Array(0),
  reauthStart: settings.erp_send_reauth_start ? { domain: settings.erp_domain } : undefined,
});

function keyRefusal({ agreed }: AssociationSecurity, msk: Uint8Array | undefined): string | undefined {
  if (msk === undefined) return "its EAP method makes no key, and this network needs one";
  const pmk = pmkOfMsk(agreed.akm, msk);
  wipe(pmk);
  return pmk ? undefined : `its EAP method makes a key of ${msk.length} octets, which is too short for ${agreed.akm}`;
}

/** Why a station can't be where the server puts it. */
export function vlanRefusal({ settings, log }: Bss, station: MacAddress, answer: Accepted): string | undefined {
  const vlan = grantedVlan({ settings }, answer);
  if (vlan && !isPermitted(settings, vlan)) {
    const text = `Invalid VLAN ${vlan.untagged}${vlan.tagged.length > 0 ? "+" : ""} received from RADIUS server`;
    log.station(station, "RADIUS", "info", text);
    return `there is no VLAN ${nameOf(vlan)} here`;
  }
  if (settings.dynamic_vlan !== "required" || vlan) return undefined;
  const text = "authentication server did not include required VLAN ID in Access-Accept";
  log.station(station, "IEEE 802.1X", "info", text);
  return "the server names no VLAN, and dynamic_vlan=2 demands one";
}

/** What is remembered of an acceptance. */
export function authorizationOf(bss: Bss, port: Dot1xPort, answer: Accepted): AuthorizationParameters {
  const { identity, serverType } = port.state;
  const { sessionTimeout, terminationAction, classes, chargeableUserIdentity, interimInterval, idleTimeout } =
    answer.granted;
  return {
    identity,
    method: serverType,
    vlan: grantedVlan(bss, answer),
    sessionEnds: sessionTimeout && ((bss.clock.now() + sessionTimeout) as Duration),
    terminationAction,
    multiSessionId: port.multiSessionId,
    classes,
    chargeableUserIdentity,
    interimInterval,
    idleTimeout,
  };
}

function grantedVlan(
  { settings }: Pick<Bss, "settings">,
  { granted: { vlan } }: Pick<Accepted, "granted">,
): VlanDescription | undefined {
  if (vlan === undefined || settings.dynamic_vlan === "no") return undefined;
  return { untagged: vlan.untagged ?? 0, tagged: [...new Set(vlan.tagged)].sort((a, b) => a - b) };
}
