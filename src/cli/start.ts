/** What `npm start` runs. */

import { beacon } from "./beacon.ts";
import { processTerminal } from "./terminal.ts";

process.exitCode = await beacon(["start", ...process.argv.slice(2)], processTerminal);
