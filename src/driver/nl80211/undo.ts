/** Steps to take back, the last one first. */
export class Undo {
  readonly #steps: (() => void)[] = [];

  /** @param tolerate runs a step whose refusal changes nothing for us */
  constructor(readonly tolerate: (step: () => void) => void) {}

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** Each step on its own: where one is refused, the others still count. */
  run(): void {
    for (const step of this.#steps.splice(0).reverse()) this.tolerate(step);
  }
}
