/** A client's end of a control socket: requests one after the other, and the events that come between. */

import { textOf, utf8 } from "../../base/bytes.ts";
import type { Clock, Timer } from "../../base/clock.ts";
import { milliseconds, seconds, since } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { connectUnixDatagram, type UnixDatagramConnection } from "../../linux/unix-datagram.ts";

export type Answer =
  | { readonly type: "answer"; readonly data: Uint8Array }
  /** The daemon didn't answer in time. */
  | { readonly type: "timed-out" }
  /** It is gone, or doesn't read. */
  | { readonly type: "failed" };

export interface Connection {
  request(command: string): Promise<Answer>;
  /** Removes the socket from the file system; requests under way fail. */
  close(): void;
}

export interface ConnectOptions {
  readonly reactor: Reactor;
  readonly clock: Clock;
  /** The daemon's socket. */
  readonly path: string;
  /** Where the client's own goes. */
  readonly clientDirectory: string | undefined;
  readonly processId: number;
  /** Text of an event, `<3>AP-ENABLED `. */
  readonly onEvent: (event: string) => void;
}

/** hostapd answers with up to 8 KiB; longer ones are possible, and would be cut. */
const longestAnswer = 65536;
const answerTime = seconds(10);
/** How long a daemon may leave its socket full. */
const sendTime = seconds(5);
const sendAgainAfter = milliseconds(50);
const defaultClientDirectory = "/tmp";
/** Sockets of this process, one for each network that it speaks with, and of others with the same process ID in another PID name space. */
const mostNames = 100;

/** @throws KernelRefusal where nobody is there, or the client's socket can't be made */
export function connect(options: ConnectOptions): Connection {
  const { reactor, clock, onEvent } = options;
  const socket = open(options);
  let waiting: ((answer: Answer) => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  socket.onReadable(() => {
    for (;;) {
      const data = receive(socket);
      if (data === undefined) return;
      if (isEvent(data)) onEvent(textOf(data));
      else waiting?.({ type: "answer", data });
      if (closed) return;
    }
  });

  async function exchange(command: string): Promise<Answer> {
    if (closed || !(await sendPatiently(socket, utf8(command), clock))) return { type: "failed" };
    let timer: Timer | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      waiting = resolve;
      timer = clock.after("control answer", answerTime, () => resolve({ type: "timed-out" }));
      if (closed) resolve({ type: "failed" });
    });
    timer?.cancel();
    waiting = undefined;
    return answer;
  }

  return {
    request: (command) => {
      const answer = last.then(() => exchange(command));
      last = answer;
      return answer;
    },
    close: () => {
      closed = true;
      socket.close();
      waiting?.({ type: "failed" });
    },
  };

  function open({ path, clientDirectory = defaultClientDirectory, processId }: ConnectOptions): UnixDatagramConnection {
    for (let number = 1; ; number++) {
      const own = `${clientDirectory}/wpa_ctrl_${processId}-${number}`;
      try {
        return connectUnixDatagram(reactor, { peer: path, path: own, maxLength: longestAnswer });
      } catch (thrown) {
        if (number === mostNames || !(thrown instanceof KernelRefusal) || thrown.errno !== "EADDRINUSE") throw thrown;
      }
    }
  }
}

/** An answer begins with neither: what starts so has been sent to everybody who is attached. */
const isEvent = (data: Uint8Array): boolean => data[0] === 0x3c || textOf(data.subarray(0, 7)) === "IFNAME=";

function receive(socket: UnixDatagramConnection): Uint8Array | undefined {
  try {
    return socket.receive();
  } catch (thrown) {
    // The other end is gone: the next request says so.
    if (thrown instanceof KernelRefusal) return undefined;
    throw thrown;
  }
}

async function sendPatiently(socket: UnixDatagramConnection, data: Uint8Array, clock: Clock): Promise<boolean> {
  const begun = clock.now();
  for (;;) {
    try {
      socket.send(data);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      if (thrown.errno !== "EAGAIN" || since(clock, begun) > sendTime) return false;
    }
    await new Promise<void>((resolve) => void clock.after("control socket full", sendAgainAfter, resolve));
  }
}

export const answerText = (answer: Answer): string => (answer.type === "answer" ? textOf(answer.data) : "");

/** Whether the daemon sends its events from now on. */
export const attach = async (connection: Connection): Promise<boolean> =>
  answerText(await connection.request("ATTACH")) === "OK\n";
