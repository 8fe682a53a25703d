/** Who has the subscribers' keys: what EAP-SIM and EAP-AKA ask of it. */

/** 3GPP TS 43.020, annex C. */
export interface GsmTriplet {
  /** 16 octets. */
  readonly rand: Uint8Array;
  /** 4 octets. */
  readonly sres: Uint8Array;
  /** 8 octets. */
  readonly kc: Uint8Array;
}

/** Authentication vector. 3GPP TS 33.102, 6.3.2. */
export interface AkaVector {
  /** 16 octets each. */
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
  readonly ik: Uint8Array;
  readonly ck: Uint8Array;
  /** 4 to 16 octets. */
  readonly res: Uint8Array;
}

/** Its promises are not broken: who doesn't know says so. */
export interface AuthenticationCentre {
  /** @param imsi digits @returns as many as there are, at most `count` */
  gsmTriplets(imsi: string, count: number): Promise<readonly GsmTriplet[]>;
  akaVector(imsi: string): Promise<AkaVector | undefined>;
  /**
   * A USIM finds the sequence number out of its range: the next vectors have to follow the one that it reports.
   * @param auts 14 octets @param rand of the vector that it has refused
   */
  resynchronize(imsi: string, auts: Uint8Array, rand: Uint8Array): void;
  close(): void;
}
