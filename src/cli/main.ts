/** `beacon`, or hostapd_cli where it is called by that name. */

import { basename } from "node:path";
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
  });
