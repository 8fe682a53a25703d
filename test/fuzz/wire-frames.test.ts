/** Frames: their headers, and what each subtype has before its elements. */

import fc from "fast-check";
import { concat, type Reader } from "../../src/base/bytes.ts";
import { decodeAction, encodeAction } from "../../src/wire/ieee80211/action.ts";
import {
  decodeAssociationRequest,
  decodeReassociationRequest,
  encodeAssociationRequest,
} from "../../src/wire/ieee80211/association-request.ts";
import { decodeAssociationResponse, encodeAssociationResponse } from "../../src/wire/ieee80211/association-response.ts";
import { decodeAuthentication, encodeAuthentication } from "../../src/wire/ieee80211/authentication.ts";
import { decodeBeacon, encodeBeacon } from "../../src/wire/ieee80211/beacon.ts";
import {
  type DataAddresses,
  type DataHeader,
  decodeDataHeader,
  encodeDataHeader,
} from "../../src/wire/ieee80211/data-frame.ts";
import { decodeDeauthentication, encodeDeauthentication } from "../../src/wire/ieee80211/deauthentication.ts";
import { decodeElements, type Element, elementId, encodeElements } from "../../src/wire/ieee80211/element.ts";
import {
  decodeManagementHeader,
  encodeManagementFrame,
  type ManagementHeader,
  type ManagementSubtype,
} from "../../src/wire/ieee80211/frame.ts";
import { decodeMsdu, encodeMsdu } from "../../src/wire/ieee80211/llc-snap.ts";
import { decodeProbeRequest, encodeProbeRequest } from "../../src/wire/ieee80211/probe-request.ts";
import { codecProperties, unsigned } from "./codec-properties.ts";
import { address, bool, capabilities, elements } from "./wire-arbitraries.ts";

codecProperties({ name: "elements", encode: encodeElements, decode: decodeElements, values: elements });

const subtypes: Exclude<ManagementSubtype, "unknown">[] = [
  "association-request",
  "reassociation-response",
  "probe-request",
  "beacon",
  "disassociation",
  "authentication",
  "deauthentication",
  "action",
  "action-no-ack",
];
codecProperties<ManagementHeader>({
  name: "management header",
  encode: (header) => {
    // The decoder tells of more than a sender decides.
    const subtype = header.subtype === "unknown" ? "beacon" : header.subtype;
    const frame = encodeManagementFrame({ ...header, subtype }, new Uint8Array());
    if (header.subtype === "unknown") frame[0] = 0x70;
    frame[1] = (header.retry ? 0x08 : 0) | (header.protected ? 0x40 : 0);
    frame[22] = ((header.sequence << 4) & 0xff) | header.fragment;
    frame[23] = header.sequence >>> 4;
    return frame;
  },
  decode: decodeManagementHeader,
  values: fc.record({
    subtype: fc.constantFrom<ManagementSubtype>(...subtypes, "unknown"),
    retry: bool,
    protected: bool,
    receiver: address,
    transmitter: address,
    bssid: address,
    sequence: unsigned(12),
    fragment: unsigned(4),
  }),
});

const addresses: fc.Arbitrary<DataAddresses> = fc.oneof(
  fc.record({
    direction: fc.constantFrom("to-ap", "from-ap", "direct"),
    bssid: address,
    source: address,
    destination: address,
  }),
  fc.record({
    direction: fc.constant("four-address"),
    receiver: address,
    transmitter: address,
    source: address,
    destination: address,
  }),
);
codecProperties<DataHeader>({
  name: "data header",
  encode: encodeDataHeader,
  decode: decodeDataHeader,
  values: fc.record({
    addresses,
    retry: bool,
    moreFragments: bool,
    powerManagement: bool,
    moreData: bool,
    protected: bool,
    empty: bool,
    qos: fc.option(
      fc.record({
        tid: unsigned(4),
        endOfServicePeriod: bool,
        ackPolicy: unsigned(2),
        amsdu: bool,
        upper: unsigned(8),
      }),
      { nil: undefined },
    ),
    sequence: unsigned(12),
    fragment: unsigned(4),
  }),
});
codecProperties({
  name: "MSDU",
  encode: encodeMsdu,
  decode: decodeMsdu,
  values: fc.record({ etherType: unsigned(16), payload: fc.uint8Array({ maxLength: 64 }) }),
});

const withoutChallenge = elements.map((all) => all.filter(({ id }) => id !== elementId.challengeText));
codecProperties({
  name: "Authentication",
  encode: encodeAuthentication,
  decode: decodeAuthentication,
  values: fc.oneof(
    fc.record(
      {
        algorithm: fc.constantFrom(0, 1, 2, 4, 128),
        transaction: unsigned(16),
        status: unsigned(16),
        challenge: fc.uint8Array({ maxLength: 255 }),
        elements: withoutChallenge,
      },
      { requiredKeys: ["algorithm", "transaction", "status", "elements"] },
    ),
    fc.record({
      algorithm: fc.constant(3),
      transaction: unsigned(16),
      status: unsigned(16),
      fields: fc.uint8Array({ minLength: 1, maxLength: 120 }),
      elements: fc.constant([]),
    }),
  ),
});
const associationFields = { capabilities, listenInterval: unsigned(16), elements };
codecProperties({
  name: "Association Request",
  encode: encodeAssociationRequest,
  decode: decodeAssociationRequest,
  values: fc.record(associationFields),
});
codecProperties({
  name: "Reassociation Request",
  encode: encodeAssociationRequest,
  decode: decodeReassociationRequest,
  values: fc.record({ ...associationFields, currentAp: address }),
});
codecProperties({
  name: "Association Response",
  encode: encodeAssociationResponse,
  decode: decodeAssociationResponse,
  values: fc.record({ capabilities, status: unsigned(16), aid: fc.integer({ min: 0, max: 2007 }), elements }),
});
codecProperties({
  name: "Probe Request",
  encode: encodeProbeRequest,
  decode: decodeProbeRequest,
  values: fc.record({ elements }),
});
codecProperties({
  name: "Beacon",
  encode: encodeBeacon,
  decode: decodeBeacon,
  values: fc.record({
    timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    interval: unsigned(16),
    capabilities,
    elements,
  }),
});
codecProperties({
  name: "Deauthentication",
  encode: encodeDeauthentication,
  decode: decodeDeauthentication,
  values: fc.record({ reason: unsigned(16), elements }),
});
codecProperties({
  name: "Action",
  encode: encodeAction,
  decode: decodeAction,
  values: fc.record({ category: unsigned(8), rest: fc.uint8Array({ maxLength: 60 }) }),
});

// A whole frame, as a handler takes one: header, then a body that may be anything.
codecProperties<{ header: ManagementHeader; elements: Element[] }>({
  name: "a frame of elements",
  encode: ({ header, elements: body }) =>
    concat(encodeManagementFrame({ ...header, subtype: "probe-request" }, new Uint8Array()), encodeElements(body)),
  decode: (r: Reader) => ({
    header: {
      ...decodeManagementHeader(r),
      retry: false,
      protected: false,
      sequence: 0,
      fragment: 0,
      subtype: "probe-request",
    },
    elements: decodeElements(r),
  }),
  values: fc.record({
    header: fc.record({
      subtype: fc.constant("probe-request"),
      retry: fc.constant(false),
      protected: fc.constant(false),
      receiver: address,
      transmitter: address,
      bssid: address,
      sequence: fc.constant(0),
      fragment: fc.constant(0),
    }),
    elements,
  }),
});
