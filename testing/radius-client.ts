/** A RADIUS client whose servers a test plays. */

import { textOf, utf8 } from "../src/base/bytes.ts";
import { seconds } from "../src/base/duration.ts";
import { Log, type LogRecord } from "../src/base/log.ts";
import { type ClientSettings, RadiusClient } from "../src/radius/client/client.ts";
import type { RadiusAnswer, RadiusRequest } from "../src/radius/client/request.ts";
import type { RequestKind } from "../src/radius/client/request-kind.ts";
import type { Server } from "../src/radius/client/server-pool.ts";
import { radius } from "../src/wire/radius/attributes.ts";
import { AttributeList } from "../src/wire/radius/values.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { PlayedNetwork, type ReceivedRequest } from "./radius-network.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What the client and the played servers share, unless a test says otherwise. */
export const sharedSecret = utf8("radius");

/** Settings beside the servers. */
export const unmoved = { retryPrimary: seconds(0), probesPrimary: false, requireMessageAuthenticator: true } as const;

export const server = (host: string, port = 1812, secret = sharedSecret): Server => ({
  endpoint: { host, port, tls: undefined, localAddress: undefined, device: undefined },
  secret,
});

/** A request, and what has come of it. */
export interface Asked {
  readonly request: RadiusRequest;
  readonly answers: RadiusAnswer[];
  readonly failures: string[];
}

export function asked(more: Partial<RadiusRequest> & { readonly name?: string } = {}): Asked {
  const answers: RadiusAnswer[] = [];
  const failures: string[] = [];
  const request: RadiusRequest = {
    station: undefined,
    persistence: "one-round",
    carriesEap: false,
    isBound: false,
    attributes: ({ delay }) =>
      new AttributeList().add(radius.userName, utf8(more.name ?? "somebody")).add(radius.acctDelayTime, delay).list,
    answered: (answer) => void answers.push(answer),
    failed: (reason) => void failures.push(reason),
    ...more,
  };
  return { request, answers, failures };
}

/** @param isReliable as TLS is, and UDP isn't */
export function clientWorkshop(
  settings: Partial<ClientSettings> & Pick<ClientSettings, "servers">,
  kind: RequestKind = "Authentication",
  isReliable = false,
) {
  const clock = new VirtualClock();
  const network = new PlayedNetwork(clock, textOf(sharedSecret), isReliable);
  const records: LogRecord[] = [];
  const log = new Log((record) => void records.push(record));
  const client = new RadiusClient({ kind, clock, entropy: new FixedEntropy(3), log, network, mostPending: 1000 });
  client.configure({ ...unmoved, ...settings });
  const times = (): number[] => network.requests.map(({ at }) => Math.round(at / 100) / 10);
  const lines = (): string[] => records.filter(({ level }) => level !== "debug").map(({ text }) => text);
  return { clock, network, client, times, lines, records };
}

export const accept = (request: ReceivedRequest): void => request.answer("Access-Accept");
