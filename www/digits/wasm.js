// Where the compiled classifier comes from: a wasm of its own, fetched when the section on digits is near, and a worker that
// trains with it.

import { fetched, fetchedText, script } from "../fetched.js";
import { once } from "../once.js";
import { startWorker } from "../wasm.js";

/* global digits_bindgen, digitsServer */

/** @typedef {{post: (message: any) => void, end: () => void}} Port */

const GLUE = "pkg/digits.js";
const WASM = "pkg/digits_bg.wasm";
const WORKER = "digits/worker.js";

const compiled = once(async () => WebAssembly.compile(await fetched(WASM)));

/** The classifier on the main thread, for reading files. */
export const loadDigits = once(async () => {
  const [module] = await Promise.all([compiled(), script(GLUE)]);
  await digits_bindgen({ module_or_path: module });
  return digits_bindgen;
});

/**
 * Starts a trainer: a worker from a Blob URL, and where a content policy forbids that, the main thread in short slices.
 * @param {(message: any) => void} onmessage
 * @param {(why: string) => void} ondeath
 * @returns {Promise<Port>}
 */
export async function startDigits(onmessage, ondeath) {
  const module = await compiled();
  const parts = await Promise.all([GLUE, WORKER].map(fetchedText));
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
