/** What MIB shows of the RADIUS client, with hostapd's names; RFC 4668 and RFC 4670 have others. */

import type { Bss } from "../../ap/bss.ts";
import type { RadiusClient } from "../../radius/client/client.ts";
import type { ServerStatistics } from "../../radius/client/statistics.ts";

interface Shown {
  readonly prefix: string;
  readonly requests: string;
  readonly answers: (statistics: ServerStatistics) => readonly (readonly [name: string, count: number])[];
  readonly malformed: string;
}

const authentication: Shown = {
  prefix: "radiusAuth",
  requests: "Access",
  answers: ({ accepts, rejects, challenges }) => [
    ["AccessAccepts", accepts],
    ["AccessRejects", rejects],
    ["AccessChallenges", challenges],
  ],
  malformed: "MalformedAccessResponses",
};

const accounting: Shown = {
  prefix: "radiusAcc",
  requests: "",
  answers: ({ responses }) => [["Responses", responses]],
  malformed: "MalformedResponses",
};

export function* radiusMib({ radius }: Bss): Generator<string> {
  yield* clientLines(radius.authentication, authentication);
  yield* clientLines(radius.accountingClient, accounting);
}

function* clientLines(client: RadiusClient, { prefix, requests, answers, malformed }: Shown): Generator<string> {
  for (const [index, { server, statistics }] of client.members.entries()) {
    const { endpoint } = server;
    yield `${prefix}ServerIndex=${index + 1}`;
    yield `${prefix}ServerAddress=${endpoint.host}`;
    const own = `${prefix}Client`;
    yield `${own}ServerPortNumber=${endpoint.port}`;
    yield `${own}RoundTripTime=${statistics.roundTripTime}`;
    yield `${own}${requests}Requests=${statistics.requests}`;
    yield `${own}${requests}Retransmissions=${statistics.retransmissions}`;
    for (const [name, count] of answers(statistics)) yield `${own}${name}=${count}`;
    yield `${own}${malformed}=${statistics.malformed}`;
    yield `${own}BadAuthenticators=${statistics.badAuthenticators}`;
    yield `${own}PendingRequests=${index === client.current ? client.pendingCount : 0}`;
    yield `${own}Timeouts=${statistics.timeouts}`;
    yield `${own}UnknownTypes=${statistics.unknownTypes}`;
    yield `${own}PacketsDropped=${statistics.dropped}`;
  }
}
