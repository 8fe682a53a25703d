/** A thread that looks for an SAE-PK modifier. */

import { parentPort, workerData } from "node:worker_threads";
import type { SaePkPair } from "../crypto/sae/pk.ts";
import { type SaePkStrength, tryModifiers } from "../crypto/sae/pk-search.ts";
import { systemEntropy } from "../linux/entropy.ts";

export interface SaePkSearch {
  readonly ssid: Uint8Array;
  readonly curve: SaePkPair["curve"];
  readonly publicKey: Uint8Array;
  readonly strength: SaePkStrength;
}

export interface SaePkNews {
  readonly tries: number;
  /** The end of it. */
  readonly found: { readonly modifier: Uint8Array; readonly hash: Uint8Array } | undefined;
}

const round = 50_000;

const search = workerData as SaePkSearch;
const modifier = systemEntropy.bytes(16);
let hash: Uint8Array | undefined;
while (hash === undefined) {
  hash = tryModifiers(search.ssid, search, modifier, search.strength, round);
  const news: SaePkNews = { tries: round, found: hash && { modifier, hash } };
  parentPort?.postMessage(news);
}
