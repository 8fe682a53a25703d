import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Host } from "../../linux/host.ts";
import { registerBeacons } from "../../wire/nl80211/frame.ts";
import { getRegulatory, regulatoryDescription, requestRegulatory } from "../../wire/nl80211/regulatory.ts";
import { getWiphy, mergeWiphy, noThreshold, setWiphy, wiphyPart } from "../../wire/nl80211/wiphy.ts";
import type {
  BssEvent,
  BssPort,
  OpenBss,
  OpenRadio,
  RadioCapabilities,
  RadioEvent,
  RadioPort,
  RegulatoryDomain,
} from "../port.ts";
import { Nl80211Bss } from "./bss.ts";
import { capabilitiesOf } from "./capabilities.ts";
import type { Kernel } from "./kernel.ts";

export class Nl80211Radio implements RadioPort {
  readonly phy: string;
  readonly #host: Host;
  readonly #kernel: Kernel;
  readonly #log: Log;
  readonly #wiphy: number;
  /** As it was at the start: what is asked of it here doesn't change. */
  readonly #capabilities: RadioCapabilities;
  readonly #unsubscribe: () => void;
  readonly #options: OpenRadio;
  readonly #onClose: () => void;
  readonly #bsses = new Set<BssPort>();
  /** As last read; the kernel says when it changes. */
  #present: RadioCapabilities | undefined;
  /** As last heard; who asked for a domain is told in events only. */
  #announced: RegulatoryDomain | undefined;

  /** @throws KernelRefusal ENODEV */
  constructor(
    host: Host,
    kernel: Kernel,
    log: Log,
    wiphy: number,
    options: OpenRadio,
    listener: (event: RadioEvent) => void,
    onClose: () => void,
  ) {
    this.#host = host;
    this.#kernel = kernel;
    this.#log = log;
    this.#wiphy = wiphy;
    this.#options = options;
    this.#onClose = onClose;
    this.#capabilities = this.capabilities();
    const { phy } = this.#capabilities;
    this.phy = phy;
    this.#unsubscribe = kernel.subscribeRadio({
      phy,
      wiphy,
      onEvent: listener,
      onRegulatory: (domain) => {
        this.#present = undefined;
        if (domain !== undefined) this.#announced = domain;
        listener({ type: "regulatory-changed", domain: domain ?? this.regulatoryDomain() });
      },
    });
  }

  capabilities(): RadioCapabilities {
    this.#present ??= this.#readCapabilities();
    return this.#present;
  }

  #readCapabilities(): RadioCapabilities {
    const parts = this.#kernel.commands
      .dump(getWiphy.build({ wiphy: this.#wiphy, split: true }))
      .map((part) => wiphyPart.decode(part))
      // Kernels before 3.10 take no notice of which radio is asked for.
      .filter(({ wiphy }) => wiphy === this.#wiphy);
    const whole = mergeWiphy(parts);
    if (whole === undefined) throw new KernelRefusal(getWiphy.name, "ENODEV");
    const capabilities = capabilitiesOf(whole);
    if (!this.#options.withoutControlPort) return capabilities;
    return { ...capabilities, controlPort: false, controlPortTxStatus: false };
  }

  regulatoryDomain(): RegulatoryDomain {
    const message = getRegulatory.build({ wiphy: this.#capabilities.selfManagedRegulatory ? this.#wiphy : undefined });
    const { alpha2 = "00" } = regulatoryDescription.decode(this.#kernel.commands.query(message));
    const initiator = this.#announced?.alpha2 === alpha2 ? this.#announced.initiator : "unknown";
    return { alpha2, initiator };
  }

  setCountry(alpha2: string): void {
    this.#kernel.commands.execute(requestRegulatory.build({ alpha2 }));
  }

  setRtsThreshold(octets: number | undefined): void {
    this.#kernel.commands.execute(setWiphy.build({ wiphy: this.#wiphy, rtsThreshold: octets ?? noThreshold }));
  }

  setFragmentationThreshold(octets: number | undefined): void {
    const fragmentationThreshold = octets ?? noThreshold;
    this.#kernel.commands.execute(setWiphy.build({ wiphy: this.#wiphy, fragmentationThreshold }));
  }

  isRfkillBlocked(): boolean {
    const state = this.#kernel.rfkill.state(this.phy);
    return state !== undefined && (state.soft || state.hard);
  }

  watchNeighbours(): void {
    const message = registerBeacons.build({ wiphy: this.#wiphy });
    this.#kernel.tolerate(() => this.#kernel.frames.execute(message), "EALREADY", "EOPNOTSUPP");
  }

  openBss(options: OpenBss, listener: (event: BssEvent) => void): BssPort {
    const context = {
      host: this.#host,
      kernel: this.#kernel,
      log: this.#log.for(options.interfaceName),
      wiphy: this.#wiphy,
      capabilities: this.#capabilities,
    };
    const bss = new Nl80211Bss(context, options, listener, () => void this.#bsses.delete(bss));
    this.#bsses.add(bss);
    return bss;
  }

  close(): void {
    // Those made for further networks go before the one that was there.
    for (const bss of [...this.#bsses].reverse()) bss.close();
    this.#unsubscribe();
    this.#onClose();
  }
}
