/**
 * Subscribers of a built-in authentication centre, in the format of hlr_auc_gw's file: a line for each, `IMSI Ki OPc AMF SQN [RES_len]`, all
 * but the IMSI and the length in hexadecimal digits. `#` in the first column starts a comment.
 */

import { fileLines, mostProblems } from "./lines.ts";
import type { OctetText } from "./octets.ts";
import type { Problem } from "./problem.ts";

export interface MilenageSubscriber {
  readonly imsi: string;
  /** Subscriber's key and operator's constant, 16 octets each. */
  readonly k: Uint8Array;
  readonly opc: Uint8Array;
  /** Authentication management field, 2 octets. */
  readonly amf: Uint8Array;
  /** The last sequence number that was used, 48 bits. */
  readonly sqn: bigint;
  /** Octets of RES: 4 to 8. */
  readonly resLength: number;
}

export interface ParsedMilenageFile {
  /** By IMSI. */
  readonly subscribers: ReadonlyMap<string, MilenageSubscriber>;
  readonly problems: readonly Problem[];
}

const longestImsi = 15;
const fewestResOctets = 4;
const mostResOctets = 8;
/** hlr_auc_gw takes more for the same as none. */
const mostResOctetsThere = 16;

export function parseMilenageFile(text: Uint8Array, file: string): ParsedMilenageFile {
  const subscribers = new Map<string, MilenageSubscriber>();
  const problems: Problem[] = [];
  for (const { line, text: source } of fileLines(text)) {
    if (source.startsWith("#")) continue;
    const fields = fieldsOf(source);
    const complain = (field: Field | undefined, message: string): void => {
      const { at, text: found } = field ?? { at: source.length, text: "" };
      problems.push({ severity: "error", file, line, column: at + 1, length: Math.max(1, found.length), message });
    };
    if (fields.length === 0) continue;
    const subscriber = subscriberOf(fields, complain);
    if (subscriber === undefined) {
      if (problems.length >= mostProblems) break;
      continue;
    }
    if (subscribers.has(subscriber.imsi)) complain(fields[0], "this IMSI stands in a line above");
    else subscribers.set(subscriber.imsi, subscriber);
  }
  return { subscribers, problems };
}

interface Field {
  /** Octets from the start of the line. */
  readonly at: number;
  readonly text: string;
}

const fieldsOf = (source: OctetText): Field[] =>
  [...source.matchAll(/[^ \t\r]+/g)].map((match) => ({ at: match.index, text: match[0] }));

type Complain = (field: Field | undefined, message: string) => void;

function subscriberOf(fields: readonly Field[], complain: Complain): MilenageSubscriber | undefined {
  const [imsi, k, opc, amf, sqn, resLength] = fields;
  if (imsi === undefined || !/^[0-9]+$/.test(imsi.text) || imsi.text.length > longestImsi) {
    complain(imsi, `an IMSI has at most ${longestImsi} digits and nothing else`);
    return undefined;
  }
  const hex = (field: Field | undefined, name: string, octets: number): Uint8Array | undefined => {
    if (field !== undefined && field.text.length === 2 * octets && /^[0-9a-fA-F]*$/.test(field.text)) {
      return Uint8Array.from({ length: octets }, (_, i) => Number.parseInt(field.text.slice(2 * i, 2 * i + 2), 16));
    }
    complain(field, `${name} is ${2 * octets} hexadecimal digits`);
    return undefined;
  };
  const key = hex(k, "Ki", 16);
  if (key === undefined) return undefined;
  const constant = hex(opc, "OPc", 16);
  if (constant === undefined) return undefined;
  const field = hex(amf, "AMF", 2);
  if (field === undefined || hex(sqn, "SQN", 6) === undefined || sqn === undefined) return undefined;
  const length = resLength === undefined ? 0 : Number(resLength.text);
  if (!Number.isInteger(length) || (length !== 0 && (length < fewestResOctets || length > mostResOctetsThere))) {
    complain(resLength, `RES has ${fewestResOctets} to ${mostResOctets} octets; 0 stands for all of them`);
    return undefined;
  }
  return {
    imsi: imsi.text,
    k: key,
    opc: constant,
    amf: field,
    sqn: BigInt(`0x${sqn.text}`),
    resLength: length === 0 ? mostResOctets : Math.min(length, mostResOctets),
  };
}
