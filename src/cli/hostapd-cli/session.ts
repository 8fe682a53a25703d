/** One run of the client: which socket it speaks with, and what it makes of commands and answers. */

import { readdirSync } from "node:fs";
import { utf8 } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { never } from "../../base/exhaustive.ts";
import { version } from "../../base/version.ts";
import type { Reactor } from "../../linux/reactor.ts";
import type { Terminal } from "../terminal.ts";
import { findCommand, helpText, type LocalCommand, requestText } from "./commands.ts";
import { type Answer, answerText, attach, type Connection, connect } from "./connection.ts";

/** What became of a command: `refused` is the daemon's FAIL, `misused` a command that can't be sent. */
export type Outcome = "done" | "refused" | "unanswered" | "misused";

export interface SessionOptions {
  readonly reactor: Reactor;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly directory: string;
  readonly clientDirectory: string | undefined;
  /** Whether the daemon is to send its events, and what happens with each. */
  readonly onEvent: ((event: string) => void) | undefined;
  /** Interactive: answers end with a line end, whether the daemon sent one or not. */
  readonly completesLines: boolean;
  /** What is no answer of the daemon's goes to standard error; hostapd_cli has but one place for all. */
  readonly complainsApart: boolean;
}

export const versionText = `hostapd_cli v${version} (Beacond)\n`;

export const licenseText = "Beacond is free software under the MIT license; its text is in the file LICENSE.\n";

/** Stations are listed one by one; a daemon that answers in circles doesn't keep us for ever. */
const mostStations = 10_000;

export class Session {
  readonly #options: SessionOptions;
  readonly #stations = new Set<string>();
  #connection: Connection | undefined;
  #attached = false;
  #socket: string | undefined;
  #quits = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Name of the socket it speaks with, or tried to. */
  get socket(): string | undefined {
    return this.#socket;
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  get isAttached(): boolean {
    return this.#attached;
  }

  /** `quit` has been asked for. */
  get quits(): boolean {
    return this.#quits;
  }

  /** Addresses of the stations as far as the daemon has told of them. */
  get stations(): readonly string[] {
    return [...this.#stations];
  }

  /** Names of the sockets in the directory. */
  sockets(): readonly string[] {
    try {
      const entries = readdirSync(this.#options.directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isSocket()).map((entry) => entry.name);
    } catch {
      return [];
    }
  }

  /** Goes to another socket, or to the same one anew. @returns why it can't, by its errno, where it can't */
  async connect(socket: string): Promise<"connected" | { readonly errno: string }> {
    await this.disconnect();
    this.#socket = socket;
    const { reactor, clock, directory, clientDirectory } = this.#options;
    try {
      this.#connection = connect({
        reactor,
        clock,
        path: `${directory}/${socket}`,
        clientDirectory,
        processId: process.pid,
        onEvent: (event) => this.#onEvent(event),
      });
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      return { errno: thrown.errno };
    }
    if (this.#options.onEvent === undefined) return "connected";
    this.#attached = await attach(this.#connection);
    if (!this.#attached) this.complain("Warning: Failed to attach to hostapd.\n");
    else if (this.#options.completesLines) await this.#learnStations();
    return "connected";
  }

  async disconnect(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    if (this.#attached) await connection.request("DETACH");
    this.drop(connection);
  }

  /** As {@link disconnect}, of a daemon that is gone. */
  drop(connection = this.#connection): void {
    if (connection === this.#connection) this.#connection = undefined;
    this.#attached = false;
    connection?.close();
  }

  /** Whether the daemon answers. */
  async ping(): Promise<boolean> {
    return answerText(await this.#request("PING")).startsWith("PONG");
  }

  /** @param words a command, or the beginning of its name, and its arguments */
  async run(words: readonly string[]): Promise<Outcome> {
    const [name, ...args] = words;
    if (name === undefined) return "done";
    const found = findCommand(name);
    switch (found.type) {
      case "unknown":
        return this.#misuse(`Unknown command '${name}'`);
      case "ambiguous":
        return this.#misuse(`Ambiguous command '${name}'; possible commands: ${found.names.join(" ")}`);
      case "found": {
        const { does } = found.command;
        if (does.type === "local") return this.#runLocal(does.what, args);
        const request = requestText(does, args);
        return "text" in request ? this.#ask(request.text) : this.#misuse(request.refused);
      }
    }
  }

  print(text: string): void {
    this.#options.terminal.output.write(text);
  }

  /** About the client itself. */
  complain(text: string): void {
    const { terminal, complainsApart } = this.#options;
    (complainsApart ? terminal.errors : terminal.output).write(text);
  }

  #misuse(text: string): Outcome {
    this.complain(`${text}\n`);
    return "misused";
  }

  async #runLocal(what: LocalCommand, args: readonly string[]): Promise<Outcome> {
    switch (what) {
      case "all_sta":
        return this.#list(({ answer }) => this.#show(answer));
      case "list_sta":
        return this.#list(({ address }) => this.print(`${address}\n`));
      case "help":
        this.print(helpText(args[0] ?? ""));
        return "done";
      case "interface":
        return args[0] === undefined ? this.#listSockets() : this.#goTo(args[0]);
      case "license":
        this.print(versionText + licenseText);
        return "done";
      case "raw":
        return args.length > 0 ? this.#ask(args.join(" ")) : "done";
      case "quit":
        this.#quits = true;
        return "done";
      default:
        return never(what);
    }
  }

  async #ask(command: string): Promise<Outcome> {
    const answer = await this.#request(command);
    if (answer.type !== "answer") return this.#complainOf(command, answer);
    this.#show(answer.data);
    return /^(FAIL|UNKNOWN COMMAND)/.test(answerText(answer)) ? "refused" : "done";
  }

  async #request(command: string): Promise<Answer> {
    return this.#connection?.request(command) ?? { type: "failed" };
  }

  #complainOf(command: string, answer: Exclude<Answer, { type: "answer" }>): Outcome {
    const why = `'${command}' command ${answer.type === "timed-out" ? "timed out" : "failed"}.\n`;
    this.complain(this.#connection === undefined ? "Not connected to hostapd - command dropped.\n" : why);
    return "unanswered";
  }

  /** As it came, octet for octet. */
  #show(data: Uint8Array): void {
    const { terminal, completesLines } = this.#options;
    const complete = data.length === 0 || data.at(-1) === 0x0a || !completesLines;
    terminal.output.write(complete ? data : Buffer.concat([data, utf8("\n")]));
  }

  async #list(each: (station: { readonly address: string; readonly answer: Uint8Array }) => void): Promise<Outcome> {
    let command = "STA-FIRST";
    for (let count = 0; count < mostStations; count++) {
      const answer = await this.#request(command);
      if (answer.type !== "answer") return this.#complainOf(command, answer);
      const text = answerText(answer);
      const [address = ""] = text.split("\n", 1);
      if (text.startsWith("FAIL")) return count === 0 ? "refused" : "done";
      if (address === "") return "done";
      each({ address, answer: answer.data });
      command = `STA-NEXT ${address}`;
    }
    return "done";
  }

  async #learnStations(): Promise<void> {
    this.#stations.clear();
    await this.#list(({ address }) => void this.#stations.add(address));
  }

  #listSockets(): Outcome {
    const { directory } = this.#options;
    try {
      readdirSync(directory);
    } catch {
      this.complain(`Control interface directory '${directory}' could not be opened.\n`);
      return "unanswered";
    }
    this.print(
      `Available interfaces:\n${this.sockets()
        .map((name) => `${name}\n`)
        .join("")}`,
    );
    return "done";
  }

  async #goTo(socket: string): Promise<Outcome> {
    const result = await this.connect(socket);
    if (result === "connected") return "done";
    this.complain(`Could not connect to interface '${socket}' - re-trying\n`);
    return "unanswered";
  }

  #onEvent(event: string): void {
    const [, what, station] = /^(?:IFNAME=\S+ )?<\d>(AP-STA-(?:DIS)?CONNECTED) (\S+)/.exec(event) ?? [];
    if (station !== undefined && what === "AP-STA-CONNECTED" && this.#stations.size < mostStations)
      this.#stations.add(station);
    if (station !== undefined && what === "AP-STA-DISCONNECTED") this.#stations.delete(station);
    this.#options.onEvent?.(event);
  }
}
