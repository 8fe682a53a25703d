/**
 * Hands the stations' questions to the name servers that this machine asks itself, and their answers back. It looks at nothing but the header
 * and the question: RFC 1035, section 4.1; RFC 5625, section 4 (a proxy leaves alone what it doesn't know). So a station may ask where the
 * machine's own server hears nobody but the machine, and a guest where the server is somewhere that guests can't go.
 */

import { sameBytes } from "../../base/bytes.ts";
import type { Clock, Timer } from "../../base/clock.ts";
import { seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";

export interface RelayClient {
  readonly address: string;
  readonly port: number;
}

/** One question on its way, from a port that the kernel chose: whoever wants to forge an answer has to guess it. */
export interface Asking {
  /** Octets; what can't be sent is as good as lost. */
  send(question: Uint8Array): void;
  close(): void;
}

export interface RelayOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Addresses, the first to be asked first. */
  readonly servers: () => readonly string[];
  /** @param heard whatever comes from that server @param failed it can't be reached; at most once, and not from inside of this call */
  readonly ask: (server: string, heard: (answer: Uint8Array) => void, failed: () => void) => Asking;
  readonly reply: (answer: Uint8Array, client: RelayClient) => void;
}

interface Waiting {
  readonly client: RelayClient;
  readonly question: Uint8Array;
  asking: Asking | undefined;
  timer: Timer | undefined;
}

const headerLength = 12;
/** Questions under way at once, all together and of one station. */
const most = 512;
const mostOfOne = 96;

/** How long a server has. */
const patience = seconds(2);

export class DnsRelay {
  readonly #options: RelayOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #ofClient = new Map<string, number>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** What comes to our port; never throws. */
  receive(question: Uint8Array, client: RelayClient): void {
    if (!isQuestion(question)) return;
    const others = this.#ofClient.get(client.address) ?? 0;
    if (this.#waiting.size >= most || others >= mostOfOne) return;
    const waiting: Waiting = { client, question, asking: undefined, timer: undefined };
    this.#waiting.add(waiting);
    this.#ofClient.set(client.address, others + 1);
    this.#ask(waiting, this.#options.servers());
  }

  close(): void {
    for (const waiting of this.#waiting) this.#end(waiting);
  }

  #ask(waiting: Waiting, [server, ...others]: readonly string[]): void {
    const { clock, entropy, ask, reply } = this.#options;
    const { question, client } = waiting;
    if (server === undefined) {
      this.#end(waiting);
      reply(buildFailure(question), client);
      return;
    }
    const sent = withId(question, entropy.bytes(2));
    const next = (): void => {
      this.#stop(waiting);
      this.#ask(waiting, others);
    };
    waiting.timer = clock.after("DNS answer", patience, next);
    const heard = (answer: Uint8Array): void => {
      if (!this.#waiting.has(waiting) || !isAnswerTo(sent, answer)) return;
      this.#end(waiting);
      reply(withId(answer, question.subarray(0, 2)), client);
    };
    waiting.asking = ask(server, heard, () => {
      if (this.#waiting.has(waiting)) next();
    });
    waiting.asking.send(sent);
  }

  #stop(waiting: Waiting): void {
    waiting.timer?.cancel();
    waiting.asking?.close();
    waiting.asking = undefined;
  }

  #end(waiting: Waiting): void {
    this.#stop(waiting);
    if (!this.#waiting.delete(waiting)) return;
    const { address } = waiting.client;
    const left = (this.#ofClient.get(address) ?? 1) - 1;
    if (left > 0) this.#ofClient.set(address, left);
    else this.#ofClient.delete(address);
  }
}

const isResponse = (message: Uint8Array): boolean => ((message[2] ?? 0) & 0x80) !== 0;

const isQuestion = (message: Uint8Array): boolean => message.length > headerLength && !isResponse(message);

/** Its id, and where it repeats the question, as it has to unless it refuses the message's format, the same one. */
function isAnswerTo(sent: Uint8Array, answer: Uint8Array): boolean {
  if (answer.length < headerLength || !isResponse(answer) || !sameBytes(answer.subarray(0, 2), sent.subarray(0, 2))) {
    return false;
  }
  const hasQuestion = ((answer[4] ?? 0) << 8) + (answer[5] ?? 0) > 0;
  const end = questionEnd(sent);
  return !hasQuestion || lowerCase(answer.subarray(headerLength, end)) === lowerCase(sent.subarray(headerLength, end));
}

/** Names are compared without case; some servers answer in another. */
const lowerCase = (octets: Uint8Array): string => String.fromCharCode(...octets).toLowerCase();

/** Behind the first question's name, type and class. */
function questionEnd(message: Uint8Array): number {
  let at = headerLength;
  while (at < message.length && (message[at] ?? 0) !== 0) at += 1 + (message[at] ?? 0);
  return Math.min(at + 5, message.length);
}

function withId(message: Uint8Array, id: Uint8Array): Uint8Array {
  const changed = message.slice();
  changed.set(id.subarray(0, 2), 0);
  return changed;
}

/** SERVFAIL, with the question and nothing else. RFC 1035, section 4.1.1. */
function buildFailure(question: Uint8Array): Uint8Array {
  const answer = question.slice(0, questionEnd(question));
  const recursionDesired = (question[2] ?? 0) & 0x01;
  const opcode = (question[2] ?? 0) & 0x78;
  answer.set([0x80 | opcode | recursionDesired, 0x82, 0, 1, 0, 0, 0, 0, 0, 0], 2);
  return answer;
}
