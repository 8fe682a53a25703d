/** Keys whose value is a file's name, and with it what is in the file. */

import { messageOf } from "../base/errors.ts";
import type { FileSource, Kind, Parsed } from "./kinds.ts";
import { octetsOf, octetTextOfString, readable } from "./octets.ts";
import { isError, type Problem } from "./problem.ts";

/** What a file's octets mean. */
export interface ReadFile<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** @param hostapd what hostapd says where the file can't be read */
export function parseNamedFile<T>(
  path: string,
  files: FileSource,
  read: (contents: Uint8Array) => ReadFile<T>,
  hostapd?: string,
): Parsed<T> {
  let contents: Uint8Array;
  try {
    contents = files(path);
  } catch (thrown) {
    return { error: messageOf(thrown), ...(hostapd === undefined ? {} : { hostapd }) };
  }
  const { value, problems } = read(contents);
  if (!problems.some(isError)) return { value, elsewhere: problems };
  return { error: `there are errors in '${readable(octetTextOfString(path))}'`, elsewhere: problems };
}

/** @param previous what further lines of the key add to, where they do */
export const namedFile = <T extends { readonly path: string }>(
  read: (contents: Uint8Array, path: string, previous: T | undefined) => ReadFile<T>,
  { addsUp = false, hostapd }: { readonly addsUp?: boolean; readonly hostapd?: (path: string) => string } = {},
): Kind<T> => ({
  shape: "path",
  addsUp,
  parse(octets, { files, previous }) {
    const path = new TextDecoder().decode(octetsOf(octets));
    return parseNamedFile(path, files, (contents) => read(contents, path, previous), hostapd?.(readable(octets)));
  },
  format: ({ path }) => octetTextOfString(path),
});
