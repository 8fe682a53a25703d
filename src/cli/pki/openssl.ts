/** The program `openssl`, which makes keys and certificates here. */

import { spawnSync } from "node:child_process";
import { ConfigurationError } from "../../base/errors.ts";

/** @param input what it reads from standard input: secrets, which no argument may hold */
export type OpenSsl = (args: readonly string[], input?: string) => string;

/** In a folder, which all names in its arguments are relative to. */
export function opensslIn(folder: string): OpenSsl {
  return (args, input = "") => {
    const { stdout, stderr, status, error } = spawnSync("openssl", [...args], {
      cwd: folder,
      input,
      encoding: "utf8",
      // Neither a configuration of the system's nor the user's language is to have a say.
      env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C", OPENSSL_CONF: "/dev/null", RANDFILE: "/dev/null" },
    });
    if (error !== undefined) {
      const isMissing = "code" in error && error.code === "ENOENT";
      throw new ConfigurationError(
        isMissing
          ? "the program openssl is not there: sudo apt install openssl, or what your system has in its place"
          : `openssl can't be run: ${error.message}`,
      );
    }
    if (status === 0) return stdout;
    const said = stderr.trim().split("\n").slice(-3).join("; ");
    throw new ConfigurationError(`openssl ${args[0] ?? ""} failed: ${said === "" ? "it didn't say why" : said}`);
  };
}
