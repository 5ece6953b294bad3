// Where the compiled classifier comes from: a wasm of its own, fetched when the section on digits is near, and a worker that
// trains with it.

import { beside } from "../beside.js";
import { startWorker } from "../wasm.js";

/* global digits_bindgen, digitsServer */

/** @typedef {{post: (message: any) => void, end: () => void}} Port */

const GLUE = "pkg/digits.js";
const WASM = "pkg/digits_bg.wasm";
const WORKER = "digits/worker.js";

/** @param {string} name */
async function fetched(name) {
  const response = await fetch(beside(name)).catch(() => null);
  if (!response?.ok) throw new Error(`${name} can’t be loaded`);
  return response;
}

/** Runs a classic script on the main thread. @param {string} name */
function script(name) {
  const element = document.createElement("script");
  element.src = beside(name);
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${name} can’t be loaded`));
    document.head.append(element);
  });
}

/** @type {Promise<WebAssembly.Module> | null} */
let compiled = null;
/** @type {Promise<typeof digits_bindgen> | null} */
let loaded = null;

function compile() {
  compiled ??= fetched(WASM).then(async (response) => WebAssembly.compile(await response.arrayBuffer()));
  compiled.catch(() => (compiled = null));
  return compiled;
}

/** The classifier on the main thread, for reading files. After a failure the next to ask tries again. */
export function loadDigits() {
  loaded ??= Promise.all([compile(), script(GLUE)]).then(async ([module]) => {
    await digits_bindgen({ module_or_path: module });
    return digits_bindgen;
  });
  loaded.catch(() => (loaded = null));
  return loaded;
}

/**
 * Starts a trainer: a worker from a Blob URL, and where a content policy forbids that, the main thread in short slices.
 * @param {(message: any) => void} onmessage
 * @param {(why: string) => void} ondeath
 * @returns {Promise<Port>}
 */
export async function startDigits(onmessage, ondeath) {
  const module = await compile();
  const parts = await Promise.all([GLUE, WORKER].map(async (name) => (await fetched(name)).text()));
  const url = URL.createObjectURL(new Blob([parts.join("\n")], { type: "text/javascript" }));
  try {
    return await startWorker(url, module, onmessage, ondeath);
  } catch {
    await loadDigits();
    await script(WORKER);
    const receive = digitsServer(
      (message) => queueMicrotask(() => onmessage(message)),
      (task) => void setTimeout(task, 0),
      8,
    );
    return { post: receive, end: () => receive({ type: "free" }) };
  }
}
