/** RADIUS attributes that a configuration adds to requests, and whom dynamic authorization is taken from. */

import { hexOf } from "../base/bytes.ts";
import { parseIpAddress } from "../base/ip-address.ts";
import type { UserAttribute } from "./eap-user.ts";
import type { Kind } from "./kinds.ts";
import { octetsOf, octetTextOf } from "./octets.ts";
import { parseRadiusAttribute } from "./radius-attribute.ts";

/** Each line adds one. */
export const requestAttributes: Kind<readonly UserAttribute[]> = {
  shape: "type, or type:s:text, type:d:number, type:x:hexadecimal",
  freeText: true,
  addsUp: true,
  parse(text, { previous = [] }) {
    const parsed = parseRadiusAttribute(text);
    return typeof parsed === "string" ? { error: parsed } : { value: [...previous, parsed] };
  },
  format(attributes) {
    const last = attributes.at(-1);
    return last === undefined ? "" : `${last.type}:x:${hexOf(last.value)}`;
  },
};

export interface DynamicAuthorizationClient {
  /** 0.0.0.0 and :: stand for everybody. */
  readonly address: string;
  readonly secret: Uint8Array;
}

/** `192.0.2.1 secret` */
export const dynamicAuthorizationClient: Kind<DynamicAuthorizationClient> = {
  shape: "IP address, then the shared secret",
  freeText: true,
  parse(text) {
    const [, address = "", secret = ""] = /^([^ ]*) (.*)$/s.exec(text) ?? [];
    if (!parseIpAddress(address)) return { error: "an IP address has to stand first, and a blank behind it" };
    return secret === "" ? { error: "the shared secret is missing" } : { value: { address, secret: octetsOf(secret) } };
  },
  format: ({ address, secret }) => `${address} ${octetTextOf(secret)}`,
};
