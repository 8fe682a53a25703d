/** Whether eapol_test and the server have come to the same keys. */

import assert from "node:assert/strict";
import { hexOf } from "../src/base/bytes.ts";
import type { Authenticated } from "./eap-server.ts";
import { hexDump } from "./eapol-test.ts";

const none = new Uint8Array();

/** @param name as eapol_test calls the method: `EAP-PEAP` */
export function assertSameKeys({ succeeded, output, ends, lines }: Authenticated, name: string): void {
  const said = `${output}\n${lines.join("\n")}`;
  assert.ok(succeeded, said);
  const end = ends.at(-1);
  assert.ok(end?.kind === "success", said);
  const { msk = none, emsk, sessionId } = end.keys ?? {};
  assert.ok(msk.length >= 64);
  assert.equal(hexOf(msk.subarray(0, 32)), hexOf(hexDump(output, "PMK from EAPOL") ?? none));
  assert.equal(hexOf(msk), hexOf(hexDump(output, `${name}: Derived key`) ?? msk));
  const itsEmsk = hexDump(output, `${name}: Derived EMSK`);
  // PEAP with its binding derives none, whatever the peer may show.
  if (itsEmsk !== undefined && emsk !== undefined) assert.equal(hexOf(emsk), hexOf(itsEmsk));
  const itsSessionId = hexDump(output, `${name}: Derived Session-Id`);
  if (itsSessionId !== undefined) assert.equal(hexOf(sessionId ?? none), hexOf(itsSessionId));
}
