/**
 * Bridges and tagged interfaces (IEEE 802.1Q) that several networks use: made for the first of them, removed after the
 * last. What was there before stays. What an earlier life of this program has made, and could not remove, is recognised
 * by the note on it.
 */

import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Host } from "../../linux/host.ts";
import type { Link, RouteClient } from "../../linux/rtnetlink.ts";
import { Undo } from "./undo.ts";

interface Shared {
  readonly index: number;
  /** Ours to remove: made by us, or left behind by an earlier life. */
  readonly isOurs: boolean;
  readonly undo: Undo;
  users: number;
}

export interface SharedLink {
  readonly index: number;
  /** It was not there before us. */
  readonly isOurs: boolean;
  /** Once. */
  release(): void;
}

type Preparation = (undo: Undo) => Pick<Shared, "index" | "isOurs">;

/** 802.1Q upon an interface. */
export interface Tagged {
  /** Name to give it where there is none for this tag yet. */
  readonly name: string;
  readonly parent: string;
  readonly vlanId: number;
}

const notePrefix = "beacond ";

export class SharedLinks {
  readonly #shared = new Map<string, Shared>();
  readonly #note: string;

  constructor(
    readonly routes: RouteClient,
    readonly host: Pick<Host, "identity" | "isRunning">,
    readonly log: Log,
    /** Runs a step whose refusal changes nothing for us. */
    readonly tolerate: (step: () => void) => void,
  ) {
    this.#note = `${notePrefix}${host.identity}`;
  }

  /** A bridge; made where there is none. @param raisesFound also one that was there before goes up @throws KernelRefusal */
  bridge(name: string, { raisesFound = true } = {}): SharedLink {
    return this.#share(name, (undo) => {
      const present = this.routes.link(name);
      if (present) {
        if (present.kind !== "bridge") throw new KernelRefusal("RTM_NEWLINK bridge", "EEXIST", `${name} is no bridge`);
        const isOurs = this.#adopt(present, undo, (index) => this.#deleteBridge(index));
        if (raisesFound || isOurs) this.routes.setUp(present.index, true);
        return { index: present.index, isOurs };
      }
      this.routes.createBridge(name);
      const { index } = this.#own(name, undo, (made) => this.#deleteBridge(made));
      this.routes.setUp(index, true);
      return { index, isOurs: true };
    });
  }

  /** An interface for the frames with one tag of another, up, in a bridge. @throws KernelRefusal */
  tagged({ name, parent, vlanId }: Tagged, bridge: number): SharedLink {
    return this.#share(`${parent}.${vlanId} in ${bridge}`, (undo) => {
      const lower = this.routes.link(parent);
      if (!lower) throw new KernelRefusal("RTM_GETLINK", "ENODEV", `there is no ${parent} for the VLANs to leave by`);
      if (!lower.up) {
        this.routes.setUp(lower.index, true);
        undo.add(() => this.routes.setUp(lower.index, false));
      }
      const link = this.#taggedLink(name, lower, vlanId, undo);
      this.enter(link, bridge, undo);
      this.routes.setUp(link.index, true);
      return { index: link.index, isOurs: false };
    });
  }

  /** Puts an interface into a bridge, unless somebody else has put it into another. */
  enter(link: Link, bridge: number, undo: Undo): void {
    if (link.master === bridge) return;
    if (link.master !== undefined) {
      const other = this.routes.link(link.master)?.name ?? link.master;
      this.log.warning(`${link.name} is in ${other} already, and stays there`);
      return;
    }
    this.routes.setMaster(link.index, bridge);
    undo.add(() => this.routes.setMaster(link.index, undefined));
  }

  /** Removes what processes that are gone have left behind. */
  sweep(): void {
    const left = this.routes.links().filter((link) => this.isLeftBehind(link));
    for (const { index, kind } of left) if (kind === "vlan") this.tolerate(() => this.routes.deleteLink(index));
    for (const { index, kind } of left) if (kind === "bridge") this.tolerate(() => this.#deleteBridge(index));
  }

  #taggedLink(name: string, parent: Link, vlanId: number, undo: Undo): Link {
    const links = this.routes.links();
    const present = links.find((link) => link.parent === parent.index && link.vlanId === vlanId);
    if (present) {
      if (present.name !== name) {
        this.log.info(`VLAN ${vlanId} of ${parent.name} is there as ${present.name} and used, instead of ${name}`);
      }
      this.#adopt(present, undo, (index) => this.routes.deleteLink(index));
      return present;
    }
    if (links.some((link) => link.name === name)) {
      throw new KernelRefusal(
        "RTM_NEWLINK vlan",
        "EEXIST",
        `${name} is there, and not VLAN ${vlanId} of ${parent.name}`,
      );
    }
    this.routes.createVlan(name, parent.index, vlanId);
    return this.#own(name, undo, (index) => this.routes.deleteLink(index));
  }

  #share(key: string, prepare: Preparation): SharedLink {
    const known = this.#shared.get(key);
    // Anybody may have deleted it meanwhile.
    const isThere = known !== undefined && this.routes.link(known.index) !== undefined;
    const shared = isThere ? known : this.#prepared(key, prepare);
    shared.users += 1;
    let isReleased = false;
    return {
      index: shared.index,
      isOurs: shared.isOurs,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        shared.users -= 1;
        if (shared.users > 0) return;
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
        shared.undo.run();
      },
    };
  }

  #prepared(key: string, prepare: Preparation): Shared {
    const undo = new Undo(this.tolerate);
    try {
      const shared = { ...prepare(undo), undo, users: 0 };
      this.#shared.set(key, shared);
      return shared;
    } catch (error) {
      undo.run();
      throw error;
    }
  }

  /** One that was just made. */
  #own(name: string, undo: Undo, remove: (index: number) => void): Link {
    const made = this.routes.link(name);
    if (!made) throw new KernelRefusal("RTM_NEWLINK", "ENODEV");
    undo.add(() => remove(made.index));
    this.routes.setAlias(made.index, this.#note);
    return made;
  }

  /** One that was there, and is ours to remove only if it was left behind. */
  #adopt(link: Link, undo: Undo, remove: (index: number) => void): boolean {
    if (!this.isLeftBehind(link)) return false;
    undo.add(() => remove(link.index));
    this.routes.setAlias(link.index, this.#note);
    return true;
  }

  /** A process that is gone has made it. */
  isLeftBehind({ alias }: Link): boolean {
    return alias.startsWith(notePrefix) && !this.host.isRunning(alias.slice(notePrefix.length));
  }

  /** Somebody else may have put another interface into it meanwhile. */
  #deleteBridge(index: number): void {
    if (this.routes.links().some(({ master }) => master === index)) return;
    this.routes.deleteLink(index);
  }
}
