/** Whether an interface is up, down, gone or there again. */

import type { Kernel } from "./kernel.ts";

export type LinkState = "up" | "down" | "removed" | "added";

export class LinkWatch {
  #state: LinkState = "up";

  constructor(
    readonly kernel: Kernel,
    readonly own: { readonly index: number; readonly name: string },
    readonly changed: (state: LinkState) => void,
  ) {}

  /** Messages about links may be old news, as those of our own changes are: what counts is what is there now. */
  look(): void {
    const { routes } = this.kernel;
    const link = routes.link(this.own.index);
    if (link !== undefined) {
      this.#set(link.up ? "up" : "down");
      return;
    }
    if (this.#state !== "added") this.#set("removed");
    if (routes.link(this.own.name) !== undefined) this.#set("added");
  }

  #set(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.changed(state);
  }
}
