/** Numbers of EAP methods and the names that eap_user files call them by. RFC 3748, section 5, and the registry of IANA. */

/** A method's type: of the IETF's where `vendor` is 0, else of the vendor's with that SMI number. RFC 3748, section 5.7. */
export interface EapType {
  readonly vendor: number;
  readonly type: number;
}

const ofIetf = (type: number): EapType => ({ vendor: 0, type });

/** Types that are no methods. RFC 3748, sections 5.1 to 5.3. */
export const eapIdentity = ofIetf(1);
export const eapNotification = ofIetf(2);
export const eapNak = ofIetf(3);

/** Type octet that announces a vendor and a type within it. RFC 3748, section 5.7. */
export const expandedType = 254;

export const eapTypes = {
  Identity: eapIdentity,
  MD5: ofIetf(4),
  GTC: ofIetf(6),
  TLS: ofIetf(13),
  SIM: ofIetf(18),
  TTLS: ofIetf(21),
  AKA: ofIetf(23),
  PEAP: ofIetf(25),
  MSCHAPV2: ofIetf(26),
  TNC: ofIetf(38),
  FAST: ofIetf(43),
  PAX: ofIetf(46),
  PSK: ofIetf(47),
  SAKE: ofIetf(48),
  IKEV2: ofIetf(49),
  "AKA'": ofIetf(50),
  GPSK: ofIetf(51),
  PWD: ofIetf(52),
  EKE: ofIetf(53),
  TEAP: ofIetf(55),
  WSC: { vendor: 0x00372a, type: 1 },
  "UNAUTH-TLS": { vendor: 39068, type: 1 },
  "WFA-UNAUTH-TLS": { vendor: 40808, type: 13 },
  "VENDOR-TEST": { vendor: 39068, type: 0xfcfbfaf9 },
} as const satisfies Readonly<Record<string, EapType>>;

export type EapMethodName = keyof typeof eapTypes;

const byName: ReadonlyMap<string, EapType> = new Map(Object.entries(eapTypes));
const names: ReadonlyMap<string, string> = new Map(Object.entries(eapTypes).map(([name, type]) => [keyOf(type), name]));

/** @param name as eap_user files write it: case counts */
export const eapTypeOfName = (name: string): EapType | undefined => byName.get(name);

/** The reverse; of others their number: `17`, `311:5`. */
export const eapTypeName = (type: EapType): string =>
  names.get(keyOf(type)) ?? (type.vendor === 0 ? String(type.type) : keyOf(type));

export const sameEapType = (a: EapType, b: EapType): boolean => a.vendor === b.vendor && a.type === b.type;

function keyOf({ vendor, type }: EapType): string {
  return `${vendor}:${type}`;
}
