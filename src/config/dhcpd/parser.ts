/**
 * ISC's dhcpd.conf: dhcpd.conf(5). What is wrong in it is told all at once; what Beacond can't honour is named with a warning.
 */

import { ConfigurationError } from "../../base/errors.ts";
import {
  broadcastOf,
  formatIpv4Address,
  type Ipv4Address,
  type Ipv4Network,
  ipv4AddressOf,
  ipv4PrefixLength,
  isInNetwork,
} from "../../base/ipv4-address.ts";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { type OptionDefinition, optionsByName } from "../../wire/dhcp/option-names.ts";
import type { FileSource } from "../kinds.ts";
import { nearest } from "../nearest.ts";
import { octetTextOf } from "../octets.ts";
import type { Problem } from "../problem.ts";
import type {
  AddressRange,
  ClientClass,
  DhcpConfiguration,
  Host,
  Parameters,
  Permit,
  Pool,
  SharedNetwork,
  Subclass,
  Subnet,
} from "./configuration.ts";
import { Abandoned, Cursor } from "./cursor.ts";
import { condition, data } from "./expression-parser.ts";
import type { Condition, DataExpression } from "./expressions.ts";
import { numberedOption, ofServer, optionFormat, unnumbered } from "./option-definitions.ts";
import { address, integer, octets, optionValue } from "./option-values.ts";
import { combined, permissions, permissionsWithoutEffect, readers, statementNames } from "./parameters.ts";
import { notHonoured, withoutEffect } from "./statements.ts";
import type { Place } from "./tokens.ts";

export interface ParsedDhcpConfiguration {
  readonly configuration: DhcpConfiguration;
  readonly problems: readonly Problem[];
}

/** Files that include files. */
const deepestInclude = 16;

/** @param files for what it includes */
export function parseDhcpdConf(text: Uint8Array, file: string, files: FileSource): ParsedDhcpConfiguration {
  const problems: Problem[] = [];
  const parser = new DhcpdConfParser(problems, files);
  const parameters = parser.read(text, file);
  return { configuration: parser.result(parameters), problems };
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A block that is being read. Parts that a kind of block can't have are undefined there. */
interface Scope {
  readonly kind: "file" | "group" | "shared-network" | "subnet" | "pool" | "host" | "class" | "subclass";
  readonly parameters: Draft<Parameters> & { options?: Map<number, Uint8Array> };
  /** Of the groups around it, which don't exist otherwise. */
  readonly inherited: Parameters;
  readonly network?: Ipv4Network;
  readonly ranges: { readonly range: AddressRange; readonly at: Place }[];
  readonly permits: Permit[];
  readonly pools: Pool[];
  readonly subnets: Subnet[];
  hardware?: MacAddress;
  readonly fixedAddresses: Ipv4Address[];
  readonly match: { condition?: Condition; key?: DataExpression };
}

class DhcpdConfParser {
  readonly #networks: SharedNetwork[] = [];
  readonly #hosts: Host[] = [];
  readonly #classes = new Map<string, Draft<ClientClass> & { subclasses: Subclass[] }>();
  readonly #custom = new Map<string, OptionDefinition>();
  #depth = 0;

  constructor(
    readonly problems: Problem[],
    readonly files: FileSource,
  ) {}

  read(text: Uint8Array, file: string): Parameters {
    const scope = newScope("file", {});
    this.#file(new Cursor(octetTextOf(text), file, this.problems), scope);
    return scope.parameters;
  }

  result(parameters: Parameters): DhcpConfiguration {
    return { networks: this.#networks, hosts: this.#hosts, classes: [...this.#classes.values()], parameters };
  }

  #file(cursor: Cursor, scope: Scope): void {
    while (cursor.token.kind !== "end") {
      this.#statement(cursor, scope);
      if (cursor.isMark("}")) {
        cursor.note(cursor.token.at, "nothing is open that this could close");
        cursor.take();
      }
    }
  }

  #block(cursor: Cursor, scope: Scope, opened: Place): void {
    cursor.expect("{");
    cursor.within(() => {
      while (!cursor.isMark("}")) {
        if (cursor.token.kind === "end") {
          cursor.note(opened, "this is never closed: its '}' is missing");
          return;
        }
        this.#statement(cursor, scope);
      }
    });
    cursor.skips("}");
  }

  #statement(cursor: Cursor, scope: Scope): void {
    const { line } = cursor.token.at;
    try {
      this.#read(cursor, scope);
    } catch (thrown) {
      if (!(thrown instanceof Abandoned)) throw thrown;
      cursor.recover(line);
    }
  }

  #read(cursor: Cursor, scope: Scope): void {
    if (cursor.skips(";")) return;
    const token = cursor.word("a statement");
    const name = token.text.toLowerCase();
    switch (name) {
      case "include":
        return this.#include(cursor, scope);
      case "option":
        return this.#option(cursor, scope);
      case "subnet":
        return this.#subnet(cursor, scope, token.at);
      case "shared-network":
        return this.#sharedNetwork(cursor, scope, token.at);
      case "pool":
        return this.#pool(cursor, scope, token.at);
      case "group":
        return this.#group(cursor, scope, token.at);
      case "host":
        return this.#host(cursor, scope, token.at);
      case "class":
        return this.#class(cursor, scope, token.at);
      case "subclass":
        return this.#subclass(cursor, scope, token.at);
      case "match":
        return this.#match(cursor, scope, token.at);
      case "range":
        return this.#range(cursor, scope, token.at);
      case "hardware":
        return this.#hardware(cursor, scope, token.at);
      case "fixed-address":
        return this.#fixedAddress(cursor, scope, token.at);
      case "allow":
      case "deny":
      case "ignore":
        return this.#permission(cursor, scope, name, token.at);
      case "authoritative":
        scope.parameters.authoritative = true;
        return cursor.expect(";");
      case "not":
        cursor.word("'authoritative'");
        scope.parameters.authoritative = false;
        return cursor.expect(";");
      default:
        return this.#parameter(cursor, scope, name, token.at);
    }
  }

  #parameter(cursor: Cursor, { parameters }: Scope, name: string, at: Place): void {
    const read = readers.get(name);
    if (read !== undefined) {
      Object.assign(parameters, read(cursor));
      return cursor.expect(";");
    }
    const known = withoutEffect.get(name) ?? notHonoured.get(name);
    if (known === undefined) {
      const meant = nearest(name, [...statementNames]);
      const more = meant === undefined ? {} : { fix: meant };
      cursor.note(at, `there is no statement '${name}'`, more);
      throw new Abandoned();
    }
    const severity = notHonoured.has(name) ? "warning" : "note";
    cursor.note(at, `'${name}' has no effect here: ${known}`, { severity, key: name });
    cursor.recover(at.line);
  }

  #include(cursor: Cursor, scope: Scope): void {
    const { token } = cursor;
    if (token.kind !== "string") cursor.refuse("the name of a file, in quotes, is wanted here");
    cursor.take();
    cursor.expect(";");
    if (this.#depth === deepestInclude) {
      cursor.note(token.at, `this is the ${deepestInclude}th file that is included by another`);
      return;
    }
    let text: Uint8Array;
    try {
      text = this.files(token.text);
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      cursor.note(token.at, thrown.message);
      return;
    }
    this.#depth += 1;
    this.#file(new Cursor(octetTextOf(text), token.text, this.problems), scope);
    this.#depth -= 1;
  }

  #option(cursor: Cursor, scope: Scope): void {
    const { token } = cursor;
    if (token.kind === "word" && token.text.toLowerCase() === "space") {
      cursor.note(token.at, "options have one space: options within options are written as octets", {
        severity: "warning",
      });
      throw new Abandoned();
    }
    const next = token.kind === "word" ? token.text.toLowerCase() : "";
    if (!this.#custom.has(next) && !optionsByName.has(next) && !unnumbered.test(next)) {
      const taken = cursor.word("the name of an option");
      if (cursor.isWord("code")) return this.#defineOption(cursor, next);
      return this.#refuseOption(cursor, next, taken.at);
    }
    const definition = this.option(cursor);
    if (cursor.isWord("code")) return this.#defineOption(cursor, definition.name);
    if (ofServer.has(definition.code)) {
      cursor.note(token.at, `'${definition.name}' is for the server itself to say`, { severity: "warning" });
      throw new Abandoned();
    }
    const value = optionValue(cursor, definition.format);
    if (value.length > 0xffff) cursor.refuse("this is too long for an answer");
    scope.parameters.options ??= new Map();
    scope.parameters.options.set(definition.code, value);
    cursor.expect(";");
  }

  /** Notes a name that is not known. @throws Abandoned */
  option(cursor: Cursor): OptionDefinition {
    const token = cursor.word("the name of an option");
    const name = token.text.toLowerCase();
    const definition = this.#custom.get(name) ?? optionsByName.get(name) ?? numberedOption(name);
    return definition ?? this.#refuseOption(cursor, name, token.at);
  }

  #refuseOption(cursor: Cursor, name: string, at: Place): never {
    const meant = nearest(name, [...optionsByName.keys(), ...this.#custom.keys()]);
    cursor.note(at, `there is no option '${name}'`, meant === undefined ? {} : { fix: meant });
    throw new Abandoned();
  }

  /** `option NAME code N = FORMAT;` */
  #defineOption(cursor: Cursor, name: string): void {
    cursor.take();
    const code = integer(cursor, 1, 254);
    cursor.expect("=");
    const format = optionFormat(cursor);
    this.#custom.set(name, { name, code, format });
    cursor.expect(";");
  }

  #subnet(cursor: Cursor, scope: Scope, at: Place): void {
    const place = cursor.token.at;
    const network = address(cursor);
    if (!cursor.skips("netmask")) cursor.refuse("'netmask' is wanted here");
    const maskAt = cursor.token.at;
    const mask = address(cursor);
    if (ipv4PrefixLength(mask) === undefined) cursor.note(maskAt, "a mask has ones and then zeros, without holes");
    const start = ipv4AddressOf(network & mask);
    if (start !== network) {
      cursor.note(place, `with this mask the subnet begins at ${formatIpv4Address(start)}`, {
        fix: formatIpv4Address(start),
      });
    }
    const inner = newScope("subnet", inheritedBy(scope), { address: start, mask });
    this.#block(cursor, inner, at);
    const own = rangesOf(inner, cursor, { address: start, mask });
    const pools: Pool[] = [...inner.pools];
    if (own.length > 0) pools.unshift({ ranges: own, permits: [], parameters: {} });
    const subnet: Subnet = {
      network: { address: start, mask },
      pools,
      parameters: combined(inner.inherited, inner.parameters),
    };
    if (scope.kind === "shared-network") {
      scope.subnets.push(subnet);
      return;
    }
    const name = `${formatIpv4Address(start)}/${ipv4PrefixLength(mask) ?? 32}`;
    this.#networks.push({ name, subnets: [subnet], pools: [] });
  }

  #sharedNetwork(cursor: Cursor, scope: Scope, at: Place): void {
    const { token } = cursor;
    if (token.kind !== "string" && token.kind !== "word") cursor.refuse("a name is wanted here");
    cursor.take();
    const inner = newScope("shared-network", inheritedBy(scope));
    this.#block(cursor, inner, at);
    if (inner.subnets.length === 0) cursor.note(token.at, "a shared network without a subnet serves nobody");
    const around = combined(inner.inherited, inner.parameters);
    const subnets = inner.subnets.map((subnet) => ({ ...subnet, parameters: combined(around, subnet.parameters) }));
    const pools = inner.pools.map((pool) => ({ ...pool, parameters: combined(around, pool.parameters) }));
    for (const { ranges } of inner.pools) {
      for (const { first, last } of ranges) {
        if (subnets.some(({ network }) => isInNetwork(first, network) && isInNetwork(last, network))) continue;
        cursor.note(at, `${formatIpv4Address(first)} to ${formatIpv4Address(last)} lies in none of its subnets`);
      }
    }
    this.#networks.push({ name: token.text, subnets, pools });
  }

  #pool(cursor: Cursor, scope: Scope, at: Place): void {
    if (scope.kind !== "subnet" && scope.kind !== "shared-network") {
      cursor.note(at, "a pool belongs into a subnet or a shared network");
    }
    const inner = newScope("pool", inheritedBy(scope), scope.network);
    this.#block(cursor, inner, at);
    const ranges = rangesOf(inner, cursor, scope.network);
    if (ranges.length === 0) cursor.note(at, "a pool without a range serves nobody", { severity: "warning" });
    const parameters = combined(inner.inherited, inner.parameters);
    scope.pools.push({ ranges, permits: inner.permits, parameters });
  }

  #group(cursor: Cursor, scope: Scope, at: Place): void {
    if (cursor.token.kind === "word" || cursor.token.kind === "string") cursor.take();
    const inner: Scope = {
      ...newScope("group", inheritedBy(scope), scope.network),
      pools: scope.pools,
      subnets: scope.subnets,
    };
    this.#block(cursor, inner, at);
  }

  #host(cursor: Cursor, scope: Scope, at: Place): void {
    const { token } = cursor;
    if (token.kind !== "string" && token.kind !== "word") cursor.refuse("the host's name is wanted here");
    cursor.take();
    const inner = newScope("host", inheritedBy(scope));
    const before = this.problems.length;
    this.#block(cursor, inner, at);
    const parameters = combined(inner.inherited, inner.parameters);
    const clientIdentifier = inner.parameters.options?.get(optionCode.clientIdentifier);
    const { hardware, fixedAddresses } = inner;
    if (hardware === undefined && clientIdentifier === undefined && this.problems.length === before) {
      cursor.note(token.at, `nothing says which device '${token.text}' is: 'hardware ethernet' is missing`);
    }
    const twin = this.#hosts.find((each) => hardware !== undefined && each.hardware === hardware);
    if (twin !== undefined) {
      cursor.note(token.at, `'${token.text}' is the same device as '${twin.name}'; the first that fits counts`, {
        severity: "warning",
      });
    }
    this.#hosts.push({ name: token.text, hardware, clientIdentifier, fixedAddresses, parameters });
  }

  #class(cursor: Cursor, scope: Scope, at: Place): void {
    const { token } = cursor;
    if (token.kind !== "string") cursor.refuse("the class's name, in quotes, is wanted here");
    cursor.take();
    const inner = newScope("class", inheritedBy(scope));
    this.#block(cursor, inner, at);
    const known = this.#classes.get(token.text);
    this.#classes.set(token.text, {
      name: token.text,
      condition: inner.match.condition ?? known?.condition,
      key: inner.match.key ?? known?.key,
      subclasses: known?.subclasses ?? [],
      parameters: combined(known?.parameters ?? {}, inner.parameters),
    });
  }

  #subclass(cursor: Cursor, scope: Scope, at: Place): void {
    const { token } = cursor;
    if (token.kind !== "string") cursor.refuse("the class's name, in quotes, is wanted here");
    cursor.take();
    const found = this.#classes.get(token.text);
    if (found === undefined) cursor.note(token.at, `there is no class '${token.text}' before this`);
    const key = octets(cursor);
    const inner = newScope("subclass", inheritedBy(scope));
    if (cursor.isMark("{")) this.#block(cursor, inner, at);
    else cursor.expect(";");
    found?.subclasses.push({ key, parameters: inner.parameters });
  }

  #match(cursor: Cursor, { kind, match }: Scope, at: Place): void {
    if (kind !== "class") cursor.note(at, "'match' belongs into a class");
    if (cursor.skips("if")) match.condition = condition(cursor, this);
    else match.key = data(cursor, this);
    cursor.expect(";");
  }

  #range(cursor: Cursor, scope: Scope, at: Place): void {
    if (scope.kind !== "subnet" && scope.kind !== "pool") cursor.note(at, "a range belongs into a subnet or a pool");
    if (cursor.isWord("dynamic-bootp")) {
      cursor.note(cursor.token.at, "BOOTP clients get fixed addresses only", { severity: "warning" });
      cursor.take();
    }
    const place = cursor.token.at;
    const first = address(cursor);
    const lastAt = cursor.token.at;
    const last = cursor.isMark(";") ? first : address(cursor);
    if (last < first) {
      const swapped = `${formatIpv4Address(last)} ${formatIpv4Address(first)}`;
      cursor.note(lastAt, `the range ends before it begins; most likely ${swapped} is meant`);
    } else {
      scope.ranges.push({ range: { first, last }, at: place });
    }
    cursor.expect(";");
  }

  #hardware(cursor: Cursor, scope: Scope, at: Place): void {
    if (scope.kind !== "host") cursor.note(at, "'hardware' belongs into a host");
    const type = cursor.word("'ethernet'").text.toLowerCase();
    const token = cursor.word("the device's address");
    const hardware = parseMacAddress(token.text.replace(/(?<![0-9a-f])[0-9a-f](?![0-9a-f])/gi, "0$&"));
    if (hardware !== undefined && type === "ethernet") scope.hardware = hardware;
    else if (type !== "ethernet") cursor.note(token.at, `hardware is of type 'ethernet', not '${type}'`);
    else cursor.note(token.at, complaintOfHardware(token.text));
    cursor.expect(";");
  }

  #fixedAddress(cursor: Cursor, scope: Scope, at: Place): void {
    if (scope.kind !== "host") cursor.note(at, "'fixed-address' belongs into a host");
    do scope.fixedAddresses.push(address(cursor));
    while (cursor.skips(","));
    cursor.expect(";");
  }

  #permission(cursor: Cursor, scope: Scope, action: "allow" | "deny" | "ignore", at: Place): void {
    const token = cursor.word("whom or what");
    const what = token.text.toLowerCase();
    if (scope.kind === "pool") {
      const permit = this.#permit(cursor, what);
      if (permit !== undefined) scope.permits.push({ action: action === "allow" ? "allow" : "deny", who: permit });
      else cursor.note(token.at, `'${what}' is not known of a pool`, { severity: "warning" });
      return cursor.expect(";");
    }
    const name = permissions.get(what);
    if (name === undefined) {
      const severity = permissionsWithoutEffect.has(what) ? "note" : "warning";
      cursor.note(at, `'${action} ${what}' has no effect here`, { severity });
    } else {
      scope.parameters[name] = action === "allow";
    }
    cursor.expect(";");
  }

  #permit(cursor: Cursor, what: string): Permit["who"] | undefined {
    if (what === "known-clients" || what === "unknown-clients") return { kind: what };
    if (what === "known") {
      cursor.skips("clients");
      return { kind: "known-clients" };
    }
    if (what === "unknown") {
      cursor.skips("clients");
      return { kind: "unknown-clients" };
    }
    if (what === "all") {
      cursor.skips("clients");
      return { kind: "all-clients" };
    }
    if (what !== "members") return undefined;
    if (!cursor.skips("of")) cursor.refuse("'of' is wanted here");
    const { token } = cursor;
    if (token.kind !== "string") cursor.refuse("the class's name, in quotes, is wanted here");
    cursor.take();
    if (!this.#classes.has(token.text)) cursor.note(token.at, `there is no class '${token.text}' before this`);
    return { kind: "members", className: token.text };
  }
}

function complaintOfHardware(text: string): string {
  if (/^x+(?:[:-]x+)*$/i.test(text)) {
    return `'${text}' stands for an address: write the device's own, as its label, 'beacon cli all_sta' or 'ip neigh' show it`;
  }
  return `'${text}' is no hardware address: six pairs of hexadecimal digits with colons between them are`;
}

const newScope = (kind: Scope["kind"], inherited: Parameters, network?: Ipv4Network): Scope => ({
  kind,
  parameters: {},
  inherited,
  ...(network === undefined ? {} : { network }),
  ranges: [],
  permits: [],
  pools: [],
  subnets: [],
  fixedAddresses: [],
  match: {},
});

/** A group's parameters are its members'; whatever else lies around has a place of its own. */
const inheritedBy = (scope: Scope): Parameters =>
  scope.kind === "group" ? combined(scope.inherited, scope.parameters) : {};

function rangesOf({ ranges }: Scope, cursor: Cursor, network: Ipv4Network | undefined): AddressRange[] {
  if (network === undefined) return ranges.map(({ range }) => range);
  const good: AddressRange[] = [];
  for (const { range, at } of ranges) {
    if (!isInNetwork(range.first, network) || !isInNetwork(range.last, network)) {
      const subnet = `${formatIpv4Address(network.address)} to ${formatIpv4Address(broadcastOf(network))}`;
      cursor.note(at, `the range leaves its subnet, ${subnet}`);
      continue;
    }
    good.push(range);
  }
  return good;
}
