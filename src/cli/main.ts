/** `beacon`, or hostapd_cli where it is called by that name. */

import { basename } from "node:path";
import { BeaconError } from "../base/errors.ts";
import { endWithOutput, processTerminal } from "./terminal.ts";

endWithOutput();
const calledAs = basename(process.env["BEACON_CALLED_AS"] ?? "beacon");
// Each loads what it needs only: scripts call the client often.
const load =
  calledAs === "hostapd_cli"
    ? import("./hostapd-cli/main.ts").then((client) => client.runHostapdCli)
    : import("./beacon.ts").then((client) => client.beacon);
// Not awaited here: the bundle is a CommonJS module.
void load
  .then((run) => run(process.argv.slice(2), processTerminal))
  .then((status) => {
    process.exitCode = status;
  })
  .catch(complain);
process.once("uncaughtException", (thrown) => {
  complain(thrown);
  process.exit();
});

/** What no command knows what to do about. Where in the program that was helps whoever looks for a mistake in it, and nobody else. */
function complain(thrown: unknown): void {
  process.exitCode = 1;
  if (thrown instanceof BeaconError) {
    process.stderr.write(`${calledAs}: ${thrown.message}\n`);
    return;
  }
  const { message, stack } = thrown instanceof Error ? thrown : { message: String(thrown), stack: undefined };
  const isSystem = thrown instanceof Error && "code" in thrown && "syscall" in thrown;
  const hint = isSystem ? "" : "; this is a mistake in Beacond, BEACON_DEBUG=1 shows where";
  process.stderr.write(`${calledAs}: ${process.env["BEACON_DEBUG"] ? stack : `${message}${hint}`}\n`);
}
