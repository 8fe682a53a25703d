/** (Re)Association Requests: the check, the answer, and what begins when it is acknowledged. IEEE Std 802.11-2020, 11.3.5. */

import { concat, MalformedError, type Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { usesEap } from "../rsn/negotiated.ts";
import {
  type AssociationRequest,
  decodeAssociationRequest,
  decodeReassociationRequest,
} from "../wire/ieee80211/association-request.ts";
import { encodeAssociationResponse } from "../wire/ieee80211/association-response.ts";
import { encodeDeauthentication } from "../wire/ieee80211/deauthentication.ts";
import { type Element, encodeElements } from "../wire/ieee80211/element.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { reasonCode } from "../wire/ieee80211/reason-code.ts";
import { type StatusName, statusCode } from "../wire/ieee80211/status-code.ts";
import { admitTo, listedVlans, notAdmittedBecause } from "./admission.ts";
import { checkAssociation, type Offered } from "./association-check.ts";
import type { Bss } from "./bss.ts";
import { onAssociationStands } from "./four-address.ts";
import { bringPmk } from "./known-pmk.ts";
import { mayAssociate } from "./link.ts";
import { advance } from "./linking.ts";
import { isIgnored } from "./misbehaviour.ts";
import { associationResponseElements, capabilityInformation } from "./offer.ts";
import { authorize } from "./port-control.ts";
import { newSessionId } from "./radius/identity.ts";
import { asksFirst, comebackElement } from "./sa-querying.ts";
import { rsnPolicyOf } from "./security.ts";
import { offerOf } from "./showing.ts";
import type { Association, AssociationSecurity, Station } from "./station.ts";
import { StationPort } from "./station-port.ts";
import { comeNearerElement, shortfallOf } from "./steering-refusals.ts";
import { streamsFor } from "./vht.ts";
import { enterVlan } from "./vlans.ts";
import { watch } from "./watching.ts";

export function onAssociationRequest(bss: Bss, header: ManagementHeader, reader: Reader): void {
  const { transmitter } = header;
  const again = header.subtype === "reassociation-request";
  if (isIgnored(bss, again ? "reassoc" : "assoc")) return;
  const station = bss.stations.get(transmitter);
  if (!station || !mayAssociate(station.link)) return refuseUnauthenticated(bss, transmitter, station);
  const request = decodeRequest(again, reader);
  if (request instanceof MalformedError) {
    return refuse(bss, station, again, "unspecified-failure", `its request is malformed: ${request.message}`);
  }
  bss.log.debug(
    `${again ? "re" : ""}association request: STA=${transmitter} listen_interval=${request.listenInterval}`,
  );

  if (bss.countermeasures.inForce) {
    return refuse(bss, station, again, "unspecified-failure", "TKIP countermeasures are in force");
  }
  if (asksFirst(bss, station, request.elements)) return refuseForNow(bss, station, again);

  const { settings, radio } = bss;
  const verdict = checkAssociation(
    { settings, radio: radio.settings, plan: radio.plan, rsn: rsnPolicyOf(settings, radio.capabilities) },
    request,
  );
  if (!verdict.accepted) return refuse(bss, station, again, verdict.status, verdict.explanation, request);
  // The lists may have changed since it was authenticated.
  const admission = admitTo(bss, transmitter);
  // A server was asked when it authenticated.
  if (admission.admitted === false && admission.because !== "not-granted") {
    return refuse(bss, station, again, "unspecified-failure", notAdmittedBecause(admission), request);
  }
  const { security } = verdict.offered;
  const brought = security && bringPmk(bss, station, security, request.elements);
  if (brought && "refused" in brought) {
    return refuse(bss, station, again, brought.refused, brought.explanation, request);
  }

  const shortfall = shortfallOf(bss, station);
  if (shortfall !== undefined) return refuseAsTooFar(bss, station, again, shortfall);
  grant(bss, station, again, { ...verdict.offered, security: brought?.security }, brought?.elements);
}

/** @param more elements of the answer */
function grant(bss: Bss, station: Station, again: boolean, offered: Offered, more?: readonly Element[]): void {
  const { address } = station;
  // A request in the name of a station that is in must not change the identifier under which frames wait for it.
  const aidBefore = station.association?.aid;
  advance(bss, station, { type: "associationRequested" });
  const aid = bss.aids.take(aidBefore);
  if (aid === undefined) {
    bss.log.station(address, "IEEE 802.11", "info", "No room for more AIDs");
    return refuse(bss, station, again, "no-more-stations", "all 2007 association identifiers are taken");
  }
  const vlans = listedVlans(bss.settings, address) ?? station.grant?.vlans;
  station.association = { ...offered, aid, again, vlans, at: bss.clock.now() };
  bss.radio.protection.add(station.association.traits);
  if (!advance(bss, station, { type: "associationAccepted" })) {
    return refuse(bss, station, again, "no-more-stations", "the driver refused the station");
  }
  if (!enterVlan(bss, station)) {
    advance(bss, station, { type: "associationAnswered", acknowledged: false });
    return refuse(bss, station, again, "unspecified-failure", "there is no interface for its VLAN");
  }
  bss.radio.refreshBeacons();
  bss.log.station(address, "IEEE 802.11", "debug", `association OK (aid ${aid})`);
  answer(bss, station, again, "success", (acknowledged) => onAnswered(bss, station, acknowledged), more);
}

function decodeRequest(again: boolean, reader: Reader): AssociationRequest | MalformedError {
  try {
    return again ? decodeReassociationRequest(reader) : decodeAssociationRequest(reader);
  } catch (thrown) {
    if (thrown instanceof MalformedError) return thrown;
    throw thrown;
  }
}

function onAnswered(bss: Bss, station: Station, acknowledged: boolean): void {
  const { association, address } = station;
  if (bss.stations.get(address) !== station || station.link.kind !== "associating" || !association) return;
  if (!acknowledged) {
    bss.log.station(address, "IEEE 802.11", "debug", "did not acknowledge association response");
    const { signalDbm } = station;
    bss.reportRefusal({ type: "answer-unacknowledged", station: address, answer: "association", signalDbm });
  }
  advance(bss, station, { type: "associationAnswered", acknowledged });
  if (acknowledged) onAssociated(bss, station, association);
}

/** What begins with an association, whoever has granted it. */
export function onAssociated(bss: Bss, station: Station, association: Association): void {
  const { address } = station;
  const { aid, again } = association;
  station.sessionId = newSessionId(bss);
  bss.log.station(address, "IEEE 802.11", "info", aid === undefined ? "associated" : `associated (aid ${aid})`);
  bss.report({
    type: "station-associated",
    station: address,
    aid,
    again,
    elements: association.elements,
    signalDbm: station.signalDbm,
  });
  bss.radio.airtime.welcome(bss, station);
  watch(bss, station);
  onAssociationStands(bss, station);
  if (asksForEap(bss, association)) startEap(bss, station, association.security);
  else if (association.security) startHandshake(bss, station, association.security);
  else authorize(bss, station, undefined);
  bss.sae.forget(station);
}

function startHandshake(bss: Bss, station: Station, security: AssociationSecurity): void {
  joinAuthenticator(bss, station, security);
  bss.log.station(station.address, "WPA", "debug", "start authentication");
  bss.psks.expect(station.address);
  station.authenticator?.start();
}

function joinAuthenticator(bss: Bss, station: Station, security: AssociationSecurity): void {
  const { agreed, element, known } = security;
  station.authenticator = bss.authenticator?.join(station.address, agreed, element, known, station.replayBefore);
}

const asksForEap = ({ settings }: Bss, { security }: Association): boolean =>
  settings.ieee8021x && (security === undefined || usesEap(security.agreed.akm));

/** The handshake, if there is one, follows when EAP is done. */
function startEap(bss: Bss, station: Station, security: AssociationSecurity | undefined): void {
  if (security) joinAuthenticator(bss, station, security);
  station.dot1x = new StationPort(bss, station, security);
  station.dot1x.begin();
}

/** A class 2 frame in state 1. IEEE Std 802.11-2020, 11.3.4.1. */
function refuseUnauthenticated(bss: Bss, receiver: MacAddress, station: Station | undefined): void {
  bss.log.station(
    receiver,
    "IEEE 802.11",
    "info",
    `Station tried to associate before authentication (aid=${station?.association?.aid ?? -1} flags=0x0)`,
  );
  const reason = reasonCode["invalid-class2-frame"];
  bss.sendManagement({ subtype: "deauthentication", receiver }, encodeDeauthentication({ reason, elements: [] }));
}

/** @param request undefined where it could not be read */
function refuse(
  bss: Bss,
  station: Station,
  again: boolean,
  status: StatusName,
  explanation: string,
  request?: Pick<AssociationRequest, "elements">,
): void {
  const { address } = station;
  bss.log.station(address, "IEEE 802.11", "info", `association refused: ${explanation} (status ${statusCode[status]})`);
  tellRefusal(bss, station, status, explanation, request);
  // A station that is in keeps what it has: anybody can send a request in its name.
  answer(bss, station, again, status);
}

function tellRefusal(
  bss: Bss,
  { address, signalDbm }: Station,
  status: StatusName,
  explanation: string,
  request?: Pick<AssociationRequest, "elements">,
): void {
  const elements = request && encodeElements(request.elements);
  const at = "association";
  bss.reportRefusal({ type: "station-refused", station: address, at, status, explanation, elements, signalDbm });
}

function refuseAsTooFar(bss: Bss, station: Station, again: boolean, shortfall: number): void {
  const { address, signalDbm } = station;
  const explanation = `its signal is ${signalDbm} dBm, and rssi_reject_assoc_rssi is ${bss.radio.settings.rssi_reject_assoc_rssi}`;
  const status = "poor-channel-conditions";
  bss.log.station(address, "IEEE 802.11", "info", `association refused: ${explanation} (status ${statusCode[status]})`);
  tellRefusal(bss, station, status, explanation);
  answer(bss, station, again, status, undefined, [comeNearerElement(bss, shortfall)]);
}

/** It is protected, and has to be asked whether it is still there. IEEE Std 802.11-2020, 11.3.5.3 d). */
function refuseForNow(bss: Bss, station: Station, again: boolean): void {
  const explanation = "a protected association of it is still in force, and has to prove to be over first";
  tellRefusal(bss, station, "refused-temporarily", explanation);
  answer(bss, station, again, "refused-temporarily", undefined, [comebackElement(bss, station)]);
}

function answer(
  bss: Bss,
  station: Station,
  again: boolean,
  status: StatusName,
  sent?: (acknowledged: boolean) => void,
  more: readonly Element[] = [],
): void {
  const offer = offerOf(bss);
  const { association, address } = station;
  const accepted = status === "success" ? association : undefined;
  const elements = associationResponseElements(offer, {
    ht: accepted?.htCapabilities !== undefined,
    vht: accepted?.vhtCapabilities !== undefined && !accepted.isVendorVht,
    streams: streamsFor(bss.settings, offer.radio, accepted?.vhtCapabilities),
    vendorVht: accepted?.isVendorVht === true,
    he: accepted?.heCapabilities !== undefined,
    eht: accepted?.ehtCapabilities !== undefined,
    wmm: accepted?.wmm !== undefined,
    maxIdlePeriod: accepted?.maxIdlePeriod,
  });
  const body = encodeAssociationResponse({
    capabilities: capabilityInformation(offer),
    status: statusCode[status],
    aid: accepted?.aid ?? 0,
    elements: [...elements, ...more],
  });
  const subtype = again ? "reassociation-response" : "association-response";
  bss.sendManagement({ subtype, receiver: address }, concat(body, bss.settings.assocresp_elements), sent);
}
