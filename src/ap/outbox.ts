/** Frames that a BSS sends, and what becomes of them. */

import type { BssEvent, BssPort, SendManagement } from "../driver/port.ts";
import { encodeManagementFrame, type ManagementAddressing } from "../wire/ieee80211/frame.ts";
import type { Bss } from "./bss.ts";
import { protectedVlanOf } from "./sa-querying.ts";
import { type SentFrame, SentFrames } from "./sent-frames.ts";

export type Addressing = Pick<ManagementAddressing, "subtype" | "receiver">;

export class Outbox {
  readonly #bss: Bss;
  readonly #sent = new SentFrames();

  constructor(bss: Bss) {
    this.#bss = bss;
  }

  /** Frames that the radio has not told of yet. */
  get awaited(): number {
    return this.#sent.awaited;
  }

  send(addressing: Addressing, body: Uint8Array, sent?: SentFrame): boolean {
    const { address } = this.#bss;
    const frame = encodeManagementFrame({ ...addressing, transmitter: address, bssid: address }, body);
    const vlan = protectedVlanOf(this.#bss, addressing);
    return this.#send(sent, (port) => (vlan ?? port).sendManagement(frame));
  }

  transmit(frame: Uint8Array, sent: SentFrame | undefined, options: Omit<SendManagement, "frequency">): boolean {
    return this.#send(sent, (port) => port.sendManagement(frame, options));
  }

  onStatus({ cookie, frame, acknowledged }: BssEvent & { type: "management-status" }): void {
    if (!this.#bss.diversions.management) return this.#sent.settle(cookie, acknowledged, frame);
    this.#sent.divert(cookie, frame);
    this.#bss.report({ type: "management-transmitted", frame, acknowledged });
  }

  settleDiverted(frame: Uint8Array, acknowledged: boolean): boolean {
    return this.#sent.settleDiverted(frame, acknowledged);
  }

  clear(): void {
    this.#sent.clear();
  }

  #send(sent: SentFrame | undefined, send: (port: BssPort) => bigint): boolean {
    const cookie = this.#bss.attempt(send);
    if (cookie === undefined) return false;
    if (sent) this.#sent.expect(cookie, sent);
    return true;
  }
}
