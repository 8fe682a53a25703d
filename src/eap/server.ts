/** The EAP server: conversations with whoever wants in, how many there may be at once, and what has become of them. */

import { utf8 } from "../base/bytes.ts";
import type { Entropy } from "../base/entropy.ts";
import { encodeEap } from "../wire/eap/packet.ts";
import type { EapType } from "../wire/eap/types.ts";
import type { EapAnswer, EapConversation, EapPeer, EapServer } from "./contract.ts";
import { Conversation, type ConversationEvent, type ConversationServices } from "./conversation.ts";
import { ReauthenticationKeys } from "./erp.ts";
import { logWords } from "./log-words.ts";
import { type EapMethod, typeOfMethod } from "./method.ts";
import type { EapUsers } from "./users.ts";

export interface EapServerOptions {
  readonly users: EapUsers;
  readonly methods: readonly EapMethod<unknown>[];
  readonly entropy: Entropy;
  /** `server_id`; `hostapd` where absent, as there. */
  readonly serverId?: Uint8Array;
  /** `eap_message`: Type-Data of the request for the identity. */
  readonly identityText?: Uint8Array;
  /** `eap_server_erp` with `erp_domain`: whoever has authenticated in full may come in again with one message (RFC 6696). */
  readonly reauthenticationDomain?: string;
  /** `max_auth_rounds`, `max_auth_rounds_short`. */
  readonly mostRounds?: number;
  readonly mostShortRounds?: number;
  /** Conversations that have begun and have not ended; when there is one more, the one that was silent longest goes. */
  readonly mostOpen?: number;
  readonly tell?: (event: ConversationEvent, peer: EapPeer) => void;
}

/** Since the start. */
export interface EapCounters {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Packets that changed nothing. */
  readonly ignored: number;
  /** Conversations that had to go for newer ones. */
  readonly crowdedOut: number;
  /** Now. */
  readonly open: number;
}

export interface CountingEapServer extends EapServer {
  counters(): EapCounters;
  /** For conversations that begin from now on. */
  use(options: EapServerOptions): void;
  /** Keys of ERP: all have to authenticate in full again. */
  forgetKeys(): void;
}

const defaultServerId = "hostapd";
const defaultMostOpen = 10_000;

export const createEapServer = (options: EapServerOptions): CountingEapServer => new Server(options);

function servicesOf(options: EapServerOptions, keys: ReauthenticationKeys): ConversationServices {
  const methods = new Map<string, EapMethod<unknown>>();
  for (const method of options.methods) {
    const key = keyOf(typeOfMethod(method));
    // The first of a type counts.
    if (!methods.has(key)) methods.set(key, method);
  }
  const domain = options.reauthenticationDomain;
  return {
    reauthentication: domain === undefined ? undefined : { keys, domain },
    rules: {
      reauthenticates: domain !== undefined,
      mostRounds: options.mostRounds ?? 100,
      mostShortRounds: options.mostShortRounds ?? 50,
      identityText: options.identityText ?? new Uint8Array(),
    },
    entropy: options.entropy,
    serverId: options.serverId ?? utf8(defaultServerId),
    users: options.users,
    method: (type) => methods.get(keyOf(type)),
  };
}

const keyOf = ({ vendor, type }: EapType): string => `${vendor}:${type}`;

class Server implements CountingEapServer {
  /** In the order in which they were heard of last. */
  readonly #open = new Set<OpenConversation>();
  readonly #counters = { started: 0, succeeded: 0, failed: 0, ignored: 0, crowdedOut: 0 };

  readonly #keys = new ReauthenticationKeys();
  #options: EapServerOptions;
  #services: ConversationServices;

  constructor(options: EapServerOptions) {
    this.#options = options;
    this.#services = servicesOf(options, this.#keys);
  }

  use(options: EapServerOptions): void {
    this.#options = options;
    if (options.reauthenticationDomain === undefined) this.#keys.clear();
    this.#services = servicesOf(options, this.#keys);
  }

  converse(peer: EapPeer): EapConversation {
    const tell = (event: ConversationEvent): void => {
      this.#count(event);
      this.#options.tell?.(event, peer);
      const words = peer.log && logWords(event);
      if (words !== undefined) peer.log?.(words);
    };
    const around = { peer, tell, tunnel: undefined, options: {}, found: { attributes: [] } };
    const open: OpenConversation = new OpenConversation(
      new Conversation(this.#services, around, () => this.#open.delete(open)),
      () => this.#heardOf(open),
    );
    return open;
  }

  counters(): EapCounters {
    return { ...this.#counters, open: this.#open.size };
  }

  forgetKeys(): void {
    this.#keys.clear();
  }

  close(): void {
    this.#keys.clear();
    for (const open of [...this.#open]) open.abandon();
  }

  #heardOf(open: OpenConversation): void {
    this.#open.delete(open);
    this.#open.add(open);
    if (this.#open.size <= (this.#options.mostOpen ?? defaultMostOpen)) return;
    const [oldest] = this.#open;
    oldest?.crowdOut();
    this.#counters.crowdedOut += 1;
  }

  #count(event: ConversationEvent): void {
    switch (event.type) {
      case "started":
      case "succeeded":
      case "failed":
      case "ignored":
        this.#counters[event.type] += 1;
        return;
      case "inside":
      case "identified":
      case "log":
      case "mistake":
      case "picked-up":
      case "proposed":
      case "refused-by-peer":
        return;
    }
  }
}

/** A conversation that may have to go for others. */
class OpenConversation implements EapConversation {
  #isCrowdedOut = false;
  #over = false;

  constructor(
    readonly conversation: Conversation,
    readonly heardOf: () => void,
  ) {}

  begin(identifier: number): Promise<EapAnswer> {
    return this.#ask(identifier, () => this.conversation.begin(identifier));
  }

  respond(packet: Uint8Array): Promise<EapAnswer> {
    return this.#ask(packet[1] ?? 0, () => this.conversation.respond(packet));
  }

  abandon(): void {
    this.#over = true;
    this.conversation.abandon();
  }

  crowdOut(): void {
    this.#isCrowdedOut = true;
    this.abandon();
  }

  #ask(identifier: number, ask: () => Promise<EapAnswer>): Promise<EapAnswer> {
    if (!this.#over) this.heardOf();
    if (this.#isCrowdedOut) return Promise.resolve(crowdedOut(identifier));
    return ask().then((answer) => {
      if (answer.kind === "success" || answer.kind === "failure") this.#over = true;
      return this.#isCrowdedOut ? crowdedOut(identifier) : answer;
    });
  }
}

const crowdedOut = (identifier: number): EapAnswer => ({
  kind: "failure",
  packet: encodeEap({ code: "failure", identifier }),
  reason: "too many others wanted in at the same time",
});
