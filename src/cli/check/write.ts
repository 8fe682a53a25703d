/** Writes a file anew, as it was but for its contents. */

import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { ConfigurationError } from "../../base/errors.ts";
import { systemText } from "../secret-file.ts";

/**
 * Whole or not at all, with owner and mode of before; behind a symbolic link it is what that leads to.
 * @returns where the file is kept as it was @throws ConfigurationError where that can't be
 */
export function writeMended(path: string, text: Uint8Array): string {
  let beside: string | undefined;
  try {
    const real = realpathSync(path);
    const { mode, uid, gid } = statSync(real);
    const kept = keep(real);
    beside = `${real}.${process.pid}.new`;
    const file = openSync(beside, "wx", 0o600);
    try {
      const now = statSync(beside);
      if (now.uid !== uid || now.gid !== gid) fchownSync(file, uid, gid);
      fchmodSync(file, mode & 0o7777);
      for (let at = 0; at < text.length; ) at += writeSync(file, text, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, real);
    return kept;
  } catch (thrown) {
    if (beside !== undefined) rmSync(beside, { force: true });
    throw new ConfigurationError(`'${path}' can't be mended: ${systemText(thrown)}`);
  }
}

/** A copy that nobody's file gives way to. */
function keep(path: string): string {
  for (let number = 0; ; number++) {
    const name = `${path}.before-fix${number === 0 ? "" : `.${number}`}`;
    try {
      // With its mode; of a secret's owner it need not be, since nobody else can read it then either.
      copyFileSync(path, name, constants.COPYFILE_EXCL);
      return name;
    } catch (thrown) {
      if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
    }
  }
}
