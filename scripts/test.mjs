/**
 * npm test: everything, in turn. npm test -- PART [PATTERN]: one part of it, of its files those whose path has the
 * pattern in it. A part that can't run has failed.
 */

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import {
  build,
  dist,
  filesBelow,
  load,
  repository,
  runMain,
  SetupError,
  setUpDebianPackages,
  setUpLabKernel,
  setUpPackages,
} from "./setup.mjs";
import { addTallies, closingSummary, isGood, isSummaryLine, noTests, oneCheck, readTally } from "./tally.mjs";

/** @typedef {import("./tally.mjs").Tally} Tally */

const parts = {
  types: async () => oneCheck(build()),
  lint: async () => oneCheck(succeeds(join("node_modules", ".bin", "biome"), ["check", "--error-on-warnings", "."])),
  unit: unitTests,
  lab: labTests,
};

const reporter = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};

/**
 * @param {string} command
 * @param {string[]} args
 */
function succeeds(command, args) {
  return spawnSync(command, args, { cwd: repository, stdio: ["ignore", 1, 2] }).status === 0;
}

/**
 * Tests beside the sources, and the broader ones in test/, fuzzing too.
 * @param {string} pattern
 */
async function unitTests(pattern) {
  const lab = join(dist, "test", "lab");
  const files = testFiles(["src", "testing", "test", "bench", "lab", "scripts"], pattern).filter(
    (file) => !file.startsWith(lab),
  );
  if (files.length === 0) return noTests();
  return onHost(["--test", ...reporter, ...files]);
}

/**
 * Runs tests with this machine's node, and prints as they go on.
 * @param {string[]} args
 * @returns {Promise<Tally>}
 */
async function onHost(args) {
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...colour },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const print = printer();
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
    text += chunk;
    print(chunk);
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  return withStatus(readTally(text), status === 0);
}

/**
 * Tests against the real kernel and real clients, each file in a guest of its own; `x.host.test.ts` is about the guests
 * and starts them itself.
 * @param {string} pattern
 */
async function labTests(pattern) {
  await setUpDebianPackages();
  await setUpLabKernel();
  const files = testFiles([join("test", "lab")], pattern);
  /** @type {Tally[]} */
  const tallies = [];
  for (const file of files.filter(isAboutGuests)) {
    console.log(`▷ ${relative(dist, file)}, on this machine`);
    tallies.push(await onHost([...reporter, file]));
  }
  const waiting = files.filter((file) => !isAboutGuests(file));
  const guests = Math.min(2, availableParallelism());
  await Promise.all(
    Array.from({ length: guests }, async () => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) tallies.push(await labTest(file));
    }),
  );
  return addTallies(tallies);
}

/** @param {string} file */
function isAboutGuests(file) {
  return file.endsWith(".host.test.js");
}

/**
 * @param {string} file
 * @returns {Promise<Tally>}
 */
async function labTest(file) {
  const { lastWords, runInLab } = await load("lab/run.js");
  const name = relative(dist, file);
  const options = labOptions(join(repository, name.replace(/\.js$/, ".ts")));
  let text = "";
  const take = (/** @type {Uint8Array} */ chunk) => {
    text += Buffer.from(chunk).toString("utf8");
  };
  const { outcome, seconds, complaints, results } = await runInLab({
    command: [process.execPath, "--enable-source-maps", ...reporter, relative(repository, file)],
    environment: colour,
    onStdout: take,
    onStderr: take,
    ...options,
  });
  console.log(`▷ ${name}, a guest of ${seconds.toFixed(1)} s`);
  printer()(text);
  if (outcome.kind !== "exited") console.log(`✖ the guest ${outcome.kind === "timeout" ? "was killed" : "crashed"}`);
  for (const complaint of complaints) console.log(`✖ the kernel complains:\n${complaint}`);
  if (results !== undefined) {
    if (outcome.kind === "crashed" && complaints.length === 0) console.log(await lastWords(results));
    console.log(`logs and capture: ${results}`);
  }
  const tally = readTally(text);
  const endedWell = outcome.kind === "exited" && outcome.status === 0 && tally.tests > 0;
  const judged = withStatus(tally, endedWell);
  // What passed in spite of it is not to be relied on.
  return complaints.length === 0 ? judged : addTallies([judged, oneCheck(false)]);
}

/**
 * What a lab test says of itself in a line such as `// lab: radios=21, real-time`: the options of the lab's runner by
 * their names there. Time travel is the rule, since a slow machine can't fail a test by its timeouts then.
 * @param {string} file
 */
function labOptions(file) {
  const line = /^\/\/ lab: (.+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  /** @type {Record<string, unknown>} */
  const options = { timeTravel: true, timeout: 900 };
  for (const word of line.split(/,\s*/).filter((text) => text !== "")) {
    const [key = "", value = ""] = word.split("=", 2);
    if (key === "real-time") options.timeTravel = false;
    else if (key === "no-capture") options.capture = undefined;
    else if (key === "boot") options.kernelArguments = value.split(" ");
    else if (["radios", "memory", "timeout"].includes(key) && /^\d+$/.test(value)) options[key] = Number(value);
    else throw new SetupError(`${file}: the lab has no option ${word}`);
  }
  return options;
}

/**
 * @param {string[]} folders below dist
 * @param {string} pattern
 */
function testFiles(folders, pattern) {
  return folders
    .flatMap((folder) => filesBelow(join(dist, folder)))
    .filter((file) => file.endsWith(".test.js") && relative(dist, file).includes(pattern))
    .sort();
}

/**
 * A run that ended badly and says that all went well has a failure that it doesn't count.
 * @param {Tally} tally
 * @param {boolean} endedWell
 */
function withStatus(tally, endedWell) {
  return endedWell || tally.fail + tally.cancelled > 0 ? tally : addTallies([tally, oneCheck(false)]);
}

/** Prints text as it comes, without the summaries in it. */
function printer() {
  let rest = "";
  return (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    const shown = lines.filter((line) => !isSummaryLine(line));
    if (shown.length > 0) console.log(shown.join("\n"));
  };
}

await runMain(async () => {
  const [wanted, pattern = ""] = process.argv.slice(2);
  if (wanted !== undefined && !(wanted in parts)) {
    throw new SetupError(`Usage: npm test [-- ${Object.keys(parts).join("|")} [PATTERN]]`);
  }
  const started = performance.now();
  setUpPackages();
  /** @type {[string, Tally][]} */
  const results = [];
  for (const [name, run] of Object.entries(parts)) {
    // Whatever else is wanted, it is of what the sources are now.
    if (wanted !== undefined && wanted !== name && name !== "types") continue;
    console.log(`\n▶ ${name}`);
    const tally = await run(pattern).catch((error) => {
      if (!(error instanceof SetupError)) throw error;
      console.log(error.message);
      return oneCheck(false);
    });
    console.log(`${isGood(tally) ? "✔" : "✖"} ${name}: ${tally.pass} of ${tally.tests} passed`);
    results.push([name, tally]);
  }

  const bad = results.filter(([, tally]) => !isGood(tally)).map(([name]) => name);
  const total = addTallies(results.map(([, tally]) => tally));
  if (bad.length > 0) console.log(`\nFailed, or without a test that ran: ${bad.join(", ")}`);
  console.log(`\n${closingSummary(total, performance.now() - started)}`);
  return bad.length === 0 ? 0 : 1;
});
