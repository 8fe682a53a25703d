/** Counts of Node's test runner, read from what its reporters print at the end. */

/** As the runner names them, in its order. */
const names = /** @type {const} */ (["tests", "suites", "pass", "fail", "cancelled", "skipped", "todo"]);

/** @typedef {Record<typeof names[number], number>} Tally */

/** @returns {Tally} */
export const noTests = () => ({ tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 });

/**
 * One check that is not a test of the runner's, such as the type check.
 * @param {boolean} passed
 * @returns {Tally}
 */
export const oneCheck = (passed) => ({ ...noTests(), tests: 1, pass: passed ? 1 : 0, fail: passed ? 0 : 1 });

/**
 * The closing summary in a text, of the `spec` reporter or `tap`. What a test itself prints comes before it.
 * @param {string} text
 * @returns {Tally}
 */
export function readTally(text) {
  const tally = noTests();
  for (const [, name, count] of text.matchAll(summaryLine))
    if (name !== "duration_ms") tally[/** @type {keyof Tally} */ (name)] = Number(count);
  return tally;
}

/** A colour may stand around it. */
const summaryLine = new RegExp(
  `^(?:\\u001b\\[\\d+m)?(?:#|ℹ) (${names.join("|")}|duration_ms) ([\\d.]+)(?:\\u001b\\[\\d+m)?$`,
  "gm",
);

/**
 * Whether a line belongs to a part's own summary, which the closing one stands for.
 * @param {string} line
 */
export const isSummaryLine = (line) => line.search(summaryLine) === 0;

/** @param {readonly Tally[]} tallies */
export function addTallies(tallies) {
  const sum = noTests();
  for (const tally of tallies) for (const name of names) sum[name] += tally[name];
  return sum;
}

/**
 * A skipped test is one that can't fail, and a part without tests one that proves nothing.
 * @param {Tally} tally
 */
export const isGood = (tally) =>
  tally.pass > 0 && tally.pass === tally.tests && tally.fail + tally.cancelled + tally.skipped + tally.todo === 0;

/**
 * The closing summary in the runner's own words.
 * @param {Tally} tally
 * @param {number} durationMs
 */
export const closingSummary = (tally, durationMs) =>
  [...names.map((name) => `# ${name} ${tally[name]}`), `# duration_ms ${durationMs.toFixed(3)}`].join("\n");
