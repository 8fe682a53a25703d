import { Reader } from "../../base/bytes.ts";
import { type AttributeSet, attributes, type Decoded, type Request, type Shape } from "../netlink/attributes.ts";
import { commands } from "./generated/commands.ts";

export type CommandName = keyof typeof commands;

/** A command or an event: its number, and the attributes that it carries, those in R always. */
export interface MessageType<S extends Shape, R extends keyof S> {
  /** As the kernel's header has it, `NL80211_CMD_START_AP`: what errors show. */
  readonly name: string;
  readonly command: number;
  readonly attributes: AttributeSet<S, R>;
  /** The values with the number, ready to be sent. */
  build(values: Request<S, R>): Nl80211Message;
  /** @throws MalformedError */
  decode(attributes: Uint8Array): Decoded<S, R>;
}

/** A command with its attributes encoded. */
export interface Nl80211Message {
  readonly name: string;
  readonly command: number;
  readonly attributes: Uint8Array;
}

export function messageType<const S extends Shape, const R extends keyof S & string = never>(
  command: CommandName,
  shape: S,
  required: readonly R[] = [],
): MessageType<S, R> {
  const set = attributes(shape, required);
  const name = `NL80211_CMD_${command}`;
  return {
    name,
    command: commands[command],
    attributes: set,
    build: (values) => ({ name, command: commands[command], attributes: set.encode(values) }),
    decode: (encoded) => set.decode(new Reader(encoded, [name])),
  };
}
