/** ACCEPT_ACL and DENY_ACL: who may join by address, and who has to leave when that changes. */

import type { Bss } from "../../ap/bss.ts";
import { sendAwayDenied, sendAwayUnaccepted } from "../../ap/expulsion.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { leadingInteger } from "../../config/numbers.ts";
import type { OctetText } from "../../config/octets.ts";
import type { Configuration } from "../../config/registry.ts";
import { bssOf, fail, type InterfaceContext, ok, onInterface, wantedSettings } from "../command.ts";
import { leadingAddress } from "../protocol/arguments.ts";

type ListKey = "accept_mac_file" | "deny_mac_file";
type Entries = ReadonlyMap<MacAddress, number>;

function accessList(key: ListKey, after: { added?: (bss: Bss) => void; removed?: (bss: Bss) => void }) {
  return (context: InterfaceContext, args: OctetText): string => {
    const entries: Entries = wantedSettings(context)?.[key]?.entries ?? new Map();
    const [, word = "", rest] = /^(\S*)(?: (.*))?$/s.exec(args) ?? [];
    switch (word) {
      case "ADD_MAC": {
        const address = rest === undefined ? undefined : leadingAddress(rest);
        if (address === undefined) return fail;
        const [, vlanId = "0"] = /VLAN_ID=(.*)/s.exec(rest ?? "") ?? [];
        if (!entries.has(address)) put(context, key, new Map(entries).set(address, leadingInteger(vlanId).value));
        return follow(context, after.added);
      }
      case "DEL_MAC": {
        if (rest === undefined) return fail;
        const address = leadingAddress(rest);
        if (entries.size > 0 && address === undefined) return fail;
        put(context, key, new Map([...entries].filter(([listed]) => listed !== address)));
        return follow(context, after.removed);
      }
      case "SHOW":
        if (rest !== undefined) return fail;
        return [...entries]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([address, vlanId]) => `${address} VLAN_ID=${vlanId}\n`)
          .join("");
      case "CLEAR":
        if (rest !== undefined) return fail;
        put(context, key, new Map());
        return follow(context, after.removed);
      default:
        return fail;
    }
  };
}

function follow(context: InterfaceContext, action: ((bss: Bss) => void) | undefined): string {
  const bss = bssOf(context);
  if (bss) action?.(bss);
  return ok;
}

/** Both in what is in force and in what SET wants to be. */
function put({ radio, index, wanted }: InterfaceContext, key: ListKey, entries: Entries): void {
  const replace = (configuration: Configuration): Configuration => ({
    ...configuration,
    bsses: configuration.bsses.map((bss, i) =>
      i === index
        ? { ...bss, [key]: { path: bss[key]?.path ?? "", entries }, given: new Set([...bss.given, key]) }
        : bss,
    ),
  });
  const next = replace(wanted.of(radio));
  radio.configure(replace(radio.configuration));
  wanted.set(radio, next);
}

const usage = "<ADD_MAC|DEL_MAC|SHOW|CLEAR> [<addr> [VLAN_ID=<id>]]";

export const accessListCommands = [
  onInterface(
    "ACCEPT_ACL",
    usage,
    "Shows or changes the list of addresses that may join.",
    accessList("accept_mac_file", { removed: sendAwayUnaccepted }),
  ),
  onInterface(
    "DENY_ACL",
    usage,
    "Shows or changes the list of addresses that may not join.",
    accessList("deny_mac_file", { added: sendAwayDenied }),
  ),
] as const;
