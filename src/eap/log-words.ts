import type { ConversationEvent } from "./conversation.ts";
import { shownIdentity } from "./identity.ts";
import type { EapProgress } from "./machine-state.ts";

/** What hostapd notes of an authentication, in its words. How it ends is for whoever asked to say. @returns undefined where it says nothing */
export function logWords(event: ConversationEvent): string | undefined {
  switch (event.type) {
    case "proposed": {
      const { vendor, type } = event.method;
      return `Propose EAP method vendor=${vendor} method=${type}`;
    }
    case "identified":
      return `EAP-Response/Identity '${shownIdentity(event.identity)}'`;
    case "ignored":
      return `Discard received EAP message (${event.reason})`;
    case "log":
      return event.text;
    case "inside":
      return insideWords(event.event);
    case "failed":
    case "mistake":
    case "picked-up":
    case "refused-by-peer":
    case "started":
    case "succeeded":
      return undefined;
  }
}

function insideWords(event: EapProgress): string | undefined {
  switch (event.type) {
    case "identified":
      return `Phase 2 identity '${shownIdentity(event.identity)}'`;
    case "failed":
      return `Phase 2 failed: ${event.reason}`;
    case "ignored":
    case "picked-up":
    case "proposed":
    case "refused-by-peer":
    case "started":
    case "succeeded":
      return undefined;
  }
}
