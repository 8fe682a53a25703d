/** Names of attributes and of their values: those that Beacond itself speaks of, and any that are added. */

import { radius } from "../wire/radius/attributes.ts";

/** How octets are shown. */
export type ShownAs =
  | "text"
  | "octets"
  | "integer"
  | "ipv4"
  | "ipv6"
  | "ipv6-prefix"
  | "date"
  | "tagged-integer"
  | "tagged-text";

export interface NamedAttribute {
  readonly name: string;
  readonly shownAs: ShownAs;
}

/** Vendor 0 is the standard's own. */
const keyOf = (vendor: number, type: number): number => vendor * 256 + type;

export class Dictionary {
  readonly #attributes = new Map<number, NamedAttribute>();
  readonly #byName = new Map<string, { readonly vendor: number; readonly type: number }>();
  /** By attribute's name and number. */
  readonly #values = new Map<string, string>();

  attribute(vendor: number, type: number): NamedAttribute | undefined {
    return this.#attributes.get(keyOf(vendor, type));
  }

  /** @returns the name that an attribute's value has, such as `Start` */
  valueName(attribute: string, value: number): string | undefined {
    return this.#values.get(`${attribute} ${value}`);
  }

  find(name: string): { readonly vendor: number; readonly type: number } | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  get size(): number {
    return this.#attributes.size;
  }

  add(vendor: number, type: number, attribute: NamedAttribute): void {
    this.#attributes.set(keyOf(vendor, type), attribute);
    this.#byName.set(attribute.name.toLowerCase(), { vendor, type });
  }

  addValue(attribute: string, name: string, value: number): void {
    this.#values.set(`${attribute} ${value}`, name);
  }
}

/** Those that Beacond itself speaks of. */
export function builtInDictionary(): Dictionary {
  const dictionary = new Dictionary();
  for (const { name, place, kind } of Object.values(radius)) {
    if (place.space !== "standard" && place.space !== "vendor") continue;
    const shownAs = textual.has(name) ? "text" : (shownOf.get(kind) ?? "octets");
    dictionary.add(place.space === "vendor" ? place.vendor : 0, place.type, { name, shownAs });
  }
  for (const [attribute, values] of Object.entries(builtInValues)) {
    for (const [name, value] of Object.entries(values)) dictionary.addValue(attribute, name, value);
  }
  return dictionary;
}

const shownOf = new Map<unknown, ShownAs>([
  [radius.nasPort.kind, "integer"],
  [radius.calledStationId.kind, "text"],
  [radius.nasIpAddress.kind, "ipv4"],
  [radius.nasIpv6Address.kind, "ipv6"],
  [radius.framedIpv6Prefix.kind, "ipv6-prefix"],
  [radius.tunnelType.kind, "tagged-integer"],
  [radius.tunnelPrivateGroupId.kind, "tagged-text"],
]);

/** Octets that people mean as text, most of the time. */
const textual: ReadonlySet<string> = new Set([
  radius.userName.name,
  radius.filterId.name,
  radius.replyMessage.name,
  radius.nasIdentifier.name,
  radius.acctSessionId.name,
  radius.acctMultiSessionId.name,
  radius.egressVlanName.name,
  radius.chargeableUserIdentity.name,
  radius.operatorName.name,
  radius.ciscoAvPair.name,
]);

/** RFC 2865, 2866, 2868, 3580, 5176; IANA's registry of RADIUS types. */
const builtInValues: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "Acct-Status-Type": { Start: 1, Stop: 2, "Interim-Update": 3, "Accounting-On": 7, "Accounting-Off": 8, Failed: 15 },
  "Acct-Authentic": { RADIUS: 1, Local: 2, Remote: 3, Diameter: 4 },
  "Acct-Terminate-Cause": {
    "User-Request": 1,
    "Lost-Carrier": 2,
    "Lost-Service": 3,
    "Idle-Timeout": 4,
    "Session-Timeout": 5,
    "Admin-Reset": 6,
    "Admin-Reboot": 7,
    "Port-Error": 8,
    "NAS-Error": 9,
    "NAS-Request": 10,
    "NAS-Reboot": 11,
    "Port-Unneeded": 12,
    "Port-Preempted": 13,
    "Port-Suspended": 14,
    "Service-Unavailable": 15,
    Callback: 16,
    "User-Error": 17,
    "Host-Request": 18,
    "Supplicant-Restart": 19,
    "Reauthentication-Failure": 20,
    "Port-Reinit": 21,
    "Port-Disabled": 22,
  },
  "NAS-Port-Type": { Async: 0, Virtual: 5, Ethernet: 15, "Wireless-802.11": 19 },
  "Service-Type": { "Login-User": 1, "Framed-User": 2, "Call-Check": 10 },
  "Termination-Action": { Default: 0, "RADIUS-Request": 1 },
  "Tunnel-Type": { VLAN: 13 },
  "Tunnel-Medium-Type": { "IEEE-802": 6 },
};
