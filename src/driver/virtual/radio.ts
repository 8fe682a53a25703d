import type { Clock } from "../../base/clock.ts";
import { milliseconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { type MacAddress, macAddressOf } from "../../base/mac-address.ts";
import type {
  BssEvent,
  BssPort,
  OpenBss,
  RadioCapabilities,
  RadioEvent,
  RadioPort,
  RegulatoryDomain,
} from "../port.ts";
import { VirtualBss } from "./bss.ts";
import { maxBsses, virtualCapabilities } from "./capabilities.ts";
import type { VirtualMedium } from "./medium.ts";
import { hasRules } from "./regulatory.ts";

export interface RadioContext {
  readonly phy: string;
  /** The radio's own address: the first BSS has it, the others count on. */
  readonly address: Uint8Array;
  readonly medium: VirtualMedium;
  readonly clock: Clock;
  readonly regulatory: Regulatory;
  readonly uplink: (interfaceName: string, frame: Uint8Array, answer: (frame: Uint8Array) => void) => void;
  readonly hardware: (usual: RadioCapabilities) => RadioCapabilities;
  readonly nextInterfaceIndex: () => number;
  readonly onClose: () => void;
}

/** The one regulatory domain that all radios of a machine share. */
export class Regulatory {
  #domain: RegulatoryDomain = { alpha2: "00", initiator: "core" };
  readonly #listeners = new Set<(domain: RegulatoryDomain) => void>();

  constructor(readonly clock: Clock) {}

  get domain(): RegulatoryDomain {
    return this.#domain;
  }

  /** Nothing happens for a country whose rules are not known, as in Linux. */
  request(alpha2: string): void {
    if (!hasRules(alpha2) || alpha2 === this.#domain.alpha2) return;
    this.clock.after("regulatory domain", milliseconds(1), () => {
      this.#domain = { alpha2, initiator: "user" };
      for (const listener of [...this.#listeners]) listener(this.#domain);
    });
  }

  subscribe(listener: (domain: RegulatoryDomain) => void): { stop(): void } {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }
}

export class VirtualRadio implements RadioPort {
  readonly phy: string;
  readonly #context: RadioContext;
  readonly #listener: (event: RadioEvent) => void;
  readonly #bsses = new Map<string, VirtualBss>();
  readonly #subscription: { stop(): void };
  #isBlocked: boolean;

  constructor(context: RadioContext, isBlocked: boolean, listener: (event: RadioEvent) => void) {
    this.phy = context.phy;
    this.#context = context;
    this.#isBlocked = isBlocked;
    this.#listener = listener;
    this.#subscription = context.regulatory.subscribe((domain) => listener({ type: "regulatory-changed", domain }));
  }

  get bsses(): readonly VirtualBss[] {
    return [...this.#bsses.values()];
  }

  capabilities(): RadioCapabilities {
    return this.#context.hardware(virtualCapabilities(this.phy, this.regulatoryDomain().alpha2));
  }

  regulatoryDomain(): RegulatoryDomain {
    return this.#context.regulatory.domain;
  }

  setCountry(alpha2: string): void {
    this.#context.regulatory.request(alpha2);
  }

  /** Frames are never in each other's way here, and never too long. */
  setRtsThreshold(octets: number | undefined): void {
    checkThreshold(octets, 0);
  }

  setFragmentationThreshold(octets: number | undefined): void {
    checkThreshold(octets, 256);
  }

  isRfkillBlocked(): boolean {
    return this.#isBlocked;
  }

  watchNeighbours(): void {
    // Nobody here disturbs anybody.
  }

  openBss(options: OpenBss, listener: (event: BssEvent) => void): BssPort {
    const { medium, clock, uplink, nextInterfaceIndex } = this.#context;
    const { interfaceName } = options;
    this.#checkSwitchedOn("SET_INTERFACE");
    if (this.#bsses.has(interfaceName)) throw new KernelRefusal("SET_INTERFACE", "EBUSY", "it is in use already");
    if (this.#bsses.size >= maxBsses) throw new KernelRefusal("NEW_INTERFACE", "EBUSY", "too many interfaces");
    const bss: VirtualBss = new VirtualBss(
      {
        medium,
        clock,
        uplink: (name, frame) =>
          uplink(name, frame, (answer) =>
            name === interfaceName ? bss.sendEthernet(answer) : bss.sendEthernetIn(name, answer),
          ),
        nextInterfaceIndex,
        checkChannel: (frequency) => this.#checkChannel(frequency),
        checkAllowed: (request, frequency) => this.#checkAllowed(request, frequency),
        checkSwitchedOn: (request) => this.#checkSwitchedOn(request),
        onClose: () => void this.#bsses.delete(interfaceName),
      },
      options,
      nextInterfaceIndex(),
      options.address ?? this.#addressOf(this.#bsses.size),
      listener,
    );
    this.#bsses.set(interfaceName, bss);
    return bss;
  }

  close(): void {
    for (const bss of this.bsses) bss.close();
    this.#subscription.stop();
    this.#context.onClose();
  }

  /** The switch on the machine's side; interfaces go down with it, and don't come up by themselves. */
  switchRfkill(blocked: boolean): void {
    if (blocked === this.#isBlocked) return;
    this.#isBlocked = blocked;
    this.#listener({ type: "rfkill", blocked });
    if (blocked) for (const bss of this.bsses) bss.setLink("down");
  }

  #addressOf(nth: number): MacAddress {
    const octets = this.#context.address.slice();
    octets[5] = ((octets[5] ?? 0) + nth) & 0xff;
    return macAddressOf(octets);
  }

  #checkSwitchedOn(request: string): void {
    if (this.#isBlocked) throw new KernelRefusal(request, "ERFKILL");
  }

  #checkChannel(frequency: number): void {
    this.#checkAllowed("START_AP", frequency);
    const other = this.bsses.map((bss) => bss.frequency()).find((used) => used !== undefined && used !== frequency);
    if (other !== undefined) throw new KernelRefusal("START_AP", "EBUSY", `the radio is on ${other} MHz`);
  }

  #checkAllowed(request: string, frequency: number): void {
    const channel = this.capabilities()
      .bands.flatMap(({ channels }) => channels)
      .find((candidate) => candidate.frequency === frequency);
    if (!channel || channel.disabled || channel.noIr) {
      throw new KernelRefusal(request, "EINVAL", "the regulatory domain does not allow this channel");
    }
  }
}

function checkThreshold(octets: number | undefined, least: number): void {
  if (octets !== undefined && octets < least) throw new KernelRefusal("SET_WIPHY", "EINVAL");
}
