/** The networks that run on this machine, and what they answer. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { fromJson, type Shape, ShapeError } from "../../base/shape.ts";
import { type StatusAnswer, statusShape } from "../../control/live-answers.ts";
import { systemClock } from "../../linux/clock.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { type Connection, connect } from "../hostapd-cli/connection.ts";

export interface LiveNetwork {
  /** Of its interface. */
  readonly name: string;
  readonly status: StatusAnswer;
  /** The socket's end here, for who wants to be told what happens. */
  readonly connection: Connection;
  /** @throws Unanswered */
  ask<T>(shape: Shape<T>, request: string): Promise<T>;
}

/** The daemon refused, has gone, or is another program: in words. */
export class Unanswered extends Error {}

export interface Found {
  /** By name. */
  readonly networks: readonly LiveNetwork[];
  /** Sockets where nobody of ours answered, in words. */
  readonly complaints: readonly string[];
  close(): void;
}

export interface Where {
  readonly reactor: Reactor;
  /** Of the control sockets. */
  readonly directory: string;
  /** undefined for all. */
  readonly interfaceName: string | undefined;
  /** Hears events of a network, `<3>AP-STA-CONNECTED ...`. */
  readonly onEvent?: (network: string, event: string) => void;
}

/** Who answers. There is a complaint where nobody does. */
export async function findNetworks(where: Where): Promise<Found> {
  const { directory, interfaceName } = where;
  const sockets = socketsIn(directory);
  if (typeof sockets === "string") return { networks: [], complaints: [sockets], close: () => undefined };
  const isOwn = interfaceName !== undefined && sockets.includes(interfaceName);
  const answers = await Promise.all((isOwn ? [interfaceName] : sockets).map((name) => askNetwork(where, name)));
  const found = answers.flatMap((answer) => (typeof answer === "string" ? [] : [answer]));
  const complaints = answers.filter((answer) => typeof answer === "string");
  const all = [...found, ...(await withoutSockets(found))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const networks = all.filter(({ name }) => interfaceName === undefined || name === interfaceName);
  const missing =
    networks.length === 0 && all.length > 0
      ? [`no network runs on ${interfaceName ?? ""}; those that do are on ${all.map(({ name }) => name).join(", ")}`]
      : [];
  return {
    networks,
    // The global socket, or another program's, may lie beside ours.
    complaints: all.length > 0 ? [...complaints.filter((text) => text.includes(permission)), ...missing] : complaints,
    close: () => {
      for (const { connection } of found) connection.close();
    },
  };
}

/** A configuration may give a socket to one of a daemon's networks only: that one speaks for the others. */
async function withoutSockets(found: readonly LiveNetwork[]): Promise<readonly LiveNetwork[]> {
  const others = oncePerDaemon(found).flatMap(({ status, connection, ask: over }) =>
    status.others.map(async (name): Promise<LiveNetwork | undefined> => {
      const ask = <T>(shape: Shape<T>, request: string): Promise<T> => over(shape, `BEACON-FOR ${name} ${request}`);
      try {
        return { name, connection, ask, status: await ask(statusShape, "BEACON-STATUS") };
      } catch (thrown) {
        if (thrown instanceof Unanswered) return undefined;
        throw thrown;
      }
    }),
  );
  return (await Promise.all(others)).filter((network) => network !== undefined);
}

/** One network of each daemon: what concerns stations is the same on all of its networks. */
export function oncePerDaemon(networks: readonly LiveNetwork[]): readonly LiveNetwork[] {
  const seen = new Set<number>();
  return networks.filter(({ status }) => !seen.has(status.pid) && seen.add(status.pid));
}

const permission = "no permission";

function socketsIn(directory: string): readonly string[] | string {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isSocket()).map(({ name }) => name);
    return names.length > 0 ? names.sort() : nobodyIn(directory);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : "";
    return code === "EACCES" || code === "EPERM" ? forbidden(directory) : nobodyIn(directory);
  }
}

const nobodyIn = (directory: string): string =>
  `no access point runs that can be asked: there is no control socket in ${directory}. 'beacon up' makes a network; one of a configuration of your own needs ctrl_interface=${directory} in it, and -p names another directory`;

const forbidden = (path: string): string =>
  `${permission} to ask ${path}: with sudo, or as a member of the group that ctrl_interface_group names`;

async function askNetwork({ reactor, directory, onEvent }: Where, name: string): Promise<LiveNetwork | string> {
  const path = join(directory, name);
  let connection: Connection;
  try {
    connection = connect({
      reactor,
      clock: systemClock,
      path,
      clientDirectory: undefined,
      processId: process.pid,
      onEvent: (event) => onEvent?.(name, event),
    });
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal)) throw thrown;
    if (thrown.errno === "EACCES" || thrown.errno === "EPERM") return forbidden(path);
    return thrown.errno === "ENOENT" || thrown.errno === "ECONNREFUSED"
      ? `no access point answers at ${path}: it doesn't run, or has no network on ${name}`
      : `${path}: ${thrown.message}`;
  }
  const ask = <T>(shape: Shape<T>, request: string): Promise<T> => askOf(connection, path, shape, request);
  try {
    return { name, connection, ask, status: await ask(statusShape, "BEACON-STATUS") };
  } catch (thrown) {
    connection.close();
    if (thrown instanceof Unanswered) return thrown.message;
    throw thrown;
  }
}

async function askOf<T>(connection: Connection, path: string, shape: Shape<T>, request: string): Promise<T> {
  const answer = await connection.request(request);
  if (answer.type === "timed-out") throw new Unanswered(`${path}: no answer in time`);
  if (answer.type === "failed") throw new Unanswered(`${path}: the access point is gone`);
  const text = textOf(answer.data);
  if (text.startsWith("FAIL: ")) throw new Unanswered(text.slice("FAIL: ".length).trimEnd());
  try {
    return fromJson(shape, text);
  } catch (thrown) {
    if (!(thrown instanceof ShapeError)) throw thrown;
    throw new Unanswered(
      `${path}: whoever answers there is not Beacond of this version (hostapd, perhaps): 'beacon cli' speaks with others`,
    );
  }
}
