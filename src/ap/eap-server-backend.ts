/** The EAP server in this process as what an IEEE 802.1X authenticator asks: no RADIUS in between. */

import { wipe } from "../crypto/secret.ts";
import type { BackendAnswer, EapBackend, Granted } from "../dot1x/port.ts";
import type { EapAnswer, EapConversation, EapServer } from "../eap/contract.ts";

export const eapServerBackend = (server: EapServer): EapBackend => ({
  begin({ address }, answer) {
    const exchange = new ServerExchange(server.converse({ address }), answer);
    return {
      respond: (packet) => exchange.respond(packet),
      abandon: () => exchange.abandon(),
    };
  },
});

/** What the file of users grants is for RADIUS clients; here the network's own settings decide. */
const nothingMore: Omit<Granted, "identity"> = {
  sessionTimeout: undefined,
  terminationAction: "end",
  idleTimeout: undefined,
  interimInterval: undefined,
  vlan: undefined,
  classes: [],
  chargeableUserIdentity: undefined,
};

class ServerExchange {
  /** Came while another was being answered; only the last counts. */
  #next: Uint8Array | undefined;
  #isBusy = false;
  #isOver = false;

  constructor(
    readonly conversation: EapConversation,
    readonly answer: (answer: BackendAnswer) => void,
  ) {}

  respond(packet: Uint8Array): void {
    if (this.#isOver) return;
    this.#next = packet;
    if (!this.#isBusy) void this.#work();
  }

  abandon(): void {
    this.#isOver = true;
    this.#next = undefined;
    this.conversation.abandon();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    let hasAnswered = false;
    for (let packet = this.#take(); packet !== undefined; packet = this.#take()) {
      const answer = await this.conversation.respond(packet);
      if (this.#isOver) break;
      // The same response sent twice has one answer; that it came again is nothing to tell.
      if (answer.kind === "ignored" && (hasAnswered || this.#next !== undefined)) continue;
      hasAnswered = true;
      this.answer(backendAnswer(answer));
    }
    this.#isBusy = false;
  }

  #take(): Uint8Array | undefined {
    const packet = this.#next;
    this.#next = undefined;
    return packet;
  }
}

function backendAnswer(answer: EapAnswer): BackendAnswer {
  switch (answer.kind) {
    case "request":
    case "ignored":
      return answer;
    case "failure":
      return { kind: "refused", packet: answer.packet, reason: answer.reason };
    case "success": {
      const { packet, keys, identity } = answer;
      // Whoever has a use for it has had it.
      wipe(keys?.emsk);
      return {
        kind: "accepted",
        packet,
        msk: keys?.msk,
        sessionId: keys?.sessionId,
        granted: { ...nothingMore, identity },
      };
    }
  }
}
