import type { Clock } from "../../base/clock.ts";
import { type Duration, since } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { StationFlag, StationParameters, StationStatistics } from "../port.ts";
import type { CipherKey } from "./cipher-key.ts";
import { RepetitionFilter } from "./mac.ts";
import type { Outcome } from "./medium.ts";
import type { Segment } from "./segment.ts";

/** After so many frames in a row without acknowledgement, the station counts as out of reach. */
const lowAcknowledgementLimit = 50;
const signalDbm = -30;
/** 24 Mb/s, in units of 100 kb/s: what the medium reckons with. */
const rate = 240;

/** One station as the radio knows it: what it was told of it, its key, and what it counts. */
export class StationEntry {
  airtimeWeight = 256;
  readonly repetitions = new RepetitionFilter();
  key: CipherKey | undefined;
  /** A frame of four addresses has been told of. */
  isFourAddressTold = false;
  readonly #clock: Clock;
  readonly #flags = new Set<StationFlag>();
  #parameters: StationParameters = {};
  #lastHeard: Duration;
  #connectedAt: Duration | undefined;
  #failuresInARow = 0;
  #rxBytes = 0n;
  #txBytes = 0n;
  #rxPackets = 0;
  #txPackets = 0;
  #txRetries = 0;
  #txFailed = 0;

  constructor(
    readonly address: MacAddress,
    clock: Clock,
    parameters: StationParameters,
    /** Whose broadcast frames it hears. */
    public segment: Segment,
  ) {
    this.#clock = clock;
    this.#lastHeard = clock.now();
    this.change("NEW_STATION", parameters);
  }

  get isAssociated(): boolean {
    return this.#flags.has("associated");
  }

  get isAuthorized(): boolean {
    return this.#flags.has("authorized");
  }

  /** Its management frames are protected, as soon as there is a key. */
  get isMfp(): boolean {
    return this.#flags.has("mfp");
  }

  get hasQos(): boolean {
    return this.#flags.has("wme");
  }

  get parameters(): StationParameters {
    return this.#parameters;
  }

  /** @throws KernelRefusal EINVAL where Linux would not allow the change */
  change(request: string, parameters: StationParameters): void {
    const refuse = (reason: string): never => {
      throw new KernelRefusal(request, "EINVAL", reason);
    };
    const { flags = {}, ...others } = parameters;
    if (parameters.aid !== undefined && (parameters.aid < 1 || parameters.aid > 2007)) refuse("AID out of range");
    const fixed = ["aid", "listenInterval", "htCapabilities", "vhtCapabilities"] as const;
    const changed = fixed.find((name) => others[name] !== undefined);
    if (this.isAssociated && changed) refuse(`${changed} of an associated station`);

    const after = new Set(this.#flags);
    for (const [flag, on] of Object.entries(flags) as [StationFlag, boolean][]) {
      if (on) after.add(flag);
      else after.delete(flag);
    }
    if (after.has("associated") && !after.has("authenticated")) refuse("associated but not authenticated");
    if (after.has("authorized") && !after.has("associated")) refuse("authorized but not associated");
    if (after.has("associated") && !this.isAssociated) this.#connectedAt = this.#clock.now();
    this.#flags.clear();
    for (const flag of after) this.#flags.add(flag);
    this.#parameters = { ...this.#parameters, ...others };
  }

  heard(octets: number): void {
    this.#lastHeard = this.#clock.now();
    this.#rxPackets += 1;
    this.#rxBytes += BigInt(octets);
  }

  /** @returns whether this was the failure too many */
  sent(octets: number, outcome: Outcome): boolean {
    this.#txPackets += 1;
    this.#txBytes += BigInt(octets);
    this.#txRetries += outcome.retries;
    if (outcome.acknowledged) {
      this.#failuresInARow = 0;
      this.#lastHeard = this.#clock.now(); // an acknowledgement is a sign of life
      return false;
    }
    this.#txFailed += 1;
    this.#failuresInARow += 1;
    return this.#failuresInARow === lowAcknowledgementLimit;
  }

  statistics(): StationStatistics {
    return {
      inactive: since(this.#clock, this.#lastHeard),
      connected: since(this.#clock, this.#connectedAt ?? this.#clock.now()),
      rxBytes: this.#rxBytes,
      txBytes: this.#txBytes,
      rxPackets: this.#rxPackets,
      txPackets: this.#txPackets,
      txRetries: this.#txRetries,
      txFailed: this.#txFailed,
      signalDbm,
      lastAckSignalDbm: this.#txPackets > this.#txFailed ? signalDbm : undefined,
      rxRate: rate,
      txRate: rate,
      rxRateInfo: "",
      txRateInfo: "",
      flags: new Set(this.#flags),
    };
  }

  forgetKey(): void {
    this.key?.wipe();
    this.key = undefined;
  }
}
