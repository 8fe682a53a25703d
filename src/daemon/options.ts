/** The command line of `beacond`: hostapd's own. */

import { parseArgs } from "node:util";
import { helpText } from "../base/command-line/help-text.ts";
import { parseMacAddress } from "../base/mac-address.ts";
import { beacondDescription } from "./description.ts";

export interface Options {
  readonly configurationFiles: readonly string[];
  /** -b: a radio's name and the file of a BSS on it. */
  readonly bssFiles: readonly { readonly phy: string; readonly file: string }[];
  /** -i: names that take the place of each file's `interface=`, in order. */
  readonly interfaceNames: readonly string[];
  /** -g and -G. */
  readonly globalSocket: string | undefined;
  readonly group: string | undefined;
  readonly background: boolean;
  readonly pidFile: string | undefined;
  /** -d counts up, -q counts down. */
  readonly verbosity: number;
  readonly timestamps: boolean;
  readonly showsSecrets: boolean;
  readonly logFile: string | undefined;
  readonly syslog: boolean;
}

export type Parsed = Options | { readonly refused: string } | { readonly wanted: "help" | "version" };

export function parseOptions(args: readonly string[]): Parsed {
  const { values, positionals, refused } = split(args);
  if (refused !== undefined) return { refused };
  if (values.h) return { wanted: "help" };
  if (values.v) return { wanted: "version" };
  if (values.u !== undefined && parseMacAddress(values.u) === undefined)
    return { refused: `-u: '${values.u}' is no MAC address` };
  const bssFiles = [];
  for (const value of values.b ?? []) {
    const [, phy, file] = /^([^:]+):(.+)$/.exec(value) ?? [];
    if (phy === undefined || file === undefined) return { refused: `-b: '${value}' is not PHY:FILE` };
    bssFiles.push({ phy, file });
  }
  const options: Options = {
    configurationFiles: positionals,
    bssFiles,
    interfaceNames: (values.i ?? []).flatMap((names) => names.split(",")).filter((name) => name !== ""),
    globalSocket: values.g?.at(-1),
    group: values.G,
    background: values.B ?? false,
    pidFile: values.P,
    verbosity: (values.d?.length ?? 0) - (values.q?.length ?? 0),
    timestamps: values.t ?? false,
    showsSecrets: values.K ?? false,
    logFile: values.f,
    syslog: values.s ?? false,
  };
  const hasWork = positionals.length > 0 || bssFiles.length > 0 || options.globalSocket !== undefined;
  if (!hasWork) return { refused: "no configuration file, no -b and no -g" };
  return options;
}

function split(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const flags = { type: "boolean", multiple: true } as const;
  const value = { type: "string" } as const;
  const values = { type: "string", multiple: true } as const;
  const short = <const T extends object, const S extends string>(name: S, option: T) => ({ ...option, short: name });
  try {
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        h: short("h", flag),
        v: short("v", flag),
        d: short("d", flags),
        q: short("q", flags),
        B: short("B", flag),
        K: short("K", flag),
        t: short("t", flag),
        T: short("T", flag),
        s: short("s", flag),
        S: short("S", flag),
        e: short("e", value),
        f: short("f", value),
        g: short("g", values),
        G: short("G", value),
        P: short("P", value),
        u: short("u", value),
        z: short("z", value),
        b: short("b", values),
        i: short("i", values),
      },
    });
    return { ...parsed, refused: undefined };
  } catch (thrown) {
    return { values: {}, positionals: [], refused: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

export const usage = helpText("beacond", beacondDescription);
