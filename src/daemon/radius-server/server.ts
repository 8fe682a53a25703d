/** A RADIUS server: its sockets, its threads, its accounting. */

import type { Clock } from "../../base/clock.ts";
import { type Duration, since } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { formatIpAddress, parseIpAddress, unmappedIpAddress } from "../../base/ip-address.ts";
import type { Log } from "../../base/log.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { RadiusClients } from "../../config/radius-clients.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { Reactor } from "../../linux/reactor.ts";
import {
  type OpenUdp,
  openUdpGroup,
  openUdpSocket,
  type SharedUdpSocket,
  type UdpListener,
  type UdpSocket,
} from "../../linux/udp-socket.ts";
import { builtInDictionary, type Dictionary } from "../../radius/dictionary.ts";
import { readDictionary } from "../../radius/dictionary-file.ts";
import { requestDisconnect } from "../../radius/disconnect.ts";
import { AccountedSessions } from "../../radius/server/accounted-sessions.ts";
import { AccountingServer } from "../../radius/server/accounting.ts";
import { ClientTable } from "../../radius/server/clients.ts";
import { type ServerCount, ServerCounters } from "../../radius/server/counters.ts";
import { serverMib } from "../../radius/server/mib.ts";
import type { RadiusSource } from "../../radius/server/source.ts";
import { Strangers } from "../../radius/server/strangers.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import { radiusNetwork } from "../radius-network.ts";
import { files } from "../read-configuration.ts";
import { threadFilter } from "./dispatch.ts";
import { RadiusOverTls } from "./over-tls.ts";
import { portRefusal } from "./port-refusal.ts";
import { openRecorder, type Recorder } from "./recorder.ts";
import { startThreads, type Threads } from "./threads.ts";

export interface RadiusServerParts {
  readonly reactor: Reactor;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Whether somebody sees debug lines. */
  readonly wantsDebug: () => boolean;
  /** How many threads, where the settings leave it open. */
  readonly threads: number;
}

/** Octets of requests that may wait, when all come at once. */
const room = 4 * 1024 * 1024;

type Receive = (octets: Uint8Array, from: RadiusSource) => void;

/** What the network says of an answer that did not get through is no news: the client asks again. */
const silently = (onMessage: Receive): UdpListener => ({ onMessage, onError: () => undefined });

export class RadiusServer {
  readonly #table: ClientTable;
  /** What the threads don't count. */
  readonly #counters: ServerCounters;
  readonly #started: Duration;
  /** One for each thread, or one. */
  #authentication: readonly SharedUdpSocket[] = [];
  #accounting: UdpSocket | undefined;
  #overTls: RadiusOverTls | undefined;
  #threads: Threads | undefined;
  #recorder: Recorder | undefined;
  readonly #sessions = new AccountedSessions();

  constructor(
    readonly clients: RadiusClients,
    readonly parts: RadiusServerParts,
  ) {
    this.#table = new ClientTable(clients.clients);
    this.#counters = new ServerCounters(clients.clients.length);
    this.#started = parts.clock.now();
  }

  /** @throws ConfigurationError, KernelRefusal; there is nothing to be closed then */
  async start(settings: BssSettings): Promise<void> {
    try {
      this.#startAuthentication(settings);
      const account = settings.radius_server_acct_port === 0 ? undefined : await this.#openAccounting(settings);
      if (settings.radius_server_tls_port !== 0) await this.#openOverTls(settings, account);
    } catch (thrown) {
      await this.close();
      throw thrown;
    }
  }

  /** Conversations that begin from now on have these settings; the rest is as it was. @throws ConfigurationError */
  configure(settings: BssSettings): void {
    this.#overTls?.configure(settings);
    this.#threads?.configure(settings);
  }

  /** Keys of ERP: all have to authenticate in full again. */
  forgetKeys(): void {
    this.#threads?.forgetKeys();
  }

  /**
   * Asks the access point that has told of a station in accounting to end its session; what becomes of it is logged.
   * @returns false where nobody has told of it, or not over UDP
   */
  disconnect(station: MacAddress): boolean {
    const { log, reactor } = this.parts;
    const session = this.#sessions.find(station);
    const client = session && this.#table.find(session.nas);
    const address = session && parseIpAddress(session.nas.address);
    if (!client || !address || session.nas.connection !== undefined) return false;
    const host = formatIpAddress(unmappedIpAddress(address.octets));
    const { list } = new AttributeList()
      .put({ type: radius.callingStationId.place.type, value: session.callingStationId })
      .add(radius.acctSessionId, session.sessionId)
      .add(radius.nasIdentifier, session.nasIdentifier);
    const options = { ...this.parts, network: radiusNetwork(reactor) };
    requestDisconnect(options, { host, secret: client.secret }, list, (outcome) =>
      log.info(`RADIUS SRV: Disconnect-Request for ${station} to ${host}: ${outcome}`),
    );
    return true;
  }

  /** hostapd's lines of `MIB radius_server`. */
  mib(): string {
    return serverMib(this.clients.clients, since(this.parts.clock, this.#started), (what, client) =>
      this.#value(what, client),
    );
  }

  /** Whether somebody sees debug lines may have changed. */
  onVerbosity(): void {
    this.#threads?.onVerbosity();
  }

  /** @returns when its ports are free */
  async close(): Promise<void> {
    this.#accounting?.close();
    this.#overTls?.close();
    this.#recorder?.close();
    for (const socket of this.#authentication) socket.pause();
    await this.#threads?.close();
    for (const socket of this.#authentication) socket.close();
  }

  #value(what: ServerCount, client: number | undefined): number {
    return this.#counters.value(what, client) + (this.#threads?.value(what, client) ?? 0);
  }

  /** The sockets first: a port that somebody else has is known at once. */
  #startAuthentication(settings: BssSettings): void {
    const { clock, log } = this.parts;
    const { radius_server_workers: wanted, radius_server_auth_port: port } = settings;
    const count = wanted < 0 ? this.parts.threads : wanted;
    const listener = silently((octets, from) => this.#threads?.receive(octets, from));
    const sockets = this.#open(settings, port, (options) =>
      openUdpGroup(this.parts.reactor, options, Math.max(1, count), threadFilter(Math.max(1, count)), listener),
    );
    this.#authentication = sockets;
    this.#threads = startThreads(
      {
        ...this.parts,
        clients: this.clients.clients,
        strangers: new Strangers(clock, log, `port ${port}`),
        sockets,
        count,
        send: (packet, to) => this.#send(sockets[0], packet, to),
      },
      settings,
    );
  }

  async #openAccounting(settings: BssSettings): Promise<Receive> {
    const { clock, log } = this.parts;
    const { radius_server_acct_port: port } = settings;
    const recorder = await openRecorder(settings, this.#dictionary(settings), { clock, log });
    this.#recorder = recorder;
    const server = new AccountingServer({
      clients: this.#table,
      counters: this.#counters,
      strangers: new Strangers(clock, log, `port ${port}`),
      clock,
      log,
      isLogged: settings.radius_server_acct_log,
      record: async (record) => {
        const isWritten = await recorder.write(record);
        if (isWritten) this.#sessions.note(record);
        return isWritten;
      },
      send: (packet, to) => this.#send(this.#accounting, packet, to),
    });
    const receive: Receive = (octets, from) => server.receive(octets, from);
    this.#accounting = this.#open(settings, port, (options) =>
      openUdpSocket(this.parts.reactor, options, silently(receive)),
    );
    return receive;
  }

  async #openOverTls(settings: BssSettings, account: Receive | undefined): Promise<void> {
    const { clock, log } = this.parts;
    this.#overTls = new RadiusOverTls(settings, {
      clock,
      log,
      clients: this.#table,
      strangers: new Strangers(clock, log, `port ${settings.radius_server_tls_port} (TLS)`),
      authenticate: (octets, from) => this.#threads?.receive(octets, from),
      account,
    });
    await this.#overTls.start(settings);
  }

  /** @throws ConfigurationError where the port is another's */
  #open<T>(settings: BssSettings, port: number, open: (options: OpenUdp) => T): T {
    try {
      return open({ local: { port }, bothFamilies: settings.radius_server_ipv6, room });
    } catch (thrown) {
      throw portRefusal("UDP", port, thrown);
    }
  }

  /** A dictionary that can't be read costs names, no more. */
  #dictionary({ radius_server_dictionary: path }: BssSettings): Dictionary {
    const dictionary = builtInDictionary();
    if (path === undefined) return dictionary;
    const [first, ...more] = readDictionary(dictionary, path, files);
    if (first) {
      const others = more.length > 0 ? `, and ${more.length} more` : "";
      this.parts.log.warning(`${first.file}:${first.line}: ${first.message}${others}`);
    }
    return dictionary;
  }

  #send(socket: UdpSocket | undefined, packet: Uint8Array, to: RadiusSource): void {
    if (to.connection !== undefined) return this.#overTls?.send(packet, to);
    try {
      socket?.send(packet, to);
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      this.parts.log.debug(`RADIUS SRV: no answer to ${to.address}: ${thrown.message}`);
    }
  }
}
