/** Joins connections that come in over TCP to others, octet by octet. */

import { connect, createServer, type Socket } from "node:net";

export interface StreamAddress {
  readonly address: string;
  readonly port: number;
}

export interface StreamRelay {
  close(): void;
}

/** Connections at once; the kernel keeps others waiting. */
const most = 32;
/** Milliseconds without an octet. */
const patience = 10_000;

/**
 * @param target whom the next connection is joined to; undefined refuses it
 * @param failed the place is taken, or the like: nobody is served then
 */
export function startStreamRelay(
  local: StreamAddress,
  target: () => StreamAddress | undefined,
  failed: (reason: string) => void,
): StreamRelay {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    const to = target();
    if (to === undefined) {
      near.destroy();
      return;
    }
    const far = connect({ host: to.address, port: to.port, allowHalfOpen: true });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.setTimeout(patience, () => socket.destroy());
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    near.resume();
  });
  server.maxConnections = most;
  server.on("error", (error) => failed(error.message));
  server.listen({ host: local.address, port: local.port });
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
