/**
 * ISC's dhcpd.conf: dhcpd.conf(5). What is wrong in it is told all at once; what Beacond can't honour is named with a warning.
 */

import { ConfigurationError } from "../../base/errors.ts";
import { formatIpv4Address, ipv4AddressOf, ipv4PrefixLength, isInNetwork } from "../../base/ipv4-address.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import type { FileSource } from "../kinds.ts";
import { nearest } from "../nearest.ts";
import { octetTextOf } from "../octets.ts";
import type { Problem } from "../problem.ts";
import { readFixedAddress, readHardware, readPermission, readRange } from "./block-statements.ts";
import type {
  ClientClass,
  DhcpConfiguration,
  Host,
  Parameters,
  Pool,
  SharedNetwork,
  Subclass,
  Subnet,
} from "./configuration.ts";
import { Abandoned, Cursor } from "./cursor.ts";
import { condition, data } from "./expression-parser.ts";
import { OptionStatements } from "./option-statements.ts";
import { address, octets } from "./option-values.ts";
import { combined, readers, statementNames } from "./parameters.ts";
import { type Draft, inheritedBy, newScope, rangesOf, type Scope } from "./scope.ts";
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

class DhcpdConfParser {
  readonly #networks: SharedNetwork[] = [];
  readonly #hosts: Host[] = [];
  readonly #classes = new Map<string, Draft<ClientClass> & { subclasses: Subclass[] }>();
  readonly #options = new OptionStatements();
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
        return this.#options.read(cursor, scope);
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
        return readRange(cursor, scope, token.at);
      case "hardware":
        return readHardware(cursor, scope, token.at);
      case "fixed-address":
        return readFixedAddress(cursor, scope, token.at);
      case "allow":
      case "deny":
      case "ignore":
        return readPermission(cursor, scope, { action: name, at: token.at }, (wanted) => this.#classes.has(wanted));
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
    if (cursor.skips("if")) match.condition = condition(cursor, this.#options);
    else match.key = data(cursor, this.#options);
    cursor.expect(";");
  }
}
