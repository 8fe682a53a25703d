/** Asks an access point to end a session: a dynamic authorization client. RFC 5176. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { Clock, Timer } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import type { Entropy } from "../base/entropy.ts";
import { radius } from "../wire/radius/attributes.ts";
import { decodeRadiusPacket, type RadiusAttribute, type RadiusPacket, radiusCodes } from "../wire/radius/packet.ts";
import { AttributeList, firstOf } from "../wire/radius/values.ts";
import type { Endpoint, RadiusNetwork } from "./client/port.ts";
import { sealChecksummedRequest, verifyResponseAuthenticator } from "./sealing.ts";

export interface DisconnectOptions {
  readonly network: RadiusNetwork;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** RFC 5176, section 2.1. */
export const authorizationPort = 3799;

const patience = seconds(2);
const attempts = 3;

/**
 * @param session what identifies it: Calling-Station-Id and the like
 * @param ended called once, with what has become of it, for people
 */
export function requestDisconnect(
  { network, clock, entropy }: DisconnectOptions,
  { host, secret }: { readonly host: string; readonly secret: Uint8Array },
  session: readonly RadiusAttribute[],
  ended: (outcome: string) => void,
): void {
  const [identifier = 0] = entropy.bytes(1);
  const { list } = new AttributeList().put(...session).add(radius.eventTimestamp, Math.floor(clock.unixTime()));
  const contents = { code: radiusCodes["Disconnect-Request"], identifier, attributes: list };
  const request = sealChecksummedRequest(secret, contents, true);
  let timer: Timer | undefined;
  const end = (outcome: string): void => {
    timer?.cancel();
    channel.close();
    ended(outcome);
  };
  const endpoint: Endpoint = {
    host,
    port: authorizationPort,
    tls: undefined,
    localAddress: undefined,
    device: undefined,
  };
  const channel = network.open(endpoint, {
    onPacket: (octets) => {
      const answer = answerTo(request, octets, secret);
      if (answer !== undefined) end(outcomeOf(answer));
    },
    onFailure: (reason) => end(`it could not be asked: ${reason}`),
  });
  let left = attempts;
  const send = (): void => {
    if (left === 0) return end("no answer");
    left -= 1;
    timer = clock.after("Disconnect-Request", patience, send);
    channel.send(request);
  };
  send();
}

/** @returns undefined where it isn't the access point's answer to this */
function answerTo(request: Uint8Array, octets: Uint8Array, secret: Uint8Array): RadiusPacket | undefined {
  try {
    const packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
    const isIts =
      packet.identifier === request[1] && verifyResponseAuthenticator(secret, request.subarray(4, 20), octets);
    return isIts ? packet : undefined;
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return undefined;
  }
}

function outcomeOf({ code, attributes }: RadiusPacket): string {
  if (code === radiusCodes["Disconnect-ACK"]) return "done";
  const cause = attributes.find(({ type }) => type === radius.errorCause.place.type);
  return cause?.value.length === 4 ? `refused, Error-Cause ${firstOf([cause], radius.errorCause)}` : "refused";
}
