/** What every request says of the access point and of the station: the attributes of hostapd, in its order. RFC 2865, 3580, 7268. */

import { concat, utf8 } from "../../base/bytes.ts";
import { parseIpAddress } from "../../base/ip-address.ts";
import type { UserAttribute } from "../../config/eap-user.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { Negotiated } from "../../rsn/negotiated.ts";
import { akmSuite, cipherSuite, wpaAkmSuite, wpaCipherSuite } from "../../wire/ieee80211/suites.ts";
import { type AttributeType, nasPortTypes, radius, serviceTypes } from "../../wire/radius/attributes.ts";
import { longestAttributeValue, type RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, typeOf } from "../../wire/radius/values.ts";
import type { Bss } from "../bss.ts";
import type { Station } from "../station.ts";
import { sessionIdText, stationId } from "./identity.ts";

/** What the radio is called in Connect-Info. */
const modeNames = { a: "802.11a", g: "802.11g", b: "802.11b", ad: "802.11ad", any: "802.11b" } as const;

/** Whom a request is about, as far as it is known here. */
export interface RequestSubject extends Pick<Station, "address"> {
  readonly association?: Station["association"];
  readonly sessionId?: bigint;
  readonly multiSessionId?: bigint | undefined;
  readonly isPreauthenticating?: boolean;
}

/** @param configured attributes that take the place of those of the same type, and come last */
export function commonAttributes(
  bss: Bss,
  configured: readonly UserAttribute[],
  station: RequestSubject | undefined,
): readonly RadiusAttribute[] {
  const isConfigured = (type: AttributeType<unknown>): boolean => configured.some((each) => each.type === typeOf(type));
  const list = new AttributeList();
  const add = <T>(type: AttributeType<T>, value: T | undefined): void => {
    if (!isConfigured(type)) list.add(type, value);
  };
  const { settings } = bss;
  const own = settings.own_ip_addr === undefined ? undefined : parseIpAddress(settings.own_ip_addr);
  if (own?.octets.length === 4) add(radius.nasIpAddress, settings.own_ip_addr);
  if (own?.octets.length === 16) add(radius.nasIpv6Address, settings.own_ip_addr);
  const name = utf8(settings.nas_identifier ?? "");
  if (name.length > 0 && name.length <= longestAttributeValue) add(radius.nasIdentifier, name);
  if (!isConfigured(radius.calledStationId)) list.put(calledStationId(bss));
  add(radius.nasPortType, nasPortTypes.wireless80211);
  if (settings.interworking && settings.hessid !== undefined) add(radius.wlanHessid, stationId(settings.hessid));
  if (station) {
    add(radius.serviceType, serviceTypes.framed);
    add(radius.nasPort, station.association?.aid);
    list.add(radius.callingStationId, stationId(station.address));
    add(radius.connectInfo, connectInfo(bss, station));
    if (station.sessionId) list.add(radius.acctSessionId, utf8(sessionIdText(station.sessionId)));
    const multiSessionId = settings.wpa.has("rsn") ? station.multiSessionId : undefined;
    if (multiSessionId !== undefined) list.add(radius.acctMultiSessionId, utf8(sessionIdText(multiSessionId)));
    const agreed = station.association?.security?.agreed;
    if (agreed) {
      add(radius.wlanPairwiseCipher, pairwiseSuite(agreed));
      add(radius.wlanGroupCipher, groupSuite(agreed, settings));
      add(radius.wlanAkmSuite, akmOf(agreed));
      const management = bss.authenticator?.options.managementCipher;
      if (settings.ieee80211w !== "no" && management) add(radius.wlanGroupMgmtCipher, cipherSuite[management]);
    }
  }
  return list.put(...configured).list;
}

/** The network's name is octets. RFC 3580, section 3.20. */
const calledStationId = ({ address, settings }: Bss): RadiusAttribute => ({
  type: typeOf(radius.calledStationId),
  value: concat(utf8(`${stationId(address)}:`), settings.ssid),
});

function connectInfo({ radio }: Bss, { association, isPreauthenticating }: RequestSubject): string {
  if (isPreauthenticating) return "IEEE 802.11i Pre-Authentication";
  const rate = Math.max(0, ...(association?.supportedRates ?? []).map((each) => each & 0x7f));
  return `CONNECT ${Math.floor(rate / 2)}${rate % 2 === 1 ? ".5" : ""}Mbps ${modeNames[radio.settings.hw_mode]}`;
}

const wpaCiphers: Readonly<Record<string, number>> = wpaCipherSuite;
const wpaAkms: Readonly<Record<string, number>> = wpaAkmSuite;

const pairwiseSuite = ({ protocol, pairwise }: Negotiated): number =>
  (protocol === "wpa" ? wpaCiphers[pairwise] : undefined) ?? cipherSuite[pairwise];

/** As the network has it, whichever way a station joined. */
const groupSuite = ({ group }: Negotiated, { wpa }: BssSettings): number =>
  (wpa.has("rsn") ? undefined : wpaCiphers[group]) ?? cipherSuite[group];

const akmOf = ({ protocol, akm }: Negotiated): number =>
  (protocol === "wpa" ? wpaAkms[akm] : undefined) ?? akmSuite[akm];
