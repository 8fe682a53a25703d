/** What the registry says about one key, and the short forms that its groups are written in. */

import { type Kind, opaque } from "./kinds.ts";
import type { OctetText } from "./octets.ts";

/** `radio`: one value for all BSSs. `bss`: its own in every `bss=` section. `daemon`: of the process. */
export type Scope = "radio" | "bss" | "daemon";

/**
 * What a change takes while the access point runs, and whom it concerns:
 * - `live`: it counts from now on; nobody notices
 * - `beacon`: the beacon shows it; nobody has to go
 * - `socket`: the control socket is opened anew
 * - `admission`: who may be here is another; those who may not any more have to go
 * - `keys`: the network has other keys; those whose own is none any more have to go
 * - `country`: other rules; nobody has to go where they allow the channel, and nothing changes where they don't
 * - `bridge`: the interface goes into another bridge, or the bridge treats it otherwise; nobody has to go
 * - `color`: the stations are told of another BSS colour
 * - `channel`: the channel is planned anew; where it is another one the radio moves there
 * - `stations`: the BSS begins anew, and its stations with it; for a key of the radio, all its BSSs
 * - `restart`: so does its interface; for a key of the radio, the radio and all its interfaces
 */
export type Cost =
  | "live"
  | "beacon"
  | "socket"
  | "admission"
  | "keys"
  | "country"
  | "bridge"
  | "color"
  | "channel"
  | "stations"
  | "restart";

/**
 * - `supported`: does what it says
 * - `accepted`: taken and kept, without effect; `why` says why that is right
 * - `known`: hostapd has it, Beacond not yet; a file that uses it gets a warning, or an error where `refuse` says that
 *   going on without it would protect less than was asked for
 */
export type Status = "supported" | "accepted" | "known";

interface About<S extends Scope> {
  readonly scope: S;
  readonly doc: string;
  readonly cost: Cost;
  readonly since?: string;
  readonly why?: string;
  /** Of a supported key: which of its values are not done yet, and what becomes of them. */
  readonly yet?: string;
  /** A passphrase or key: never in a message. */
  readonly secret?: boolean;
  /** A key that has to stand before this one, which says more about it. */
  readonly after?: string;
  /** Keys that go back to their defaults when this one is set. */
  readonly clears?: readonly string[];
  /** Another name of that key. */
  readonly aliasOf?: string;
  /** hostapd's words for a refused value, without `Line N: `. */
  readonly inHostapd?: (text: OctetText) => string;
}

/** A key that stands for itself. `initial` is hostapd's own default. */
export interface Entry<S extends Scope = Scope, T = unknown, D = T | undefined> extends About<S> {
  readonly status: Status;
  readonly kind: Kind<T>;
  readonly initial: D;
  /** Of a known key: a value beside the default that asks for nothing that isn't so already. */
  readonly idle?: T;
  /** Of a known key: why this value can't be left unheeded. */
  refuse?(value: T): string | undefined;
}

/** One key of a family: a part of the family's value. */
export interface Member<T> {
  readonly kind: Kind<unknown>;
  read(value: T): unknown;
  change(value: T, part: unknown): T;
}

/** Keys with a common beginning, whose values make one object. Its property is the name without `_*`. */
export interface Family<S extends Scope = Scope, T = unknown> extends About<S> {
  readonly status: Status;
  readonly initial: T;
  readonly shape: string;
  /** By the key's whole name. */
  readonly members: Readonly<Record<string, Member<T>>>;
  /** Keys of the family that hostapd accepts without effect. */
  readonly obsolete?: RegExp;
}

type Written<S extends Scope, T, D> = Omit<Entry<S, NoInfer<T>, D>, "status" | "scope" | "since" | "kind"> & {
  readonly kind: Kind<T>;
};

const since = "0.1.0";

export function ofRadio<T>(entry: Written<"radio", T, NoInfer<T>>): Entry<"radio", T, T>;
export function ofRadio<T>(entry: Written<"radio", T, undefined>): Entry<"radio", T, undefined>;
export function ofRadio<T>(entry: Written<"radio", T, T | undefined>): Entry<"radio", T> {
  return { ...entry, status: "supported", scope: "radio", since };
}

export function ofBss<T>(entry: Written<"bss", T, NoInfer<T>>): Entry<"bss", T, T>;
export function ofBss<T>(entry: Written<"bss", T, undefined>): Entry<"bss", T, undefined>;
export function ofBss<T>(entry: Written<"bss", T, T | undefined>): Entry<"bss", T> {
  return { ...entry, status: "supported", scope: "bss", since };
}

/** A key that is checked, kept and shown, and changes nothing. @param why as a clause */
export function withoutEffect<E extends Entry>(
  why: string,
  { since: _since, ...entry }: E,
): Omit<E, "since"> & { readonly status: "accepted"; readonly why: string } {
  return { ...entry, status: "accepted", why };
}

/** A key of a BSS that is kept and shown, and nothing else yet. */
export const describing = <T>(
  kind: Kind<T>,
  doc: string,
  inHostapd?: (text: OctetText) => string,
): Entry<"bss", T, undefined> & { readonly status: "accepted" } => ({
  scope: "bss",
  status: "accepted",
  cost: "live",
  kind,
  initial: undefined,
  doc,
  why: "it only describes the device to WPS clients",
  ...(inHostapd === undefined ? {} : { inHostapd }),
});

type KnownMore<T> = {
  /** Beside the default: a value that asks for nothing that isn't so already. */
  readonly idle?: T;
  readonly refuse?: (value: T) => string | undefined;
  readonly secret?: boolean;
  readonly after?: string;
};

function known<S extends Scope, T>(
  scope: S,
  kind: Kind<T>,
  initial: T | undefined,
  doc: string,
  more: KnownMore<T> = {},
): Entry<S, T> & { readonly status: "known" } {
  return { ...more, cost: "restart", scope, status: "known", kind, initial, doc };
}

/** A key of a BSS that hostapd has and Beacond not yet, with hostapd's default. */
export const bssLater = <T>(
  kind: Kind<T>,
  initial: NoInfer<T> | undefined,
  doc: string,
  more?: KnownMore<NoInfer<T>>,
) => known("bss", kind, initial, doc, more);

/** A key of the radio that hostapd has and Beacond not yet, with hostapd's default. */
export const radioLater = <T>(
  kind: Kind<T>,
  initial: NoInfer<T> | undefined,
  doc: string,
  more?: KnownMore<NoInfer<T>>,
) => known("radio", kind, initial, doc, more);

/** A key that hostapd itself accepts and ignores. */
export const obsolete = (doc: string): Entry<"bss", string, undefined> & { readonly status: "accepted" } => ({
  scope: "bss",
  status: "accepted",
  cost: "live",
  kind: opaque("anything"),
  initial: undefined,
  doc,
  why: "hostapd ignores it too",
});
