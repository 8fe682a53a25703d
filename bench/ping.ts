/** How long a control command takes that has nothing to do: PING, from a client that only waits for the answer. */

import { openControlClient } from "./control-client.ts";
import { quantile } from "./statistics.ts";

const warmUp = 200;
const pings = 2000;
const request = Buffer.from("PING");

export interface PingTimes {
  /** Microseconds from sending the request to having the answer. */
  readonly median: number;
  readonly slow: number;
}

/** @throws Error where the answer is not PONG */
export function ping(controlSocket: string): PingTimes {
  const client = openControlClient(controlSocket);
  try {
    const roundTrip = (): number => {
      const sent = process.hrtime.bigint();
      const answer = client.ask(request);
      const time = Number(process.hrtime.bigint() - sent) / 1000;
      if (answer !== "PONG\n") throw new Error("PING is not answered with PONG");
      return time;
    };
    const times = Array.from({ length: warmUp + pings }, roundTrip).slice(warmUp);
    times.sort((a, b) => a - b);
    return { median: quantile(times, 0.5), slow: quantile(times, 0.99) };
  } finally {
    client.close();
  }
}
