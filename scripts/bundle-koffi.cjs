// What a bundle takes for koffi: its binary for this machine, which the build has found. koffi's own way there looks
// through half a dozen files at each start; it remains for bundles that have come to another machine.
"use strict";

/* global KOFFI_BINARY */
function load() {
  try {
    return require(KOFFI_BINARY);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" && error.code !== "ERR_DLOPEN_FAILED") throw error;
    const name = "koffi";
    return require(name);
  }
}

module.exports = load();
