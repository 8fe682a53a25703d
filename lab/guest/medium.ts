/**
 * The air between simulated radios, played by this process: mac80211_hwsim hands over each frame that a radio sends, and takes
 * those that one is to receive. Stations can so be any number, and need no radio. drivers/net/wireless/virtual/mac80211_hwsim.h.
 */

import { Reader } from "../../src/base/bytes.ts";
import type { MacAddress } from "../../src/base/mac-address.ts";
import { NetlinkClient } from "../../src/linux/netlink-client.ts";
import { openNetlink } from "../../src/linux/netlink-socket.ts";
import type { Reactor } from "../../src/linux/reactor.ts";
import { attr, attributes, bytes, macAddress, u32, u64 } from "../../src/wire/netlink/attributes.ts";
import {
  controller,
  decodeFamily,
  decodeGeneric,
  encodeGeneric,
  encodeGetFamily,
} from "../../src/wire/netlink/generic.ts";
import { encodeMessage, messageFlags } from "../../src/wire/netlink/message.ts";

const commands = { register: 1, frame: 2, transmitted: 3 } as const;

/** A radio's own name for itself in this family; not the address of its interface. */
const radioAddress = (number: number): MacAddress =>
  `42:00:00:00:${(number >> 8).toString(16).padStart(2, "0")}:${(number & 0xff).toString(16).padStart(2, "0")}` as MacAddress;

const sent = attributes(
  {
    radio: attr(2, macAddress),
    frame: attr(3, bytes),
    flags: attr(4, u32),
    rates: attr(7, bytes),
    cookie: attr(8, u64),
  },
  ["radio", "frame", "flags", "cookie"],
);
const status = attributes({
  radio: attr(2, macAddress),
  flags: attr(4, u32),
  signal: attr(6, u32),
  rates: attr(7, bytes),
  cookie: attr(8, u64),
});
const received = attributes({
  radio: attr(1, macAddress),
  frame: attr(3, bytes),
  rate: attr(5, u32),
  signal: attr(6, u32),
});

const transmitFlags = { noAcknowledgement: 1 << 1, acknowledged: 1 << 2 } as const;

/** What simulated radios without a medium get; it is read as a signed number. */
const signal = -30 >>> 0;

export interface Medium {
  /** @param radio its number, 0 for the first; the frame is on the channel that it listens to */
  deliver(radio: number, frame: Uint8Array): void;
  close(): void;
}

/** @param onFrame hears each frame that a radio sends; it tells whether somebody acknowledges it */
export function openMedium(reactor: Reactor, onFrame: (frame: Uint8Array) => boolean): Medium {
  const socket = openNetlink(reactor, "generic");
  const take = (): void => {
    for (let event = client.nextEvent(); event !== undefined; event = client.nextEvent()) {
      if (event === "overrun") throw new Error("more frames than the medium's socket holds");
      const { command, attributes: body } = decodeGeneric(event.payload);
      if (command === commands.frame) answer(sent.decode(new Reader(body, ["frame"])));
    }
  };
  const watch = socket.onReadable(take);
  const client = new NetlinkClient(socket, () => watch.wake());
  const { payloads } = client.request({
    name: "CTRL_CMD_GETFAMILY",
    type: controller.family,
    payload: encodeGetFamily("MAC80211_HWSIM"),
  });
  const { id } = decodeFamily(payloads[0] ?? new Uint8Array());
  const send = (command: number, body: Uint8Array): void =>
    socket.send(
      encodeMessage({
        type: id,
        flags: messageFlags.request,
        sequence: 0,
        port: 0,
        payload: encodeGeneric({ command, version: 1, attributes: body }),
      }),
    );
  const answer = ({ radio, frame, flags, rates, cookie }: ReturnType<typeof sent.decode>): void => {
    const isAcknowledged = onFrame(frame) && (flags & transmitFlags.noAcknowledgement) === 0;
    const result = isAcknowledged ? flags | transmitFlags.acknowledged : flags;
    send(
      commands.transmitted,
      status.encode({ radio, flags: result, signal, rates: rates ?? new Uint8Array(8), cookie }),
    );
  };
  client.request({
    name: "HWSIM_CMD_REGISTER",
    type: id,
    payload: encodeGeneric({ command: commands.register, version: 1, attributes: new Uint8Array(0) }),
  });
  return {
    deliver: (radio, frame) =>
      send(commands.frame, received.encode({ radio: radioAddress(radio), frame, rate: 0, signal })),
    close: () => {
      watch.close();
      socket.close();
    },
  };
}
