/** Dynamic authorization on a BSS: which session a request is about, and what is done with it. RFC 5176. */

import { sameBytes, textOf, utf8 } from "../../base/bytes.ts";
import type { Duration } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { parseIpAddress } from "../../base/ip-address.ts";
import { sameValue } from "../../base/same-value.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { IncomingRequest, RadiusNetwork } from "../../radius/client/port.ts";
import {
  type AuthorizationRequest,
  type AuthorizationSettings,
  answerAuthorizationRequest,
  type ErrorCause,
  type NasIdentification,
  readAuthorizationRequest,
  type SessionIdentification,
} from "../../radius/dynamic-authorization.ts";
import type { Grants } from "../../radius/grants.ts";
import type { Bss } from "../bss.ts";
import { sendAway } from "../leaving.ts";
import { limitIdleness, limitSession } from "../session-limits.ts";
import type { Station } from "../station.ts";
import { isPermitted } from "../vlan-plan.ts";
import { nothingGranted } from "./granting.ts";
import { grantOf, inTime, intervalOf, multiSessionIdOf, nameOfAddress, sessionIdText } from "./identity.ts";

/** Answers to requests that may come again because they got lost: so many. RFC 5176, section 2.3. */
const mostAnswers = 64;

export class DynamicAuthorization {
  #listening: { readonly port: number; readonly socket: { close(): void } } | undefined;
  readonly #answers = new Map<string, Uint8Array>();

  constructor(
    readonly bss: Bss,
    readonly network: RadiusNetwork,
  ) {}

  get isListening(): boolean {
    return this.#listening !== undefined;
  }

  /** As the settings are now. Of several BSSs with the same port one listens for all. */
  update(): void {
    const { bss } = this;
    const port = bss.isBeaconing && settingsOf(bss.settings) ? bss.settings.radius_das_port : 0;
    if (this.#listening?.port === port) return;
    this.stop();
    if (port === 0) return;
    for (const other of bss.radio.neighbourhood.all()) {
      if (other !== bss && other.settings.radius_das_port === port && other.radius.authorization.isListening) return;
    }
    try {
      const socket = this.network.listen(port, (request) => this.#onRequest(request));
      this.#listening = { port, socket };
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      bss.log.error(`radius_das_port=${port}: ${thrown.message}`);
    }
  }

  /** Another BSS with the same port listens from now on. */
  stop(): void {
    if (!this.#listening) return;
    const { port, socket } = this.#listening;
    this.#listening = undefined;
    this.#answers.clear();
    socket.close();
    for (const other of this.bss.radio.neighbourhood.all()) {
      if (other !== this.bss && other.settings.radius_das_port === port) other.radius.authorization.update();
    }
  }

  #onRequest({ packet, address, port, answer }: IncomingRequest): void {
    const { bss } = this;
    const settings = settingsOf(bss.settings);
    if (!settings) return;
    const now = bss.clock.unixTime();
    const request = readAuthorizationRequest(settings, packet, address, now);
    if (request.kind === "dropped") return bss.tally.count("dynamic authorization request dropped", request.reason);
    const key = `${address} ${port} ${String(packet.subarray(0, 20))}`;
    const known = this.#answers.get(key);
    if (known) return answer(known);
    const cause = this.#perform(request);
    const verb = request.kind === "disconnect" ? "Disconnect-Request" : "dynamic authorization request";
    const outcome = cause === undefined ? "done" : `refused: ${request.kind === "refused" ? request.reason : cause}`;
    bss.log.module("RADIUS", "info", `${verb} from ${address}: ${outcome}`);
    const reply = answerAuthorizationRequest(settings, request.packet, cause, now);
    this.#answers.set(key, reply);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= mostAnswers) break;
      this.#answers.delete(oldest);
    }
    answer(reply);
  }

  #perform(request: Exclude<AuthorizationRequest, { readonly kind: "dropped" }>): ErrorCause | undefined {
    if (request.kind === "refused") return request.cause;
    const meant = this.#bsses().filter(({ settings }) => isThisNas(settings, request.nas));
    if (meant.length === 0) return "nas-identification-mismatch";
    if (identifiesNothing(request.session)) return "session-context-not-found";
    const found = meant.flatMap((bss) => sessionsOf(bss, request.session).map((station) => ({ bss, station })));
    const [only, ...more] = found;
    if (more.length > 0) return "multiple-session-selection-unsupported";
    if (request.kind === "disconnect") {
      if (only) return disconnect(only.bss, only.station);
      // All of them, not only the first.
      const forgotten = meant.filter((bss) => forgetRemembered(bss, request.session));
      return forgotten.length > 0 ? undefined : "session-context-not-found";
    }
    return only ? change(only.bss, only.station, request.grants) : "session-context-not-found";
  }

  /** Those that share port and client. */
  #bsses(): Bss[] {
    const { settings } = this.bss;
    const all = [...this.bss.radio.neighbourhood.all()].filter(
      (other) =>
        other.settings.radius_das_port === settings.radius_das_port &&
        sameValue(other.settings.radius_das_client, settings.radius_das_client),
    );
    return all.length > 0 ? all : [this.bss];
  }
}

/** @returns undefined where nobody may ask */
function settingsOf(settings: BssSettings): AuthorizationSettings | undefined {
  const { radius_das_client: client, radius_das_port: port } = settings;
  if (client === undefined || port === 0) return undefined;
  return {
    client: client.address,
    secret: client.secret,
    timeWindow: settings.radius_das_time_window,
    requiresTimestamp: settings.radius_das_require_event_timestamp,
    requiresMessageAuthenticator: settings.radius_das_require_message_authenticator,
  };
}

function isThisNas({ nas_identifier, own_ip_addr }: BssSettings, nas: NasIdentification): boolean {
  if (
    nas.identifier !== undefined &&
    (nas_identifier === undefined || !sameBytes(utf8(nas_identifier), nas.identifier))
  )
    return false;
  const own = own_ip_addr === undefined ? undefined : parseIpAddress(own_ip_addr)?.octets;
  for (const address of [nas.address, nas.ipv6Address]) {
    if (address === undefined) continue;
    const wanted = parseIpAddress(address)?.octets;
    if (!own || !wanted || !sameBytes(own, wanted)) return false;
  }
  return true;
}

const identifiesNothing = (session: SessionIdentification): boolean =>
  Object.values(session).every((value) => value === undefined);

/** An address finds its station at once; only other ways look through all. */
function sessionsOf({ stations }: Bss, session: SessionIdentification): Station[] {
  if (session.station === undefined) return [...stations.values()].filter((station) => fits(station, session));
  const station = stations.get(session.station);
  return station && fits(station, session) ? [station] : [];
}

function fits(
  station: Station,
  { userName, sessionId, multiSessionId, chargeableUserIdentity }: SessionIdentification,
) {
  const grant = grantOf(station);
  const multi = multiSessionIdOf(station);
  return (
    isSame(userName, grant?.identity ?? (station.isAuthorized ? nameOfAddress(station.address) : undefined)) &&
    isSame(chargeableUserIdentity, grant?.chargeableUserIdentity) &&
    isSame(sessionId, station.sessionId === 0n ? undefined : utf8(sessionIdText(station.sessionId))) &&
    isSame(multiSessionId, multi === undefined ? undefined : utf8(sessionIdText(multi)))
  );
}

function disconnect(bss: Bss, { address }: Station): undefined {
  bss.authenticator?.options.pmksa.removeAll(address);
  const station = bss.stations.get(address);
  if (station) station.terminateCause = "admin-reset";
  bss.report({ type: "station-dismissed", station: address, because: "server" });
  sendAway(bss, address, "invalid-authentication", "deauthentication");
}

/** Nobody is here, but somebody could come back without being asked again. @returns whether there was such a one */
function forgetRemembered(bss: Bss, session: SessionIdentification): boolean {
  const pmksa = bss.authenticator?.options.pmksa;
  // A session that is over has no number that anybody remembers.
  if (!pmksa || session.sessionId !== undefined) return false;
  const meant = pmksa.entries().filter(({ station, authorization }) => {
    const { identity, chargeableUserIdentity, multiSessionId } = authorization ?? {};
    return (
      (session.station === undefined || session.station === station) &&
      isSame(session.userName, identity) &&
      isSame(session.chargeableUserIdentity, chargeableUserIdentity) &&
      isSame(session.multiSessionId, multiSessionId === undefined ? undefined : utf8(sessionIdText(multiSessionId)))
    );
  });
  for (const { station } of meant) pmksa.removeAll(station);
  return meant.length > 0;
}

/** What isn't asked for fits everything. */
const isSame = (wanted: Uint8Array | undefined, own: Uint8Array | undefined): boolean =>
  wanted === undefined || (own !== undefined && sameBytes(wanted, own));

function change(bss: Bss, station: Station, grants: Grants): ErrorCause | undefined {
  const { settings, log, clock } = bss;
  const { vlan } = grants;
  const vlans = vlan && { untagged: vlan.untagged ?? 0, tagged: vlan.tagged };
  if (vlans) {
    if (settings.dynamic_vlan === "no" || !isPermitted(settings, vlans)) return "invalid-attribute-value";
    if (!bss.vlans.assign(station, vlans)) return "resources-unavailable";
    if (station.association) station.association = { ...station.association, vlans };
  }
  const changed = {
    ...(grants.classes.length > 0 && { classes: grants.classes }),
    ...(grants.interimInterval !== undefined && { interimInterval: intervalOf(grants.interimInterval) }),
    ...(grants.idleTimeout !== undefined && { idleTimeout: inTime(grants.idleTimeout) }),
  };
  const limit = inTime(grants.sessionTimeout);
  const { dot1x } = station;
  if (dot1x?.authorization) {
    dot1x.regrant({
      ...changed,
      ...(vlans && { vlan: vlans }),
      ...(limit !== undefined && { sessionEnds: (clock.now() + limit) as Duration }),
      ...(grants.terminationAction && { terminationAction: grants.terminationAction }),
    });
  } else {
    station.grant = { ...(station.grant ?? nothingGranted), ...changed };
    if (limit !== undefined) limitSession(bss, station, limit);
  }
  if (grants.idleTimeout !== undefined) limitIdleness(bss, station, changed.idleTimeout);
  if (grants.interimInterval !== undefined) bss.radius.accounting.onInterval(station);
  const identity = grantOf(station)?.identity;
  const name = identity ? ` (${textOf(identity)})` : "";
  log.station(station.address, "RADIUS", "info", `authorization changed${name}`);
  return undefined;
}
