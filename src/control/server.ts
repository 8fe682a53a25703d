/** The control interface: sockets, who may say what on them, and who hears what happens. */

import type { ApEvent } from "../ap/events.ts";
import type { Radio } from "../ap/radio.ts";
import { concat, utf8 } from "../base/bytes.ts";
import { BeaconError } from "../base/errors.ts";
import type { Level, Log, LogRecord } from "../base/log.ts";
import type { OctetText } from "../config/octets.ts";
import type { BssSettings, Configuration } from "../config/registry.ts";
import { eventText } from "../observe/event-text.ts";
import { messageLevel } from "../observe/message-level.ts";
import { fail, type GlobalContext, type InterfaceContext, type InterfaceMemory, type Reply } from "./command.ts";
import type { ControlledDaemon } from "./daemon-port.ts";
import type { ClientAddress, ControlSockets, DatagramEndpoint, GlobalSocket } from "./port.ts";
import { Monitors } from "./protocol/monitors.ts";
import { OrderedReplies } from "./protocol/ordered-replies.ts";
import {
  decodeRequest,
  encodeReply,
  longestGlobalRequest,
  longestRequest,
  splitCommand,
  splitInterfacePrefix,
} from "./protocol/request.ts";
import { findGlobalCommand, findInterfaceCommand } from "./table.ts";
import { usable, wantedConfigurations } from "./wanted.ts";

export interface ControlServerOptions {
  readonly daemon: ControlledDaemon;
  readonly sockets: ControlSockets;
  /** -G: the group of sockets whose configuration names none. */
  readonly group?: string | number | undefined;
}

/** One interface, with a socket where its configuration has ctrl_interface. */
interface Session {
  readonly name: string;
  readonly radio: Radio;
  readonly directory: string | undefined;
  readonly group: string | number | undefined;
  readonly monitors: Monitors;
  readonly memory: InterfaceMemory;
  endpoint: DatagramEndpoint | undefined;
}

const noMemory = (): InterfaceMemory => ({
  diversions: { management: false, eapol: false },
  tap: undefined,
  lastAgreed: undefined,
  handshakeFailures: 0,
  listing: undefined,
});

export class ControlServer {
  readonly #sessions = new Map<string, Session>();
  readonly #globalMonitors = new Monitors();
  readonly #wanted = wantedConfigurations();
  #global: DatagramEndpoint | undefined;

  constructor(readonly options: ControlServerOptions) {}

  /**
   * Opens the sockets of interfaces that are new, and closes those of interfaces that are gone: to be called when the
   * daemon's radios or their configurations have changed. The commands that do that call it themselves.
   * @throws KernelRefusal, ConfigurationError where a socket can't be opened; none that this call opened stays open then
   */
  follow(): void {
    const radios = this.options.daemon.radios();
    for (const session of [...this.#sessions.values()]) {
      const settings = radios.includes(session.radio) ? settingsOf(session) : undefined;
      const isSame = settings?.ctrl_interface === session.directory && this.#groupOf(settings) === session.group;
      if (!settings || !isSame) this.#close(session);
    }
    const opened: Session[] = [];
    try {
      for (const radio of radios) {
        for (const settings of radio.configuration.bsses) {
          if (!this.#sessions.has(settings.interface)) opened.push(this.#openSession(radio, settings));
        }
      }
    } catch (thrown) {
      for (const session of opened) this.#close(session);
      throw thrown;
    }
  }

  /**
   * What SIGHUP and RELOAD_CONFIG put in force: the radio's file as it is now, or where it has none what SET has made of
   * its settings.
   * @throws ConfigurationError where that has errors
   */
  wantedOf(radio: Radio): Configuration {
    const { daemon } = this.options;
    return daemon.hasFile(radio) ? daemon.readFile(radio) : usable(this.#wanted.of(radio));
  }

  /** @throws BeaconError where it can't be done; what was in force before is so again then */
  async reload(radio: Radio): Promise<void> {
    await radio.reload(this.wantedOf(radio));
    this.follow();
  }

  /** @throws KernelRefusal, ConfigurationError */
  openGlobal(socket: GlobalSocket): void {
    const replies = new OrderedReplies((to, reply) => this.#global?.send(to, encodeReply(reply), "answer"));
    this.#global = this.options.sockets.openGlobal(socket, (from, datagram) => {
      const request = decodeRequest(datagram, longestGlobalRequest);
      replies.submit(from, () => this.#answer(this.options.daemon.log, () => this.#runGlobal(from, request)));
    });
  }

  closeAll(): void {
    for (const session of [...this.#sessions.values()].reverse()) this.#close(session);
    this.#global?.close();
    this.#global = undefined;
  }

  /** What happens on the access points, to whoever has attached; the log is somebody else's. Never throws. */
  onEvent(event: ApEvent): void {
    if ("bss" in event) this.#remember(event);
    const told = eventText(event);
    if (told) this.#tell(told.interface, told.level, told.text, event.type === "probe-request");
  }

  /** Debugging for monitors that have asked for it with LEVEL; what is more urgent reaches them as events. */
  onLogRecord({ level, interface: name, module, text }: LogRecord): void {
    if (name === undefined || module !== undefined || messageLevel(level) > messageLevel("debug")) return;
    const session = this.#sessions.get(name);
    if (this.#globalMonitors.wants(messageLevel(level)) || session?.monitors.wants(messageLevel(level))) {
      this.#tell(name, level, text, false);
    }
  }

  #groupOf = (settings: BssSettings | undefined): string | number | undefined =>
    settings?.ctrl_interface_group ?? this.options.group;

  get #log(): Log {
    return this.options.daemon.log;
  }

  #openSession(radio: Radio, settings: BssSettings): Session {
    const { interface: name, ctrl_interface: directory } = settings;
    const group = this.#groupOf(settings);
    const session: Session = {
      name,
      radio,
      directory,
      group,
      monitors: new Monitors(),
      memory: noMemory(),
      endpoint: undefined,
    };
    if (directory !== undefined) {
      const log = this.#log.for(name);
      const replies = new OrderedReplies((to, reply) => session.endpoint?.send(to, encodeReply(reply), "answer"));
      session.endpoint = this.options.sockets.openInterface({ directory, name, group }, (from, datagram) => {
        const request = decodeRequest(datagram, longestRequest);
        replies.submit(from, () => this.#answer(log, () => this.#runOnInterface(session, from, request)));
      });
    }
    this.#sessions.set(name, session);
    return session;
  }

  #close(session: Session): void {
    this.#announce(session.name, "CTRL-EVENT-TERMINATING ", "info");
    session.memory.tap?.close();
    session.memory.tap = undefined;
    session.endpoint?.close();
    session.endpoint = undefined;
    this.#sessions.delete(session.name);
  }

  /** Whatever a request does, it gets an answer, and nothing is thrown at the event loop. */
  #answer(log: Log, run: () => Reply): Reply {
    const failed = (thrown: unknown): OctetText => {
      if (thrown instanceof BeaconError) log.error(thrown.message);
      else
        log.error(`control interface: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
      return fail;
    };
    try {
      const reply = run();
      return typeof reply === "string" ? reply : reply.catch(failed);
    } catch (thrown) {
      return failed(thrown);
    }
  }

  #runOnInterface(session: Session, client: ClientAddress, request: OctetText): Reply {
    const { name, rest } = splitCommand(request);
    const log = this.#log.for(session.name);
    // only the name: what follows may be a passphrase
    log.write(name === "PING" ? "excessive" : "debug", `CTRL_IFACE ${printableName(name)}`);
    const command = findInterfaceCommand(name, rest !== undefined);
    if (typeof command === "string") return command;
    const { radio, memory, monitors } = session;
    const index = radio.configuration.bsses.findIndex((bss) => bss.interface === session.name);
    if (index === -1) return fail;
    const common = this.#context(client, monitors);
    // One by one: V8 gives each object that begins with a spread of closures a hidden class of its own, and collects them
    // late.
    const context: InterfaceContext = {
      daemon: common.daemon,
      client: common.client,
      monitors: common.monitors,
      wanted: common.wanted,
      follow: common.follow,
      reload: common.reload,
      wantedOf: common.wantedOf,
      isGroup: common.isGroup,
      find: common.find,
      log,
      name: session.name,
      radio,
      index,
      memory,
      announce: (text, level = "info") => this.#announce(session.name, text, level),
    };
    return command.run(context, rest ?? "");
  }

  #runGlobal(client: ClientAddress, request: OctetText): Reply {
    const prefixed = splitInterfacePrefix(request);
    if (prefixed) {
      const session = this.#sessions.get(prefixed.interface);
      return session ? this.#runOnInterface(session, client, prefixed.request) : "FAIL-NO-IFNAME-MATCH\n";
    }
    const { name, rest } = splitCommand(request);
    this.#log.write(name === "PING" ? "excessive" : "debug", `Global ctrl_iface command: ${printableName(name)}`);
    const command = findGlobalCommand(name, rest !== undefined);
    if (typeof command === "string") return command;
    return command.run(this.#context(client, this.#globalMonitors), rest ?? "");
  }

  #context(client: ClientAddress, monitors: Monitors): GlobalContext {
    const { daemon } = this.options;
    return {
      daemon,
      log: daemon.log,
      client,
      monitors,
      wanted: this.#wanted,
      follow: () => this.follow(),
      reload: (radio) => this.reload(radio),
      wantedOf: (radio) => this.wantedOf(radio),
      isGroup: (nameOrId) => this.options.sockets.isGroup(nameOrId),
      find: (interfaceName) => {
        const session = this.#sessions.get(interfaceName);
        const index = session?.radio.configuration.bsses.findIndex((bss) => bss.interface === interfaceName) ?? -1;
        return session && index !== -1 ? { radio: session.radio, index } : undefined;
      },
    };
  }

  #remember(event: ApEvent & { readonly bss: string }): void {
    const session = this.#sessions.get(event.bss);
    const bss = session?.radio.bsses.find(({ name }) => name === event.bss);
    if (!session || !bss) return;
    if (event.type === "station-associated") {
      session.memory.lastAgreed =
        bss.stations.get(event.station)?.association?.security?.agreed ?? session.memory.lastAgreed;
    }
    if (event.type === "handshake-timeout" && event.handshake === "4-way") session.memory.handshakeFailures += 1;
    if (event.type === "ap-enabled") Object.assign(bss.diversions, session.memory.diversions);
  }

  #announce(interfaceName: string, text: string, level: Level): void {
    this.#log.for(interfaceName).write(level, text);
    this.#tell(interfaceName, level, text, false);
  }

  #tell(interfaceName: string, level: Level, text: string, isProbeRequest: boolean): void {
    const number = messageLevel(level);
    const session = this.#sessions.get(interfaceName);
    const heard = session?.endpoint !== undefined && session.monitors.size > 0;
    const heardGlobally = this.#global !== undefined && this.#globalMonitors.size > 0;
    if (!heard && !heardGlobally) return;
    const message = utf8(`<${number}>${text}`);
    if (this.#global && heardGlobally) {
      const datagram = concat(utf8(`IFNAME=${interfaceName} `), message);
      this.#globalMonitors.tell(this.#global, number, isProbeRequest, datagram);
    }
    if (session?.endpoint && heard) session.monitors.tell(session.endpoint, number, isProbeRequest, message);
  }
}

const settingsOf = ({ radio, name }: Session): BssSettings | undefined =>
  radio.configuration.bsses.find((bss) => bss.interface === name);

const printableName = (name: OctetText): string => name.slice(0, 40).replace(/[^ -~]/g, "?");
