/** hostapd_cli's prompt: commands line by line, completion, history, events as they come. */

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import type { Clock, Timer } from "../../base/clock.ts";
import { seconds } from "../../base/duration.ts";
import { findKey, keyNames } from "../../config/registry.ts";
import type { Terminal } from "../terminal.ts";
import { type Completion, commands, findCommand } from "./commands.ts";
import type { Session } from "./session.ts";

export interface Prompt {
  /** Shows an event without disturbing the line that is being written. */
  showEvent(event: string): void;
  /** Reads commands until the input ends or `quit`. @returns whether all of them worked */
  run(session: Session): Promise<boolean>;
  /** Ends {@link run}. */
  stop(): void;
}

export interface PromptOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly pingSeconds: number;
  /** undefined: no history is kept. */
  readonly historyFile: string | undefined;
}

const historySize = 100;

export function openPrompt(options: PromptOptions): Prompt {
  const { terminal, clock, pingSeconds, historyFile } = options;
  let line: Interface | undefined;
  let finish: (() => void) | undefined;

  function showEvent(event: string): void {
    if (line === undefined || terminal.output.isTTY !== true) {
      terminal.output.write(`${event}\n`);
      return;
    }
    terminal.output.write(`\r\u001b[K${event}\n`);
    line.prompt(true);
  }

  async function run(session: Session): Promise<boolean> {
    let allWorked = true;
    const isTerminal = terminal.input.isTTY === true && terminal.output.isTTY === true;
    const history = historyFile === undefined ? [] : readHistory(historyFile);
    const reader = createInterface({
      input: terminal.input,
      output: terminal.output,
      terminal: isTerminal,
      prompt: "> ",
      history: [...history].reverse(),
      historySize,
      completer: (text: string) => complete(session, text, (usage) => showEvent(usage)),
    });
    line = reader;
    const entered: string[] = [];
    let last: Promise<void> = Promise.resolve();
    let ping: Timer;

    await new Promise<void>((resolve) => {
      finish = resolve;
      reader.on("line", (text) => {
        if (text.trim() !== "" && entered.length < historySize) entered.push(text.trim());
        last = last.then(async () => {
          if (session.quits) return;
          if ((await session.run(splitWords(text))) !== "done") allWorked = false;
          // hostapd_cli shows its prompt once more; on a terminal it would be in the shell's way
          if (!session.quits || !isTerminal) reader.prompt();
          if (session.quits) resolve();
        });
      });
      // Piped input may end before its commands have been answered.
      reader.on("close", () => void last.then(resolve));
      reader.on("SIGINT", resolve);
      const keepAlive = (): void => {
        ping = clock.after("ping", seconds(pingSeconds), () => {
          last = last.then(() => stayConnected(session)).then(keepAlive);
        });
      };
      keepAlive();
      reader.prompt();
    }).finally(() => {
      ping.cancel();
      line = undefined;
      reader.close();
      terminal.input.pause();
    });
    if (historyFile !== undefined && isTerminal) saveHistory(historyFile, [...history, ...entered]);
    return allWorked;
  }

  return { showEvent, run, stop: () => finish?.() };
}

async function stayConnected(session: Session): Promise<void> {
  if (session.isConnected && !(await session.ping())) {
    session.complain("Connection to hostapd lost - trying to reconnect\n");
    session.drop();
  }
  if (session.isConnected || session.socket === undefined) return;
  if ((await session.connect(session.socket)) === "connected")
    session.complain("Connection to hostapd re-established\n");
}

/** At spaces; what a quotation mark begins goes on to the last one of the line, and keeps its marks. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const quoted = rest.startsWith('"') ? rest.lastIndexOf('"') : -1;
    const space = rest.indexOf(" ", quoted + 1);
    const end = space === -1 ? rest.length : space;
    words.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return words;
}

/** @param hint shows how a command is used whose arguments nobody knows beforehand */
export function complete(session: Session, text: string, hint: (usage: string) => void): [string[], string] {
  const words = text.split(" ");
  const word = words.at(-1) ?? "";
  const matching = (names: Iterable<string>): [string[], string] => [
    [...names].filter((name) => name.startsWith(word)).map((name) => `${name} `),
    word,
  ];
  const names = commands.map(({ name }) => name);
  if (words.length === 1) return matching(names);
  const found = findCommand(words[0] ?? "");
  if (found.type !== "found") return [[], word];
  const { completion, name, usage } = found.command;
  if (completion === undefined || words.length > 2) {
    hint(`${name} ${usage}`);
    return [[], word];
  }
  return matching(candidates(session, names, completion));
}

function candidates(session: Session, names: readonly string[], completion: Completion): Iterable<string> {
  switch (completion) {
    case "commands":
      return names;
    case "stations":
      return session.stations;
    case "interfaces":
      return session.sockets();
    case "setting-names":
      return keyNames();
    case "variable-names":
      return ["version", "tls_library", ...keyNames()];
  }
}

/** Lines that hold a secret don't belong in a file. */
export function isSecret(text: string): boolean {
  const [name = "", key = ""] = splitWords(text.replace(/^\s*raw\s+/i, ""));
  if (/^(wps|dpp|nfc)/i.test(name)) return true;
  return /^set?$/i.test(name) && (findKey(key)?.entry.secret === true || findKey(key) === undefined);
}

function readHistory(file: string): readonly string[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.filter((text) => text !== "").slice(-historySize);
  } catch {
    return [];
  }
}

function saveHistory(file: string, lines: readonly string[]): void {
  const kept = lines.filter((text) => !isSecret(text)).slice(-historySize);
  try {
    writeFileSync(file, kept.map((text) => `${text}\n`).join(""), { mode: 0o600 });
  } catch {
    // A home that can't be written is no reason to fail at the end.
  }
}
