import type { AuthenticationAlgorithm } from "./algorithm.ts";

/** Open System authentication: two frames, no secret. IEEE Std 802.11-2020, 12.3.3.2. */
export const openSystem: AuthenticationAlgorithm<never> = {
  number: 0,
  name: "open system",
  step(_state, request) {
    const first = request.transaction === 1;
    return {
      state: undefined,
      reply: {
        algorithm: 0,
        transaction: (request.transaction + 1) & 0xffff,
        status: first ? "success" : "transaction-sequence-error",
        elements: [],
      },
      outcome: first ? "accepted" : "refused",
    };
  },
};
