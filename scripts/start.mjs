/** npm start: brings an access point up, on a real radio if there is one for it, else on a virtual one. */
import { load, mustBuild, runMain, setUpPackages } from "./setup.mjs";

await runMain(async () => {
  setUpPackages();
  mustBuild();
  await load("src/cli/start.js");
  return process.exitCode ?? 0;
});
