/**
 * EAP-TNC: what a station says about its own state, after another method and inside its tunnel. TCG "TNC IF-T: Protocol Bindings for
 * Tunneled EAP Methods" 1.1, "TNC IF-TNCCS" 1.2. No verifiers (IMVs) judge what it says: as with hostapd where none are configured, the
 * recommendation is to allow access.
 */

import { concat, type Reader, textOf, utf8, Writer } from "../../base/bytes.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../method.ts";

const { type } = eapTypes.TNC;

const flag = { length: 0x80, more: 0x40, start: 0x20 } as const;
const versionMask = 0x07;
const version = 1;

/** Most octets of a packet's Type-Data: there is a tunnel around it. */
const fragmentSize = 1300;
/** Of what a station says at once, in octets. */
const longestMessage = 65_536;

/** TNCC-TNCS-Message of this type: TNCCS-Recommendation. IF-TNCCS 1.2, 2.8.5. */
const recommendationType = "00000001";

type TncState =
  /** Asked to say what it has to say, or to say it to the end. */
  | { readonly kind: "asked"; readonly received: { readonly total: number; readonly octets: Uint8Array } | undefined }
  /** Told what is recommended. */
  | { readonly kind: "told"; readonly unsent: Uint8Array };

type Step = MethodStep<TncState>;

export const tncMethod: EapMethod<TncState> = {
  name: "TNC",
  type,
  begin,
  respond,
  forget: () => undefined,
};

function begin(call: MethodCall): Step {
  // It proves nothing: as a method of its own it would let in whoever asks.
  if (call.phase === 1) return { kind: "failure", reason: "EAP-TNC has its place inside a tunnel only" };
  return request(flag.start | version, new Uint8Array(0), { kind: "asked", received: undefined });
}

const request = (flags: number, data: Uint8Array, state: TncState): Step => ({
  kind: "request",
  data: concat(Uint8Array.of(flags), data),
  state,
});

function respond(_call: MethodCall, state: TncState, data: Reader): Step {
  if (state.kind === "told") return told(state, data);
  const flags = data.u8();
  if ((flags & versionMask) !== version) return { kind: "ignored", reason: `version ${flags & versionMask}` };
  if (flags & flag.start) return { kind: "ignored", reason: "a start from the peer" };
  let total = state.received?.total;
  if (flags & flag.length) {
    const announced = data.u32be();
    if (total !== undefined && announced !== total) data.fail("another length than before");
    if (announced > longestMessage) data.fail(`a message of ${announced} octets`);
    total = announced;
  }
  const piece = data.rest();
  const octets = concat(state.received?.octets ?? new Uint8Array(0), piece);
  if (total !== undefined && octets.length > total) data.fail("pieces longer than their message");
  if (flags & flag.more) {
    if (total === undefined) data.fail("a piece of a message of unknown length");
    if (piece.length === 0) data.fail("an empty piece");
    return request(version, new Uint8Array(0), { kind: "asked", received: { total, octets } });
  }
  const batch = batchIn(textOf(octets));
  if (batch === undefined) return { kind: "failure", reason: "no TNCCS batch" };
  if (batch !== 1) return { kind: "failure", reason: `TNCCS batch ${batch} instead of the first` };
  return send(utf8(recommendation(batch + 1)), true);
}

/** BatchId of a whole batch. */
function batchIn(text: string): number | undefined {
  const [, id] = /<TNCCS-Batch\s[^>]*\bBatchId="?([0-9]{1,9})"?[^>]*>/.exec(text) ?? [];
  return id === undefined || !text.includes("</TNCCS-Batch>") ? undefined : Number(id);
}

const namespace = "http://www.trustedcomputinggroup.org/IWG/TNC/1_0/IF_TNCCS#";
const schema = "https://www.trustedcomputinggroup.org/XML/SCHEMA/TNCCS_1.0.xsd";

const recommendation = (batch: number): string => `<?xml version="1.0"?>
<TNCCS-Batch BatchId="${batch}" Recipient="TNCC" xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${namespace} ${schema}">
<TNCC-TNCS-Message><Type>${recommendationType}</Type><XML><TNCCS-Recommendation type="allow"></TNCCS-Recommendation></XML></TNCC-TNCS-Message>
</TNCCS-Batch>`;

function send(message: Uint8Array, isFirst: boolean): Step {
  const isWhole = 1 + message.length <= fragmentSize;
  const announces = isFirst && !isWhole;
  const piece = message.subarray(0, fragmentSize - (announces ? 5 : 1));
  const head = announces ? new Writer().u32be(message.length).finish() : new Uint8Array(0);
  const flags = version | (announces ? flag.length : 0) | (isWhole ? 0 : flag.more);
  return request(flags, concat(head, piece), { kind: "told", unsent: message.slice(piece.length) });
}

/** Whatever the station says to a recommendation has no consequence. */
function told({ unsent }: Extract<TncState, { kind: "told" }>, data: Reader): Step {
  if (unsent.length === 0) return { kind: "success", keys: undefined };
  // An acknowledgement: empty, or nothing but flags.
  if (data.remaining > 1) return { kind: "ignored", reason: "a message where an acknowledgement is awaited" };
  return send(unsent, false);
}
