// Runs the bundle beside it, with the code that V8 compiled for it at the build where this is the same V8.
"use strict";
const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");

const [code, cache] = ["code", "cache"].map((part) => __filename.replace(/cjs$/, part));

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const script = new Script(readFileSync(code, "latin1"), { filename: code, cachedData: read(cache) });
script.runInThisContext()(exports, require, module, __filename, __dirname);

// At the build: what has been compiled until the program ends.
if (process.env.BEACOND_WRITE_CODE_CACHE === cache) {
  process.once("exit", () => require("node:fs").writeFileSync(cache, script.createCachedData()));
}
