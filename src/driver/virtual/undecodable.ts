import { MalformedError } from "../../base/bytes.ts";

/** What can't be decoded did not arrive, as with a wrong frame check sequence. */
export function decodedOrNothing<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}
