import { KernelRefusal } from "../base/errors.ts";
import type { OpenEthernet } from "../base/ethernet-tap.ts";
import { type Log, silent } from "../base/log.ts";
import { libc } from "./libc.ts";
import { openPacketSocket } from "./packet-socket.ts";
import type { Reactor } from "./reactor.ts";

export const linuxEthernet =
  (reactor: Reactor, log: Log = silent): OpenEthernet =>
  (interfaceName, etherType, onFrame) => {
    const index = libc.ifNameToIndex(interfaceName);
    if (index === 0) throw new KernelRefusal("if_nametoindex", "ENODEV");
    const socket = openPacketSocket(reactor, index, etherType);
    const watch = socket.onReadable(() => {
      for (;;) {
        const frame = receive();
        if (!frame) return;
        onFrame(frame);
      }
    });
    const receive = (): Uint8Array | undefined => {
      try {
        return socket.receive();
      } catch (thrown) {
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        // the interface went down: the socket lives on and works again when it is up
        log.for(interfaceName).debug(thrown.message);
        return undefined;
      }
    };
    return {
      send: (frame) => socket.send(frame),
      close: () => {
        watch.close();
        socket.close();
      },
    };
  };
