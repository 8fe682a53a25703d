/** The attributes that Beacond reads and writes, each with its type; others stay octets. */

import {
  type AttributeKind,
  integer,
  ipv4Address,
  ipv6Address,
  ipv6Prefix,
  octets,
  taggedInteger,
  taggedOctets,
  taggedSecret,
  text,
  time,
} from "./kinds.ts";

/** Where an attribute stands: by itself, inside a Vendor-Specific one, or inside an extended one (RFC 6929). */
export type AttributePlace =
  | { readonly space: "standard"; readonly type: number }
  | { readonly space: "vendor"; readonly vendor: number; readonly type: number }
  /** @property type 241..246 */
  | { readonly space: "extended"; readonly type: number; readonly extendedType: number }
  | { readonly space: "extended-vendor"; readonly type: number; readonly vendor: number; readonly vendorType: number };

export interface AttributeType<T> {
  /** As IANA's registry or the vendor spells it. */
  readonly name: string;
  readonly place: AttributePlace;
  readonly kind: AttributeKind<T>;
}

/** Private Enterprise Numbers. */
export const vendors = { cisco: 9, microsoft: 311, freeRadius: 11344, wispr: 14122, wifiAlliance: 40808 } as const;

const standard = <T>(name: string, type: number, kind: AttributeKind<T>): AttributeType<T> => ({
  name,
  place: { space: "standard", type },
  kind,
});

const of =
  (vendor: number) =>
  <T>(name: string, type: number, kind: AttributeKind<T>): AttributeType<T> => ({
    name,
    place: { space: "vendor", vendor, type },
    kind,
  });

const microsoft = of(vendors.microsoft);
const wispr = of(vendors.wispr);
const wifiAlliance = of(vendors.wifiAlliance);

export const radius = {
  // RFC 2865
  userName: standard("User-Name", 1, octets),
  /** Hidden: radius/hiding.ts. */
  userPassword: standard("User-Password", 2, octets),
  /** CHAP identifier and response. */
  chapPassword: standard("CHAP-Password", 3, octets),
  nasIpAddress: standard("NAS-IP-Address", 4, ipv4Address),
  nasPort: standard("NAS-Port", 5, integer),
  serviceType: standard("Service-Type", 6, integer),
  framedProtocol: standard("Framed-Protocol", 7, integer),
  framedIpAddress: standard("Framed-IP-Address", 8, ipv4Address),
  filterId: standard("Filter-Id", 11, octets),
  framedMtu: standard("Framed-MTU", 12, integer),
  replyMessage: standard("Reply-Message", 18, octets),
  state: standard("State", 24, octets),
  class: standard("Class", 25, octets),
  sessionTimeout: standard("Session-Timeout", 27, integer),
  idleTimeout: standard("Idle-Timeout", 28, integer),
  terminationAction: standard("Termination-Action", 29, integer),
  calledStationId: standard("Called-Station-Id", 30, text),
  callingStationId: standard("Calling-Station-Id", 31, text),
  nasIdentifier: standard("NAS-Identifier", 32, octets),
  proxyState: standard("Proxy-State", 33, octets),
  chapChallenge: standard("CHAP-Challenge", 60, octets),
  nasPortType: standard("NAS-Port-Type", 61, integer),
  // RFC 2866, 2869
  acctStatusType: standard("Acct-Status-Type", 40, integer),
  acctDelayTime: standard("Acct-Delay-Time", 41, integer),
  acctInputOctets: standard("Acct-Input-Octets", 42, integer),
  acctOutputOctets: standard("Acct-Output-Octets", 43, integer),
  acctSessionId: standard("Acct-Session-Id", 44, octets),
  acctAuthentic: standard("Acct-Authentic", 45, integer),
  acctSessionTime: standard("Acct-Session-Time", 46, integer),
  acctInputPackets: standard("Acct-Input-Packets", 47, integer),
  acctOutputPackets: standard("Acct-Output-Packets", 48, integer),
  acctTerminateCause: standard("Acct-Terminate-Cause", 49, integer),
  acctMultiSessionId: standard("Acct-Multi-Session-Id", 50, octets),
  acctLinkCount: standard("Acct-Link-Count", 51, integer),
  acctInputGigawords: standard("Acct-Input-Gigawords", 52, integer),
  acctOutputGigawords: standard("Acct-Output-Gigawords", 53, integer),
  eventTimestamp: standard("Event-Timestamp", 55, time),
  connectInfo: standard("Connect-Info", 77, text),
  eapMessage: standard("EAP-Message", 79, octets),
  messageAuthenticator: standard("Message-Authenticator", 80, octets),
  acctInterimInterval: standard("Acct-Interim-Interval", 85, integer),
  nasPortId: standard("NAS-Port-Id", 87, text),
  // RFC 4675
  egressVlanId: standard("Egress-VLANID", 56, integer),
  egressVlanName: standard("Egress-VLAN-Name", 58, octets),
  // RFC 2868
  tunnelType: standard("Tunnel-Type", 64, taggedInteger),
  tunnelMediumType: standard("Tunnel-Medium-Type", 65, taggedInteger),
  tunnelPassword: standard("Tunnel-Password", 69, taggedSecret),
  tunnelPrivateGroupId: standard("Tunnel-Private-Group-Id", 81, taggedOctets),
  // RFC 4372, 3162, 5176, 4072, 4818, 5580, 6911
  chargeableUserIdentity: standard("Chargeable-User-Identity", 89, octets),
  nasIpv6Address: standard("NAS-IPv6-Address", 95, ipv6Address),
  framedIpv6Prefix: standard("Framed-IPv6-Prefix", 97, ipv6Prefix),
  errorCause: standard("Error-Cause", 101, integer),
  eapKeyName: standard("EAP-Key-Name", 102, octets),
  delegatedIpv6Prefix: standard("Delegated-IPv6-Prefix", 123, ipv6Prefix),
  operatorName: standard("Operator-Name", 126, octets),
  framedIpv6Address: standard("Framed-IPv6-Address", 168, ipv6Address),
  // RFC 7268
  eapPeerId: standard("EAP-Peer-Id", 175, octets),
  eapServerId: standard("EAP-Server-Id", 176, octets),
  mobilityDomainId: standard("Mobility-Domain-Id", 177, integer),
  preauthTimeout: standard("Preauth-Timeout", 178, integer),
  networkIdName: standard("Network-Id-Name", 179, octets),
  wlanHessid: standard("WLAN-HESSID", 181, text),
  wlanReasonCode: standard("WLAN-Reason-Code", 185, integer),
  wlanPairwiseCipher: standard("WLAN-Pairwise-Cipher", 186, integer),
  wlanGroupCipher: standard("WLAN-Group-Cipher", 187, integer),
  wlanAkmSuite: standard("WLAN-AKM-Suite", 188, integer),
  wlanGroupMgmtCipher: standard("WLAN-Group-Mgmt-Cipher", 189, integer),
  wlanRfBand: standard("WLAN-RF-Band", 190, integer),
  // RFC 2548
  msChapResponse: microsoft("MS-CHAP-Response", 1, octets),
  msChapError: microsoft("MS-CHAP-Error", 2, octets),
  msMppeEncryptionPolicy: microsoft("MS-MPPE-Encryption-Policy", 7, integer),
  msMppeEncryptionTypes: microsoft("MS-MPPE-Encryption-Types", 8, integer),
  msChapDomain: microsoft("MS-CHAP-Domain", 10, octets),
  msChapChallenge: microsoft("MS-CHAP-Challenge", 11, octets),
  /** Hidden, as the next: radius/hiding.ts. */
  msMppeSendKey: microsoft("MS-MPPE-Send-Key", 16, octets),
  msMppeRecvKey: microsoft("MS-MPPE-Recv-Key", 17, octets),
  msChap2Response: microsoft("MS-CHAP2-Response", 25, octets),
  msChap2Success: microsoft("MS-CHAP2-Success", 26, octets),
  // Cisco's, WISPr's
  ciscoAvPair: of(vendors.cisco)("Cisco-AVPair", 1, octets),
  wisprLocationId: wispr("WISPr-Location-ID", 1, text),
  wisprLocationName: wispr("WISPr-Location-Name", 2, text),
  wisprBandwidthMaxUp: wispr("WISPr-Bandwidth-Max-Up", 7, integer),
  wisprBandwidthMaxDown: wispr("WISPr-Bandwidth-Max-Down", 8, integer),
  wisprSessionTerminateTime: wispr("WISPr-Session-Terminate-Time", 9, text),
  // Wi-Fi Alliance, Passpoint
  hs20SubscriptionRemediation: wifiAlliance("HS20-Subscription-Remediation-Needed", 1, octets),
  hs20ApVersion: wifiAlliance("HS20-AP-Version", 2, octets),
  hs20MobileDeviceVersion: wifiAlliance("HS20-Mobile-Device-Version", 3, octets),
  hs20DeauthenticationRequest: wifiAlliance("HS20-Deauthentication-Request", 4, octets),
  hs20SessionInformationUrl: wifiAlliance("HS20-Session-Information-URL", 5, octets),
  hs20RoamingConsortium: wifiAlliance("HS20-Roaming-Consortium", 6, octets),
  hs20TermsFileName: wifiAlliance("HS20-T-C-Filename", 7, octets),
  hs20Timestamp: wifiAlliance("HS20-Timestamp", 8, time),
  hs20TermsFiltering: wifiAlliance("HS20-T-C-Filtering", 9, octets),
  hs20TermsUrl: wifiAlliance("HS20-T-C-URL", 10, octets),
  // FreeRADIUS's, in Extended-Vendor-Specific-5
  freeRadiusAnonce: freeRadius("FreeRADIUS-802.1X-Anonce", 1),
  freeRadiusEapolKeyMsg: freeRadius("FreeRADIUS-802.1X-EAPoL-Key-Msg", 2),
} as const;

function freeRadius(name: string, vendorType: number): AttributeType<Uint8Array> {
  return { name, place: { space: "extended-vendor", type: 245, vendor: vendors.freeRadius, vendorType }, kind: octets };
}

export const acctStatusTypes = { start: 1, stop: 2, interimUpdate: 3, accountingOn: 7, accountingOff: 8 } as const;
export const tunnelTypes = { vlan: 13 } as const;
export const tunnelMediumTypes = { ieee802: 6 } as const;
export const terminationActions = { default: 0, radiusRequest: 1 } as const;
export const nasPortTypes = { ethernet: 15, wireless80211: 19 } as const;
export const serviceTypes = { login: 1, framed: 2, callCheck: 10 } as const;
