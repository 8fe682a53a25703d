import { MalformedError, type Reader, Writer } from "../../base/bytes.ts";
import { type Ipv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import { optionCode } from "./option-code.ts";

/** DHCP Message Type. RFC 2132, section 9.6; RFC 3203; RFC 4388. */
const messageTypes = [
  "discover",
  "offer",
  "request",
  "decline",
  "ack",
  "nak",
  "release",
  "inform",
  "forcerenew",
  "leasequery",
] as const;

export type DhcpMessageType = (typeof messageTypes)[number];

/**
 * A DHCP message, client's or server's. RFC 2131, section 2. Options that came in several pieces are put together (RFC 3396), and those
 * that lay in `file` and `sname` stand with the others (RFC 2132, section 9.3).
 */
export interface DhcpMessage {
  readonly op: "request" | "reply";
  readonly hardwareType: number;
  readonly hops: number;
  /** Transaction ID, 32 bits. */
  readonly xid: number;
  /** Since the client began, as it says. */
  readonly seconds: number;
  /** The client can't receive unicast before it is configured. */
  readonly broadcast: boolean;
  readonly ciaddr: Ipv4Address;
  readonly yiaddr: Ipv4Address;
  readonly siaddr: Ipv4Address;
  readonly giaddr: Ipv4Address;
  /** Client hardware address: at most 16 octets. */
  readonly chaddr: Uint8Array;
  /** Server host name, octets up to the first zero; empty where the field holds options. */
  readonly serverName: Uint8Array;
  /** Boot file name, likewise. */
  readonly file: Uint8Array;
  /** undefined for plain BOOTP. */
  readonly type: DhcpMessageType | undefined;
  /** All options but pad, end, overload and message type, in the order of their first piece. */
  readonly options: ReadonlyMap<number, Uint8Array>;
}

export const etherHardware = 1;

const magic = 0x6382_5363;
const broadcastFlag = 0x8000;
const chaddrSize = 16;
const serverNameSize = 64;
const fileSize = 128;
/** Octets of the fixed part with the magic cookie. */
const fixedLength = 240;
/** Clients of BOOTP drop what is shorter. RFC 951, section 3. */
const leastLength = 300;
/** What every client takes: 576 octets with the headers of IP and UDP. RFC 2131, section 2. */
export const defaultMaxMessageLength = 548;

/** @throws MalformedError */
export function decodeDhcpMessage(r: Reader): DhcpMessage {
  const op = r.u8();
  if (op !== 1 && op !== 2) r.fail(`op is ${op}`);
  const hardwareType = r.u8();
  const hardwareLength = r.u8();
  if (hardwareLength > chaddrSize) r.fail(`a hardware address of ${hardwareLength} octets`);
  const hops = r.u8();
  const xid = r.u32be();
  const seconds = r.u16be();
  const flags = r.u16be();
  const [ciaddr, yiaddr, siaddr, giaddr] = [address(r), address(r), address(r), address(r)];
  const chaddr = r.take(chaddrSize).slice(0, hardwareLength);
  const serverNameField = r.field("sname", serverNameSize);
  const fileField = r.field("file", fileSize);
  if (r.u32be() !== magic) r.fail("no magic cookie of DHCP");

  const pieces = new Map<number, Uint8Array[]>();
  decodeOptions(r.field("options"), pieces);
  const overload = pieces.get(optionCode.overload)?.[0]?.[0] ?? 0;
  if (overload & 1) decodeOptions(fileField, pieces);
  if (overload & 2) decodeOptions(serverNameField, pieces);

  const options = new Map([...pieces].map(([code, parts]) => [code, joined(parts)]));
  const type = options.get(optionCode.messageType);
  if (type !== undefined && type.length !== 1) r.fail(`a message type of ${type.length} octets`);
  options.delete(optionCode.messageType);
  options.delete(optionCode.overload);
  return {
    op: op === 1 ? "request" : "reply",
    hardwareType,
    hops,
    xid,
    seconds,
    broadcast: (flags & broadcastFlag) !== 0,
    ciaddr,
    yiaddr,
    siaddr,
    giaddr,
    chaddr,
    serverName: overload & 2 ? new Uint8Array() : textField(serverNameField),
    file: overload & 1 ? new Uint8Array() : textField(fileField),
    type: type === undefined ? undefined : typeOf(r, type[0] ?? 0),
    options,
  };
}

function typeOf(r: Reader, number: number): DhcpMessageType {
  return messageTypes[number - 1] ?? r.fail(`message type ${number} is unknown`);
}

/** Without an end option the field's end is the end; some clients do so. */
function decodeOptions(r: Reader, pieces: Map<number, Uint8Array[]>): void {
  while (r.remaining > 0) {
    const code = r.u8();
    if (code === optionCode.pad) continue;
    if (code === optionCode.end) return;
    const data = r.take(r.u8()).slice();
    const before = pieces.get(code);
    if (before) before.push(data);
    else pieces.set(code, [data]);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first;
  const all = new Writer();
  for (const part of parts) all.put(part);
  return all.finish();
}

const address = (r: Reader): Ipv4Address => ipv4AddressOf(r.u32be());

function textField(r: Reader): Uint8Array {
  const field = r.rest();
  const end = field.indexOf(0);
  return field.slice(0, end === -1 ? field.length : end);
}

/**
 * Options in the order of the map, those that don't fit any more left out at the end, after `file` and `sname` have been used where they are
 * free. RFC 2132, section 9.3; RFC 3396.
 * @param maxLength octets that the client takes
 */
export function encodeDhcpMessage(message: DhcpMessage, maxLength = defaultMaxMessageLength): Uint8Array {
  const { chaddr, serverName, file, type } = message;
  const room = Math.max(maxLength, leastLength) - fixedLength;
  const all: (readonly [number, Uint8Array])[] = [...message.options];
  if (type !== undefined) all.unshift([optionCode.messageType, Uint8Array.of(messageTypes.indexOf(type) + 1)]);
  const encoded = all.map(([code, data]) => encodeOption(code, data));
  const areas = placed(encoded, room, { file: file.length === 0, serverName: serverName.length === 0 });

  const w = new Writer()
    .u8(message.op === "request" ? 1 : 2)
    .u8(message.hardwareType)
    .u8(chaddr.length)
    .u8(message.hops)
    .u32be(message.xid)
    .u16be(message.seconds)
    .u16be(message.broadcast ? broadcastFlag : 0)
    .u32be(message.ciaddr)
    .u32be(message.yiaddr)
    .u32be(message.siaddr)
    .u32be(message.giaddr);
  padded(w, chaddr, chaddrSize);
  padded(w, areas.serverName ?? serverName, serverNameSize);
  padded(w, areas.file ?? file, fileSize);
  w.u32be(magic).put(areas.options);
  return w.zeros(Math.max(0, leastLength - w.length)).finish();
}

/** In pieces where it is longer than a length octet can say. */
function encodeOption(code: number, data: Uint8Array): Uint8Array {
  const w = new Writer();
  let at = 0;
  do {
    const piece = data.subarray(at, at + 255);
    w.u8(code).u8(piece.length).put(piece);
    at += piece.length;
  } while (at < data.length);
  return w.finish();
}

interface Areas {
  readonly options: Uint8Array;
  readonly file?: Uint8Array;
  readonly serverName?: Uint8Array;
}

const overloadLength = 3;

function placed(
  encoded: readonly Uint8Array[],
  room: number,
  free: { readonly file: boolean; readonly serverName: boolean },
): Areas {
  const total = encoded.reduce((sum, { length }) => sum + length, 0);
  if (total + 1 <= room) return { options: ended(encoded) };
  const options = new Area(room - overloadLength);
  const file = new Area(free.file ? fileSize : 0);
  const serverName = new Area(free.serverName ? serverNameSize : 0);
  for (const option of encoded) [options, file, serverName].find((area) => area.take(option));
  const overload = (file.isUsed ? 1 : 0) | (serverName.isUsed ? 2 : 0);
  const lead = overload === 0 ? [] : [Uint8Array.of(optionCode.overload, 1, overload)];
  return {
    options: ended([...lead, ...options.taken]),
    ...(file.isUsed ? { file: ended(file.taken) } : {}),
    ...(serverName.isUsed ? { serverName: ended(serverName.taken) } : {}),
  };
}

class Area {
  readonly taken: Uint8Array[] = [];
  #left: number;

  constructor(size: number) {
    // the end option
    this.#left = size - 1;
  }

  get isUsed(): boolean {
    return this.taken.length > 0;
  }

  take(option: Uint8Array): boolean {
    if (option.length > this.#left) return false;
    this.#left -= option.length;
    this.taken.push(option);
    return true;
  }
}

function ended(options: readonly Uint8Array[]): Uint8Array {
  const w = new Writer();
  for (const option of options) w.put(option);
  return w.u8(optionCode.end).finish();
}

function padded(w: Writer, bytes: Uint8Array, size: number): void {
  if (bytes.length > size) throw new MalformedError(["DHCP"], 0, `${bytes.length} octets do not fit into ${size}`);
  w.put(bytes).zeros(size - bytes.length);
}
