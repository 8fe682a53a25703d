/** Whether a server is there, asked by Status-Server. RFC 5997. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { decodeRadiusPacket, radiusCodes } from "../../wire/radius/packet.ts";
import { checkMessageAuthenticator, sealAccessRequest, verifyResponseAuthenticator } from "../sealing.ts";
import type { Endpoint, RadiusNetwork } from "./port.ts";

export interface ProbeOptions {
  readonly network: RadiusNetwork;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** Whoever needs longer had better not be asked. */
const patience = seconds(3);

/** @param answered called at most once, never before this returns */
export function probeServer(
  { network, clock, entropy }: ProbeOptions,
  { endpoint, secret }: { readonly endpoint: Endpoint; readonly secret: Uint8Array },
  answered: () => void,
): { cancel(): void } {
  const authenticator = Uint8Array.from(entropy.bytes(16));
  const [identifier = 0] = entropy.bytes(1);
  const isAnswer = (octets: Uint8Array): boolean => {
    try {
      if (decodeRadiusPacket(new Reader(octets, ["RADIUS"])).identifier !== identifier) return false;
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      return false;
    }
    return (
      verifyResponseAuthenticator(secret, authenticator, octets) &&
      checkMessageAuthenticator(secret, octets, authenticator) !== "wrong"
    );
  };
  const cancel = (): void => {
    timer.cancel();
    channel.close();
  };
  const channel = network.open(endpoint, {
    onPacket: (octets) => {
      if (!isAnswer(octets)) return;
      cancel();
      answered();
    },
    onFailure: cancel,
  });
  const timer = clock.after("RADIUS Status-Server", patience, cancel);
  const contents = { code: radiusCodes["Status-Server"], identifier, attributes: [] };
  channel.send(sealAccessRequest(secret, authenticator, contents));
  return { cancel };
}
