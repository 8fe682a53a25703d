/** npm run bench: Beacond and hostapd side by side. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { dist, runMain, setUp } from "./setup.mjs";

await runMain(async () => {
  await setUp();
  const program = [join(dist, "bench", "main.js"), ...process.argv.slice(2)];
  return spawnSync(process.execPath, program, { stdio: "inherit" }).status ?? 1;
});
