import assert from "node:assert/strict";
import { test } from "node:test";
import { hexOf } from "../../base/bytes.ts";
import { encodeBridgePort } from "./bridge-port.ts";

test("what isn't named isn't there", () => {
  // ifinfomsg of AF_BRIDGE for interface 5; IFLA_PROTINFO (12, nested) with IFLA_BRPORT_MODE (4) and _MCAST_TO_UCAST (28)
  const header = `0700000005000000${"00".repeat(8)}`;
  assert.equal(hexOf(encodeBridgePort(5, { hairpin: true })), `${header}0c000c80${"0500040001000000"}`);
  assert.equal(
    hexOf(encodeBridgePort(5, { hairpin: true, multicastToUnicast: false })),
    `${header}14000c80${"0500040001000000"}${"05001c0000000000"}`,
  );
});
