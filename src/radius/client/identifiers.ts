/** The identifiers of one source port. The one that was free for longest comes next, so that late answers find nobody. */
export class Identifiers<T> {
  readonly #users = new Map<number, T>();
  readonly #free: number[] = Array.from({ length: 256 }, (_, i) => i);
  /** Where the queue of free ones begins; it is cut when that is far from its start. */
  #head = 0;

  get inUse(): number {
    return this.#users.size;
  }

  get isFull(): boolean {
    return this.#users.size === 256;
  }

  get users(): readonly T[] {
    return [...this.#users.values()];
  }

  /** @returns undefined where none is free */
  take(user: T): number | undefined {
    const identifier = this.#free[this.#head];
    if (identifier === undefined) return undefined;
    this.#head += 1;
    if (this.#head === 256) {
      this.#free.splice(0, this.#head);
      this.#head = 0;
    }
    this.#users.set(identifier, user);
    return identifier;
  }

  userOf(identifier: number): T | undefined {
    return this.#users.get(identifier);
  }

  /** Harmless where nobody uses it. */
  release(identifier: number): void {
    if (this.#users.delete(identifier)) this.#free.push(identifier);
  }
}
