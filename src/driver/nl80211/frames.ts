/** The management frames that an access point wants to see. */

import type { KernelRefusal } from "../../base/errors.ts";
import { registerFrame, unexpectedFrame } from "../../wire/nl80211/frame.ts";
import type { Nl80211Message } from "../../wire/nl80211/message.ts";

/** Subtypes in their place in Frame Control, type Management. IEEE Std 802.11-2020, table 9-1. */
const subtypes = {
  associationRequest: 0x00,
  reassociationRequest: 0x20,
  probeRequest: 0x40,
  disassociation: 0xa0,
  authentication: 0xb0,
  deauthentication: 0xc0,
  action: 0xd0,
} as const;

/** Beginnings of Action frames: category, and the action where not all are wanted. IEEE Std 802.11-2020, table 9-51. */
const actions: readonly (readonly number[])[] = [
  [4], // Public
  [5, 1], // Radio Measurement Report
  [5, 3], // Link Measurement Report
  [5, 4], // Neighbor Report Request
  [6], // Fast BSS Transition
  [8], // SA Query
  [9], // Protected Dual of Public Action
  [10], // Wireless Network Management
  [17], // WMM, Wi-Fi Alliance WMM specification, 2.2.10
  [126], // Vendor-specific Protected
  [127], // Vendor-specific
];

export interface Registration {
  readonly message: Nl80211Message;
  /** Without it there is no access point; a driver that has no use for the others may refuse them. */
  readonly needed: boolean;
}

export function buildRegistrations(ifIndex: number): Registration[] {
  const { action, ...others } = subtypes;
  const register = (frameType: number, match: readonly number[]): Nl80211Message =>
    registerFrame.build({ ifIndex, frameType, match: Uint8Array.from(match) });
  return [
    ...Object.values(others).map((subtype) => ({ message: register(subtype, []), needed: true })),
    ...actions.map((match) => ({ message: register(action, match), needed: false })),
    { message: unexpectedFrame.build({ ifIndex }), needed: false },
  ];
}

/** Another process has the frames, or the notices of unexpected ones. */
export const isHeldByAnother = ({ errno }: KernelRefusal): boolean => errno === "EALREADY" || errno === "EBUSY";
