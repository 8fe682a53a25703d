import koffi from "koffi";
import { ConfigurationError } from "../base/errors.ts";

const library = koffi.load(null);
const group = koffi.struct("group", {
  gr_name: "const char *",
  gr_passwd: "const char *",
  gr_gid: "uint32_t",
  gr_mem: "void *",
});
const getgrnam = library.func("getgrnam", koffi.pointer(group), ["const char *"]);

/**
 * The number of a group, from wherever this machine has its groups from.
 * @param nameOrId a number stands for itself
 * @throws ConfigurationError where there is no group of that name
 */
export function groupIdOf(nameOrId: string | number): number {
  if (typeof nameOrId === "number") return nameOrId;
  const found: unknown = getgrnam(nameOrId);
  if (found !== null) {
    const decoded: unknown = koffi.decode(found, group);
    if (typeof decoded === "object" && decoded !== null && "gr_gid" in decoded && typeof decoded.gr_gid === "number") {
      return decoded.gr_gid;
    }
  }
  // As hostapd takes it: a name that nobody knows may be a number.
  if (/^\d+$/.test(nameOrId)) return Number(nameOrId);
  throw new ConfigurationError(`there is no group '${nameOrId}'`);
}
