import { opensslGroups } from "../backend/openssl-groups.ts";
import type { GroupArithmetic } from "./port.ts";

/** The faster backend that works in this process. The slower one is loaded only where it is needed. */
export async function loadGroupArithmetic(): Promise<GroupArithmetic> {
  return opensslGroups() ?? (await import("../backend/noble-groups.ts")).nobleGroups;
}
