import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { type Element, elementId, encodeElement, encodeElements, oui } from "../ieee80211/element.ts";

/** KDE data types below 00-0F-AC. IEEE Std 802.11-2020, table 12-9; 25 is of IEEE P802.11bi. */
const kdeType = {
  gtk: 1,
  "mac-address": 3,
  pmkid: 4,
  lifetime: 7,
  igtk: 9,
  "key-id": 10,
  oci: 13,
  bigtk: 14,
  "sae-password-identifiers": 25,
} as const;

/** One item of Key Data: a key data encapsulation (KDE), or an element. IEEE Std 802.11-2020, 12.7.2, item j. */
export type KeyDataItem =
  | { readonly kind: "gtk"; readonly keyId: number; readonly tx: boolean; readonly key: Uint8Array }
  | {
      readonly kind: "igtk" | "bigtk";
      readonly keyId: number;
      /** 6 octets, least significant first. */
      readonly packetNumber: Uint8Array;
      readonly key: Uint8Array;
    }
  | { readonly kind: "mac-address"; readonly address: MacAddress }
  /** 16 octets. */
  | { readonly kind: "pmkid"; readonly pmkid: Uint8Array }
  /** Seconds. */
  | { readonly kind: "lifetime"; readonly seconds: number }
  | { readonly kind: "key-id"; readonly keyId: number }
  /** Operating Channel Information, as its element's body; what is wrong with it is for whoever verifies it to say. */
  | { readonly kind: "oci"; readonly oci: Uint8Array }
  /** To be named in place of the password identifier, each once. 1 to 255 octets each. */
  | { readonly kind: "sae-password-identifiers"; readonly identifiers: readonly Uint8Array[] }
  /** RSNE, RSNXE, MDE, a vendor's own KDE ... */
  | { readonly kind: "element"; readonly element: Element }
  /** Below 00-0F-AC, of a type that is none of the above. */
  | { readonly kind: "unknown-kde"; readonly type: number; readonly data: Uint8Array };

export const encodeKeyData = (items: readonly KeyDataItem[]): Uint8Array => concat(...items.map(encodeItem));

function encodeItem(item: KeyDataItem): Uint8Array {
  const w = new Writer();
  switch (item.kind) {
    case "gtk":
      return kde(
        kdeType.gtk,
        w
          .u8(item.keyId | (item.tx ? 4 : 0))
          .u8(0)
          .put(item.key),
      );
    case "igtk":
    case "bigtk":
      return kde(kdeType[item.kind], w.u16le(item.keyId).put(item.packetNumber).put(item.key));
    case "mac-address":
      return kde(kdeType["mac-address"], w.put(encodeMacAddress(item.address)));
    case "pmkid":
      return kde(kdeType.pmkid, w.put(item.pmkid));
    case "lifetime":
      return kde(kdeType.lifetime, w.u32be(item.seconds));
    case "key-id":
      return kde(kdeType["key-id"], w.u8(item.keyId).u8(0));
    case "oci":
      return kde(kdeType.oci, w.put(item.oci));
    case "sae-password-identifiers": {
      w.u8(0); // flags, all of them reserved
      for (const identifier of item.identifiers) w.u8(identifier.length).put(identifier);
      return kde(kdeType["sae-password-identifiers"], w);
    }
    case "element":
      return encodeElements([item.element]);
    case "unknown-kde":
      return kde(item.type, w.put(item.data));
  }
}

const kde = (type: number, data: Writer): Uint8Array =>
  encodeElement(elementId.vendorSpecific, concat(new Writer().u24be(oui.ieee80211).u8(type).finish(), data.finish()));

/** To the end, or to the padding. @throws MalformedError when an item is cut or too long for its type */
export function decodeKeyData(r: Reader): KeyDataItem[] {
  const items: KeyDataItem[] = [];
  while (r.remaining) {
    const id = r.u8();
    const last = r.remaining === 0;
    if (id === elementId.vendorSpecific && last) break; // padding of a single octet
    const length = r.u8();
    if (id === elementId.vendorSpecific && length === 0) {
      if (r.rest().some((octet) => octet !== 0)) r.fail("padding that is not zero");
      break;
    }
    items.push(decodeItem(id, r.field(`element ${id}`, length)));
  }
  return items;
}

function decodeItem(id: number, body: Reader): KeyDataItem {
  if (id === elementId.extension) {
    return { kind: "element", element: { id, extension: body.u8(), data: body.rest().slice() } };
  }
  const { bytes } = body;
  const ofIeee80211 = bytes[0] === 0x00 && bytes[1] === 0x0f && bytes[2] === 0xac;
  if (id !== elementId.vendorSpecific || !ofIeee80211) {
    return { kind: "element", element: { id, data: body.rest().slice() } };
  }
  body.take(3);
  const item = decodeKde(body.u8(), body);
  if (body.remaining) body.fail(`${body.remaining} octets too many`);
  return item;
}

function decodeKde(type: number, r: Reader): KeyDataItem {
  switch (type) {
    case kdeType.gtk: {
      const flags = r.u8();
      r.u8(); // reserved
      return { kind: "gtk", keyId: flags & 3, tx: (flags & 4) !== 0, key: r.rest().slice() };
    }
    case kdeType.igtk:
      return { kind: "igtk", ...managementKey(r) };
    case kdeType.bigtk:
      return { kind: "bigtk", ...managementKey(r) };
    case kdeType["mac-address"]:
      return { kind: "mac-address", address: decodeMacAddress(r) };
    case kdeType.pmkid:
      return { kind: "pmkid", pmkid: r.take(16).slice() };
    case kdeType.lifetime:
      return { kind: "lifetime", seconds: r.u32be() };
    case kdeType["key-id"]: {
      const keyId = r.u8() & 3;
      r.u8(); // reserved
      return { kind: "key-id", keyId };
    }
    case kdeType.oci:
      return { kind: "oci", oci: r.rest().slice() };
    case kdeType["sae-password-identifiers"]: {
      r.u8(); // flags
      const identifiers: Uint8Array[] = [];
      while (r.remaining) identifiers.push(r.take(r.u8()).slice());
      return { kind: "sae-password-identifiers", identifiers };
    }
    default:
      return { kind: "unknown-kde", type, data: r.rest().slice() };
  }
}

const managementKey = (r: Reader): { keyId: number; packetNumber: Uint8Array; key: Uint8Array } => ({
  keyId: r.u16le(),
  packetNumber: r.take(6).slice(),
  key: r.rest().slice(),
});

/** To be wrapped, Key Data has at least 16 octets and a multiple of 8: 0xdd and zeros fill up. */
export function padKeyData(bytes: Uint8Array): Uint8Array {
  const length = Math.max(16, (bytes.length + 7) & ~7);
  if (length === bytes.length) return bytes;
  const out = new Uint8Array(length);
  out.set(bytes);
  out[bytes.length] = elementId.vendorSpecific;
  return out;
}
