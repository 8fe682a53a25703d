import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import { repositoryRoot } from "../testing/repository.ts";
import { boundaryProblems } from "./boundaries.ts";

const src = join(repositoryRoot(), "src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /(?<!\.test)\.ts$/.test(file));

test("every source file keeps to its layer", () => {
  assert.ok(files.length > 50, `only ${files.length} files in ${relative(".", src)}`);
  const problems = files.flatMap((file) => boundaryProblems(file, readFileSync(join(src, file), "utf8")));
  assert.deepEqual(problems, []);
});

describe("what the boundaries forbid", () => {
  const wrong = (path: string, source: string, problem: RegExp): void => {
    const problems = boundaryProblems(path, source);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", problem);
  };
  const right = (path: string, source: string): void => assert.deepEqual(boundaryProblems(path, source), []);

  test("a layer above", () => {
    wrong("wire/eapol/key.ts", 'import { x } from "../../rsn/port.ts";', /layer above/);
    wrong("base/log.ts", 'export * from "../config/registry.ts";', /layer above/);
    wrong("ap/bss.ts", 'const x = await import("../daemon/main.ts");', /layer above/);
    wrong("ap/bss.ts", 'import {\n  a,\n  b,\n} from "../daemon/main.ts";', /layer above/);
    wrong("rsn/port.ts", 'import type { Bss } from "../ap/bss.ts";', /layer above/);
    right("rsn/port.ts", 'import { x } from "../wire/eapol/key.ts";\nimport { y } from "./port.ts";');
  });

  test("a neighbour", () => {
    wrong("auth/open.ts", 'import { x } from "../rsn/port.ts";', /same layer/);
    wrong("radius/server.ts", 'import { x } from "../eap/methods/tls.ts";', /same layer/);
    right("radius/server.ts", 'import { x } from "../eap/contract.ts";');
    right("control/events.ts", 'import { x } from "../observe/events.ts";');
  });

  test("a driver behind its port", () => {
    wrong("ap/bss.ts", 'import { x } from "../driver/nl80211/radio.ts";', /driver/);
    right("ap/bss.ts", 'import { x } from "../driver/port.ts";');
  });

  test("the system, packages, and what is not in src", () => {
    wrong("ap/bss.ts", 'import { readFileSync } from "node:fs";', /linux\/ is there/);
    wrong("crypto/ptk.ts", 'import { createHmac } from "node:crypto";', /linux\/ is there/);
    wrong("rsn/port.ts", 'import koffi from "koffi";', /linux\/ is there/);
    wrong("linux/libc.ts", 'import x from "left-pad";', /package left-pad/);
    wrong("ap/bss.ts", 'import { x } from "../../testing/virtual-clock.ts";', /not in src/);
    wrong("ap/bss.ts", 'import { x } from "../elsewhere/x.ts";', /no layer/);
    wrong("crypto/ptk.ts", 'import { p256 } from "@noble/curves/nist.js";', /package @noble/);
    right("crypto/backend/noble-groups.ts", 'import { p256 } from "@noble/curves/nist.js";');
    right("crypto/backend/node.ts", 'import { createHmac } from "node:crypto";');
    right("linux/libc.ts", 'import koffi from "koffi";\nimport { openSync } from "node:fs";');
  });

  test("time and chance that nobody gave", () => {
    for (const use of ["setTimeout(f, 1)", "setInterval(f, 1)", "Date.now()", "new Date()", "Math.random()"]) {
      wrong("rsn/port.ts", `const x = ${use};`, /clock and entropy/);
    }
    right("linux/clock.ts", "setTimeout(f, 1)");
    right(
      "rsn/port.ts",
      'clock.after("x", d, f); // not setTimeout(f)\nconst text = "Date.now()"; /* Math.random() */',
    );
    right("rsn/port.ts", "timers.setTimeout(f)");
  });
});
