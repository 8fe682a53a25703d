import type { ConversationEvent } from "./conversation.ts";
import { shownIdentity } from "./identity.ts";

/** What hostapd notes of an authentication, in its words; more than it does where somebody fails. @returns undefined where it says nothing */
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
    case "failed":
      return `EAP failed: ${event.reason}`;
    case "log":
      return event.text;
    case "inside":
      return event.event.type === "identified" || event.event.type === "failed" ? logWords(event.event) : undefined;
    case "mistake":
    case "picked-up":
    case "refused-by-peer":
    case "started":
    case "succeeded":
      return undefined;
  }
}
