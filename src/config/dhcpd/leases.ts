/** ISC's file of leases: dhcpd.leases(5). Its server adds to the end: the last that stands there of an address counts. */

import { type Ipv4Address, parseIpv4Address } from "../../base/ipv4-address.ts";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { type OctetText, octetsOf, octetTextOf } from "../octets.ts";
import { type Token, tokensOf } from "./tokens.ts";

export interface IscLease {
  readonly address: Ipv4Address;
  /** `abandoned` for one that somebody used without having it. */
  readonly state: "active" | "past" | "abandoned";
  /** Seconds of UNIX time; undefined for one without an end. */
  readonly ends: number | undefined;
  /** Seconds of UNIX time; undefined where it isn't told. */
  readonly starts: number | undefined;
  readonly hardware: MacAddress | undefined;
  /** Octets of the client identifier. */
  readonly identifier: Uint8Array | undefined;
  readonly hostName: string | undefined;
}

/** What is no lease of IPv4 is passed over, and so is a last one that was cut. */
export function parseDhcpdLeases(text: Uint8Array): readonly IscLease[] {
  const { tokens } = tokensOf(octetTextOf(text));
  const leases = new Map<Ipv4Address, IscLease>();
  for (let at = 0; at < tokens.length; at++) {
    if (!isWord(tokens[at], "lease")) continue;
    const address = parseIpv4Address(tokens[at + 1]?.text ?? "");
    if (address === undefined || tokens[at + 2]?.text !== "{") continue;
    const end = closing(tokens, at + 2);
    if (end === undefined) break;
    // To the end, so that they stay in the order in which they were given.
    leases.delete(address);
    leases.set(address, leaseOf(address, statementsOf(tokens.slice(at + 3, end))));
    at = end;
  }
  return [...leases.values()];
}

const isWord = (token: Token | undefined, text: string): boolean => token?.kind === "word" && token.text === text;

function closing(tokens: readonly Token[], opened: number): number | undefined {
  let depth = 0;
  for (let at = opened; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: "end", text: "" };
    if (kind !== "mark") continue;
    if (text === "{") depth += 1;
    if (text === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** By the words that they begin with; `on expiry { ... }` and the like end with their block and mean nothing here. */
function statementsOf(tokens: readonly Token[]): ReadonlyMap<string, readonly Token[]> {
  const statements = new Map<string, readonly Token[]>();
  let from = 0;
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: "end", text: "" };
    if (kind !== "mark" || (text !== ";" && text !== "}")) continue;
    const [first, second, ...rest] = tokens.slice(from, at);
    if (first !== undefined) {
      const isPair = first.text === "binding" || first.text === "next" || first.text === "hardware";
      const name = isPair ? `${first.text} ${second?.text}` : first.text;
      statements.set(name, isPair || second === undefined ? rest : [second, ...rest]);
    }
    from = at + 1;
  }
  return statements;
}

function leaseOf(address: Ipv4Address, statements: ReadonlyMap<string, readonly Token[]>): IscLease {
  const textOf = (name: string): OctetText | undefined => statements.get(name)?.[0]?.text;
  const state = textOf("binding state") ?? (statements.has("abandoned") ? "abandoned" : "active");
  return {
    address,
    state: state === "active" || state === "abandoned" ? state : "past",
    ends: timeOf(statements.get("ends")),
    starts: timeOf(statements.get("cltt") ?? statements.get("starts")),
    hardware: parseMacAddress(hexadecimal(textOf("hardware ethernet"))),
    identifier: identifierOf(statements.get("uid")),
    hostName: textOf("client-hostname"),
  };
}

/** ISC writes octets without leading zeros: `0:11:22:a:b:c`. */
const hexadecimal = (text: OctetText = ""): string =>
  text
    .split(":")
    .map((octet) => octet.padStart(2, "0"))
    .join(":");

/** In quotes, or as `01:00:11:22`. */
function identifierOf([token]: readonly Token[] = []): Uint8Array | undefined {
  if (token === undefined) return undefined;
  if (token.kind === "string") return octetsOf(token.text);
  const octets = token.text.split(":").map((octet) => Number.parseInt(octet, 16));
  return octets.every((octet) => octet >= 0 && octet <= 255) ? Uint8Array.from(octets) : undefined;
}

/** `4 2026/01/01 12:00:00`, a day of the week first and in UTC; or `epoch 1767268800`; or `never`. */
function timeOf(tokens: readonly Token[] = []): number | undefined {
  const words = tokens.map(({ text }) => text);
  if (words[0] === "epoch") return Number.isSafeInteger(Number(words[1])) ? Number(words[1]) : undefined;
  const written = words.slice(1).join("");
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})(\d{2}):(\d{2}):(\d{2})$/.exec(written) ?? [];
  if (year === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
}
