/** The system's D-Bus, by busctl(1), which comes with systemd. No service is started by being asked. */

import { spawnSync } from "node:child_process";
import { ConfigurationError } from "../base/errors.ts";

/** What D-Bus carries, as busctl writes it in JSON; variants are unwrapped. */
export type BusValue =
  | string
  | number
  | boolean
  | null
  | readonly BusValue[]
  | { readonly [key: string]: BusValue | undefined };

export interface BusMethod {
  /** `org.freedesktop.NetworkManager` */
  readonly service: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
}

export interface Bus {
  /** Whether somebody has that name now; false without a bus. */
  has(service: string): boolean;
  /**
   * @param signature and arguments as busctl(1) takes them: `"ssv"`, `"a"`, `"b"`, `"b"`, `"true"`
   * @throws ConfigurationError in the service's words
   */
  call(method: BusMethod, signature?: string, ...args: readonly string[]): readonly BusValue[];
}

/** Milliseconds. */
const patience = 10_000;

const ownerQuestion: BusMethod = {
  service: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
  member: "NameHasOwner",
};

export const systemBus: Bus = {
  has: (service) => {
    const { status, stdout } = busctl(ownerQuestion, ["s", service]);
    return status === 0 && parseAnswer(stdout)[0] === true;
  },
  call: (method, signature, ...args) => {
    const { status, stdout, stderr, error } = busctl(method, signature === undefined ? [] : [signature, ...args]);
    if (error !== undefined || status !== 0) {
      const words = (error?.message ?? stderr ?? "").trim().replace(/^Call failed: /, "");
      throw new ConfigurationError(`${method.service} refuses ${method.member}: ${words}`);
    }
    return parseAnswer(stdout);
  },
};

const busctl = ({ service, path, interface: own, member }: BusMethod, rest: readonly string[]) =>
  spawnSync(
    "busctl",
    ["--system", "--json=short", "--auto-start=no", "call", service, path, own, member, "--", ...rest],
    { encoding: "utf8", timeout: patience },
  );

/** @param text `{"type":"s","data":["x"]}`, or nothing where there is no answer */
export function parseAnswer(text: string): readonly BusValue[] {
  try {
    const { data } = JSON.parse(text) as { readonly data?: unknown };
    return Array.isArray(data) ? data.map(unwrapped) : [];
  } catch {
    return [];
  }
}

/** A variant is written as its type beside its value. */
function unwrapped(value: unknown): BusValue {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value as BusValue;
  const entries = Object.entries(value);
  const { type, data } = value as { readonly type?: unknown; readonly data?: unknown };
  if (entries.length === 2 && typeof type === "string" && data !== undefined) return unwrapped(data);
  return Object.fromEntries(entries.map(([key, each]) => [key, unwrapped(each)]));
}
