/** An EAP method by itself: what the EAP server around it would do, without the server. */

import { Reader } from "../src/base/bytes.ts";
import type { Entropy } from "../src/base/entropy.ts";
import type { Credential, EapMethod, MethodCall, MethodStep } from "../src/eap/method.ts";
import type { InnerServer } from "../src/eap/tunnel.ts";
import type { EapUser } from "../src/eap/users.ts";
import { FixedEntropy } from "./fixed-entropy.ts";

export interface MethodSetting {
  readonly identity: Uint8Array;
  readonly serverId: Uint8Array;
  /** By identity, whoever that is. */
  readonly credentialOf: (identity: Uint8Array) => Credential | undefined;
  readonly entropy?: Entropy;
  readonly firstIdentifier?: number;
  /** 1 where absent. */
  readonly phase?: 1 | 2;
  /** For a method that makes a tunnel. */
  readonly inner?: InnerServer;
}

const userOf = (credential: Credential | undefined): EapUser => ({
  methods: [],
  ttls: [],
  credential,
  peapVersion: undefined,
  macAcl: false,
  attributes: [],
});

const noTunnel: InnerServer = {
  findUser: () => Promise.resolve(undefined),
  converse: () => {
    throw new Error("this method was given nothing to go on inside");
  },
};

/** The outcome of a packet, as octets where something is sent. */
export type PacketStep =
  | { readonly kind: "request"; readonly packet: Uint8Array }
  | Exclude<MethodStep<unknown>, { kind: "request" }>
  /** A MalformedError: the EAP server ignores what caused it. */
  | { readonly kind: "malformed"; readonly thrown: unknown };

/** One conversation with a method whose type is taken for agreed on. */
export class MethodUnderTest {
  readonly #setting: MethodSetting;
  readonly #method: EapMethod<unknown>;
  readonly #entropy: Entropy;
  #identifier: number;
  #state: unknown;

  constructor(method: EapMethod<never>, setting: MethodSetting) {
    // Whoever makes a state gets it back: nobody else looks into it.
    this.#method = method as EapMethod<unknown>;
    this.#setting = setting;
    this.#entropy = setting.entropy ?? new FixedEntropy();
    this.#identifier = setting.firstIdentifier ?? 1;
  }

  /** As the last step has left it. */
  get state(): unknown {
    return this.#state;
  }

  /** Of the request that stands. */
  get identifier(): number {
    return this.#identifier;
  }

  async begin(): Promise<PacketStep> {
    return this.#take(await this.#method.begin(this.#call()), true);
  }

  /** @param data Type-Data of a response to the request that stands */
  async respond(data: Uint8Array): Promise<PacketStep> {
    try {
      return this.#take(await this.#method.respond(this.#call(), this.#state, new Reader(data, ["EAP"])), false);
    } catch (thrown) {
      return { kind: "malformed", thrown };
    }
  }

  forget(): void {
    if (this.#state !== undefined) this.#method.forget(this.#state);
    this.#state = undefined;
  }

  #call(): MethodCall {
    const { identity, serverId, credentialOf } = this.#setting;
    return {
      identity,
      credential: credentialOf(identity),
      credentialOf: async (other) => credentialOf(other),
      identifier: this.#identifier,
      nextIdentifier: this.#state === undefined ? this.#identifier : (this.#identifier + 1) & 0xff,
      phase: this.#setting.phase ?? 1,
      tunnel: undefined,
      user: userOf(credentialOf(identity)),
      address: undefined,
      inner: this.#setting.inner ?? noTunnel,
      challenges: undefined,
      tell: () => undefined,
      entropy: this.#entropy,
      serverId,
    };
  }

  #take(step: MethodStep<unknown>, isFirst: boolean): PacketStep {
    if (step.kind !== "request") return step;
    this.#state = step.state;
    if (!isFirst) this.#identifier = (this.#identifier + 1) & 0xff;
    const length = 5 + step.data.length;
    const head = Uint8Array.of(1, this.#identifier, length >> 8, length & 0xff, this.#method.type);
    return { kind: "request", packet: Uint8Array.from([...head, ...step.data]) };
  }
}
