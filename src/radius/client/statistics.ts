import type { RadiusAnswer } from "./request.ts";

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

export function countAnswer(statistics: ServerStatistics, code: RadiusAnswer["code"]): void {
  switch (code) {
    case "Access-Accept":
      statistics.accepts += 1;
      break;
    case "Access-Reject":
      statistics.rejects += 1;
      break;
    case "Access-Challenge":
      statistics.challenges += 1;
      break;
    case "Accounting-Response":
      statistics.responses += 1;
      break;
  }
}
