// The second wasm module, which draws stored runs: compiled when the first of their figures is about to be seen.

import { dataFile } from "../data.js";

/** @typedef {typeof import("../pkg/sweeps.js")} Module */
/** @typedef {import("../pkg/sweeps.js").Sweep} Sweep */
/** @typedef {import("../pkg/sweeps.js").StoredRun} StoredRun */

/** @returns {Promise<Module>} */
async function start() {
  const [module, bytes] = await Promise.all([import("../pkg/sweeps.js"), dataFile("sweeps_bg.wasm", "pkg")]);
  module.initSync({ module: await WebAssembly.compile(/** @type {BufferSource} */ (bytes)) });
  return module;
}

/** @type {Promise<Module> | null} */
let loaded = null;

export function loadModule() {
  loaded ??= start();
  loaded.catch(() => (loaded = null));
  return loaded;
}
