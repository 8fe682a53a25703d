// Runs the bundle beside it, with the code that V8 compiled for it at the build where this is the same V8.
"use strict";
const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");

const [code, cache] = ["code", "cache"].map((part) => __filename.replace(/cjs$/, part));
const script = new Script(readFileSync(code, "latin1"), { filename: code, cachedData: readFileSync(cache) });
script.runInThisContext()(exports, require, module, __filename, __dirname);
