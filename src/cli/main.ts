/** `beacon`, or hostapd_cli where it is called by that name. */

import { basename } from "node:path";
import { beacon } from "./beacon.ts";
import { runHostapdCli } from "./hostapd-cli/main.ts";
import { processTerminal } from "./terminal.ts";

// Whoever reads our output may have read enough: `hostapd_cli help | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const calledAs = basename(process.env["BEACON_CALLED_AS"] ?? "beacon");
const run = calledAs === "hostapd_cli" ? runHostapdCli : beacon;
// Not awaited here: the bundle is a CommonJS module.
void run(process.argv.slice(2), processTerminal).then((status) => {
  process.exitCode = status;
});
