/** The bridge that an access point's interface is in: entered, changed for another, and left as the interface was found. */

import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Link } from "../../linux/rtnetlink.ts";
import type { BridgeMembership, OpenBss } from "../port.ts";
import type { Kernel } from "./kernel.ts";
import type { SharedLink } from "./shared-links.ts";

type PortOptions = NonNullable<OpenBss["bridgePort"]>;

export class BridgePort {
  readonly #kernel: Kernel;
  readonly #link: Pick<Link, "index" | "name">;
  readonly #log: Log;
  /** Bridge that somebody else has put the interface in. */
  readonly #found: number | undefined;
  #entered: { readonly name: string; readonly share: SharedLink; readonly isNew: boolean } | undefined;
  /** What the bridge does at this port because of us. */
  #options: readonly (keyof PortOptions)[] = [];

  constructor(kernel: Kernel, { index, name, master }: Link, log: Log) {
    this.#kernel = kernel;
    this.#link = { index, name };
    this.#log = log;
    const bridge = master === undefined ? undefined : kernel.routes.link(master);
    const isLeft = bridge !== undefined && kernel.sharedLinks.isLeftBehind(bridge);
    this.#found = isLeft ? undefined : master;
    if (isLeft) this.#leaveBehind();
  }

  /** Index of the bridge that it is in. */
  get index(): number | undefined {
    return this.#entered?.share.index ?? this.#found;
  }

  /** undefined where none was asked for. */
  get membership(): BridgeMembership | undefined {
    const { name, share, isNew } = this.#entered ?? {};
    return name === undefined || share === undefined
      ? undefined
      : { name, bridgeMade: share.isOurs, interfaceEntered: isNew === true };
  }

  /** @throws KernelRefusal; the interface is where it was then */
  change({ bridge: name, bridgePort = {} }: Pick<OpenBss, "bridge" | "bridgePort">): void {
    if (name !== this.#entered?.name) this.#move(name);
    this.#setOptions(bridgePort);
  }

  /** As it was found. */
  leave(): void {
    this.#kernel.tolerate(() => this.change({}), "ENODEV");
  }

  #move(name: string | undefined): void {
    const before = this.#entered;
    const share = name === undefined ? undefined : this.#kernel.sharedLinks.bridge(name, { raisesFound: false });
    const to = share?.index ?? this.#found;
    try {
      this.#setMaster(to);
    } catch (error) {
      this.#kernel.tolerate(() => this.#setMaster(before?.share.index ?? this.#found), "ENODEV");
      share?.release();
      throw error;
    }
    this.#entered = name === undefined || !share ? undefined : { name, share, isNew: this.#found !== share.index };
    // Whatever was set was set at the port of another bridge.
    this.#options = [];
    before?.share.release();
  }

  #setMaster(to: number | undefined): void {
    const { routes } = this.#kernel;
    const { index } = this.#link;
    const present = routes.link(index)?.master;
    if (present === to) return;
    // One interface is in one bridge at a time.
    if (present !== undefined) routes.setMaster(index, undefined);
    if (to !== undefined) routes.setMaster(index, to);
  }

  /** Not every kernel's bridge knows all of it, and there may be no bridge: that is no reason to have no network. */
  #setOptions(wanted: PortOptions): void {
    const { routes } = this.#kernel;
    const off = this.#options.filter((key) => wanted[key] !== true);
    // It may have left the bridge meanwhile.
    if (off.length > 0) {
      this.#kernel.tolerate(
        () => routes.setBridgePort(this.#link.index, Object.fromEntries(off.map((key) => [key, false]))),
        ...["EOPNOTSUPP", "ENODEV", "EINVAL"],
      );
    }
    const on = (["hairpin", "multicastToUnicast"] as const).filter((key) => wanted[key] === true);
    this.#options = on;
    const setting = on.filter((key) => !off.includes(key));
    if (setting.length === 0) return;
    try {
      routes.setBridgePort(this.#link.index, Object.fromEntries(setting.map((key) => [key, true])));
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      this.#options = [];
      this.#log.warning(`the bridge does not take ${setting.join(" and ")} for this port: ${error.message}`);
    }
  }

  /** A process that was killed has made the bridge, and put the interface into it. */
  #leaveBehind(): void {
    this.#kernel.tolerate(() => this.#kernel.routes.setMaster(this.#link.index, undefined), "ENODEV");
    this.#kernel.tolerate(() => this.#kernel.sharedLinks.sweep());
  }
}
