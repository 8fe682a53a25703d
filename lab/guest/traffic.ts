/**
 * Traffic that goes on while something else happens: datagrams that are asked and answered, each counted. Not ping's,
 * which measures its intervals by a clock that stands still in time travel, and floods.
 */

import { createSocket } from "node:dgram";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { type Program, startProgram } from "./process.ts";

const self = fileURLToPath(import.meta.url);
const port = 7007;

export interface Asking {
  /** An address, or the subnet's for broadcast. */
  readonly to: string;
  /** Seconds from one question to the next. */
  readonly every: number;
}

export interface PeerOptions {
  readonly name: string;
  readonly namespace?: string | undefined;
  /** Nothing: it only answers. */
  readonly ask?: readonly Asking[];
}

/** What became of the questions to one address. */
export interface Answers {
  readonly asked: number;
  /** By the address that they came from. */
  readonly answered: Readonly<Record<string, number>>;
}

export interface Peer {
  readonly program: Program;
  /** Asks no more, waits for what is on its way; by the address that was asked. */
  finish(): Promise<Readonly<Record<string, Answers>>>;
}

/** Starts one end: it answers what it is asked, and asks. */
export async function startPeer(t: TestContext, { name, namespace, ask = [] }: PeerOptions): Promise<Peer> {
  const program = await startProgram(t, {
    name: `traffic-${name}`,
    namespace,
    command: [process.execPath, self, JSON.stringify(ask)],
  });
  await program.log.waitFor(/^ready$/);
  return {
    program,
    async finish() {
      program.kill("SIGINT");
      const [text] = await program.log.waitFor(/^\{.*\}$/);
      return JSON.parse(text) as Record<string, Answers>;
    },
  };
}

function main(asking: readonly Asking[]): void {
  const socket = createSocket("udp4");
  const results = asking.map(({ to }) => ({ to, asked: 0, answered: new Map<string, number>() }));
  socket.on("message", (message, from) => {
    const [kind, index, number] = message.toString("latin1").split(" ");
    if (kind === "ask") return socket.send(`answer ${index} ${number}`, from.port, from.address, () => undefined);
    const answered = results[Number(index)]?.answered;
    answered?.set(from.address, (answered.get(from.address) ?? 0) + 1);
  });
  socket.bind(port, () => {
    socket.setBroadcast(true);
    const timers = asking.map(({ to, every }, index) =>
      setInterval(() => {
        const result = results[index];
        // An interface that is down just now refuses; that question counts as unanswered.
        if (result) socket.send(`ask ${index} ${++result.asked}`, port, to, () => undefined);
      }, every * 1000),
    );
    process.once("SIGINT", () => {
      for (const timer of timers) clearInterval(timer);
      setTimeout(() => {
        const report = results.map(({ to, asked, answered }) => [
          to,
          { asked, answered: Object.fromEntries(answered) },
        ]);
        process.stdout.write(`${JSON.stringify(Object.fromEntries(report))}\n`);
        socket.close();
      }, 2000);
    });
    process.stdout.write("ready\n");
  });
}

if (process.argv[1] === self) main(JSON.parse(process.argv[2] ?? "[]"));
