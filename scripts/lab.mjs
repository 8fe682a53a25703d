/** npm run lab -- COMMAND: runs a command in the lab; --help shows how. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { dist, runMain, setUp } from "./setup.mjs";

await runMain(async () => {
  await setUp();
  const program = [join(dist, "lab", "run.js"), ...process.argv.slice(2)];
  return spawnSync(process.execPath, program, { stdio: "inherit" }).status ?? 1;
});
