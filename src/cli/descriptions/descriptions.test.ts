import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CommandDescription, written } from "../../base/command-line/description.ts";
import { helpText } from "../../base/command-line/help-text.ts";
import { beaconDescription } from "../beacon.ts";
import { hostapdCliDescription } from "./cli.ts";

const all = (description: CommandDescription): readonly CommandDescription[] => [
  description,
  ...(description.commands ?? []).flatMap(all),
];

for (const description of all(beaconDescription)) {
  describe(`beacon ${description.name}`.trim(), () => {
    const { name, synopsis, options, examples, exitStatuses, json } = description;

    test("the help fits a terminal, and has an example and exit statuses", () => {
      const help = helpText("beacon", description);
      assert.deepEqual(
        help.split("\n").filter((line) => line.length > 80 && !line.includes("beacon ")),
        [],
      );
      assert.ok(examples.length > 0);
      for (const example of examples) assert.match(example, new RegExp(`beacon ${name}`));
      assert.deepEqual(Object.keys(exitStatuses).slice(0, 1), ["0"]);
      assert.match(help, /\n\nExamples?:[\s\S]*\n\nExit status: 0 /);
    });

    test("every option and argument is in the usage, and nothing else", () => {
      const usage = synopsis.join(" ");
      const letters = [...usage.matchAll(/\[-([a-zA-Z]{2,})\]/g)].flatMap(([, group = ""]) => [...group]);
      for (const option of options) {
        const names = [written(option.name), ...("letter" in option ? [`-${option.letter}`] : [])];
        const isThere =
          names.some((each) => new RegExp(`(^|[[ |])${each}(?=[\\]\\s]|$)`).test(usage)) ||
          letters.includes(option.name);
        assert.ok(isThere, option.name);
      }
      for (const [, long = ""] of usage.matchAll(/--([\w-]+)/g))
        assert.ok(
          options.some((each) => each.name === long),
          long,
        );
      for (const argument of description.arguments) assert.ok(usage.includes(argument.name), argument.name);
    });

    test("what has --json says what that writes", () => {
      assert.equal(
        options.some((option) => option.name === "json"),
        json !== undefined,
      );
    });
  });
}

test("hostapd_cli's options are beacon cli's", () => {
  const help = helpText("hostapd_cli", hostapdCliDescription);
  assert.match(help, /^usage: hostapd_cli \[-p DIRECTORY\]/);
  assert.match(help, /255 where it can't be/);
});
