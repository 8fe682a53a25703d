/** Programs that the kernel runs on packets: classic BPF, bpf(4) and the kernel's networking/filter.rst. */

import { constants as c, libc, systemCall } from "./libc.ts";

/** One instruction: code, how many to skip where true and where false, operand. */
export type FilterInstruction = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];
export type PacketFilter = readonly FilterInstruction[];

/** Codes of linux/bpf_common.h, put together. `Indexed` is at X and the operand, `Slot` one of 16 words of memory. */
export const bpf = {
  loadByte: 0x30,
  loadHalf: 0x28,
  loadWord: 0x20,
  loadByteIndexed: 0x50,
  loadHalfIndexed: 0x48,
  loadWordIndexed: 0x40,
  /** Octets of the packet. */
  loadLength: 0x80,
  loadConstant: 0x00,
  loadSlot: 0x60,
  loadXSlot: 0x61,
  loadXConstant: 0x01,
  /** Of an IPv4 packet, into X. */
  loadHeaderLength: 0xb1,
  store: 0x02,
  storeX: 0x03,
  addX: 0x0c,
  add: 0x04,
  subtract: 0x14,
  multiply: 0x24,
  shiftRight: 0x74,
  modulo: 0x94,
  jump: 0x05,
  jumpIfEqual: 0x15,
  jumpIfAtLeast: 0x35,
  jumpIfMore: 0x25,
  jumpIfMoreThanX: 0x2d,
  jumpIfSet: 0x45,
  toX: 0x07,
  /** With the operand for a verdict. */
  end: 0x06,
  /** With A for a verdict. */
  endWithA: 0x16,
} as const;

/** @param lines instructions, places (`at: NAME`) and jumps to places further down (`to: NAME`) */
export function assembleFilter(lines: readonly (FilterInstruction | `${"at" | "to"}: ${string}`)[]): PacketFilter {
  const places = new Map<string, number>();
  let length = 0;
  for (const line of lines) {
    if (typeof line === "string" && line.startsWith("at: ")) places.set(line.slice(4), length);
    else length += 1;
  }
  const filter: FilterInstruction[] = [];
  for (const line of lines) {
    if (typeof line !== "string") filter.push(line);
    else if (line.startsWith("to: "))
      filter.push([bpf.jump, 0, 0, (places.get(line.slice(4)) ?? 0) - filter.length - 1]);
  }
  return filter;
}

/** @param option `SO_ATTACH_FILTER` and the like @throws KernelRefusal */
export function attachFilter(fd: number, option: number, filter: PacketFilter): void {
  const program = new Uint8Array(8 * filter.length);
  const view = new DataView(program.buffer);
  for (const [i, [code, whenTrue, whenFalse, operand]] of filter.entries()) {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, whenTrue);
    view.setUint8(8 * i + 3, whenFalse);
    view.setUint32(8 * i + 4, operand, true);
  }
  systemCall("setsockopt", () => libc.attachFilter(fd, c.SOL_SOCKET, option, { length: filter.length, program }, 16));
}
