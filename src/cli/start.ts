/** What `npm start` runs. */

import { beacon } from "./beacon.ts";
import { endWithOutput, processTerminal } from "./terminal.ts";

endWithOutput();
process.exitCode = await beacon(["start", ...process.argv.slice(2)], processTerminal);
