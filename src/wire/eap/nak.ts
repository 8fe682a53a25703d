import { type Reader, Writer } from "../../base/bytes.ts";
import { type EapType, expandedType } from "./types.ts";

/** What a peer wants instead of the method that was proposed. RFC 3748, section 5.3. */
export interface Nak {
  /** None where it wants no other. */
  readonly wanted: readonly EapType[];
  /** It would rather be asked for a type of the expanded kind, which a legacy Nak can't name. */
  readonly wantsExpanded: boolean;
}

/** RFC 3748, section 5.3.1: an octet for each type. 0 stands for none. @throws MalformedError where there is no octet */
export function decodeLegacyNak(r: Reader): Nak {
  const octets = [r.u8(), ...r.rest()];
  return {
    wanted: octets.filter((octet) => octet !== 0 && octet !== expandedType).map((type) => ({ vendor: 0, type })),
    wantsExpanded: octets.includes(expandedType),
  };
}

/** The same in the other direction. */
export function encodeLegacyNak({ wanted, wantsExpanded }: Nak): Uint8Array {
  const octets = [...wanted.map(({ type }) => type), ...(wantsExpanded ? [expandedType] : [])];
  return Uint8Array.from(octets.length === 0 ? [0] : octets);
}

/** RFC 3748, section 5.3.2: eight octets for each type. @throws MalformedError where they are no expanded types */
export function decodeExpandedNak(r: Reader): Nak {
  const wanted: EapType[] = [];
  do {
    const first = r.u8();
    if (first !== expandedType) r.fail(`type ${first}, where only expanded types may be`);
    const type = { vendor: r.u24be(), type: r.u32be() };
    if (type.vendor !== 0 || type.type !== 0) wanted.push(type);
  } while (r.remaining > 0);
  return { wanted, wantsExpanded: true };
}

/** The same in the other direction. */
export function encodeExpandedNak(wanted: readonly EapType[]): Uint8Array {
  const w = new Writer();
  for (const { vendor, type } of wanted.length === 0 ? [{ vendor: 0, type: 0 }] : wanted) {
    w.u8(expandedType).u24be(vendor).u32be(type);
  }
  return w.finish();
}
