export interface RegulatoryDomain {
  /** Two letters; `00` is the world. */
  readonly alpha2: string;
  readonly initiator: "core" | "user" | "driver" | "country-element" | "unknown";
}
