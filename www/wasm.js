// Where the compiled Rust comes from, and how a trainer's worker is started. It, its glue and the worker's script are fetched
// beside this module, unless the page carries them inside (inlined.js).

import { beside } from "./beside.js";
import { fetched, fetchedText, script } from "./fetched.js";
import { inlined } from "./inlined.js";
import { once } from "./once.js";
import { trustedUrl } from "./trusted.js";

/** The glue puts its global here. It is a `let` of a classic script, so not a property of the window. */
/* global wasm_bindgen, trainerServer */

/** @typedef {{post: (message: any, transfer?: Transferable[]) => void, end: () => void, place: "worker" | "page"}} Port */

const GLUE = "pkg/superposition.js";
const WASM = "pkg/superposition_bg.wasm";
const WORKER = "worker.js";

/**
 * The smallest module with a 128-bit vector in it: `i32.const 0, i8x16.splat, drop`.
 * A browser that refuses it cannot run the trainer.
 */
const SIMD_PROBE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11]);

/** Which of the browser's abilities the page cannot do without is missing, if any. @returns {"wasm" | "simd" | null} */
export function missing() {
  if (typeof WebAssembly !== "object") return "wasm";
  return WebAssembly.validate(SIMD_PROBE) ? null : "simd";
}

/** @param {string} source */
const blobUrl = (source) => URL.createObjectURL(new Blob([source], { type: "text/javascript" }));

/** @returns {Promise<typeof wasm_bindgen>} */
async function glue() {
  if (inlined) return inlined.glue();
  await script(GLUE);
  return wasm_bindgen;
}

/** @returns {Promise<string>} */
async function workerScript() {
  if (inlined) return `(${inlined.worker})((${inlined.glue})())`;
  const parts = await Promise.all([GLUE, WORKER].map(fetchedText));
  return parts.join("\n");
}

/** The trainer's side, on the main thread. @returns {Promise<typeof trainerServer>} */
async function server() {
  if (inlined) return inlined.worker(await load());
  await script(WORKER);
  return trainerServer;
}

/** @returns {Promise<WebAssembly.Module>} */
async function compile() {
  if (inlined) return WebAssembly.compile(await unpacked(inlined.wasm));
  // Not streamed, which takes one exact type of content only: servers send others, also with a charset behind.
  return WebAssembly.compile(await fetched(WASM));
}

/** What the build packed into a text: gzip, as base64. @param {string} text */
export async function unpacked(text) {
  const binary = atob(text);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) packed[i] = binary.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const compiled = once(compile);
const workerSource = once(workerScript);

/** Compiles the module once and starts an instance on the main thread, for the figures. */
export const load = once(async () => {
  workerSource().catch(() => {}); // told when a worker is wanted
  const [module, api] = await Promise.all([compiled(), glue()]);
  await api({ module_or_path: module });
  return api;
});

/**
 * Starts one trainer: a worker from a Blob URL; where a content policy forbids that, from a plain URL; where no worker
 * starts at all, on the main thread in short slices.
 * @param {(message: any) => void} onmessage
 * @param {(why: string) => void} ondeath the worker ended by itself
 * @returns {Promise<Port>}
 */
export async function startTrainer(onmessage, ondeath) {
  const module = await compiled();
  const ways = [async () => blobUrl(await workerSource())];
  if (!inlined) ways.push(async () => beside(WORKER));
  for (const way of ways) {
    try {
      return await startWorker(await way(), module, onmessage, ondeath);
    } catch {
      // the next way
    }
  }
  const serve = await server();
  return new Promise((resolve, reject) => {
    const receive = serve(
      (message) => {
        if (message.type === "ready") resolve({ post: receive, end: () => receive({ type: "free" }), place: "page" });
        else if (message.type === "broken") reject(new Error(message.message));
        else queueMicrotask(() => onmessage(message));
      },
      (task) => void setTimeout(task, 0),
      8,
    );
    receive({ type: "init", module });
  });
}

/**
 * Starts a worker whose script answers `init` with `ready`.
 * @param {string} url
 * @param {WebAssembly.Module} module
 * @param {(message: any) => void} onmessage
 * @param {(why: string) => void} ondeath
 * @returns {Promise<Port>}
 */
export function startWorker(url, module, onmessage, ondeath) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(trustedUrl(url));
    let ready = false;
    worker.onmessage = ({ data }) => {
      if (ready) return onmessage(data);
      if (data.type !== "ready") return fail(data.message);
      ready = true;
      resolve({
        post: (message, transfer) => worker.postMessage(message, transfer ?? []),
        end: () => worker.terminate(),
        place: "worker",
      });
    };
    /** @param {string} why */
    const fail = (why) => {
      worker.terminate();
      if (ready) ondeath(why);
      else reject(new Error(why));
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      fail(event.message ?? "");
    };
    worker.onmessageerror = () => fail("");
    worker.postMessage({ type: "init", module });
  });
}
