/**
 * Has eapol_test authenticate by each EAP method, and writes down what was said: `node dist/test/vectors/record-eap.js [CASE ...]`.
 * The keys in the files are those that eapol_test has printed.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hexOf } from "../../src/base/bytes.ts";
import { credentialIn, type EapCase, eapCases, serverId } from "../../testing/eap-cases.ts";
import { serveEapMethod } from "../../testing/eap-radius-server.ts";
import { type EapRecording, recordingEntropy, recordingFolder } from "../../testing/eap-recording.ts";
import { hexDump, runEapolTest } from "../../testing/eapol-test.ts";

const version = execFileSync("dpkg-query", ["-W", "-f", "$" + "{Version}", "eapoltest"], { encoding: "utf8" });
const wanted = process.argv.slice(2);
mkdirSync(recordingFolder(), { recursive: true });
for (const recorded of eapCases) {
  const isWanted = wanted.length === 0 ? !recorded.isOnlyRecorded : wanted.includes(recorded.name);
  if (isWanted) await record(recorded);
}

async function record(recorded: EapCase): Promise<void> {
  const { network, global = [] } = recorded;
  const server = await serveEapMethod(recorded.method, () => ({
    serverId,
    credentialOf: credentialIn(recorded),
    entropy: recordingEntropy(),
    phase: recorded.phase ?? 1,
  }));
  const options = recorded.keyless ? { arguments: ["-n"] } : {};
  const { succeeded, output } = await runEapolTest({
    network,
    global,
    port: server.port,
    usim: recorded.usim?.(),
    ...options,
  });
  server.close();
  const exchange = server.exchanges.at(-1);
  if (!succeeded || exchange === undefined) throw new Error(`${recorded.name}: ${output}`);
  const dumped = (name: string): string => hexOf(hexDump(output, name) ?? new Uint8Array(0));
  const recording: EapRecording = {
    provenance: `eapol_test of Debian's eapoltest ${version}, network={ ${network.join(" ")} }, against the method with recordingEntropy()`,
    case: recorded.name,
    identity: hexOf(exchange.identity),
    firstIdentifier: exchange.firstIdentifier,
    requests: exchange.requests.map((packet) => hexOf(packet)),
    responses: exchange.responses.map((packet) => hexOf(packet)),
    ...(recorded.keyless ? {} : { pmk: dumped("PMK from EAPOL") }),
    ...(recorded.msk !== undefined && { msk: dumped(recorded.msk) }),
    ...(recorded.emsk !== undefined && { emsk: dumped(recorded.emsk) }),
    ...(recorded.sessionId !== undefined && { sessionId: dumped(recorded.sessionId) }),
  };
  writeFileSync(join(recordingFolder(), `${recorded.name}.json`), `${JSON.stringify(recording, undefined, 2)}\n`);
}
