/** Derives the keys of passphrases off the event loop, few at a time: for those who wait before those who may come. */

/** IEEE Std 802.11-2020, J.4.1. `done` may be called before it returns; it gets 32 octets, undefined where it failed. */
export type DerivePsk = (passphrase: Uint8Array, ssid: Uint8Array, done: (psk: Uint8Array | undefined) => void) => void;

export interface Derivation {
  readonly passphrase: Uint8Array;
  readonly ssid: Uint8Array;
  readonly done: (psk: Uint8Array | undefined) => void;
}

/** Where the next one comes from when nobody waits. */
export interface DerivationSource {
  /** undefined when there are no more */
  next(): Derivation | undefined;
}

export class PskDeriver {
  #urgent: Derivation[] = [];
  readonly #sources = new Set<DerivationSource>();
  #running = 0;
  #isFilling = false;

  constructor(
    readonly derive: DerivePsk,
    /** How many at once. */
    readonly parallelism: number,
  ) {}

  /** Somebody waits for it. */
  request(derivation: Derivation): void {
    this.#urgent.push(derivation);
    this.#fill();
  }

  /** All of its derivations, one after another, until it has no more. */
  add(source: DerivationSource): void {
    this.#sources.add(source);
    this.#fill();
  }

  remove(source: DerivationSource): void {
    this.#sources.delete(source);
  }

  #fill(): void {
    // A derivation that is done at once comes back here.
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (this.#running < this.parallelism) {
      const next = this.#urgent.shift() ?? this.#nextOfSources();
      if (!next) break;
      this.#running += 1;
      this.derive(next.passphrase, next.ssid, (psk) => {
        this.#running -= 1;
        next.done(psk);
        this.#fill();
      });
    }
    this.#isFilling = false;
  }

  /** In turn, so that a long list keeps no short one waiting. */
  #nextOfSources(): Derivation | undefined {
    for (const source of [...this.#sources]) {
      this.#sources.delete(source);
      const next = source.next();
      if (!next) continue;
      this.#sources.add(source);
      return next;
    }
    return undefined;
  }
}
