/**
 * The air inside the process: carries whole 802.11 frames, without FCS, from one antenna to all others on the channel.
 * One frame is on a channel at a time; a unicast frame is acknowledged by whoever has its receiver address, and sent
 * again a few times when nobody does.
 */

import type { Clock } from "../../base/clock.ts";
import { milliseconds } from "../../base/duration.ts";
import { isGroupAddress, type MacAddress, macAddressOf } from "../../base/mac-address.ts";
import type { Frequency } from "../port.ts";

export interface Antenna {
  /** The only address that frames for it have, but for those to groups; undefined hears all. */
  readonly address?: MacAddress;
  /** The channel that it is tuned to; undefined hears nothing. */
  frequency(): Frequency | undefined;
  /** Does it acknowledge frames to this address? */
  answersTo(address: MacAddress): boolean;
  /** Never throws, and leaves the frame as it is: others get the same octets. */
  receive(frame: Uint8Array, about: Reception): void;
}

export interface Reception {
  readonly frequency: Frequency;
  readonly signalDbm: number;
}

export interface Outcome {
  /** Never true of a frame to a group. */
  readonly acknowledged: boolean;
  /** Transmissions after the first. */
  readonly retries: number;
}

/** One try to bring a frame across, for {@link MediumOptions.loses}. */
export interface Attempt {
  readonly frame: Uint8Array;
  readonly frequency: Frequency;
  /** From 0. */
  readonly retry: number;
}

export interface MediumOptions {
  /** Says which attempts nobody hears; none where it is not given. */
  readonly loses?: (attempt: Attempt) => boolean;
}

/** dot11ShortRetryLimit. IEEE Std 802.11-2020, C.3. */
const retryLimit = 7;
/** Preamble, SIFS and acknowledgement at OFDM rates, roughly. */
const overheadMicroseconds = 100;
const bitsPerMicrosecond = 24;
/** More than this waiting for a channel, and it is full: the newest frames are lost. Milliseconds. */
const longestQueue = 500;
const signalDbm = -30;
const retryFlag = 0x08;

export class VirtualMedium {
  readonly #clock: Clock;
  readonly #options: MediumOptions;
  readonly #antennas = new Set<Antenna>();
  readonly #monitors = new Set<(frame: Uint8Array, about: Reception) => void>();
  /** When a channel is free again. */
  readonly #busyUntil = new Map<Frequency, number>();

  constructor(clock: Clock, options: MediumOptions = {}) {
    this.#clock = clock;
    this.#options = options;
  }

  attach(antenna: Antenna): { detach(): void } {
    this.#antennas.add(antenna);
    return { detach: () => void this.#antennas.delete(antenna) };
  }

  /** Hears all frames on all channels, repetitions too, lost ones not. */
  monitor(listener: (frame: Uint8Array, about: Reception) => void): { stop(): void } {
    this.#monitors.add(listener);
    return { stop: () => void this.#monitors.delete(listener) };
  }

  /** `done` comes after the frame has been on the air, never before this returns. */
  transmit(from: Antenna, frame: Uint8Array, frequency: Frequency, done?: (outcome: Outcome) => void): void {
    this.#attempt(from, { frame, frequency, retry: 0 }, done);
  }

  #attempt(from: Antenna, attempt: Attempt, done: ((outcome: Outcome) => void) | undefined): void {
    const { frame, frequency, retry } = attempt;
    const now = this.#clock.now();
    const start = Math.max(now, this.#busyUntil.get(frequency) ?? now);
    const isFull = start - now > longestQueue;
    const end = isFull ? now : start + airtime(frame);
    if (!isFull) this.#busyUntil.set(frequency, end);
    this.#clock.after("frame on the air", milliseconds(end - now), () => {
      const acknowledged = !isFull && this.#deliver(from, attempt);
      if (acknowledged || isFull || retry === retryLimit || isToGroup(frame))
        return done?.({ acknowledged, retries: retry });
      this.#attempt(from, { frame: asRetry(frame), frequency, retry: retry + 1 }, done);
    });
  }

  /** @returns whether somebody acknowledged it */
  #deliver(from: Antenna, attempt: Attempt): boolean {
    if (this.#options.loses?.(attempt)) return false;
    const { frame, frequency } = attempt;
    const about: Reception = { frequency, signalDbm };
    for (const listener of [...this.#monitors]) listener(frame, about);
    const receiver = receiverOf(frame);
    const isGroup = isGroupAddress(receiver);
    let acknowledged = false;
    for (const antenna of [...this.#antennas]) {
      if (!isGroup && antenna.address !== undefined && antenna.address !== receiver) continue;
      if (antenna === from || !this.#antennas.has(antenna) || antenna.frequency() !== frequency) continue;
      // Asked before it hears the frame, which may be the one that makes it leave.
      if (!isGroup && antenna.answersTo(receiver)) acknowledged = true;
      antenna.receive(frame, about);
    }
    return acknowledged;
  }
}

const airtime = (frame: Uint8Array): number => (overheadMicroseconds + (frame.length * 8) / bitsPerMicrosecond) / 1000;

/** Address 1. IEEE Std 802.11-2020, 9.2.4.3. */
const receiverOf = (frame: Uint8Array): MacAddress => macAddressOf(frame.subarray(4, 10));

const isToGroup = (frame: Uint8Array): boolean => isGroupAddress(receiverOf(frame));

function asRetry(frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  copy[1] = (copy[1] ?? 0) | retryFlag;
  return copy;
}
