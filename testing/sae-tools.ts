import assert from "node:assert/strict";
import type { SaeTools } from "../src/ap/sae.ts";
import { opensslGroups } from "../src/crypto/backend/openssl-groups.ts";
import { CyclicGroups } from "../src/crypto/groups/cyclic-group.ts";
import { saeArithmeticHere } from "../src/crypto/sae/arithmetic.ts";
import { systemEntropy } from "../src/linux/entropy.ts";

let tools: SaeTools | undefined;

/** SAE's arithmetic without threads, with real chance: fixed entropy need not make acceptable numbers. */
export function saeToolsHere(): SaeTools {
  if (tools !== undefined) return tools;
  const groups = new CyclicGroups(opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called"));
  tools = { groups, arithmetic: saeArithmeticHere(groups, systemEntropy), close: () => undefined };
  return tools;
}
