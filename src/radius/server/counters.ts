/** What a RADIUS server counts, in all and for each client. RFC 4669, RFC 4671. */

export const serverCounts = [
  "accessRequests",
  "invalidRequests",
  "duplicateAccessRequests",
  "accessAccepts",
  "accessRejects",
  "accessChallenges",
  "malformedAccessRequests",
  "badAuthenticators",
  "packetsDropped",
  "unknownTypes",
  "accountingRequests",
  "invalidAccountingRequests",
  "accountingResponses",
  "malformedAccountingRequests",
  "accountingBadAuthenticators",
  "unknownAccountingTypes",
] as const;

export type ServerCount = (typeof serverCounts)[number];

const places = new Map<ServerCount, number>(serverCounts.map((name, i) => [name, i]));
const width = serverCounts.length;

/** The memory may be shared between threads, each of which has its own, and read by another. */
export class ServerCounters {
  readonly #values: Uint32Array;

  constructor(
    readonly clients: number,
    memory: ArrayBufferLike = new ArrayBuffer(ServerCounters.octets(clients)),
  ) {
    this.#values = new Uint32Array(memory);
  }

  static octets = (clients: number): number => (clients + 1) * width * Uint32Array.BYTES_PER_ELEMENT;

  /** @param client its place in the file; undefined where nobody knows it */
  count(what: ServerCount, client: number | undefined): void {
    const place = places.get(what) ?? 0;
    this.#values[place] = (this.#values[place] ?? 0) + 1;
    if (client === undefined) return;
    const own = (client + 1) * width + place;
    this.#values[own] = (this.#values[own] ?? 0) + 1;
  }

  /** @param client undefined for all together */
  value(what: ServerCount, client?: number): number {
    return this.#values[(client === undefined ? 0 : client + 1) * width + (places.get(what) ?? 0)] ?? 0;
  }
}
