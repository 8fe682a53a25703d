/** `beacon sae-pk`: a key pair, a modifier and a password for SAE-PK. */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { hexOf, utf8 } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import { ecPrivateKeyOfPem, newEcdsaKey } from "../crypto/backend/node.ts";
import { saePkPairOf, saePkPassword } from "../crypto/sae/pk.ts";
import { expectedTries, type SaePkStrength } from "../crypto/sae/pk-search.ts";
import { exitStatus } from "./command.ts";
import { saePkHelp } from "./sae-pk-help.ts";
import type { SaePkNews, SaePkSearch } from "./sae-pk-worker.ts";
import type { Terminal } from "./terminal.ts";

interface Options {
  readonly ssid: Uint8Array;
  readonly strength: SaePkStrength;
  readonly threads: number;
  readonly keyFile: string | undefined;
}

/** Groups of four characters: the fewest that stations take, and more for those who want more. */
const groupCounts = [3, 4, 5] as const;

/** @returns the exit status */
export async function saePk(args: readonly string[], { output, errors }: Terminal): Promise<number> {
  const options = parseOptions(args);
  if ("refused" in options) {
    errors.write(`beacon sae-pk: ${options.refused}\n\n${saePkHelp}`);
    return exitStatus.usage;
  }
  const { ssid, strength, keyFile } = options;
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
  const { modifier, hash } = await search({ ssid, curve, publicKey, strength }, options.threads, (share) => {
    if (errors.isTTY) errors.write(`\r${(100 * share).toFixed(1)} % of what it takes on the average`);
  });
  if (errors.isTTY) errors.write("\n");
  const key = `${hexOf(modifier)}:${Buffer.from(privateKey).toString("base64")}`;
  output.write(
    `# SAE-PK for one network name, strength ${strength}: keep this line from others, all but the password.\n`,
  );
  for (const groups of groupCounts) {
    const comment = groups === groupCounts[0] ? "" : "#";
    output.write(`${comment}sae_password=${saePkPassword(hash, strength, groups)}|pk=${key}\n`);
  }
  return exitStatus.done;
}

function parseOptions(args: readonly string[]): Options | { readonly refused: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: "string" }, strength: { type: "string" }, threads: { type: "string" } },
    });
    const [name, ...more] = positionals;
    const ssid = utf8(name ?? "");
    if (more.length > 0 || ssid.length === 0 || ssid.length > 32)
      return { refused: "one SSID of 1 to 32 octets is wanted" };
    const strength = values.strength ?? "3";
    if (strength !== "3" && strength !== "5") return { refused: `there is no strength ${strength}, only 3 and 5` };
    const threads = Number(values.threads ?? availableParallelism());
    if (!Number.isInteger(threads) || threads < 1 || threads > 256) return { refused: "from 1 to 256 threads" };
    return { ssid, strength: strength === "3" ? 3 : 5, threads, keyFile: values.key };
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}

function readKey(path: string): Uint8Array | { readonly refused: string } {
  try {
    const octets = Uint8Array.from(readFileSync(path));
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
