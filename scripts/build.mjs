/** npm run build */
import { build, runMain, setUpPackages } from "./setup.mjs";

await runMain(async () => {
  setUpPackages();
  return build() ? 0 : 1;
});
