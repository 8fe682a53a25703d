/** `beacon sae-pk`: a key pair, a modifier and a password for SAE-PK. */

import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { hexOf, utf8 } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import { ecPrivateKeyOfPem, newEcdsaKey } from "../crypto/backend/node.ts";
import { saePkPairOf, saePkPassword } from "../crypto/sae/pk.ts";
import { expectedTries, type SaePkStrength } from "../crypto/sae/pk-search.ts";
import { readBounded } from "../linux/read-bounded.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { saePkDescription } from "./descriptions/sae-pk.ts";
import type { SaePkNews, SaePkSearch } from "./sae-pk-worker.ts";
import type { Terminal } from "./terminal.ts";

/** Groups of four characters: the fewest that stations take, and more for those who want more. */
const groupCounts = [3, 4, 5] as const;

/** @returns the exit status */
export async function saePk(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(saePkDescription, args);
  if ("refused" in parsed) return wrongCommandLine(saePkDescription, parsed.refused, terminal);
  const { key: keyFile, json, threads = availableParallelism() } = parsed.options;
  const strength: SaePkStrength = parsed.options.strength === "5" ? 5 : 3;
  const [name = ""] = parsed.rest;
  const ssid = utf8(name);
  if (ssid.length === 0 || ssid.length > 32)
    return wrongCommandLine(saePkDescription, "an SSID has 1 to 32 octets", terminal);
  const { output, errors } = terminal;
  const privateKey = keyFile === undefined ? newEcdsaKey("prime256v1") : readKey(keyFile);
  if ("refused" in privateKey) {
    errors.write(`${privateKey.refused}\n`);
    return exitStatus.failed;
  }
  const pair = saePkPairOf(new Uint8Array(16), privateKey);
  if (pair === undefined) {
    errors.write(`${keyFile} has no private key of the curves P-256, P-384 or P-521\n`);
    return exitStatus.failed;
  }
  const { curve, publicKey } = pair;
  const { modifier, hash } = await search({ ssid, curve, publicKey, strength }, threads, (share) => {
    if (errors.isTTY) errors.write(`\r${(100 * share).toFixed(1)} % of what it takes on the average`);
  });
  if (errors.isTTY) errors.write("\n");
  const key = `${hexOf(modifier)}:${Buffer.from(privateKey).toString("base64")}`;
  if (json) {
    const passwords = groupCounts.map((groups) => saePkPassword(hash, strength, groups));
    output.write(`${JSON.stringify({ ssid: name, strength, passwords, key })}\n`);
    return exitStatus.done;
  }
  output.write(
    `# SAE-PK for one network name, strength ${strength}: keep this line from others, all but the password.\n`,
  );
  for (const groups of groupCounts) {
    const comment = groups === groupCounts[0] ? "" : "#";
    output.write(`${comment}sae_password=${saePkPassword(hash, strength, groups)}|pk=${key}\n`);
  }
  return exitStatus.done;
}

function readKey(path: string): Uint8Array | { readonly refused: string } {
  try {
    // Of a larger one the rest is missed, and it is no key.
    const octets = readBounded(path, 65_536);
    return ecPrivateKeyOfPem(octets) ?? octets;
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}

/** On so many threads, each from a modifier of its own; whoever finds one first ends it. */
function search(
  what: SaePkSearch,
  threads: number,
  progress: (share: number) => void,
): Promise<NonNullable<SaePkNews["found"]>> {
  const workers: Worker[] = [];
  const expected = expectedTries(what.strength);
  let tries = 0;
  return new Promise<NonNullable<SaePkNews["found"]>>((resolve, reject) => {
    for (let i = 0; i < threads; i++) {
      const worker = new Worker(workerEntry(), { workerData: what });
      workers.push(worker);
      worker.on("message", (news: SaePkNews) => {
        tries += news.tries;
        progress(tries / expected);
        if (news.found) resolve(news.found);
      });
      worker.on("error", reject);
    }
  }).finally(() => Promise.all(workers.map((worker) => worker.terminate())));
}

/** Beside this module, or where all modules are one file, beside that. */
function workerEntry(): string | URL {
  const module: string | undefined = import.meta.url;
  return module === undefined
    ? join(dirname(process.argv[1] ?? ""), "sae-pk-worker.cjs")
    : new URL("./sae-pk-worker.js", module);
}
