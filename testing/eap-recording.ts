/** Conversations that a method has had with a real peer, written down so that they can be had again. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOfHex } from "../src/base/bytes.ts";
import { credentialIn, type EapCase, eapCases, serverId } from "./eap-cases.ts";
import { MethodUnderTest } from "./eap-method.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { repositoryRoot } from "./repository.ts";

/** A file of test/vectors/eap; octets are hexadecimal. */
export interface EapRecording {
  readonly provenance: string;
  /** Of testing/eap-cases.ts. */
  readonly case: string;
  readonly identity: string;
  readonly firstIdentifier: number;
  /** EAP packets: what the server said, and what the peer answered. */
  readonly requests: readonly string[];
  readonly responses: readonly string[];
  /** As the peer had them; absent where the method derives none. */
  readonly pmk?: string;
  readonly msk?: string;
  readonly emsk?: string;
  readonly sessionId?: string;
}

/** What the server drew from in all recordings. */
export const recordingEntropy = (): FixedEntropy => new FixedEntropy(7);

export const recordingFolder = (): string => join(repositoryRoot(), "test", "vectors", "eap");

export const readRecordings = (): readonly EapRecording[] =>
  readdirSync(recordingFolder())
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(recordingFolder(), file), "utf8")));

export function caseOf(recording: EapRecording): EapCase {
  const found = eapCases.find(({ name }) => name === recording.case);
  if (found === undefined) throw new Error(`no case is called ${recording.case}`);
  return found;
}

/** The server's end of a recorded conversation, as it was before it began. */
export function methodOf(recording: EapRecording): MethodUnderTest {
  const recorded = caseOf(recording);
  return new MethodUnderTest(recorded.method(), {
    identity: octetsOf(recording.identity),
    serverId,
    credentialOf: credentialIn(recorded),
    entropy: recordingEntropy(),
    firstIdentifier: recording.firstIdentifier,
    phase: recorded.phase ?? 1,
  });
}

/** Type-Data of the peer's answers. */
export const responsesOf = (recording: EapRecording): readonly Uint8Array[] =>
  recording.responses.map((packet) => octetsOf(packet).subarray(5));

export function octetsOf(text: string): Uint8Array {
  const octets = bytesOfHex(text);
  if (octets === undefined) throw new Error("no hexadecimal digits");
  return octets;
}
