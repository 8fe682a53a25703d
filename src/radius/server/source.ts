/** Where a packet comes from, and its answer goes to. */
export interface RadiusSource {
  readonly address: string;
  readonly port: number;
  /** Number of the connection, over TLS. */
  readonly connection?: number;
}
