/** Where a passphrase comes from that is not to stand in a command line. */

import { createInterface } from "node:readline";
import { textOf } from "../../base/bytes.ts";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import { readBounded } from "../../linux/read-bounded.ts";
import type { Terminal } from "../terminal.ts";

/** The first line of standard input; undefined where there is none. */
export async function lineOf({ input }: Terminal): Promise<string | undefined> {
  for await (const line of createInterface({ input })) return line;
  return undefined;
}

/** @returns the first line of a file @throws ConfigurationError where there is none, or it can't be read */
export function firstLineOf(path: string): string {
  let text: string;
  try {
    text = textOf(readBounded(path, 4096));
  } catch (thrown) {
    throw new ConfigurationError(`the passphrase can't be read: ${messageOf(thrown)}`);
  }
  const [line = ""] = text.split(/\r?\n/, 1);
  if (line === "") throw new ConfigurationError(`the first line of '${path}' is to be the passphrase, and is empty`);
  return line;
}
