/** `beacon`, or hostapd_cli where it is called by that name. */

import { basename } from "node:path";
import { endWithOutput, processTerminal } from "./terminal.ts";

endWithOutput();
const calledAs = basename(process.env["BEACON_CALLED_AS"] ?? "beacon");
// Each loads what it needs only: scripts call the client often.
const run =
  calledAs === "hostapd_cli"
    ? (await import("./hostapd-cli/main.ts")).runHostapdCli
    : (await import("./beacon.ts")).beacon;
process.exitCode = await run(process.argv.slice(2), processTerminal);
