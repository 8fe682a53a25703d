import { textOf, utf8 } from "../src/base/bytes.ts";
import { KernelRefusal } from "../src/base/errors.ts";
import { Reactor } from "../src/linux/reactor.ts";
import { bindUnixDatagram, type UnixAddress } from "../src/linux/unix-datagram.ts";

/** A daemon's control socket with scripted answers. */
export interface FakeControlSocket {
  /** Requests in the order they came. */
  readonly requests: readonly string[];
  /** To everybody who has sent ATTACH. */
  sendEvent(text: string): void;
  close(): void;
}

/** @param answer undefined: no answer */
export function fakeControlSocket(path: string, answer: (request: string) => string | undefined): FakeControlSocket {
  const reactor = new Reactor();
  const socket = bindUnixDatagram(reactor, { path, mode: 0o770, maxLength: 4096 });
  const attached = new Set<UnixAddress>();
  const requests: string[] = [];
  const sendTo = (client: UnixAddress, text: string): void => {
    try {
      socket.sendTo(client, utf8(text));
    } catch (thrown) {
      // Who doesn't read, or has gone meanwhile, hears nothing.
      if (!(thrown instanceof KernelRefusal)) throw thrown;
    }
  };
  socket.onReadable(() => {
    for (let datagram = socket.receive(); datagram; datagram = socket.receive()) {
      const request = textOf(datagram.data);
      requests.push(request);
      if (request === "ATTACH") attached.add(datagram.sender);
      if (request === "DETACH") attached.delete(datagram.sender);
      const text = request === "ATTACH" || request === "DETACH" ? "OK\n" : answer(request);
      if (text !== undefined) sendTo(datagram.sender, text);
    }
  });
  return {
    requests,
    sendEvent: (text) => {
      for (const client of attached) sendTo(client, text);
    },
    close: () => {
      socket.close();
      reactor.close();
    },
  };
}
