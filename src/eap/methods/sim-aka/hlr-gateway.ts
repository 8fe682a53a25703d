/**
 * The authentication centre behind hlr_auc_gw's socket, or behind whatever else speaks its protocol: lines of text over UNIX datagrams.
 * `SIM-REQ-AUTH IMSI COUNT` is answered by `SIM-RESP-AUTH IMSI Kc:SRES:RAND ...`, `AKA-REQ-AUTH IMSI` by
 * `AKA-RESP-AUTH IMSI RAND AUTN IK CK RES`, either by `FAILURE` in place of the values; `AKA-AUTS IMSI AUTS RAND` has no answer.
 */

import { bytesOfHex, hexOf, textOf, utf8 } from "../../../base/bytes.ts";
import type { Clock, Timer } from "../../../base/clock.ts";
import type { Duration } from "../../../base/duration.ts";
import { messageOf } from "../../../base/errors.ts";
import type { AkaVector, AuthenticationCentre, GsmTriplet } from "./authentication-centre.ts";

/** A socket that is connected to the gateway's. */
export interface GatewayConnection {
  /** @throws KernelRefusal where the gateway is gone */
  send(request: Uint8Array): void;
  close(): void;
}

export interface HlrGatewayOptions {
  readonly clock: Clock;
  /** `eap_sim_db_timeout`. */
  readonly timeout: Duration;
  /** @param receive is called with each datagram @throws KernelRefusal where nobody serves the socket */
  connect(receive: (answer: Uint8Array) => void): GatewayConnection;
  /** For people, without secrets. */
  warn(text: string): void;
}

/** Requests that are not answered yet; more are refused at once. */
const mostPending = 10_000;

interface Pending {
  readonly timer: Timer;
  /** @param values what stands behind the IMSI; undefined where nothing came */
  resolve(values: readonly string[] | undefined): void;
}

export const hlrGateway = (options: HlrGatewayOptions): AuthenticationCentre => new HlrGateway(options);

class HlrGateway implements AuthenticationCentre {
  readonly #options: HlrGatewayOptions;
  /** By `SIM IMSI` or `AKA IMSI`, those that have waited longest first: each answer is used once. */
  readonly #pending = new Map<string, Pending[]>();
  #count = 0;
  #connection: GatewayConnection | undefined;
  #isClosed = false;

  constructor(options: HlrGatewayOptions) {
    this.#options = options;
  }

  async gsmTriplets(imsi: string, count: number): Promise<readonly GsmTriplet[]> {
    const values = await this.#ask("SIM", imsi, `SIM-REQ-AUTH ${imsi} ${count}`);
    const triplets = values?.map(parseTriplet) ?? [];
    return triplets.flatMap((triplet) => triplet ?? []).slice(0, count);
  }

  async akaVector(imsi: string): Promise<AkaVector | undefined> {
    const values = await this.#ask("AKA", imsi, `AKA-REQ-AUTH ${imsi}`);
    return values && parseVector(values);
  }

  resynchronize(imsi: string, auts: Uint8Array, rand: Uint8Array): void {
    this.#send(`AKA-AUTS ${imsi} ${hexOf(auts)} ${hexOf(rand)}`);
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close();
    this.#connection = undefined;
    for (const waiting of this.#pending.values())
      for (const { timer, resolve } of waiting) {
        timer.cancel();
        resolve(undefined);
      }
    this.#pending.clear();
    this.#count = 0;
  }

  #ask(kind: "SIM" | "AKA", imsi: string, request: string): Promise<readonly string[] | undefined> {
    return new Promise((resolve) => {
      if (this.#count >= mostPending || !this.#send(request)) return resolve(undefined);
      const key = `${kind} ${imsi}`;
      const timer = this.#options.clock.after("authentication centre", this.#options.timeout, () => {
        this.#remove(key, pending);
        resolve(undefined);
      });
      const pending: Pending = { timer, resolve };
      const waiting = this.#pending.get(key);
      if (waiting === undefined) this.#pending.set(key, [pending]);
      else waiting.push(pending);
      this.#count += 1;
    });
  }

  #remove(key: string, pending: Pending): void {
    const waiting = this.#pending.get(key)?.filter((other) => other !== pending) ?? [];
    if (waiting.length === 0) this.#pending.delete(key);
    else this.#pending.set(key, waiting);
    this.#count -= 1;
  }

  /** A gateway that was started anew is found again. @returns whether it went out */
  #send(request: string): boolean {
    if (this.#isClosed) return false;
    const octets = utf8(request);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        this.#connection ??= this.#options.connect((answer) => this.#receive(textOf(answer)));
        this.#connection.send(octets);
        return true;
      } catch (error) {
        this.#connection?.close();
        this.#connection = undefined;
        if (attempt === 1) this.#options.warn(`the authentication centre can't be asked: ${messageOf(error)}`);
      }
    }
    return false;
  }

  #receive(answer: string): void {
    const [verb = "", imsi = "", ...values] = answer.split(/[\s\0]+/).filter((word) => word !== "");
    const kind = { "SIM-RESP-AUTH": "SIM", "AKA-RESP-AUTH": "AKA" }[verb];
    const key = `${kind} ${imsi}`;
    const [first] = kind === undefined ? [] : (this.#pending.get(key) ?? []);
    if (first === undefined) return;
    this.#remove(key, first);
    first.timer.cancel();
    first.resolve(values[0] === "FAILURE" ? undefined : values);
  }
}

function parseTriplet(text: string): GsmTriplet | undefined {
  const [kc, sres, rand] = text.split(":").map(bytesOfHex);
  return kc?.length === 8 && sres?.length === 4 && rand?.length === 16 ? { kc, sres, rand } : undefined;
}

function parseVector(values: readonly string[]): AkaVector | undefined {
  const [rand, autn, ik, ck, res] = values.map(bytesOfHex);
  if (rand?.length !== 16 || autn?.length !== 16 || ik?.length !== 16 || ck?.length !== 16) return undefined;
  return res !== undefined && res.length >= 4 && res.length <= 16 ? { rand, autn, ik, ck, res } : undefined;
}
