/** Frames and elements that steer stations and Wi-Fi Direct devices. */

import fc from "fast-check";
import { Reader } from "../../src/base/bytes.ts";
import {
  type BssTransitionRequest,
  decodeBssTransitionRequest,
  encodeBssTransitionRequest,
} from "../../src/wire/ieee80211/bss-transition-request.ts";
import { decodeManageability, decodeP2p, encodeManageability, p2pElement } from "../../src/wire/ieee80211/p2p.ts";
import { codecProperties } from "./codec-properties.ts";

codecProperties<BssTransitionRequest>({
  name: "BSS Transition Management Request",
  encode: encodeBssTransitionRequest,
  decode: decodeBssTransitionRequest,
  values: fc.record({
    dialogToken: fc.nat(255),
    abridged: fc.boolean(),
    disassociationImminent: fc.boolean(),
    disassociationTimer: fc.nat(0xffff),
    validityInterval: fc.nat(255),
    termination: fc.option(fc.uint8Array({ minLength: 12, maxLength: 12 }), { nil: undefined }),
    url: fc.option(fc.uint8Array({ maxLength: 255 }), { nil: undefined }),
    candidates: fc.uint8Array({ maxLength: 60 }),
  }),
});

codecProperties({
  name: "P2P element",
  encode: (attributes) => p2pElement(attributes).data,
  decode: decodeP2p,
  values: fc.array(fc.record({ id: fc.nat(255), data: fc.uint8Array({ maxLength: 20 }) }), { maxLength: 6 }),
});

codecProperties({
  name: "P2P Manageability",
  encode: (value) => (value ? encodeManageability(value) : Uint8Array.of(0)),
  decode: (r: Reader) => decodeManageability(new Reader(r.take(1), ["manageability"])),
  values: fc.option(fc.record({ crossConnectionPermitted: fc.boolean(), coexistenceOptional: fc.boolean() }), {
    nil: undefined,
  }),
});
