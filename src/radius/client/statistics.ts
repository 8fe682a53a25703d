/** Counters of one server, as RFC 4668 and RFC 4670 define them. */
export interface ServerStatistics {
  /** Hundredths of a second, of the last answer. */
  roundTripTime: number;
  requests: number;
  retransmissions: number;
  accepts: number;
  rejects: number;
  challenges: number;
  /** Of accounting. */
  responses: number;
  malformed: number;
  badAuthenticators: number;
  timeouts: number;
  unknownTypes: number;
  /** Answers that nobody waits for: late ones, and second ones. */
  dropped: number;
}

export const newStatistics = (): ServerStatistics => ({
  roundTripTime: 0,
  requests: 0,
  retransmissions: 0,
  accepts: 0,
  rejects: 0,
  challenges: 0,
  responses: 0,
  malformed: 0,
  badAuthenticators: 0,
  timeouts: 0,
  unknownTypes: 0,
  dropped: 0,
});
